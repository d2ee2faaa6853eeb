"""A second opinion on the counting of time limits under Regulation 1182/71.

This is a second implementation, written from a description of the rules
alone, without sight of the first. It exists only to check
the first: where the two disagree, one of them has misread the rules. It walks
the calendar one step at a time, as a person with a wall calendar would, and
avoids arithmetic wherever walking is enough. Slow, and meant to be.

Where the description leaves room, this file decides as follows:

* n = 0 counts nothing: the day of the event is the limit and never moves.
* Working days counted backwards: the forward walk in the other direction.
* "At least two working days" is looked for in every forward Article 3 period
  except one of a single day: one week, one month or one year included.
* An event on the stroke of an hour lies in the hour then beginning, so that
  whole hour is left out. Full hours are those of the clock at the place.
* Hours can only be counted forwards, and at least one of them.
"""

from datetime import UTC, date, datetime, timedelta

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
ONE_MINUTE = timedelta(minutes=1)

UNITS = ("day", "week", "month", "year", "working_day")
COUNTINGS = ("1182_art3", "art4_art5", "minimum")
SATURDAY = 6  # as date.isoweekday() numbers the days: Monday is 1


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    """Article 2(2): neither a Saturday, nor a Sunday, nor a public holiday."""
    return day.isoweekday() < SATURDAY and day not in holidays


def walk_days(event: date, steps: int, backwards: bool) -> date:
    """Turn that many leaves of the calendar; the event itself is no leaf."""
    day = event
    for _ in range(steps):
        day = day - ONE_DAY if backwards else day + ONE_DAY
    return day


def walk_working_days(event: date, steps: int, backwards: bool, holidays: frozenset[date]) -> date:
    """Turn leaves until that many working days have been passed or reached."""
    day = event
    still_to_find = steps
    while still_to_find > 0:
        day = walk_days(day, 1, backwards)
        if is_working_day(day, holidays):
            still_to_find -= 1
    return day


def walk_months(event: date, steps: int, backwards: bool) -> date:
    """Go from month to month and look for the same date only in the last one.

    A date which that month lacks gives way to the last day it has (Article
    3(2)(c)). Months on the way may be short: they do not wear the date down.
    """
    year, month = event.year, event.month
    for _ in range(steps):
        month = month - 1 if backwards else month + 1
        if month == 13:
            year, month = year + 1, 1
        elif month == 0:
            year, month = year - 1, 12
    found = date(year, month, 1)
    while found.day < event.day and (found + ONE_DAY).month == month:
        found += ONE_DAY
    return found


def count_working_days(event: date, end: date, holidays: frozenset[date]) -> int:
    """Working days after the event, up to and including the end."""
    seen = 0
    day = event
    while day < end:
        day += ONE_DAY
        if is_working_day(day, holidays):
            seen += 1
    return seen


def nominal_end(event: date, n: int, unit: str, holidays: frozenset[date]) -> date:
    """The end before any thought of weekends, unless working days are counted."""
    backwards = n < 0
    steps = -n if backwards else n
    if unit == "working_day":
        return walk_working_days(event, steps, backwards, holidays)
    if unit == "day":
        return walk_days(event, steps, backwards)
    if unit == "week":
        return walk_days(event, 7 * steps, backwards)
    if unit == "month":
        return walk_months(event, steps, backwards)
    return walk_months(event, 12 * steps, backwards)


def end_of_days(event: date, n: int, unit: str, holidays: frozenset[date], *, counting: str) -> tuple[date, date]:
    """The (nominal end, legal end) of a period running from the day of the event.

    Both are last days, open until midnight. A negative n counts backwards.
    """
    if isinstance(event, datetime):
        raise TypeError("a day is wanted here, not a moment")
    if unit not in UNITS:
        raise ValueError(f"unknown unit: {unit!r}")
    if counting not in COUNTINGS:
        raise ValueError(f"unknown way of counting: {counting!r}")

    nominal = nominal_end(event, n, unit, holidays)
    if counting != "1182_art3" or n <= 0 or unit == "working_day":
        return nominal, nominal

    legal = nominal
    while not is_working_day(legal, holidays):  # Article 3(4)
        legal += ONE_DAY
    single_day = unit == "day" and n == 1
    if not single_day:  # Article 3(5)
        while count_working_days(event, legal, holidays) < 2:
            legal += ONE_DAY
    return nominal, legal


def end_of_hours(event: datetime, n: int) -> datetime:
    """The moment a period of n hours ends, on the clock of the event's zone.

    Article 3(1) and 3(2)(a). Time is walked in UTC, so that every hour is one
    that has really passed, whatever the clocks at the place are doing.
    """
    place = event.tzinfo
    if place is None or event.utcoffset() is None:
        raise ValueError("the moment of the event needs a time zone")
    if n < 1:
        raise ValueError("a period in hours needs at least one hour")

    # The way through UTC mends a wall time that the clocks skipped.
    local = event.astimezone(UTC).astimezone(place)
    moment = local.replace(second=0, microsecond=0).astimezone(UTC)
    moment += ONE_MINUTE
    while moment.astimezone(place).minute != 0:
        moment += ONE_MINUTE
    for _ in range(n):
        moment += ONE_HOUR
    return moment.astimezone(place)
