"""A clock that is suspended, resumed, extended, or worked out anew."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from aioffice.act.clocks.changing import ClockError, extended, resumed, retold, suspended
from aioffice.act.clocks.counting import End, end_of
from aioffice.act.clocks.law import CertificateCap, LawSettings
from aioffice.act.periods import Counting, Period, Unit
from aioffice.act.time_limits import time_limit
from tests.support.calendars import BRUSSELS, calendar

KNOWN = calendar([date(2027, 3, 29)])


def thirty_days(event: date) -> End:
    return end_of(Period(30, Unit.DAY), event, KNOWN, BRUSSELS)


def extend(id: str, event: date, times: int, law: LawSettings | None = None) -> End:
    return extended(time_limit(id), event, times, calendar=KNOWN, zone=BRUSSELS, law=law or LawSettings())


def test_what_is_left_when_it_stops_runs_on_from_the_day_after_it_goes_on() -> None:
    end = thirty_days(date(2027, 3, 1))
    left = suspended(end, date(2027, 3, 11))
    assert left == 20
    again = resumed(left, date(2027, 4, 1), Counting.ROLLS, calendar=KNOWN, zone=BRUSSELS)
    assert (again.nominal, again.legal) == (date(2027, 4, 21), date(2027, 4, 21))
    assert again.due == datetime(2027, 4, 22, tzinfo=BRUSSELS)


def test_a_resumed_clock_moves_off_days_without_work_where_it_did_before() -> None:
    rolls = resumed(3, date(2027, 3, 24), Counting.ROLLS, calendar=KNOWN, zone=BRUSSELS)
    assert (rolls.nominal, rolls.legal) == (date(2027, 3, 27), date(2027, 3, 30))
    assert [step.code for step in rolls.steps] == ["event_excluded", "counted", "rolled"]
    exact = resumed(3, date(2027, 3, 24), Counting.EXACT, calendar=KNOWN, zone=BRUSSELS)
    assert exact.legal == date(2027, 3, 27)


def test_nothing_is_left_on_the_last_day_and_none_after_it() -> None:
    end = end_of(Period(15, Unit.DAY), date(2028, 3, 3), KNOWN, BRUSSELS)
    assert (end.nominal, end.legal) == (date(2028, 3, 18), date(2028, 3, 20))
    assert suspended(end, date(2028, 3, 18)) == 0
    assert suspended(end, date(2028, 3, 20)) == 0, "the days it was moved by are no part of the period"
    with pytest.raises(ClockError, match="ran out on 2028-03-20"):
        suspended(end, date(2028, 3, 21))
    with pytest.raises(ClockError, match="-1 days"):
        resumed(-1, date(2028, 3, 20), Counting.ROLLS, calendar=KNOWN, zone=BRUSSELS)


def test_a_test_in_real_world_conditions_is_extended_once_by_six_months() -> None:
    assert extend("RWT-6M", date(2027, 1, 15), 0).legal == date(2027, 7, 15)
    once = extend("RWT-6M", date(2027, 1, 15), 1)
    assert once.legal == date(2028, 1, 15)
    assert len([step for step in once.steps if step.code == "counted"]) == 2
    with pytest.raises(ClockError, match=r"may be extended 1 times, not 2 \(60\(4\)\(f\)\)"):
        extend("RWT-6M", date(2027, 1, 15), 2)


def test_an_objection_period_is_extended_from_the_day_counted_not_from_the_day_it_was_moved_to() -> None:
    assert extend("DEL-OBJ", date(2027, 3, 6), 0).legal == date(2027, 6, 7)
    assert extend("DEL-OBJ", date(2027, 3, 6), 1).nominal == date(2027, 9, 6)


def test_a_delegation_is_renewed_again_and_again() -> None:
    ends = [extend("DEL-5Y", date(2024, 8, 1), times).legal.year for times in range(4)]
    assert ends == [2029, 2034, 2039, 2044]


def test_certificates_stay_valid_for_twelve_months_in_all_unless_read_otherwise() -> None:
    assert extend("NB-CERT-9M-W", date(2027, 1, 1), 1).legal == date(2028, 1, 1)
    with pytest.raises(ClockError):
        extend("NB-CERT-9M-W", date(2027, 1, 1), 2)
    added = LawSettings(certificate_extension_cap=CertificateCap.ADDED)
    assert extend("NB-CERT-9M-W", date(2027, 1, 1), 4, added).legal == date(2028, 10, 1)


def test_what_the_act_does_not_extend_stays() -> None:
    with pytest.raises(ClockError, match="may be extended 0 times"):
        extend("INC-15", date(2027, 1, 1), 1)


def test_a_day_that_was_told_moves_later_by_itself_and_earlier_only_by_a_person() -> None:
    told = date(2027, 3, 30)
    later = retold(told, date(2027, 3, 31))
    assert (later.day, later.asks_person) == (date(2027, 3, 31), False)
    earlier = retold(told, date(2027, 3, 29))
    assert (earlier.day, earlier.asks_person) == (told, True)
    same = retold(told, told)
    assert (same.day, same.asks_person) == (told, False)
