"""An end explains itself: each rule that was applied is a step, and no other."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from aioffice.act.clocks.deadlines import deadline
from aioffice.act.clocks.law import LawSettings
from aioffice.act.clocks.wording import moment_words, provision_words, rule_words, step_words
from tests.support.calendars import BRUSSELS, calendar


def codes(limit: str, event: date | datetime | None = None, **law: object) -> list[tuple[str, str]]:
    known = calendar([date(2028, 12, 25), date(2028, 12, 26), date(2029, 1, 1)])
    settings = LawSettings(**law)  # type: ignore[arg-type]
    return [
        (step.code, step.rule)
        for step in deadline(limit, calendar=known, zone=BRUSSELS, event=event, law=settings).steps
    ]


def test_a_plain_period() -> None:
    assert codes("RBI-RULES", date(2027, 3, 1)) == [
        ("event_excluded", "3(1)"),
        ("counted", "3(2)(b)"),
        ("on_working_day", "3(4)"),
    ]


def test_a_holiday_moves_the_end_and_is_named() -> None:
    steps = codes("INC-10", date(2028, 12, 22))
    assert steps[0] == ("at_once", "AI Act 73(4); 75(1a)")
    assert steps[1:-1] == [
        ("event_excluded", "3(1)"),
        ("counted", "3(2)(b)"),
        ("not_working_day", "2(2)"),
        ("rolled", "3(4)"),
    ]
    assert steps[-1] == ("target_nominal", "house")


def test_two_working_days_inside_after_a_weekend() -> None:
    steps = [code for code, _rule in codes("INC-2", date(2028, 3, 3), conservative_incident_dates=False)]
    assert steps[-2:] == ["rolled", "two_working_days"]
    assert "target_nominal" not in steps


def test_the_end_of_a_month_cuts_a_period_short() -> None:
    assert ("month_end", "3(2)(c)") in codes("NA-CONF-1M", date(2027, 1, 31))


@pytest.mark.parametrize(
    ("limit", "reason", "rule"),
    [
        ("CERT-I", "validity", "4"),
        ("GL-96G", "fixed_date", "5"),
        ("RWT-6M", "maximum_duration", "house"),
        ("AIO-LIM-5Y", "limitation", "house"),
        ("DEL-REP", "backward", "3(4)"),
    ],
)
def test_what_does_not_move_says_why(limit: str, reason: str, rule: str) -> None:
    found = deadline(limit, calendar=calendar(), zone=BRUSSELS, event=date(2027, 2, 6))
    (step,) = [step for step in found.steps if step.code == "no_roll"]
    assert (step.parameters["reason"], step.rule) == (reason, rule)


def test_hours_name_the_first_full_hour_and_the_change_of_the_clocks() -> None:
    found = deadline(
        "RBI-URG", calendar=calendar(), zone=BRUSSELS, event=datetime(2026, 3, 28, 10, 20, tzinfo=BRUSSELS)
    )
    assert [step.code for step in found.steps] == ["at_once", "hours_begin", "hours_counted", "clock_change", "no_roll"]
    assert found.steps[1].parameters["moment"] == datetime(2026, 3, 28, 11, tzinfo=BRUSSELS)


def test_working_days_name_each_holiday_that_was_not_counted() -> None:
    known = calendar([date(2027, 12, 24), date(2027, 12, 25), date(2027, 12, 27)])
    found = deadline("CORR-15WD", calendar=known, zone=BRUSSELS, event=date(2027, 12, 10))
    skipped = [step.parameters["day"] for step in found.steps if step.code == "holiday_skipped"]
    assert skipped == [date(2027, 12, 24), date(2027, 12, 27)], "a holiday on a Saturday changes nothing"


def test_years_whose_holidays_nobody_compared_are_marked() -> None:
    found = deadline("AIO-4M", calendar=calendar(unchecked=[2027]), zone=BRUSSELS, event=date(2026, 11, 25))
    assert found.steps[-1].code == "unchecked_calendar"
    fixed = deadline("GL-96G", calendar=calendar(unchecked=[2027]), zone=BRUSSELS)
    assert "unchecked_calendar" not in {step.code for step in fixed.steps}, "no holiday was asked for"


def test_steps_are_said_in_english_and_in_french() -> None:
    known = calendar([date(2029, 1, 1)])
    found = deadline("INC-10", calendar=known, zone=BRUSSELS, event=date(2028, 12, 22))
    english = [step_words(step, found, "en") for step in found.steps]
    assert english[1] == "The day of the event, Friday 22 December 2028, is not counted."
    assert english[2] == "10 days on, the period ends on Monday 1 January 2029."
    assert english[3] == "Monday 1 January 2029 is a holiday: Holiday (Feestdag)."
    assert english[4] == "So the period ends with the next working day, Tuesday 2 January 2029."
    french = [step_words(step, found, "fr-be") for step in found.steps]
    assert french[2] == "10 jours plus tard, la période prend fin le lundi 1er janvier 2029."
    assert french[3] == "Le lundi 1er janvier 2029 est férié\u00a0: Jour férié (Feestdag)."


def test_rules_are_cited_as_each_language_does() -> None:
    assert rule_words("3(2)(c)", "en") == "Regulation (EEC, Euratom) No 1182/71, Article 3(2)(c)"
    assert rule_words("3(4)", "fr") == "Règlement (CEE, Euratom) nº 1182/71, article 3, paragraphe 4"
    assert rule_words("house", "en") == "Decision of this software"
    assert provision_words("112(2), 112(5), 112(6), 112(7)", "en") == "Article 112(2), (5), (6) and (7)"
    assert provision_words("75c(8)", "fr") == "article 75 quater, paragraphe 8"
    assert provision_words("73(2); 75(1a)", "fr") == "article 73, paragraphe 2 et article 75, paragraphe 1 bis"


def test_midnight_is_24_of_the_day_it_closes() -> None:
    found = deadline("GL-96G", calendar=calendar(), zone=BRUSSELS)
    assert found.due == datetime(2027, 8, 2, tzinfo=BRUSSELS)
    assert moment_words(found.due, "brussels", "en", ends=True) == "Sunday 1 August 2027, 24:00 Brussels"
    assert moment_words(found.due, "brussels", "en") == "Monday 2 August 2027, 00:00 Brussels"
