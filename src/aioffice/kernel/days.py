"""The Office's day: the calendar day in Brussels, on which the law is applied and which people are told."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def office_day(moment: datetime) -> date:
    """The day in Brussels on which a moment falls."""
    return moment.astimezone(BRUSSELS).date()


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins in Brussels."""
    return datetime.combine(day, time.min, BRUSSELS)
