"""The calendars of the places: the 27 Member States by the library `holidays`, the Union institutions by a dated file of our own."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

from aioffice.act.calendars import Calendar
from aioffice.act.places import place
from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_YEAR, LAST_YEAR = 2020, 2040
"""Years for which the holidays of Member States are worked out: by the law as the library knows it, future years included."""
_UNION = Path(__file__).parent / "data" / "union_institutions.json"


def calendar(code: str) -> Calendar:
    """The calendar of a place (`act.places`), with the region that the setting `regions` names for a Member State.

    Raises UnknownCodeError for a code that is no place.
    """
    found = place(code)
    return _union(found.code) if found.is_institution else _national(found.code, settings().region_of(found.code))


@cache
def _national(code: str, region: str) -> Calendar:
    import holidays  # loads a moment; only whoever computes something waits for it

    version = f"python-holidays {version_of('holidays')}, {code}" + (f"-{region}" if region else "")
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    found: dict[date, dict[str, str]] = {}
    for language, name_of in _languages(code).items():
        days = holidays.country_holidays(
            code, subdiv=region or None, years=years, language=name_of, categories="public"
        )
        for day, name in days.items():
            found.setdefault(day, {})[language] = _typeset(name)
    return Calendar(code, version, FIRST_YEAR, LAST_YEAR, found)


def _languages(code: str) -> Mapping[str, str | None]:
    """The languages to ask the library for: the State's own, English, French where it has it."""
    import holidays

    supported = holidays.country_holidays(code).supported_languages
    chosen = {"own": None, "en": "en_US", "fr": "fr"}
    return {language: name for language, name in chosen.items() if name is None or name in supported}


def _typeset(name: str) -> str:
    """British spelling, the apostrophe of print, and the library's lists of names."""
    return name.replace("Labor Day", "Labour Day").replace("'", "’").replace("; ", ", ")


@cache
def _union(code: str) -> Calendar:
    read = json.loads(_UNION.read_text(encoding="utf-8"))
    years = [each["year"] for each in read["years"]]
    days = {
        date.fromisoformat(day["day"]): {"en": day["en"], "fr": day["fr"]}
        for each in read["years"]
        for day in each["days"]
    }
    unchecked = frozenset(each["year"] for each in read["years"] if not each["checked"])
    return Calendar(code, read["version"], min(years), max(years), days, unchecked)
