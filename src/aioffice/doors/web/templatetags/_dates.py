"""Dates as people read them: weekday written out, the place of the clock named, relative time beside it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from django.utils import timezone
from django.utils.translation import get_language, gettext

from aioffice.kernel.days import in_words

BRUSSELS = ZoneInfo("Europe/Brussels")
"""The clock of the institutions; pages name it beside every hour they show."""

_Unit = Literal["year", "month", "day", "hour", "minute", "second"]
_UNITS: tuple[tuple[timedelta, _Unit], ...] = (
    (timedelta(minutes=1), "second"),
    (timedelta(hours=1), "minute"),
    (timedelta(days=1), "hour"),
    (timedelta(days=60), "day"),
    (timedelta(days=730), "month"),
)


def babel_locale() -> Locale:
    """The CLDR locale of the language the page is written in; English when CLDR does not know it."""
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _moment(value: object) -> date | datetime | None:
    """Read a date, a datetime or an ISO 8601 text; anything else is nothing."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value) if "T" in value or " " in value else date.fromisoformat(value)
    except ValueError:
        return None


def local(value: datetime) -> datetime:
    """The same instant on the clock of Brussels; a datetime without an offset is taken as UTC."""
    known = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return known.astimezone(BRUSSELS)
    except OverflowError:  # the first and the last day that there is
        return known


def long_date(value: object) -> str:
    """ "Friday 12 March 2027" in the language of the page; a datetime is shown as its day in Brussels.

    What cannot be read as a date gives an empty text.
    """
    moment = _moment(value)
    if moment is None:
        return ""
    day = local(moment).date() if isinstance(moment, datetime) else moment
    return in_words(day, weekday=True)


def long_moment(value: object, *, end_of_day: bool = False) -> str:
    """ "Friday 12 March 2027, 14:05 Brussels time"; a plain date has no hour and shows none.

    With ``end_of_day`` the hour reads 24:00: a plain date ends when its day ends, and a datetime at
    midnight closes the day before it (Regulation 1182/71, Article 3(2)).
    """
    moment = _moment(value)
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        if not end_of_day:
            return long_date(moment)
        day, hour = moment, "24:00"
    else:
        there = local(moment)
        day, hour = there.date(), f"{there:%H:%M}"
        if end_of_day and there.timetz().replace(tzinfo=None) == time(0):
            day, hour = day - timedelta(days=1), "24:00"
    return gettext("%(date)s, %(hour)s Brussels time") % {"date": long_date(day), "hour": hour}


def span(begin: datetime, end: datetime) -> str:
    """ "from Friday 12 March 2027, 22:00 to 23:00 Brussels time": the day twice only where there are two, the place of the clock once."""
    first, last = local(begin), local(end)
    words = {"day": long_date(first), "begin": f"{first:%H:%M}", "last": long_date(last), "end": f"{last:%H:%M}"}
    if first.date() == last.date():
        return gettext("from %(day)s, %(begin)s to %(end)s Brussels time") % words
    return gettext("from %(day)s, %(begin)s to %(last)s, %(end)s Brussels time") % words


def relative(value: object, at: object = None) -> str:
    """ "in 3 days", "yesterday's" distance from ``at`` (an instant or a day; the present when left out).

    Days are compared with days, instants with instants. Shown beside the full date, never alone.
    """
    moment = _moment(value)
    now = _moment(at) or timezone.now()
    if moment is None:
        return ""
    if isinstance(moment, datetime) and isinstance(now, datetime):
        distance = local(moment) - local(now)
    else:
        distance = _day(moment) - _day(now)
        if not distance:
            return gettext("today")
    size = abs(distance)
    if size < timedelta(seconds=1):
        return gettext("now")
    unit: _Unit = next((name for limit, name in _UNITS if size < limit), "year")
    # A threshold out of reach keeps Babel at the unit chosen here: "8 days ago", not "1 week ago".
    return format_timedelta(distance, granularity=unit, threshold=1e9, add_direction=True, locale=babel_locale())


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def machine(value: object) -> str:
    """The value of a ``datetime`` attribute: ISO 8601, instants in UTC."""
    moment = _moment(value)
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return local(moment).astimezone(UTC).isoformat(timespec="seconds")
    return moment.isoformat()
