"""An end before the one already told holds only if somebody who may decides so, with a reason; those concerned are told."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from aioffice.act.calendars import Calendar
from aioffice.kernel.clocks import computing
from aioffice.kernel.clocks.calendars import calendar
from aioffice.kernel.clocks.deciding import ASKS, EARLIER, to_decide
from aioffice.kernel.clocks.recomputing import recompute
from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, Refused
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform
from tests.support.clocks import DAY, THURSDAY, clocks_of, opened

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = date(2027, 3, 19), date(2027, 3, 22)
REASON = {"time_limit": "INC-15", "reason": "The holiday was announced and then not decreed."}


def with_holiday(monkeypatch: pytest.MonkeyPatch, *days: date) -> None:
    """The calendar of Portugal as an earlier version had it."""
    real = calendar("PT")
    changed: Calendar = dataclasses.replace(
        real, version="before", holidays={**real.holidays, **{day: {"en": "Once"} for day in days}}
    )
    monkeypatch.setattr(computing, "calendar", lambda code: changed if code == "PT" else calendar(code))


@pytest.fixture
def case(incidents: type[Procedure], provider: Actor, authority: Actor, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Told to end on Monday, because Friday was a holiday; by the calendar of today it is none."""
    with monkeypatch.context() as before:
        with_holiday(before, FRIDAY)
        found = opened(incidents, provider)
    assert clocks_of(found)[0].legal_end == MONDAY
    assert recompute(at=THURSDAY + DAY).asks_person == [found.pk]
    return found


def titles(case: Case, of: Actor) -> list[str]:
    with acting(of, THURSDAY):
        found = Notice.objects.filter(case=case, organisation=of.organisation)
        return list(found.order_by("created_at", "id").values_list("title", flat=True))


def accept(kind: type[Procedure], case: Case, actor: Actor, **changes: object) -> StepRecord:
    at = THURSDAY + DAY * int(str(changes.pop("days", 2)))
    return perform(kind.steps["accept_earlier_end"], case.pk, actor=actor, data={**REASON, **changes}, at=at)


def test_nothing_changes_until_somebody_decides_and_whoever_may_is_told_once(
    case: Case, provider: Actor, authority: Actor
) -> None:
    recompute(at=THURSDAY + 2 * DAY)
    (clock,) = clocks_of(case)
    assert (clock.legal_end, clock.earlier_end) == (MONDAY, FRIDAY)
    assert titles(case, authority) == [str(ASKS)]
    assert titles(case, provider) == []
    for actor, waits in ((authority, 1), (provider, 0)):
        with acting(actor, THURSDAY):
            assert len(to_decide(actor)) == waits


def test_accepted_it_holds_is_recorded_with_its_reason_and_told(
    incidents: type[Procedure], case: Case, provider: Actor, authority: Actor
) -> None:
    record = accept(incidents, case, authority)
    (clock,) = clocks_of(case)
    assert (clock.legal_end, clock.nominal_end, clock.earlier_end) == (FRIDAY, FRIDAY, None)
    assert record.to_state == "known"
    with acting(authority, THURSDAY):
        assert record.payload.data == REASON
    assert titles(case, provider) == [str(EARLIER)]
    with acting(authority, THURSDAY):
        assert to_decide(authority) == []
    assert recompute(at=THURSDAY + 3 * DAY).asks_person == []


def test_nobody_else_may(incidents: type[Procedure], case: Case, provider: Actor) -> None:
    with pytest.raises(NotAllowed):
        accept(incidents, case, provider)
    assert clocks_of(case)[0].legal_end == MONDAY


@pytest.mark.parametrize("words", [{"time_limit": "INC-2"}, {"reason": ""}])
def test_another_time_limit_or_no_reason_is_refused(
    incidents: type[Procedure], case: Case, authority: Actor, words: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        accept(incidents, case, authority, **words)
    assert [error.pointer for error in refusal.value.errors] == [f"/{next(iter(words))}"]


def test_an_end_that_has_passed_is_nobodys_to_decide(incidents: type[Procedure], case: Case, authority: Actor) -> None:
    with pytest.raises(Refused, match="has passed"):
        accept(incidents, case, authority, days=16)


def test_a_calendar_corrected_once_more_asks_for_another_look(
    incidents: type[Procedure], case: Case, authority: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_holiday(monkeypatch, FRIDAY)
    with pytest.raises(Refused, match="once more"):
        accept(incidents, case, authority)
    recompute(at=THURSDAY + 2 * DAY)
    assert clocks_of(case)[0].earlier_end is None


def test_where_there_is_none_the_step_waits(incidents: type[Procedure], provider: Actor, authority: Actor) -> None:
    quiet = opened(incidents, provider)
    with pytest.raises(Refused, match="No time limit of this case"):
        accept(incidents, quiet, authority)
