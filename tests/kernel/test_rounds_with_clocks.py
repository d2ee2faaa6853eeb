"""A round with a clock: each addressee's own receipt, calendar, answer and silence; the round closes when every place has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.recomputing import recompute
from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.errors import NotAllowed, Refused, WrongState
from aioffice.kernel.procedures.models import Case, RoundPlace, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from tests.support import clocks as support
from tests.support import rounds
from tests.support.clocks import DAY, SWEEPER, take
from tests.support.parties import acting_for, organisation

pytestmark = pytest.mark.django_db
FILED = datetime(2027, 4, 6, 9, tzinfo=UTC)
# 30 days later it is Ascension Day, Thursday 6 May 2027: a holiday in Germany, and none in Portugal.
LISBON = datetime(2027, 5, 6, 23, tzinfo=UTC)
BERLIN = datetime(2027, 5, 7, 22, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _law(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AIOFFICE_TACIT_APPROVAL", "PT:yes,DE:yes,FR:no")
    settings.cache_clear()
    yield
    settings.cache_clear()
    rounds.STATES.clear()


@pytest.fixture
def consents() -> Iterator[type[Procedure]]:
    with rounds.consent() as kind:
        yield kind


@pytest.fixture
def measures() -> Iterator[type[Procedure]]:
    with rounds.objections() as kind:
        yield kind


def authorities(*states: str) -> dict[str, Actor]:
    """The authority of each State; the cases of this test ask them."""
    rounds.STATES[:] = states
    return {
        state: acting_for(organisation(f"Authority {state}", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state=state))
        for state in states
    }


def opened(kind: type[Procedure], actor: Actor, step: str) -> Case:
    """A case that a step has just opened."""
    return support.opened(kind, actor, step, at=FILED)


def clocks(case: Case) -> dict[str, Clock]:
    """The clock of each addressee, by the place where it acts."""
    with acting(SWEEPER, FILED):
        found = Clock.objects.filter(case=case).select_related("settled_by", "round_place")
        return {clock.place: clock for clock in found}


def standings(case: Case) -> dict[str, str]:
    return {place: str(clock.state) for place, clock in clocks(case).items()}


def answers(case: Case) -> list[tuple[str, str, str, bool]]:
    """What was answered, in order: step, state before, state after, whether presumed."""
    with acting(SWEEPER, FILED):
        rows = StepRecord.objects.filter(case=case, sequence__gt=1).order_by("sequence")
        return [(row.step.partition(".")[2], row.from_state, row.to_state, row.presumed) for row in rows]


def outcomes(case: Case) -> dict[str, str]:
    with acting(SWEEPER, FILED):
        found = RoundPlace.objects.filter(case=case).select_related("addressee")
        return {place.addressee.member_state: place.outcome for place in found}


def test_each_addressee_has_a_clock_by_its_own_calendar(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    found = clocks(case)
    assert {place: clock.due_at for place, clock in found.items()} == {"PT": LISBON, "DE": BERLIN}
    assert {place: clock.nominal_end for place, clock in found.items()} == dict.fromkeys(found, date(2027, 5, 6))
    for state, actor in asked.items():
        assert found[state].concerned == [f"org:{actor.organisation}"]
        assert found[state].tacit_step == "fall_silent"


def test_an_institution_acts_by_the_calendar_of_the_union(measures: type[Procedure], provider: Actor) -> None:
    office = organisation("AI Office", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="")
    rounds.STATES[:] = [""]
    case = opened(measures, provider, "notify")
    (clock,) = clocks(case).values()
    assert (clock.place, clock.concerned) == ("EU", [f"org:{office.pk}"])


def test_the_receipt_and_the_place_may_be_said(
    consents: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorities("PT", "DE")
    later = FILED + 3 * DAY
    one = consents.rounds["approvals"]
    monkeypatch.setattr(one, "receipt", lambda work, org: later if org.member_state == "DE" else work.at)
    monkeypatch.setattr(one, "place", lambda case, org: "AT" if org.member_state == "DE" else org.member_state)
    found = clocks(opened(consents, provider, "submit"))
    assert {place: clock.event_at for place, clock in found.items()} == {"PT": FILED, "AT": later}


def test_an_answer_meets_the_clock_of_whoever_gives_it(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE", "FR")
    case = opened(consents, provider, "submit")
    record = take(consents, "approve", case, asked["DE"], FILED + DAY)
    assert standings(case) == {"PT": "running", "DE": "met", "FR": "running"}
    assert clocks(case)["DE"].settled_by == record
    assert record.to_state == "submitted"


def test_silence_of_one_has_its_effect_for_that_one_alone(consents: type[Procedure], provider: Actor) -> None:
    authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    assert sweep(at=LISBON).lapsed == 1
    assert (standings(case), outcomes(case)) == (
        {"PT": "lapsed", "DE": "running"},
        {"PT": "fall_silent", "DE": ""},
    )
    clock = clocks(case)["PT"]
    assert (clock.settled_at, clock.settled_by.took_place_at, clock.settled_by.actor) == (
        LISBON,
        LISBON,
        "service:sweeper",
    )
    assert sweep(at=BERLIN - MINUTE).lapsed == 0
    assert sweep(at=BERLIN).lapsed == 1
    assert answers(case) == [
        ("fall_silent", "submitted", "submitted", True),
        ("fall_silent", "submitted", "decided", True),
    ]


def test_it_depends_on_the_member_state(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "FR", "IT")
    case = opened(consents, provider, "submit")
    assert {place: (clock.silence, clock.tacit_step) for place, clock in clocks(case).items()} == {
        "PT": ("approved", "fall_silent"),
        "FR": ("not_approved", ""),
        "IT": ("not_known", ""),
    }
    swept = sweep(at=LISBON + 60 * DAY)
    assert (swept.lapsed, swept.expired) == (1, 2)
    assert standings(case) == {"PT": "lapsed", "FR": "expired", "IT": "expired"}
    assert take(consents, "approve", case, asked["FR"], LISBON + 61 * DAY).to_state == "submitted"
    assert clocks(case)["FR"].state == Standing.EXPIRED, "late is late"
    assert take(consents, "approve", case, asked["IT"], LISBON + 61 * DAY).to_state == "decided"


def test_two_that_end_at_once_close_the_round_once(measures: type[Procedure], provider: Actor) -> None:
    authorities("PT", "DE", "SI")
    case = opened(measures, provider, "notify")
    assert sweep(at=FILED + 200 * DAY).lapsed == 1
    assert [row[1:] for row in answers(case)] == [
        ("notified", "notified", True),
        ("notified", "notified", True),
        ("notified", "justified", True),
    ]
    assert standings(case) == dict.fromkeys(("PT", "DE", "SI"), "lapsed")


def test_the_law_acts_before_the_latecomer(measures: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE")
    case = opened(measures, provider, "notify")
    due = clocks(case)["PT"].due_at
    with pytest.raises((NotAllowed, WrongState)):
        take(measures, "object", case, asked["PT"], due)
    assert outcomes(case) == {"PT": "stay_silent", "DE": "stay_silent" if clocks(case)["DE"].due_at <= due else ""}


def test_one_objection_closes_the_round_and_stops_the_other_clocks(measures: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE", "SI")
    case = opened(measures, provider, "notify")
    take(measures, "agree", case, asked["SI"], FILED + DAY)
    record = take(measures, "object", case, asked["PT"], FILED + 2 * DAY)
    assert record.to_state == "disputed"
    assert standings(case) == {"PT": "met", "DE": "stopped", "SI": "met"}
    assert sweep(at=FILED + 200 * DAY).lapsed == 0


def test_one_refusal_among_approvals_decides_where_the_round_ends(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    take(consents, "refuse", case, asked["DE"], FILED + DAY)
    sweep(at=LISBON)
    assert answers(case)[-1] == ("fall_silent", "submitted", "refused", True)


def test_withdrawn_all_its_clocks_stop(consents: type[Procedure], provider: Actor) -> None:
    authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    take(consents, "withdraw", case, provider, FILED + DAY)
    assert standings(case) == {"PT": "stopped", "DE": "stopped"}


def test_each_addressee_is_reminded_of_its_own_end(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    sweep(at=LISBON - 2 * DAY)
    sweep(at=BERLIN - 2 * DAY)

    def told(actor: Actor) -> list[str]:
        with acting(actor, FILED):
            found = Notice.objects.filter(case=case, organisation=actor.organisation).order_by("created_at", "id")
            return list(found.values_list("title", flat=True))

    assert told(asked["PT"]) == ["May the test take place?", "A time limit ends in 2 days"]
    assert told(asked["DE"]) == [
        "May the test take place?",
        "A time limit ends in 7 days",
        "A time limit ends in 2 days",
    ]


LETTER: dict[str, Any] = {"took_place_at": LISBON - DAY, "evidence": "Letter of 5 May 2027, received by post"}


def test_an_answer_from_before_the_end_undoes_the_silence_of_that_one(
    consents: type[Procedure], provider: Actor
) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    sweep(at=LISBON)
    record = take(consents, "refuse", case, asked["PT"], LISBON + MINUTE, **LETTER)
    assert (record.from_state, record.to_state) == ("submitted", "submitted")
    assert outcomes(case) == {"PT": "refuse", "DE": ""}
    clock = clocks(case)["PT"]
    assert (clock.state, clock.settled_at, clock.settled_by) == (Standing.MET, LISBON - DAY, record)
    sweep(at=BERLIN)
    assert answers(case)[-1] == ("fall_silent", "submitted", "refused", True)


def test_it_reopens_a_round_that_silence_had_closed(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    sweep(at=BERLIN)
    assert answers(case)[-1][2] == "decided"
    record = take(consents, "refuse", case, asked["PT"], BERLIN + DAY, **LETTER)
    assert (record.from_state, record.to_state) == ("decided", "refused")
    with acting(provider, FILED):
        titles = list(
            Notice.objects.filter(case=case, organisation=provider.organisation).values_list("title", flat=True)
        )
    assert titles.count("What silence was presumed to mean is undone") == 1


@pytest.mark.parametrize(
    "words", [{**LETTER, "evidence": ""}, {**LETTER, "took_place_at": LISBON}, {}], ids=["no evidence", "late", "now"]
)
def test_nothing_else_undoes_it(consents: type[Procedure], provider: Actor, words: dict[str, Any]) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    sweep(at=LISBON)
    with pytest.raises(Refused, match="ended in silence"):
        take(consents, "refuse", case, asked["PT"], LISBON + MINUTE, **words)
    assert outcomes(case)["PT"] == "fall_silent"


def test_a_place_is_named_by_a_service_alone(consents: type[Procedure], provider: Actor) -> None:
    authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    with pytest.raises(Refused, match="Silence answers for one addressee"):
        perform(consents.steps["fall_silent"], case.pk, actor=SWEEPER, data={}, at=FILED)
    with pytest.raises(NotAllowed):
        perform(consents.steps["fall_silent"], case.pk, actor=provider, data={}, at=FILED)


def test_an_addressee_sees_its_clock_like_its_place(consents: type[Procedure], provider: Actor) -> None:
    asked = authorities("PT", "DE")
    case = opened(consents, provider, "submit")
    outsider = acting_for(organisation("Rival", Capacity.PROVIDER))

    def seen(actor: Actor) -> int:
        with acting(actor, FILED):
            return Clock.objects.filter(case=case).count()

    assert [seen(actor) for actor in (provider, *asked.values(), outsider)] == [2, 2, 2, 0]


def test_worked_out_anew_each_by_its_own_calendar(consents: type[Procedure], provider: Actor) -> None:
    authorities("PT", "DE")
    opened(consents, provider, "submit")
    assert recompute(at=FILED + DAY).looked_at == 2
