"""Names of audiences in words: who may see a case."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from aioffice.doors.web.templatetags._names import labelled, state_name
from aioffice.kernel.parties.vocabulary import Capacity


def readers_in_words(names: Iterable[str]) -> list[str]:
    """Say who the audiences are, in the order given. Single organisations are left out: a case names its parties itself."""
    return [words for name in names if (words := _words(name))]


def _words(name: str) -> str:
    kind, _colon, place = name.partition(":")
    if kind in ("org", "auditors", "oversight"):
        return ""
    if name == "ai_office":
        return _("AI Office")
    if name == "secure:commission":
        return _("Named, cleared staff of the Commission")
    if name == "secure:edps":
        return str(Capacity.EDPS.label)
    if kind == "secure":
        return _("Authorities under Article 74(8) with access: %(state)s") % {"state": state_name(place)}
    if kind in Capacity.values:
        title = str(Capacity(kind).label)
        return labelled(title, state_name(place)) if place else title
    return ""
