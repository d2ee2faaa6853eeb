"""100,000 random periods, counted by `act` and by an implementation that was written without sight of it: no difference."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aioffice.act.clocks.counting import end_of
from aioffice.act.periods import Counting, Direction, Period, Unit
from tests.act.second_opinion import end_of_days, end_of_hours
from tests.support.calendars import BRUSSELS, calendar

CASES = 100_000
FIRST = date(2024, 8, 1)
CODES = {Counting.ROLLS: "1182_art3", Counting.EXACT: "art4_art5", Counting.MINIMUM: "minimum"}


def _holidays(dice: random.Random) -> list[date]:
    """Some days of fifteen years: single ones, and runs such as Christmas."""
    days = {FIRST + timedelta(days=dice.randrange(-400, 5_500)) for _ in range(dice.randrange(0, 160))}
    for _ in range(dice.randrange(0, 12)):
        start = FIRST + timedelta(days=dice.randrange(-400, 5_500))
        days |= {start + timedelta(days=n) for n in range(dice.randrange(2, 9))}
    return sorted(days)


def test_days_weeks_months_and_years() -> None:
    dice = random.Random(1182)
    differing = []
    for _ in range(CASES // 500):
        holidays = _holidays(dice)
        days, frozen = calendar(holidays), frozenset(holidays)
        for _ in range(500):
            unit = dice.choice([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR, Unit.WORKING_DAY])
            n = dice.randrange(
                1, {Unit.DAY: 120, Unit.WORKING_DAY: 60, Unit.WEEK: 30, Unit.MONTH: 40, Unit.YEAR: 6}[unit]
            )
            counting = dice.choice(list(CODES))
            forward = unit is Unit.WORKING_DAY or dice.random() < 0.8
            event = FIRST + timedelta(days=dice.randrange(0, 2_500))
            direction = Direction.FORWARD if forward else Direction.BACKWARD
            one = end_of(Period(n, unit, direction, counting), event, days, BRUSSELS)
            other = end_of_days(event, n if forward else -n, unit.value, frozen, counting=CODES[counting])
            if (one.nominal, one.legal) != other:
                differing.append((event, n, unit, direction, counting, (one.nominal, one.legal), other))
    assert differing[:5] == []


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Europe/Lisbon", "Europe/Helsinki"])
def test_hours_also_where_the_clocks_change(zone: str) -> None:
    dice, place = random.Random(zone), ZoneInfo(zone)
    for _ in range(5_000):
        day = FIRST + timedelta(days=dice.randrange(0, 2_500))
        if dice.random() < 0.3:
            # The night in which the clocks change, the last Sunday of March or October.
            day = date(dice.randrange(2025, 2032), dice.choice([3, 10]), 31)
            day -= timedelta(days=(day.weekday() + 1) % 7)
        event = datetime(day.year, day.month, day.day, dice.randrange(24), dice.randrange(60), tzinfo=place)
        if event.astimezone(UTC).astimezone(place).replace(tzinfo=None) != event.replace(tzinfo=None):
            continue  # an hour that the clocks leave out is no moment
        n = dice.randrange(1, 97)
        assert end_of(Period(n, Unit.HOUR, counting=Counting.HOURS), event, calendar(), place).due == end_of_hours(
            event, n
        )
