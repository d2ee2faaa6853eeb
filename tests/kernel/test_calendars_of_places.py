"""The calendars of the 27 Member States and of the Union institutions, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.member_states import member_states
from aioffice.kernel.clocks import calendars
from aioffice.kernel.clocks.calendars import FIRST_YEAR, LAST_YEAR, calendar
from aioffice.kernel.settings import settings

STATES = [state.code for state in member_states()]


@pytest.fixture
def regions(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings that a test changes by the environment."""
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("code", STATES)
def test_every_state_has_its_holidays_in_every_year(code: str) -> None:
    known = calendar(code)
    assert (known.place, known.first_year, known.last_year) == (code, FIRST_YEAR, LAST_YEAR)
    assert known.version.endswith(f", {code}")
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        days = [day for day in known.holidays if day.year == year]
        assert 8 <= len(days) <= 20, year
        for day in (date(year, 1, 1), date(year, 12, 25)):
            assert not known.is_working_day(day)
    for names in known.holidays.values():
        assert names["own"]
        assert "'" not in "".join(names.values())
        assert "Labor" not in names.get("en", "")


@pytest.mark.parametrize(
    ("code", "day", "language", "name"),
    [
        ("BE", date(2027, 7, 21), "fr", "Fête nationale"),
        ("PT", date(2027, 4, 25), "own", "Dia da Liberdade"),
        ("DE", date(2027, 10, 3), "en", "German Unity Day"),
        ("GR", date(2027, 5, 3), "en", "Easter Monday"),
        ("BG", date(2027, 3, 3), "en", "Liberation Day"),
        ("FI", date(2027, 12, 6), "en", "Independence Day"),
        ("FR", date(2027, 7, 14), "fr", "Fête nationale"),
        ("PL", date(2027, 5, 3), "en", "National Day of the Third of May"),
    ],
)
def test_national_days_are_there_with_their_names(code: str, day: date, language: str, name: str) -> None:
    assert name in calendar(code).names(day)[language]


def test_sundays_are_no_holidays_of_their_own_and_half_days_are_working_days() -> None:
    assert date(2027, 1, 10) not in calendar("SE").holidays
    assert calendar("IE").is_working_day(date(2027, 3, 26)), "Good Friday is no public holiday in Ireland"


@pytest.mark.parametrize("code", ["EU", "EDPS"])
def test_the_institutions_have_the_days_of_their_yearly_decisions(code: str) -> None:
    known = calendar(code)
    assert (known.first_year, known.last_year) == (2025, 2027)
    assert known.unchecked == {2025, 2026, 2027}
    for day in (date(2026, 4, 2), date(2026, 5, 15), date(2026, 7, 21), date(2026, 12, 24), date(2027, 3, 25)):
        assert not known.is_working_day(day)
        assert known.names(day).keys() == {"en", "fr"}
    assert known.is_working_day(date(2026, 12, 23))
    with pytest.raises(CalendarNotPublishedError, match="2025 to 2027"):
        known.is_working_day(date(2028, 1, 3))


def test_each_holiday_of_the_institutions_falls_on_a_weekday() -> None:
    assert {day.weekday() for day in calendar("EU").holidays} <= set(range(5))


def test_regional_holidays_count_only_where_a_region_is_set(regions: pytest.MonkeyPatch) -> None:
    epiphany = date(2027, 1, 6)
    assert calendar("DE").is_working_day(epiphany)
    regions.setenv("AIOFFICE_REGIONS", "DE:BY, ES:MD")
    settings.cache_clear()
    assert not calendar("DE").is_working_day(epiphany)
    assert calendar("DE").version.endswith(", DE-BY")
    assert not calendar("ES").is_working_day(date(2028, 5, 2)), "day of Madrid"
    assert calendar("AT").version.endswith(", AT")


def test_an_unknown_place_has_no_calendar() -> None:
    with pytest.raises(UnknownCodeError, match="not a known place"):
        calendar("UK")


def test_a_calendar_is_made_once() -> None:
    assert calendar("BE") is calendar("BE")
    assert calendars._union("EU") is calendar("EU")
