"""The Office's day: the calendar day in Brussels, on which the law is applied and which people are told."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import pgettext

BRUSSELS = ZoneInfo("Europe/Brussels")


def office_day(moment: datetime) -> date:
    """The day in Brussels on which a moment falls."""
    return moment.astimezone(BRUSSELS).date()


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins in Brussels."""
    return datetime.combine(day, time.min, BRUSSELS)


def in_words(day: date, *, weekday: bool = False) -> str:
    """ "12 March 2027", or "Friday 12 March 2027", in the language in force; the first of a month as that language writes it."""
    # Translators: the number of a month's first day as dates write it, such as "1er" in French.
    number = pgettext("first day of a month", "1") if day.day == 1 else str(day.day)
    before = date_format(day, "l ", use_l10n=False) if weekday else ""
    return f"{before}{number} {date_format(day, 'F Y', use_l10n=False)}"
