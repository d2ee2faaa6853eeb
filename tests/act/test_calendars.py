"""A working day is neither a holiday of the place, nor a Saturday, nor a Sunday; what is not known is not guessed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.deadlines import deadline
from aioffice.act.clocks.wording import holiday_words
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.member_states import member_states
from aioffice.act.places import place, places
from tests.support.calendars import calendar

EASTER_MONDAY = date(2027, 3, 29)
KNOWN = calendar([EASTER_MONDAY], first=2026, last=2027)


def test_working_days() -> None:
    assert KNOWN.is_working_day(date(2027, 3, 30))
    assert not KNOWN.is_working_day(EASTER_MONDAY)
    assert not KNOWN.is_working_day(date(2027, 3, 27))
    assert not KNOWN.is_working_day(date(2027, 3, 28))


def test_the_working_days_around_a_long_weekend() -> None:
    assert KNOWN.next_working_day(date(2027, 3, 26)) == date(2027, 3, 30)
    assert KNOWN.working_day_before(date(2027, 3, 30)) == date(2027, 3, 26)


def test_a_holiday_has_names() -> None:
    assert KNOWN.names(EASTER_MONDAY)["own"] == "Feestdag"
    assert KNOWN.names(date(2027, 3, 30)) == {}


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2028, 1, 1)])
def test_outside_the_years_known_nothing_is_guessed(day: date) -> None:
    for ask in (KNOWN.is_working_day, KNOWN.names):
        with pytest.raises(CalendarNotPublishedError, match="2026 to 2027") as caught:
            ask(day)
        assert (caught.value.place, caught.value.day) == ("BE", day)
    with pytest.raises(CalendarNotPublishedError):
        KNOWN.next_working_day(date(2027, 12, 31))


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        KNOWN.last_year = 2030  # type: ignore[misc]


def test_the_places_are_the_institutions_and_27_states_each_with_a_clock() -> None:
    assert [one.code for one in places()] == ["EU", "EDPS", *sorted(state.code for state in member_states())]
    for one in places():
        assert ZoneInfo(one.zone).key == one.zone
    assert place("EU").is_institution
    assert not place("BE").is_institution
    assert place("PT").zone == "Europe/Lisbon"


@pytest.mark.parametrize(("asked", "right"), [("EL", "GR"), ("Portugal", "PT"), ("be", "BE"), ("DEU", "DE")])
def test_an_unknown_place_is_refused_with_the_nearest(asked: str, right: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        place(asked)
    assert caught.value.nearest == right


def test_a_day_that_was_counted_is_told_although_nobody_knows_whether_it_moves() -> None:
    with pytest.raises(CalendarNotPublishedError, match="By counting alone the period ends on 2028-03-01") as caught:
        deadline("AIO-4M", calendar=KNOWN, zone=ZoneInfo("Europe/Brussels"), event=date(2027, 11, 1))
    assert caught.value.nominal == date(2028, 3, 1)
    with pytest.raises(CalendarNotPublishedError) as unknown:
        deadline("CORR-15WD", calendar=KNOWN, zone=ZoneInfo("Europe/Brussels"), event=date(2027, 12, 20))
    assert unknown.value.nominal is None, "working days cannot be counted without their holidays"


def test_a_holiday_is_named_in_the_language_of_the_page_else_in_the_place_s_own() -> None:
    belgian = {"own": "Feest van de Arbeid", "en": "Labour Day", "fr": "Fête du Travail"}
    portuguese = {"own": "Dia da Liberdade", "en": "Freedom Day"}
    assert holiday_words(belgian, "fr") == "Fête du Travail (Feest van de Arbeid)"
    assert holiday_words(portuguese, "fr") == "Dia da Liberdade"
    assert holiday_words(portuguese, "en") == "Freedom Day (Dia da Liberdade)"
    assert holiday_words({"en": "Europe Day", "fr": "Journée de l’Europe"}, "de") == "Europe Day"
