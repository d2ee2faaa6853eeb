"""A clock starts with a step, is met, stopped, suspended, resumed, extended; and says how its end was found."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aioffice.kernel.clocks.models import Standing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.errors import Refused
from aioffice.kernel.procedures.performing import perform, perform_many
from aioffice.kernel.procedures.work import Item
from tests.support.clocks import DAY, THURSDAY, clocks_of, opened, take

pytestmark = pytest.mark.django_db


def test_it_starts_with_the_step_and_explains_its_end(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    (clock,) = clocks_of(case)
    # 15 days after Thursday 4 March is Friday 19 March; the day is over at 24:00 in Lisbon.
    assert (clock.nominal_end, clock.legal_end, clock.target) == (date(2027, 3, 19),) * 3
    assert clock.due_at == datetime(2027, 3, 20, tzinfo=UTC)
    assert clock.state == Standing.RUNNING
    assert clock.concerned == [f"org:{provider.organisation}"]
    assert [one["code"] for one in clock.steps][:3] == ["at_once", "event_excluded", "counted"]
    assert clock.calendar.startswith("python-holidays")


def test_it_is_met_in_time_and_ends_unmet_when_late(incidents: type[Procedure], provider: Actor) -> None:
    in_time, late = opened(incidents, provider), opened(incidents, provider)
    take(incidents, "report", in_time, provider, datetime(2027, 3, 19, 23, 59, tzinfo=UTC))
    take(incidents, "report", late, provider, datetime(2027, 3, 20, tzinfo=UTC))
    (met,), (expired,) = clocks_of(in_time), clocks_of(late)
    assert (met.state, met.settled_by.step) == (Standing.MET, "test-incident.report")
    assert (expired.state, expired.settled_at) == (Standing.EXPIRED, expired.due_at)


def test_a_letter_that_came_in_time_and_is_recorded_late_meets_it(
    incidents: type[Procedure], provider: Actor, authority: Actor
) -> None:
    case = opened(incidents, provider)
    take(
        incidents, "report", case, authority, THURSDAY + 20 * DAY, took_place_at=THURSDAY + 10 * DAY, evidence="Letter"
    )
    assert clocks_of(case)[0].state == Standing.MET


def test_it_is_stopped_when_nothing_is_due_any_more(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    take(incidents, "drop", case, provider, THURSDAY + DAY)
    (clock,) = clocks_of(case)
    assert (clock.state, clock.settled_at) == (Standing.STOPPED, THURSDAY + DAY)


def test_begun_anew_the_earlier_one_stops(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    take(incidents, "again", case, provider, THURSDAY + DAY)
    assert [(c.state, c.nominal_end) for c in clocks_of(case)] == [
        (Standing.STOPPED, date(2027, 3, 19)),
        (Standing.RUNNING, date(2027, 3, 20)),
    ]


def test_suspended_it_stands_still_and_goes_on_with_the_days_left(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    take(incidents, "halt", case, provider, THURSDAY + 5 * DAY)
    (clock,) = clocks_of(case)
    assert (clock.state, clock.left, clock.due_at) == (Standing.SUSPENDED, 10, None)
    with pytest.raises(Refused, match="does not run"):
        take(incidents, "halt", case, provider, THURSDAY + 6 * DAY)
    take(incidents, "go_on", case, provider, THURSDAY + 100 * DAY)
    (clock,) = clocks_of(case)
    # Ten days after Saturday 12 June is Tuesday 22 June 2027.
    assert (clock.state, clock.left, clock.nominal_end) == (Standing.RUNNING, None, date(2027, 6, 22))
    assert clock.changes == [{"resumed": "2027-06-12", "left": 10}]
    with pytest.raises(Refused, match="not suspended"):
        take(incidents, "go_on", case, provider, THURSDAY + 101 * DAY)


def test_it_is_extended_as_often_as_the_act_allows(plans: type[Procedure], provider: Actor, authority: Actor) -> None:
    case = opened(plans, provider, "submit")
    take(plans, "approve", case, authority, THURSDAY + DAY)
    take(plans, "start", case, provider, THURSDAY + 2 * DAY)
    take(plans, "extend", case, provider, THURSDAY + 3 * DAY)
    clock = clocks_of(case)[-1]
    assert (clock.limit, clock.nominal_end) == ("RWT-6M", date(2028, 3, 6))
    with pytest.raises(Refused, match="once more"):
        take(plans, "extend", case, provider, THURSDAY + 4 * DAY)


def test_a_batch_starts_one_clock_a_case(incidents: type[Procedure], provider: Actor) -> None:
    outcomes = perform_many(incidents.steps["learn"], [Item({}) for _one in range(3)], actor=provider, at=THURSDAY)
    cases = [outcome.record.case for outcome in outcomes if outcome.record]
    assert [len(clocks_of(case)) for case in cases] == [1, 1, 1]


def test_where_no_calendar_is_known_counting_alone_is_told(incidents: type[Procedure], provider: Actor) -> None:
    case = perform(incidents.steps["learn"], None, actor=provider, data={}, at=datetime(2041, 3, 1, 9, tzinfo=UTC)).case
    (clock,) = clocks_of(case)
    assert (clock.calendar, clock.nominal_end, clock.legal_end) == ("", date(2041, 3, 16), date(2041, 3, 16))
