"""Announcements in the words of the page's language."""

from __future__ import annotations

from django.utils.translation import get_language

from aioffice.kernel.watching.announcements import Announcement


def in_words(one: Announcement) -> dict[str, object]:
    """What a template shows of it. `language` names the text's own, where that is not the page's."""
    asked = get_language() or "en"
    language = asked if asked in one.texts else "en"
    return {
        "kind": one.kind,
        "text": one.texts.get(language, ""),
        "language": "" if language == asked else language,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "over_at": one.over_at,
    }
