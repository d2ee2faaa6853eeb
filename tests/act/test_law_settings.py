"""Settings of law: what each decides, and the cautious value until somebody sets it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from aioffice.act.clocks import law
from aioffice.act.clocks.changing import times_allowed
from aioffice.act.clocks.deadlines import deadline
from aioffice.act.clocks.law import CertificateCap, ForumExtension, LawSettings, PostRemoteStart, SettingError
from aioffice.act.clocks.results import Deadline, Outcome, QuestionError
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.periods import Period, Unit
from aioffice.act.time_limits import time_limit, time_limits
from tests.support.calendars import BRUSSELS, calendar

EVENT = date(2027, 3, 1)


def asked(limit: str, event: date | None = EVENT, k: int | None = None, place: str = "BE", **settings: Any) -> Deadline:
    return deadline(limit, calendar=calendar(place=place), zone=BRUSSELS, event=event, law=LawSettings(**settings), k=k)


def test_every_setting_that_a_row_names_is_there_and_every_one_is_named() -> None:
    named = {limit.setting for limit in time_limits() if limit.setting}
    assert named == set(law.names()) | law.ELSEWHERE


def test_the_defaults_are_the_cautious_ones() -> None:
    assert LawSettings() == LawSettings(
        article_58_act_applies=False,
        tacit_approval_by_state={},
        conservative_incident_dates=True,
        article_73_case="",
        period_set_by_authority=None,
        sectoral_corrective_period=None,
        log_retention=Period(6, Unit.MONTH),
        prbi_clock_start=PostRemoteStart.START_OF_USE,
        certificate_extension_cap=CertificateCap.WHOLE,
        forum_term_extension=ForumExtension.FOUR_IN_ALL,
        forum_meetings_per_year=2,
        reporting_cycle_start=None,
        penalty_rules_date=date(2025, 8, 2),
        delegation_start=None,
        limitation_rules=(),
        review_cycle_112=4,
    )


def test_three_months_for_a_sandbox_are_expected_until_the_implementing_act_applies() -> None:
    assert not asked("SBX-DEC-3M").binding
    assert asked("SBX-DEC-3M", article_58_act_applies=True).binding


def test_silence_approves_a_test_only_where_the_state_knows_tacit_approval() -> None:
    assert asked("RWT-30D").silence == "not_known"
    states = {"BE": True, "FR": False}
    assert asked("RWT-30D", tacit_approval_by_state=states).silence == "approved"
    assert asked("RWT-30D", place="FR", tacit_approval_by_state=states).silence == "not_approved"
    assert asked("RWT-30D", place="DE", tacit_approval_by_state=states).silence == "not_known"
    assert asked("OBJ-3M").silence == "justified"


def test_incidents_aim_at_the_day_counted_unless_switched_off() -> None:
    cautious = asked("INC-15", date(2028, 3, 3))
    assert (cautious.target, cautious.legal) == (date(2028, 3, 18), date(2028, 3, 20))
    bold = asked("INC-15", date(2028, 3, 3), conservative_incident_dates=False)
    assert bold.target == bold.legal == date(2028, 3, 20)


def test_an_incident_in_a_test_falls_under_one_of_three_limits() -> None:
    found = asked("RWT-INC")
    assert found.outcome is Outcome.CASE_DECIDES
    assert [one.limit.id for one in found.alternatives] == ["INC-2", "INC-10", "INC-15"]
    assert (found.nominal, found.legal, found.target) == (date(2027, 3, 3), date(2027, 3, 3), date(2027, 3, 3))
    one = asked("RWT-INC", article_73_case="INC-10")
    assert (one.limit.id, one.outcome, one.nominal) == ("RWT-INC", Outcome.COMPUTED, date(2027, 3, 11))


def test_an_authority_sets_a_length_or_a_day() -> None:
    assert asked("MSA-PRESC").outcome is Outcome.SET_BY_AUTHORITY
    by_length = asked("MSA-PRESC", date(2027, 3, 5), period_set_by_authority=Period(8, Unit.DAY))
    assert (by_length.nominal, by_length.legal) == (date(2027, 3, 13), date(2027, 3, 15))
    by_day = asked("GPAI-SET", None, period_set_by_authority=date(2027, 3, 13))
    assert by_day.legal == date(2027, 3, 13), "a day that is named does not move"


def test_an_authority_may_set_hours_which_need_the_hour_of_the_event() -> None:
    with pytest.raises(QuestionError) as caught:
        asked(
            "MSA-PRESC",
            period_set_by_authority=law.read({"period_set_by_authority": "48 hours"}).period_set_by_authority,
        )
    assert caught.value.code == "hour_missing"


def test_the_shorter_of_the_general_and_the_sectoral_period_holds() -> None:
    assert asked("CORR-15WD").legal == date(2027, 3, 22)
    shorter = asked("CORR-15WD", sectoral_corrective_period=Period(10, Unit.DAY))
    assert shorter.legal == date(2027, 3, 11)
    longer = asked("CORR-15WD", sectoral_corrective_period=Period(2, Unit.MONTH))
    assert longer.legal == date(2027, 3, 22)
    # The authority may prescribe a day (79(2)): it holds where it is the earlier one, and does not move.
    earlier = law.read({"sectoral_corrective_period": "2027-03-13"}).sectoral_corrective_period
    assert asked("CORR-15WD", sectoral_corrective_period=earlier).legal == date(2027, 3, 13)
    assert asked("CORR-15WD", sectoral_corrective_period=date(2027, 4, 1)).legal == date(2027, 3, 22)


def test_logs_may_have_to_be_kept_longer() -> None:
    assert asked("LOG-6M-P").legal == date(2027, 9, 1)
    assert asked("LOG-6M-D", log_retention=Period(2, Unit.YEAR)).legal == date(2029, 3, 1)


def test_yearly_duties_have_a_day_only_once_a_cycle_is_set() -> None:
    assert asked("PEN-ANN").outcome is Outcome.NO_CYCLE_START
    first = asked("PEN-ANN", None, reporting_cycle_start=date(2026, 8, 2))
    third = asked("PEN-ANN", None, k=3, reporting_cycle_start=date(2026, 8, 2))
    assert (first.legal, third.legal) == (date(2027, 8, 2), date(2029, 8, 2))


def test_the_annual_report_on_a_sandbox_runs_from_its_establishment_and_rolls() -> None:
    assert asked("SBX-ANN", date(2027, 2, 26)).legal == date(2028, 2, 28)
    assert asked("SBX-ANN", date(2027, 2, 28), k=1).legal == date(2028, 2, 28)
    assert asked("SBX-ANN", date(2028, 2, 29), k=4).nominal == date(2032, 2, 29), (
        "counted from the event, not the last end"
    )


def test_penalty_rules_were_due_when_the_provisions_began_to_apply() -> None:
    assert asked("PEN-NOTIFY", None).legal == date(2025, 8, 2)
    assert asked("PEN-NOTIFY", None, penalty_rules_date=date(2026, 8, 2)).legal == date(2026, 8, 2)


def test_delegations_run_from_the_day_of_each_power() -> None:
    both = asked("DEL-5Y", None)
    assert [one.legal for one in both.alternatives] == [date(2029, 8, 1), date(2031, 7, 27)]
    assert asked("DEL-5Y", None, delegation_start=date(2024, 8, 1), k=2).legal == date(2034, 8, 1)
    assert asked("DEL-REP", None, delegation_start=date(2024, 8, 1)).legal == date(2028, 11, 1)
    assert asked("DEL-OPP", date(2029, 8, 1)).legal == date(2029, 5, 1)


def test_a_limitation_period_is_planned_to_the_day_before_and_begins_anew_when_interrupted() -> None:
    plain = asked("AIO-LIM-5Y")
    assert (plain.legal, plain.target) == (date(2032, 3, 1), date(2032, 2, 29))
    interrupted = asked("AIO-LIM-5Y", limitation_rules=(date(2026, 1, 1), date(2028, 6, 1)))
    assert interrupted.legal == date(2033, 6, 1)


def test_evaluations_come_back_by_the_cycle_from_their_first_day() -> None:
    assert asked("REV-2028", None, k=2).legal == date(2032, 8, 2)
    assert asked("REV-2028", None, k=2, review_cycle_112=3).legal == date(2031, 8, 2)
    assert asked("REV-2028", date(2029, 1, 1)).legal == date(2032, 8, 2), "the next after the day asked about"
    with pytest.raises(QuestionError, match="one end only"):
        asked("REV-2028", None, k=2, review_cycle_112=None)


def test_resources_are_reported_every_two_years_from_the_first_day() -> None:
    days = [asked("NCA-RES", None, k=k).legal for k in (1, 2, 3)]
    assert days == [date(2025, 8, 2), date(2027, 8, 2), date(2029, 8, 2)]
    assert asked("NCA-RES", date(2027, 8, 2)).legal == date(2027, 8, 2)


def test_certificates_and_forum_terms_are_extended_as_often_as_read() -> None:
    certificate, forum = time_limit("NB-CERT-9M-W"), time_limit("FORUM-2Y")
    assert times_allowed(certificate, LawSettings()) == 1
    assert times_allowed(certificate, LawSettings(certificate_extension_cap=CertificateCap.ADDED)) == 4
    assert times_allowed(forum, LawSettings()) == 1
    assert times_allowed(forum, LawSettings(forum_term_extension=ForumExtension.FOUR_MORE)) == 2


def test_the_forum_meets_at_least_twice_a_year() -> None:
    found = asked("FORUM-MEET")
    assert found.outcome is Outcome.TIMES_A_YEAR
    assert found.steps[0].parameters["value"] == "2"


def test_whether_registration_is_due_is_an_open_question_elsewhere() -> None:
    found = asked("REG-PRE")
    assert found.outcome is Outcome.BEFORE_THE_EVENT
    assert found.steps[0].parameters == {"name": "OQ2", "value": "from_classification"}


def test_settings_are_read_as_people_write_them() -> None:
    written = {
        "article_58_act_applies": "yes",
        "tacit_approval_by_state": "DE:yes, FR:no",
        "conservative_incident_dates": "no",
        "article_73_case": "INC-2",
        "period_set_by_authority": "10 working days",
        "sectoral_corrective_period": "5 days",
        "log_retention": "12 mois",
        "prbi_clock_start": "end_of_use",
        "certificate_extension_cap": "added",
        "forum_term_extension": "four_more",
        "forum_meetings_per_year": "4",
        "reporting_cycle_start": "2026-08-02",
        "penalty_rules_date": "2026-08-02",
        "delegation_start": "2026-07-27",
        "limitation_rules": "2028-01-01,2029-01-01",
        "review_cycle_112": "once",
    }
    assert set(written) == set(law.names())
    found = law.read(written)
    assert found.tacit_approval_by_state == {"DE": True, "FR": False}
    assert found.period_set_by_authority == Period(10, Unit.WORKING_DAY)
    assert found.log_retention == Period(12, Unit.MONTH)
    assert found.limitation_rules == (date(2028, 1, 1), date(2029, 1, 1))
    assert found.review_cycle_112 is None
    assert law.read({"period_set_by_authority": "2027-03-05"}).period_set_by_authority == date(2027, 3, 5)
    assert law.read({"article_58_act_applies": "yes"}, found).forum_meetings_per_year == 4


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("conservative_incident_dates", "maybe", "`yes` nor `no`"),
        ("tacit_approval_by_state", "XX:yes", "not a known Member State"),
        ("article_73_case", "INC-3", "did you mean 'INC-2'"),
        ("log_retention", "long", "`10 days` or `6 months`"),
        ("log_retention", "0 days", "`10 days` or `6 months`"),
        ("penalty_rules_date", "2 August", "2027-03-05"),
        ("forum_meetings_per_year", "0", "whole number"),
        ("forum_meetings_per_year", "²", "whole number"),
        ("certificate_extension_cap", "all", "known are whole, added"),
    ],
)
def test_a_value_that_has_no_meaning_is_refused_with_what_would_be_right(name: str, value: str, right: str) -> None:
    with pytest.raises(SettingError, match=re.escape(right)) as caught:
        law.read({name: value})
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")


def test_an_unknown_setting_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean 'log_retention'"):
        law.read({"log-retention": "6 months"})


def test_what_does_not_repeat_has_no_second_end() -> None:
    with pytest.raises(QuestionError) as caught:
        asked("INC-15", k=2)
    assert (caught.value.field, caught.value.code) == ("k", "not_recurring")
    with pytest.raises(QuestionError):
        asked("NCA-RES", None, k=0)
