"""What holds of every period from every day, whatever days are off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aioffice.act.calendars import Calendar
from aioffice.act.clocks.counting import end_of, shifted
from aioffice.act.periods import Counting, Direction, Period, Unit
from tests.support.calendars import BRUSSELS, calendar

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))
CALENDAR_UNITS = st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR])
MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("2000-01-01"),
    max_value=datetime.fromisoformat("2036-01-01"),
    timezones=st.just(UTC),
)
LENGTHS = st.integers(min_value=1, max_value=60)
unhurried = settings(deadline=None)
"""The first example reads tables, and a busy machine is slow now and then: neither is a fault."""


@st.composite
def worlds(draw: st.DrawFn) -> tuple[date, Period, Calendar]:
    """An event, a period that rolls, and a calendar with some days off around its end."""
    event, period = draw(DAYS), Period(draw(LENGTHS), draw(CALENDAR_UNITS))
    nominal = shifted(event, period.n, period.unit)[0]
    off = draw(st.sets(st.integers(min_value=-5, max_value=9), max_size=12))
    return event, period, calendar({nominal + timedelta(days=n) for n in off} - {event})


def working_days(event: date, end: date, known: Calendar) -> int:
    days = (event + timedelta(days=n) for n in range(1, (end - event).days + 1))
    return sum(known.is_working_day(day) for day in days)


@unhurried
@given(worlds())
def test_a_period_that_rolls_ends_no_earlier_than_counted_and_on_a_working_day(
    world: tuple[date, Period, Calendar],
) -> None:
    event, period, known = world
    end = end_of(period, event, known, BRUSSELS)
    assert end.legal >= end.nominal
    assert known.is_working_day(end.legal)
    if period.n >= 2 or period.unit is not Unit.DAY:
        assert working_days(event, end.legal, known) >= 2


@unhurried
@given(worlds())
def test_it_ends_no_later_than_the_law_makes_it(world: tuple[date, Period, Calendar]) -> None:
    event, period, known = world
    end = end_of(period, event, known, BRUSSELS)
    if end.legal > end.nominal:
        before = end.legal - timedelta(days=1)
        enough = working_days(event, before, known) >= 2 or (period.n == 1 and period.unit is Unit.DAY)
        reached = any(
            known.is_working_day(end.nominal + timedelta(days=n)) for n in range((before - end.nominal).days + 1)
        )
        assert not (enough and reached), "a day less would have been enough"


@unhurried
@given(
    DAYS,
    LENGTHS,
    CALENDAR_UNITS,
    st.sampled_from([Counting.EXACT, Counting.MINIMUM]),
    st.sampled_from([Direction.FORWARD, Direction.BACKWARD]),
)
def test_other_periods_end_on_the_day_counted_whatever_day_it_is(
    event: date, n: int, unit: Unit, counting: Counting, direction: Direction
) -> None:
    assume(event.year - n > 1980)
    end = end_of(Period(n, unit, direction, counting), event, calendar(first=1, last=0), BRUSSELS)
    assert end.legal == end.nominal
    assert (end.nominal > event) is (direction is Direction.FORWARD)


@unhurried
@given(DAYS, st.integers(min_value=1, max_value=40), st.sets(st.integers(min_value=1, max_value=60), max_size=20))
def test_working_days_are_counted_one_by_one(event: date, n: int, off: set[int]) -> None:
    known = calendar(event + timedelta(days=day) for day in off)
    end = end_of(Period(n, Unit.WORKING_DAY), event, known, BRUSSELS)
    assert working_days(event, end.legal, known) == n
    assert known.is_working_day(end.legal)


@unhurried
@given(MOMENTS, LENGTHS)
def test_hours_last_as_long_as_they_say_from_the_next_full_hour(event: datetime, n: int) -> None:
    end = end_of(Period(n, Unit.HOUR, counting=Counting.HOURS), event, calendar(), BRUSSELS)
    waited = end.due.astimezone(UTC) - event
    assert timedelta(hours=n) < waited <= timedelta(hours=n + 1)
    assert (end.due.minute, end.due.second, end.due.microsecond) == (0, 0, 0)


@unhurried
@given(DAYS, LENGTHS, st.sampled_from([Unit.MONTH, Unit.YEAR]))
def test_months_and_years_keep_the_date_or_take_the_last_day(event: date, n: int, unit: Unit) -> None:
    found, cut = shifted(event, n, unit)
    if cut:
        assert found.day < event.day
        assert (found + timedelta(days=1)).day == 1
    else:
        assert found.day == event.day
