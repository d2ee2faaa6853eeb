"""An earlier end waits for whoever may decide on it: under Today, on the case page; and for nobody else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from aioffice.kernel.clocks import computing
from aioffice.kernel.clocks.calendars import calendar
from aioffice.kernel.clocks.recomputing import recompute
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.models import Case
from tests.support.clocks import DAY, THURSDAY, clocks_of, incident, opened
from tests.support.desk import Somebody, somebody
from tests.support.parties import organisation

pytestmark = pytest.mark.django_db
FRIDAY = date(2027, 3, 19)
STEP = "Accept an earlier end"


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with time_machine.travel(THURSDAY + DAY, tick=True):
        yield


@pytest.fixture
def incidents() -> Iterator[type[Procedure]]:
    with incident() as kind:
        yield kind


@pytest.fixture
def ana() -> Somebody:
    return somebody(organisation("Example Systems", Capacity.PROVIDER), name="Ana Novak")


@pytest.fixture
def rui() -> Somebody:
    return somebody(organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY), name="Rui Exemplo")


@pytest.fixture
def case(incidents: type[Procedure], ana: Somebody, rui: Somebody, monkeypatch: pytest.MonkeyPatch) -> Case:
    real = calendar("PT")
    once = dataclasses.replace(real, version="before", holidays={**real.holidays, FRIDAY: {"en": "Once"}})
    with monkeypatch.context() as before:
        before.setattr(computing, "calendar", lambda code: once)
        found = opened(incidents, ana.actor)
    recompute(at=THURSDAY + DAY)
    return found


def test_it_waits_for_whoever_may_decide(ana: Somebody, rui: Somebody, case: Case) -> None:
    assert STEP in rui.see().text
    assert STEP in rui.see(f"cases/{case.pk}/").text
    for page in ("", f"cases/{case.pk}/"):
        assert STEP not in ana.see(page).text
    told = "By the calendar of today it would end on Friday 19 March 2027."
    assert told in ana.see(f"cases/{case.pk}/").text, "that there is one is no secret of the office"


def test_the_form_lists_both_days_and_the_reason_stays_with_the_case(ana: Somebody, rui: Somebody, case: Case) -> None:
    path = f"cases/{case.pk}/accept_earlier_end/"
    assert "told Monday 22 March 2027, now Friday 19 March 2027" in rui.see(path).text
    assert rui.fill(path, {"time_limit": "INC-15", "reason": ""}).status == 422
    sent = rui.fill(path, {"time_limit": "INC-15", "reason": "It was never decreed."})
    assert sent.status == 302, sent.text
    assert clocks_of(case)[0].legal_end == FRIDAY
    page = ana.see(f"cases/{case.pk}/").text
    assert "It was never decreed." in page
    assert "Friday 19 March 2027, 24:00 Lisbon" in page
    assert "A time limit ends earlier than you were told" in ana.see("messages/").text
    assert STEP not in rui.see().text


def test_where_nothing_is_to_be_decided_the_page_says_nothing_of_it(
    incidents: type[Procedure], ana: Somebody, rui: Somebody
) -> None:
    quiet = opened(incidents, ana.actor)
    assert STEP not in rui.see(f"cases/{quiet.pk}/").text
