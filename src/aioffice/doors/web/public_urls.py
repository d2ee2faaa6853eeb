"""Addresses of the public site below the language."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from aioffice.doors import feeds
from aioffice.doors.web import (
    public,
    public_act,
    public_act_coverage,
    public_checking,
    public_ledger,
    public_status,
    public_time_limits,
)


class EntryNumber:
    """A number of an entry in an address, in capitals or not."""

    regex = "[A-Za-z]{2}-[A-Za-z]{1,8}-[0-9A-Za-z-]{1,60}"

    def to_python(self, value: str) -> str:
        """The number as it was written."""
        return value

    def to_url(self, value: str) -> str:
        """The number as it is."""
        return value


register_converter(EntryNumber, "entry")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("register/", public.register, name="register"),
    path("register/<entry:number>/", public.entry, name="entry"),
    path("register/<entry:number>/versions/<int:n>/", public.version, name="version"),
    path("register/<entry:number>/proof/", public_ledger.proof, name="entry_proof"),
    path("register/<entry:number>/versions/<int:n>/proof/", public_ledger.proof, name="version_proof"),
    path("register/<entry:number>/versions/<int:n>/cite.bib", public.bibtex, name="bibtex"),
    path("register/<entry:number>/changes/<int:n>-<int:m>/", public.changes, name="changes"),
    path("register/<entry:number>/compare/", public.compare, name="compare"),
    path("documents/<str:digest>/<str:filename>", public.document, name="document"),
    path("feeds/new.atom", feeds.new, name="feed_new"),
    path("feeds/changed.atom", feeds.changed, name="feed_changed"),
    path("secure-section/", public.secure_section, name="secure_section"),
    path("check/", public_checking.check, name="check"),
    path("time-limits/", public_time_limits.listing, name="time_limits"),
    path("time-limits/<str:limit>/", public_time_limits.one, name="time_limit"),
    path("act/", public_act.contents, name="act"),
    path("act/coverage/", public_act_coverage.coverage, name="act_coverage"),
    path("act/rules/<slug:name>/", public_act.rule, name="act_rule"),
    path("act/duties/<slug:name>/", public_act.duty, name="act_duty"),
    path("act/<slug:provision>/", public_act.one, name="act_provision"),
    path("status/", public_status.status, name="status"),
    path("ledger/", public_ledger.ledger, name="ledger"),
    path("opensearch.xml", feeds.opensearch, name="opensearch"),
    *(
        path(f"{name}/", public.content, {"name": name}, name=name)
        for name in ("about", "accessibility", "privacy", "api")
    ),
]
