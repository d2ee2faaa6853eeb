"""What the home page shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.act import annex_iii
from aioffice.doors.web import labels
from aioffice.doors.web.public_asking import Asked
from aioffice.doors.web.public_listing import item
from aioffice.register import public_queries
from aioffice.register.public_queries import Figures, Filters

NEW_DAYS = 30
NEWEST = 5


def home_context(today: date) -> dict[str, Any]:
    """Figures of registrations under Article 49 alone; a reference collection is named apart."""
    figures = public_queries.figures(since=today - timedelta(days=NEW_DAYS))
    newest = public_queries.search(sort="newest", limit=NEWEST)
    return {
        "tiles": tiles(figures),
        "areas": areas(figures),
        "newest": [item(hit) for hit in newest.hits],
        "newest_url": Asked(sort="newest").address(),
        "references": [
            {"name": labels.collection(code), "count": count, "url": Asked(filters=Filters(collection=code)).address()}
            for code, count in public_queries.collections().items()
            if code != Filters().collection
        ],
    }


def tiles(figures: Figures) -> list[dict[str, Any]]:
    """Live figures, each leading to the list it counts."""
    high_risk, exempt, uses = (figures.sections.get(code, 0) for code in "ABC")
    found: list[dict[str, Any]] = [
        {
            "value": high_risk,
            "label": ngettext("high-risk system", "high-risk systems", high_risk),
            "url": _section("A"),
            "note": _("registered by their providers, Article 49(1)"),
        },
        {
            "value": exempt,
            "label": ngettext("system held not to be high-risk", "systems held not to be high-risk", exempt),
            "url": _section("B"),
            "note": _("with the conditions relied on, Articles 6(3) and 49(2)"),
        },
        {
            "value": uses,
            "label": ngettext("use by a public body", "uses by public bodies", uses),
            "url": _section("C"),
            "note": _("registered by those who use them, Article 49(3)"),
        },
    ]
    new = {
        "value": figures.new,
        "label": _("new in the last %(days)s days") % {"days": NEW_DAYS},
        "url": Asked(sort="newest").address(),
        "note": _("every filing that is complete is public at once"),
    }
    return [*found, new]


def _section(code: str) -> str:
    return Asked(filters=Filters(section=(code,))).address()


def areas(figures: Figures) -> list[dict[str, Any]]:
    """The areas of Annex III that the public register can hold, with their counts. Points 2, 6 and 7 are never in it."""
    return [
        {
            "name": labels.area(area.code),
            "count": figures.areas.get(area.code, 0),
            "url": Asked(filters=Filters(area=(area.code,))).address(),
        }
        for area in annex_iii.areas()
        if area.number not in (2, 6, 7)
    ]
