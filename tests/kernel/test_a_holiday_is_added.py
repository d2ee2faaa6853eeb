"""A holiday added to a calendar moves the running clocks that end on it, no other, and tells those concerned, nobody else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from aioffice.act.calendars import Calendar
from aioffice.kernel.clocks import computing
from aioffice.kernel.clocks.calendars import calendar
from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.recomputing import LATER, recompute
from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.models import Case
from tests.support import rounds
from tests.support.clocks import DAY, SWEEPER, THURSDAY, clocks_of, opened, take
from tests.support.parties import acting_for, organisation

pytestmark = pytest.mark.django_db
END = date(2027, 3, 19)  # Friday, 15 days after Thursday 4 March
MONDAY = date(2027, 3, 22)


@pytest.fixture
def measures() -> Iterator[type[Procedure]]:
    with rounds.objections() as kind:
        yield kind
    rounds.STATES.clear()


def add_holiday(monkeypatch: pytest.MonkeyPatch, state: str, day: date) -> None:
    """Let the calendar of one State have one more holiday, as a new version of the library would bring it."""
    real = calendar(state)
    changed: Calendar = dataclasses.replace(
        real, version="next", holidays={**real.holidays, day: {"en": "A new holiday"}}
    )
    monkeypatch.setattr(computing, "calendar", lambda code: changed if code == state else calendar(code))


def told_later(case: Case) -> set[str]:
    """Whom it was told that an end comes later."""
    found = set()
    for who in _EVERYBODY:
        with acting(who, THURSDAY):
            if Notice.objects.filter(case=case, organisation=who.organisation, title=str(LATER)).exists():
                found.add(who.organisation_name)
    return found


_EVERYBODY: list[Actor] = []


@pytest.fixture(autouse=True)
def everybody(provider: Actor, authority: Actor) -> Iterator[list[Actor]]:
    _EVERYBODY[:] = [provider, authority, acting_for(organisation("Rival", Capacity.PROVIDER))]
    yield _EVERYBODY
    _EVERYBODY.clear()


def test_it_moves_those_that_end_on_it_and_no_other(
    incidents: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, other, halted, met = (opened(incidents, provider, at=THURSDAY - days * DAY) for days in (0, 1, 0, 0))
    take(incidents, "halt", halted, provider, THURSDAY + DAY)
    take(incidents, "report", met, provider, THURSDAY + DAY)
    add_holiday(monkeypatch, "PT", END)
    found = recompute(at=THURSDAY + 2 * DAY)
    assert found.later == [moved.pk]
    ends = {case.pk: clocks_of(case)[0].legal_end for case in (moved, other, met)}
    assert ends == {moved.pk: MONDAY, other.pk: date(2027, 3, 18), met.pk: END}
    assert [told_later(case) for case in (moved, other, halted, met)] == [{"Provider"}, set(), set(), set()]


def test_its_silence_comes_later_too(
    plans: type[Procedure], provider: Actor, authority: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(plans, provider, "submit")
    before = datetime(2027, 4, 5, 23, tzinfo=UTC)
    assert clocks_of(case)[0].due_at == before
    add_holiday(monkeypatch, "PT", date(2027, 4, 5))
    recompute(at=THURSDAY + DAY)
    assert told_later(case) == {"Authority"}, "whoever has to act, and nobody else"
    assert sweep(at=before).lapsed == 0
    take(plans, "refuse", case, authority, before + DAY / 2)
    assert clocks_of(case)[0].state == Standing.MET


def test_in_a_round_it_moves_the_clock_of_the_place_alone(
    measures: type[Procedure], provider: Actor, authority: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    berlin = acting_for(organisation("Berlin", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="DE"))
    _EVERYBODY.append(berlin)
    rounds.STATES[:] = ["PT", "DE"]
    case = opened(measures, provider, "notify")
    add_holiday(monkeypatch, "DE", date(2027, 6, 4))
    assert recompute(at=THURSDAY + DAY).later == [case.pk]
    with acting(SWEEPER, THURSDAY):
        ends = dict(Clock.objects.filter(case=case).values_list("place", "legal_end"))
    assert ends == {"PT": date(2027, 6, 4), "DE": date(2027, 6, 7)}
    assert told_later(case) == {"Berlin"}
