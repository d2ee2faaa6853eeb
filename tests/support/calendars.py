"""Calendars for tests, with the holidays that a test names and no others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from aioffice.act.calendars import Calendar

BRUSSELS = ZoneInfo("Europe/Brussels")


def calendar(
    holidays: Iterable[date] = (),
    *,
    place: str = "BE",
    first: int = 1980,
    last: int = 2200,
    unchecked: Iterable[int] = (),
) -> Calendar:
    """A calendar of Belgium, unless said otherwise, on which these days are off."""
    names = {day: {"own": "Feestdag", "en": "Holiday", "fr": "Jour férié"} for day in holidays}
    return Calendar(place, "test", first, last, names, frozenset(unchecked))
