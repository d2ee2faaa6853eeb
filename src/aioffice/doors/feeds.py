"""Files that programs fetch from the public site: Atom feeds, OpenSearch, robots.txt, sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings as django_settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.doors.web import labels
from aioffice.doors.web.public_caching import live
from aioffice.doors.web.public_citing import absolute
from aioffice.doors.web.public_facts import entry_path, version_path
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.register import public_queries
from aioffice.register.public_queries import Change, Filters

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50
"""Entries of a feed."""
PER_SITEMAP = 10_000
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _asked(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    collection = request.GET.get("collection") or Filters().collection
    if collection not in labels.COLLECTIONS:
        raise Http404
    return collection, tuple(code for code in request.GET.getlist("language") if code)


@live
def new(request: HttpRequest) -> HttpResponse:
    """Entries in the order of their first registration, the newest first; `collection` and `language` of the text narrow them."""
    collection, languages = _asked(request)
    title = _("New in the register: %(collection)s") % {"collection": labels.collection(collection)}
    found = public_queries.newest(collection=collection, language=languages, limit=MOST)
    return _atom(request, "feeds/new.atom", title, found, first=True)


@live
def changed(request: HttpRequest) -> HttpResponse:
    """Entries that changed after their registration, the latest change first."""
    collection, languages = _asked(request)
    title = _("Changes in the register: %(collection)s") % {"collection": labels.collection(collection)}
    found = public_queries.changed(collection=collection, language=languages, limit=MOST)
    return _atom(request, "feeds/changed.atom", title, found, first=False)


def _atom(request: HttpRequest, path: str, title: str, entries: Iterable[Change], *, first: bool) -> HttpResponse:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    address = absolute(page_path(path)) + query
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": get_language() or "en"})
    SubElement(feed, "id").text = address
    SubElement(feed, "title").text = f"{title} – {_('AI Office')}"
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=address)
    SubElement(feed, "link", rel="alternate", type="text/html", href=absolute(page_path("register/")))
    author = SubElement(feed, "author")
    SubElement(author, "name").text = _("AI Office")
    SubElement(feed, "subtitle").text = _("Reference implementation, not a service of the European Commission")
    moments = []
    for entry in entries:
        moment = entry.first_recorded_at if first else entry.recorded_at
        moments.append(moment)
        _atom_entry(feed, entry, moment, first=first)
    SubElement(feed, "updated").text = _instant(max(moments, default=datetime(2026, 8, 2, tzinfo=UTC)))
    return HttpResponse(
        tostring(feed, "utf-8", xml_declaration=True), content_type="application/atom+xml; charset=utf-8"
    )


def _atom_entry(feed: Element, entry: Change, moment: datetime, *, first: bool) -> None:
    path = entry_path(entry.number) if first else version_path(entry.number, entry.version)
    node = SubElement(feed, "entry")
    # The name of an entry in a feed must never change, wherever the office is reached and in whatever language.
    SubElement(node, "id").text = f"urn:aioffice:register:{entry.number}" + ("" if first else f":{entry.version}")
    SubElement(node, "title", {"xml:lang": entry.language}).text = _clean(f"{entry.name} ({entry.number})")
    SubElement(node, "link", rel="alternate", type="text/html", href=absolute(path))
    SubElement(node, "updated").text = _instant(moment)
    SubElement(node, "published").text = _instant(entry.first_recorded_at)
    SubElement(SubElement(node, "author"), "name").text = _clean(entry.provider) or _("Not given")
    for term, label in _categories(entry):
        SubElement(node, "category", term=term, label=label)
    said = entry.summary if first else entry.reason or labels.filing_status(entry.filing_status)
    SubElement(node, "summary", {"xml:lang": entry.language}).text = _clean(said)


def _categories(entry: Change) -> list[tuple[str, str]]:
    found = [("section", labels.section(entry.section))] if entry.section else []
    if entry.area:
        found.append((entry.area, labels.area(entry.area)))
    return [*found, (entry.filing_status, labels.filing_status(entry.filing_status))]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _clean(text: str) -> str:
    """Take out what XML 1.0 cannot hold."""
    return _NO_XML.sub("", text)


@live
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser search the register from its address bar."""
    root = Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
    SubElement(root, "ShortName").text = _("AI register")
    SubElement(root, "Description").text = _("Search the public register of AI systems")
    template = absolute(page_path("register/")) + "?q={searchTerms}"
    SubElement(root, "Url", type="text/html", method="get", template=template)
    SubElement(root, "InputEncoding").text = "UTF-8"
    return HttpResponse(
        tostring(root, "utf-8", xml_declaration=True),
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


@live
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: entries and pages of text, not every search there could be."""
    lines = ["User-agent: *"]
    for code, _name in django_settings.LANGUAGES:
        lines += [f"Disallow: /{code}/{path}" for path in ("office/", "account/", "register/?", "register/*/compare/")]
    lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@live
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps: one for the pages, the others for so many entries each."""
    entries = public_queries.collections()[Filters().collection]
    root = Element("sitemapindex", {"xmlns": SITEMAP})
    for name in ["pages", *(str(part) for part in range(-(-entries // PER_SITEMAP)))]:
        SubElement(SubElement(root, "sitemap"), "loc").text = absolute(f"/sitemap-{name}.xml")
    return _xml(root)


@live
def sitemap_of_pages(request: HttpRequest) -> HttpResponse:
    """The pages of the public site, in every language."""
    root = _urlset()
    for path in (
        "",
        "register/",
        "time-limits/",
        "ledger/",
        "about/",
        "api/",
        "secure-section/",
        "accessibility/",
        "privacy/",
    ):
        _url(root, path)
    return _xml(root)


@live
def sitemap_of_entries(request: HttpRequest, part: int) -> HttpResponse:
    """Registrations under Article 49, in every language of the site; a reference collection is found at its source."""
    found = public_queries.listed(part=part, size=PER_SITEMAP)
    if not found:
        raise Http404
    root = _urlset()
    for number, moment in found:
        _url(root, f"register/{number}/", moment)
    return _xml(root)


def _urlset() -> Element:
    return Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": "http://www.w3.org/1999/xhtml"})


def _url(root: Element, path: str, moment: datetime | None = None) -> None:
    codes = [code for code, _name in django_settings.LANGUAGES]
    for code in codes:
        node = SubElement(root, "url")
        SubElement(node, "loc").text = absolute(page_path(path, code))
        if moment is not None:
            SubElement(node, "lastmod").text = _instant(moment)
        for other in codes:
            SubElement(node, "xhtml:link", rel="alternate", hreflang=other, href=absolute(page_path(path, other)))


def _xml(root: Element) -> HttpResponse:
    return HttpResponse(tostring(root, "utf-8", xml_declaration=True), content_type="application/xml; charset=utf-8")
