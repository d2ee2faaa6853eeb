"""A question as people put it: days and hours as they write them, read on the clock of the place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.law import SettingError
from aioffice.act.clocks.results import QuestionError
from aioffice.act.lookup import UnknownCodeError
from aioffice.kernel.clocks.asking import Question, answer, event_of

LISBON, BRUSSELS = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Brussels")


def test_a_day_is_a_day_and_nothing_is_nothing() -> None:
    assert event_of("2027-03-05", LISBON) == date(2027, 3, 5)
    assert event_of("  ", LISBON) is None


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2027-03-05T10:20", "2027-03-05T10:20"),
        ("2027-07-05 10:20:30", "2027-07-05T09:20:30"),
        ("2027-03-05T10:20Z", "2027-03-05T10:20"),
        ("2027-03-05T10:20:00.5+02:00", "2027-03-05T08:20:00.5"),
    ],
)
def test_a_moment_without_an_offset_is_read_on_the_clock_of_the_place(written: str, utc: str) -> None:
    found = event_of(written, LISBON)
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_an_hour_that_the_clock_skips_is_refused_and_of_one_it_shows_twice_the_first_is_meant() -> None:
    with pytest.raises(QuestionError, match="skipped 2027-03-28 02:30") as caught:
        event_of("2027-03-28T02:30", BRUSSELS)
    assert (caught.value.field, caught.value.code) == ("event", "no_such_hour")
    twice = event_of("2027-10-31T02:30", BRUSSELS)
    assert isinstance(twice, datetime)
    assert twice.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["tomorrow", "5.3.2027", "2027-13-01", "2027-02-30", "20270305", "2027-W10-5", "2027-03-05T25:00", "1700000000"],
)
def test_what_is_no_day_is_refused_with_what_would_be_right(written: str) -> None:
    with pytest.raises(QuestionError, match="write 2027-03-05 or 2027-03-05T10:20") as caught:
        event_of(written, LISBON)
    assert caught.value.code == "event_unreadable"


@pytest.mark.parametrize("written", ["1989-12-31", "2101-01-01", "0001-01-01T00:00", "9999-12-31T23:59Z"])
def test_a_day_far_away_is_refused(written: str) -> None:
    with pytest.raises(QuestionError, match="1990 to 2100") as caught:
        event_of(written, LISBON)
    assert caught.value.code == "event_far_away"


def test_the_clock_and_the_holidays_are_those_of_the_place() -> None:
    in_lisbon = answer(Question("INC-15", "PT", "2027-04-10"))
    in_helsinki = answer(Question("INC-15", "FI", "2027-04-10"))
    assert in_lisbon.due == datetime(2027, 4, 26, 23, tzinfo=UTC), "26 April, as the 25th is a Sunday"
    assert in_helsinki.due == datetime(2027, 4, 26, 21, tzinfo=UTC)
    assert in_lisbon.legal == date(2027, 4, 26)
    assert answer(Question("NB-INFO-10D", "PT", "2028-04-15")).legal == date(2028, 4, 26), "25 April is a holiday there"
    assert answer(Question("NB-INFO-10D", "FI", "2028-04-15")).legal == date(2028, 4, 25)


def test_the_day_of_a_moment_is_that_of_the_place() -> None:
    late = "2027-03-01T23:30+00:00"
    assert answer(Question("NB-INFO-10D", "PT", late)).nominal == date(2027, 3, 11)
    assert answer(Question("NB-INFO-10D", "FI", late)).nominal == date(2027, 3, 12)


@pytest.mark.parametrize("k", ["0", "-1", "x", "101", "1.0", "²"])
def test_which_end_is_a_whole_number(k: str) -> None:
    with pytest.raises(QuestionError, match="from 1 to 100") as caught:
        answer(Question("NCA-RES", "BE", k=k))
    assert (caught.value.field, caught.value.code) == ("k", "k_unreadable")


def test_the_furthest_question_is_answered() -> None:
    assert answer(Question("SBX-ANN", "BE", "2030-01-01", k="2")).nominal == date(2032, 1, 1)
    assert answer(Question("REV-ANN", "EU", "2100-12-31")).legal == date(2101, 8, 1)
    assert answer(Question("REV-2028", "EU", k="100")).legal == date(2424, 8, 2)


def test_faults_name_what_is_wrong() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean 'INC-15'"):
        answer(Question("INC15", "BE"))
    with pytest.raises(UnknownCodeError, match="did you mean 'GR'"):
        answer(Question("INC-15", "EL", "2027-01-01"))
    with pytest.raises(SettingError, match=re.escape("log_retention: ")):
        answer(Question("LOG-6M-P", "BE", "2027-01-01", law={"log_retention": "x"}))
    with pytest.raises(CalendarNotPublishedError, match="EU are known for 2025 to 2027"):
        answer(Question("AIO-4M", "EU", "2027-10-01"))
