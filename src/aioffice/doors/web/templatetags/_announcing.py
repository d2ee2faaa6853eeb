"""Announcements in the words of the page's language."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.doors.web.templatetags._dates import long_moment, span
from aioffice.kernel.watching.announcements import Announcement


def in_words(one: Announcement, at: datetime | None = None) -> dict[str, object]:
    """What a template shows of it at a moment. `language` names the text's own, where that is not the page's."""
    now = at or timezone.now()
    asked = get_language() or "en"
    language = asked if asked in one.texts else "en"
    return {
        "kind": one.kind,
        "text": one.texts.get(language, ""),
        "language": "" if language == asked else language,
        "stage": one.stage(now),
        "when": _when(one, now),
    }


def _when(one: Announcement, at: datetime) -> str:
    """From when to when, in a sentence."""
    stage = one.stage(at)
    if stage == "cancelled":
        planned = span(one.starts_at, one.ends_at) if one.ends_at else long_moment(one.starts_at)
        return _("Cancelled before it began. Planned: %(when)s.") % {"when": planned}
    if stage == "over":
        return capfirst(f"{span(one.starts_at, one.over_at)}.") if one.over_at else ""
    if one.ends_at and one.ends_at > max(one.starts_at, at):
        return capfirst(f"{span(one.starts_at, one.ends_at)}.")
    begin = {"begin": long_moment(one.starts_at)}
    return _("Since %(begin)s.") % begin if stage == "now" else _("From %(begin)s.") % begin
