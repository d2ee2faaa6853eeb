"""Whatever time limit, whatever event: there is a day, or the answer says why there is none."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioffice.act.calendars import Calendar, CalendarNotPublishedError
from aioffice.act.clocks.deadlines import deadline
from aioffice.act.clocks.results import Deadline, Outcome, QuestionError
from aioffice.act.clocks.wording import rule_words, step_words
from aioffice.act.text import LANGUAGES, text
from aioffice.act.time_limits import TimeLimit, time_limits
from tests.support.calendars import BRUSSELS, calendar

EVERY_DAY_KNOWN = calendar()
WITHOUT_DAY = {
    Outcome.IMMEDIATELY: {"INC-DEP", "GPAI-INC", "INC-COM", "AIO-TRANSMIT"},
    Outcome.AT_THE_EVENT: {"TRANSP"},
    Outcome.BEFORE_THE_EVENT: {"FRIA", "REG-PRE"},
    Outcome.SET_BY_AUTHORITY: {"MSA-PRESC", "GPAI-SET"},
    Outcome.NO_CYCLE_START: {
        "RBI-ANN", "RBI-COM", "PRBI-ANN", "FORUM-REP", "NCA-COMP", "PEN-ANN", "EDPS-ANN", "MSA-ANN",
    },
    Outcome.TIMES_A_YEAR: {"FORUM-MEET"},
    Outcome.CASE_DECIDES: {"RWT-INC"},
}  # fmt: skip
"""Limits that come to no single day with all settings of law at their defaults."""

MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("1990-01-01"),
    max_value=datetime.fromisoformat("2100-12-31"),
    timezones=st.just(BRUSSELS),
)
every_limit = pytest.mark.parametrize("limit", time_limits(), ids=lambda limit: limit.id)
unhurried = settings(deadline=None)
"""The first example reads tables, and a busy machine is slow now and then: neither is a fault."""


def whole(found: Deadline) -> None:
    """What every answer with a day holds to, and that each step can be said in every language."""
    assert found.nominal is not None
    assert found.legal is not None
    assert found.due is not None
    assert found.target is not None
    assert found.target <= found.legal
    assert found.due.tzinfo is not None
    for step in found.steps:
        for language in LANGUAGES:
            said = step_words(step, found, language)
            assert "{" not in said
            assert rule_words(step.rule, language)
    for language in LANGUAGES:
        if found.silence:
            assert text(f"silence.{found.silence}", language)
        assert text(f"until.{found.limit.nature.value}", language)


@every_limit
@unhurried
@given(event=MOMENTS, by_day=st.booleans())
def test_every_limit_comes_to_a_day_or_says_why_not(limit: TimeLimit, event: datetime, by_day: bool) -> None:
    hours = limit.unit is not None and limit.unit.value == "hour"
    when = event.date() if by_day and not hours else event
    found = deadline(limit, calendar=EVERY_DAY_KNOWN, zone=BRUSSELS, event=when)
    wanted = next((outcome for outcome, ids in WITHOUT_DAY.items() if limit.id in ids), Outcome.COMPUTED)
    assert found.outcome is wanted
    for one in found.alternatives or ((found,) if wanted is Outcome.COMPUTED else ()):
        assert one.outcome is Outcome.COMPUTED
        whole(one)


def asked(
    limit: TimeLimit, known: Calendar, event: datetime | None
) -> Deadline | QuestionError | CalendarNotPublishedError:
    """The answer, or the reason why there is none."""
    try:
        return deadline(limit, calendar=known, zone=BRUSSELS, event=event)
    except (QuestionError, CalendarNotPublishedError) as error:
        return error


@every_limit
def test_without_an_event_the_answer_says_what_is_missing(limit: TimeLimit) -> None:
    found = asked(limit, EVERY_DAY_KNOWN, None)
    if isinstance(found, Deadline):
        assert found.outcome is not Outcome.COMPUTED or limit.date is not None
    else:
        assert isinstance(found, QuestionError)
        assert (found.field, found.code) == ("event", "event_missing")
        assert limit.id in str(found)


@every_limit
@unhurried
@given(event=MOMENTS)
def test_a_calendar_that_is_not_known_is_never_guessed(limit: TimeLimit, event: datetime) -> None:
    found = asked(limit, calendar(first=2026, last=2026), event)
    assert not isinstance(found, QuestionError)
    if isinstance(found, CalendarNotPublishedError):
        assert found.day.year != 2026
        assert "not published yet" in str(found)
