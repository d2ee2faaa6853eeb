"""A round with a clock for each addressee, on the case page, under Today, in the API and in each addressee's own calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.models import Case
from tests.support import rounds
from tests.support.api import Machine, token_of
from tests.support.clocks import DAY, THURSDAY, opened, take
from tests.support.desk import Somebody, somebody
from tests.support.parties import organisation

pytestmark = pytest.mark.django_db
LISBON, BERLIN = "Friday 4 June 2027, 24:00 Lisbon", "Friday 4 June 2027, 24:00 Berlin"


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with time_machine.travel(THURSDAY, tick=True):
        yield
    rounds.STATES.clear()


@pytest.fixture
def measures() -> Iterator[type[Procedure]]:
    with rounds.objections() as kind:
        yield kind


@pytest.fixture
def ana() -> Somebody:
    return somebody(organisation("Example Systems", Capacity.PROVIDER), name="Ana Novak")


@pytest.fixture
def lisbon() -> Organisation:
    return organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")


@pytest.fixture
def berlin() -> Organisation:
    return organisation("Beispielbehörde", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="DE")


@pytest.fixture
def case(measures: type[Procedure], ana: Somebody, lisbon: Organisation, berlin: Organisation) -> Case:
    rounds.STATES[:] = ["PT", "DE"]
    return opened(measures, ana.actor, "notify")


def test_the_case_page_says_until_when_for_whom_and_what_silence_means(ana: Somebody, case: Case) -> None:
    text = ana.see(f"cases/{case.pk}/").text
    assert f"waits for 2 answers, the last of Autoridade Exemplo until {LISBON}. If nobody objects" in text
    assert "(Article 79(8))" in text
    asked = text.partition("Do you object to the measure? Article 79(8)")[2]
    assert LISBON in asked
    assert BERLIN in asked
    assert "Time limits" not in text, "none of them is the filer's"


def test_each_addressee_finds_its_own_among_its_time_limits(
    case: Case, lisbon: Organisation, berlin: Organisation
) -> None:
    rui, eva = somebody(lisbon), somebody(berlin)
    for who, own, other in ((rui, LISBON, BERLIN), (eva, BERLIN, LISBON)):
        page = who.see(f"cases/{case.pk}/").text
        limits = page.partition("Time limits")[2].partition("What was filed")[0]
        assert own in limits
        assert other not in limits
        today = who.see().text
        assert own in today
        assert other not in today


def test_an_answer_and_a_silence_stand_at_their_places(
    measures: type[Procedure], ana: Somebody, case: Case, berlin: Organisation
) -> None:
    take(measures, "agree", case, somebody(berlin).actor, THURSDAY + DAY)
    text = ana.see(f"cases/{case.pk}/").text
    assert f"waits for the answer of Autoridade Exemplo until {LISBON}" in text
    sweep(at=THURSDAY + 200 * DAY)
    text = ana.see(f"cases/{case.pk}/").text
    assert "Autoridade Exemplo No objection presumed, because its time limit ended in silence" in text
    assert "Beispielbehörde Agree" in text
    assert "for the silence of Autoridade Exemplo" in text


def test_the_api_names_whose_each_clock_is(ana: Somebody, case: Case, berlin: Organisation) -> None:
    machine = Machine(token_of(berlin))
    clocks = {clock["addressee"]: clock for clock in machine.get(f"/cases/{case.pk}").json["clocks"]}
    assert sorted(clocks) == ["Autoridade Exemplo", "Beispielbehörde"]
    assert [clocks[name]["yours"] for name in sorted(clocks)] == [False, True]
    assert clocks["Beispielbehörde"]["deadline"]["answer"]["en"] == BERLIN
    assert {clock["on_silence"] for clock in clocks.values()} == {"stay_silent"}


def test_each_calendar_has_its_own_end_alone(case: Case, lisbon: Organisation, berlin: Organisation) -> None:
    for org, own, other in ((lisbon, LISBON, BERLIN), (berlin, BERLIN, LISBON)):
        made = somebody(org).fill("organisation/calendar/", {"new": "1"})
        found = re.search(r"<code>https?://[^/]+(/en/office/calendar/[\w-]+\.ics)</code>", made.html)
        assert found is not None
        (entry,) = Calendar.from_ical(Client().get(found[1]).content).walk("VEVENT")
        assert own in entry["DESCRIPTION"]
        assert other not in entry["DESCRIPTION"]
