"""Dates are written out with weekday and place of the clock; the distance stands beside them, never alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils import translation

from aioffice.doors.web.templatetags import _dates
from aioffice.kernel.days import in_words

NOW = datetime(2027, 3, 9, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_day_is_written_out_with_its_weekday() -> None:
    assert _dates.long_date(date(2027, 3, 12)) == "Friday 12 March 2027"
    assert _dates.long_date("2027-03-12") == "Friday 12 March 2027"


def test_a_day_is_written_out_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert _dates.long_date(date(2027, 3, 12)) == "vendredi 12 mars 2027"
        assert _dates.long_date(date(2027, 3, 1)) == "lundi 1er mars 2027"
        assert in_words(date(2027, 3, 1)) == "1er mars 2027"
    assert in_words(date(2027, 3, 1)) == "1 March 2027"


def test_an_instant_is_shown_on_the_clock_of_brussels() -> None:
    assert (
        _dates.long_moment(datetime(2027, 3, 9, 23, 30, tzinfo=UTC)) == "Wednesday 10 March 2027, 00:30 Brussels time"
    )
    assert _dates.long_date(datetime(2027, 3, 9, 23, 30, tzinfo=UTC)) == "Wednesday 10 March 2027"


def test_an_instant_without_offset_is_taken_as_utc() -> None:
    assert _dates.long_moment("2027-07-09T10:00:00") == "Friday 9 July 2027, 12:00 Brussels time"


def test_a_period_ends_at_24_hours_of_its_last_day() -> None:
    midnight = datetime(2027, 3, 12, 23, 0, tzinfo=UTC)
    assert _dates.long_moment(midnight, end_of_day=True) == "Friday 12 March 2027, 24:00 Brussels time"
    assert _dates.long_moment(date(2027, 3, 12), end_of_day=True) == "Friday 12 March 2027, 24:00 Brussels time"
    assert _dates.long_moment(NOW, end_of_day=True) == "Tuesday 9 March 2027, 10:30 Brussels time"


@pytest.mark.parametrize("value", ["", None, "soon", "2027-13-01", 7])
def test_what_is_no_date_shows_nothing(value: object) -> None:
    assert _dates.long_date(value) == ""
    assert _dates.long_moment(value) == ""
    assert _dates.relative(value, NOW) == ""
    assert _dates.machine(value) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 3, 9), "today"),
        (date(2027, 3, 10), "in 1 day"),
        (date(2027, 3, 1), "8 days ago"),
        (date(2027, 5, 1), "in 53 days"),
        (date(2027, 9, 9), "in 6 months"),
        (date(2031, 3, 9), "in 4 years"),
        (datetime(2027, 3, 9, 8, 42, tzinfo=UTC), "48 minutes ago"),
        (datetime(2027, 3, 9, 14, 30, tzinfo=UTC), "in 5 hours"),
    ],
)
def test_the_distance_stays_in_the_unit_people_count_in(value: object, words: str) -> None:
    assert _dates.relative(value, NOW) == words


def test_an_instant_and_a_day_are_compared_as_days_in_brussels() -> None:
    assert _dates.relative(datetime(2027, 3, 9, 23, 30, tzinfo=UTC), date(2027, 3, 10)) == "today"


def test_the_tag_gives_the_machine_its_form_beside_the_words() -> None:
    template = engines["django"].from_string("{% load office_ui %}Due {% moment due at=now end_of_day=True %}.")
    html = template.render({"due": datetime(2027, 3, 12, 23, 0, tzinfo=UTC), "now": NOW})
    assert html == (
        'Due <span class="office-moment"><time datetime="2027-03-12T23:00:00+00:00">Friday 12 March 2027, 24:00 Brussels'
        ' time</time> <span class="office-moment__distance">(in 4 days)</span></span>.'
    )
