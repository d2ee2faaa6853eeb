"""Where a period ends: Article 3 of Regulation (EEC, Euratom) No 1182/71, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.steps import HOUSE, Step, step
from aioffice.act.periods import Counting, Direction, Period, Unit

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from aioffice.act.calendars import Calendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class End:
    """The end of a period.

    `nominal` is the day found by counting, `legal` the last day on which the action is in time. `due` is the moment at which that day
    is over: 24:00 at the place, written as 00:00 of the day after; for hours, the end of the last hour. `years` are those whose
    holidays were asked for.
    """

    nominal: date
    legal: date
    due: datetime
    steps: tuple[Step, ...]
    years: tuple[int, ...] = ()


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of that day at the place: the moment at which it is over."""
    return datetime.combine(day + DAY, time.min, zone)


def local_day(event: date | datetime, zone: ZoneInfo) -> date:
    """The day of an event at the place. Raises ValueError for a moment without an offset."""
    if not isinstance(event, datetime):
        return event
    if event.tzinfo is None:
        raise ValueError(f"{event.isoformat()} lacks an offset from UTC: it could be any moment.")
    return event.astimezone(zone).date()


def shifted(day: date, n: int, unit: Unit) -> tuple[date, bool]:
    """The day so many calendar units later (n below zero: earlier), and whether the end of a month cut it short (Article 3(2)(c))."""
    if unit is Unit.DAY:
        return day + n * DAY, False
    if unit is Unit.WEEK:
        return day + 7 * n * DAY, False
    count = day.year * 12 + day.month - 1 + n * (12 if unit is Unit.YEAR else 1)
    year, month = count // 12, count % 12 + 1
    # The module `calendar` knows this too, and takes as long to load as much of the Act.
    last = 31 if month == 12 else (date(year, month + 1, 1) - DAY).day
    return date(year, month, min(day.day, last)), day.day > last


def end_of(period: Period, event: date | datetime, calendar: Calendar, zone: ZoneInfo, why: str = "") -> End:
    """Where a period ends that runs from (or back from) an event.

    `calendar` and `zone` are those of the place where the action has to be taken (Article 2(1)); the calendar is asked only where a
    working day matters. `why` names the reason for not moving the end of an exact period, for the explanation. Raises ValueError for
    hours without an hour and for a moment without an offset, CalendarNotPublishedError.
    """
    if period.unit is Unit.HOUR:
        return _hours(period, event, zone)
    day = local_day(event, zone)
    nominal, steps = _nominal(period, day, calendar)
    years: tuple[int, ...] = ()
    if period.unit is Unit.WORKING_DAY:
        legal, more, years = nominal, _unmoved(period, why), tuple(range(day.year, nominal.year + 1))
    elif period.counting is Counting.ROLLS and period.direction is Direction.FORWARD:
        try:
            legal, more = _rolled(period, day, nominal, calendar)
        except CalendarNotPublishedError as error:
            raise error.counted_to(nominal) from None
        years = tuple(range(nominal.year, legal.year + 1))
    else:
        legal, more = nominal, _unmoved(period, why)
    return End(nominal, legal, midnight_after(legal, zone), (*steps, *more), years)


def _hours(period: Period, event: date | datetime, zone: ZoneInfo) -> End:
    if not isinstance(event, datetime):
        raise TypeError("A period in hours needs the hour of its event, not the day alone.")
    local_day(event, zone)
    there = event.astimezone(zone)
    hour = there.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    begins = hour + timedelta(hours=1)
    ends = (begins + timedelta(hours=period.n)).astimezone(zone)
    start = begins.astimezone(zone)
    steps = [
        step("hours_begin", "3(1), 3(2)(a)", event=there, moment=start),
        step("hours_counted", "3(2)(a)", n=period.n, unit=period.unit.value, moment=ends),
    ]
    if start.utcoffset() != ends.utcoffset():
        steps.append(step("clock_change", HOUSE, moment=ends))
    steps.append(step("no_roll", "3(4)", reason="hours"))
    return End(ends.date(), ends.date(), ends, tuple(steps))


def _nominal(period: Period, day: date, calendar: Calendar) -> tuple[date, list[Step]]:
    if period.direction is Direction.BACKWARD:
        found, cut = shifted(day, -period.n, period.unit)
        steps = [step("counted_back", "3(2)", n=period.n, unit=period.unit.value, event=day, day=found)]
        return found, steps + ([step("month_end", "3(2)(c)", day=found)] if cut else [])
    excluded = step("event_excluded", "3(1)", event=day)
    if period.unit is Unit.WORKING_DAY:
        found, skipped = _working_days(period.n, day, calendar)
        counted = step("working_days_counted", "2(2), 3(3)", n=period.n, unit=period.unit.value, day=found)
        return found, [excluded, *skipped, counted]
    found, cut = shifted(day, period.n, period.unit)
    rule = "3(2)(b)" if period.unit is Unit.DAY else "3(2)(c)"
    steps = [excluded, step("counted", rule, n=period.n, unit=period.unit.value, day=found)]
    return found, steps + ([step("month_end", "3(2)(c)", day=found)] if cut else [])


def _working_days(n: int, day: date, calendar: Calendar) -> tuple[date, list[Step]]:
    skipped: list[Step] = []
    while n:
        day += DAY
        if calendar.is_working_day(day):
            n -= 1
        elif day.weekday() < 5:
            skipped.append(step("holiday_skipped", "2(1), 2(2)", day=day, names=calendar.names(day)))
    return day, skipped


def _rolled(period: Period, event: date, nominal: date, calendar: Calendar) -> tuple[date, list[Step]]:
    """Paragraphs 4 and 5 of Article 3: off days without work, and two working days inside."""
    steps: list[Step] = []
    legal = nominal
    if calendar.is_working_day(nominal):
        steps.append(step("on_working_day", "3(4)", day=nominal))
    else:
        while not calendar.is_working_day(legal):
            steps.append(step("not_working_day", "2(2)", day=legal, names=calendar.names(legal)))
            legal += DAY
        steps.append(step("rolled", "3(4)", day=legal))
    if period.n >= 2 or period.unit is not Unit.DAY:
        inside = _inside(event, legal, calendar)
        if inside < 2:
            while inside < 2:
                legal = calendar.next_working_day(legal)
                inside += 1
            steps.append(step("two_working_days", "3(5)", day=legal))
    return legal, steps


def _inside(event: date, end: date, calendar: Calendar) -> int:
    """Working days after the event up to the end, counted no further than two."""
    found, day = 0, event
    while day < end and found < 2:
        day += DAY
        found += calendar.is_working_day(day)
    return found


def _unmoved(period: Period, why: str) -> list[Step]:
    if period.counting is Counting.MINIMUM:
        return [step("whole_period", HOUSE)]
    if period.direction is Direction.BACKWARD:
        return [step("no_roll", "3(4)", reason="backward")]
    if period.unit is Unit.WORKING_DAY:
        return []
    rules = {"fixed_date": "5", "validity": "4"}
    return [step("no_roll", rules.get(why, HOUSE), reason=why or "maximum_duration")]
