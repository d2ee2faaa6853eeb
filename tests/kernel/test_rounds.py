"""A round with several addressees: each has a place of its own, and the case moves once, when the last has answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar
from uuid import UUID

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.keys import audience_key
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.ask import Ask, Form
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, Round, State, step
from aioffice.kernel.procedures.errors import Conflict, NotAllowed, Refused
from aioffice.kernel.procedures.models import Case, RoundPlace, StepRecord
from aioffice.kernel.procedures.performing import perform, perform_many
from aioffice.kernel.procedures.who import FILING_ROLES, Relation, Who, filer, operator
from aioffice.kernel.procedures.work import Item, Work
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db


class Say(Form):
    outcome: Annotated[str, Ask("Answer")]


ASKED: list[UUID] = []


def _not_never(works: Sequence[Work]) -> None:
    for work in works:
        if work.data["outcome"] == "never":
            work.fail(Refused("never is no answer"))


@pytest.fixture
def consultation() -> Iterator[type[Procedure]]:
    """A procedure of this test alone: it asks whoever is in `ASKED`, and can ask again."""

    class Consultation(Procedure):
        slug = "test-consultation"
        title = "Consultation"
        asking: ClassVar = State("Asking")
        done: ClassVar = State("Done", open=False)
        seen_by = staticmethod(lambda case: [f"org:{one}" for one in ASKED])
        everyone: ClassVar = Round("What do you say?", to=lambda case: tuple(ASKED), basis="house: test")
        file: ClassVar = step(
            START >> asking,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="house: test",
            title="File",
            opens=everyone,
        )
        again: ClassVar = step(asking >> STAY, by=filer(), basis="house: test", title="Ask again", opens=everyone)
        say: ClassVar = step(
            asking >> done,
            by=Who("Addressee", roles=FILING_ROLES, relation=Relation.ADDRESSEE),
            asks=Say,
            basis="house: test",
            title="Answer",
            effect=_not_never,
            answers=everyone,
        )

    yield Consultation
    del declaration._registry["test-consultation"]
    ASKED.clear()


@pytest.fixture
def asker() -> Actor:
    return acting_for(organisation("Asker", Capacity.PROVIDER))


@pytest.fixture
def addressees() -> list[Actor]:
    made: list[Organisation] = [organisation(f"Addressee {n}", Capacity.DEPLOYER) for n in range(3)]
    ASKED[:] = [one.pk for one in made]
    return [acting_for(one) for one in made]


def opened(consultation: type[Procedure], asker: Actor) -> Case:
    return perform(consultation.steps["file"], None, actor=asker, data={}, at=NOW).case


def say(consultation: type[Procedure], case: Case, actor: Actor, what: str = "yes") -> StepRecord:
    return perform(consultation.steps["say"], case.pk, actor=actor, data={"outcome": what}, at=NOW)


def places(case: Case, actor: Actor) -> list[RoundPlace]:
    with acting(actor, NOW):
        return list(RoundPlace.objects.filter(case=case).order_by("asked_at", "id"))


def test_the_case_moves_when_the_last_has_answered(
    consultation: type[Procedure], asker: Actor, addressees: list[Actor]
) -> None:
    case = opened(consultation, asker)
    moves = [say(consultation, case, one).to_state for one in addressees]
    assert moves == ["asking", "asking", "done"]


def test_each_place_names_the_record_that_filled_it(
    consultation: type[Procedure], asker: Actor, addressees: list[Actor]
) -> None:
    case = opened(consultation, asker)
    record = say(consultation, case, addressees[1], "no")
    filled = [(place.outcome, place.answer_id) for place in places(case, asker)]
    assert filled == [("", None), ("no", record.pk), ("", None)]
    with pytest.raises(NotAllowed):
        say(consultation, case, addressees[1])


def test_an_answer_that_is_refused_fills_no_place(
    consultation: type[Procedure], asker: Actor, addressees: list[Actor]
) -> None:
    case = opened(consultation, asker)
    (outcome,) = perform_many(
        consultation.steps["say"], [Item({"outcome": "never"}, case.pk)], actor=addressees[0], at=NOW
    )
    assert isinstance(outcome.error, Refused)
    assert {place.answered_at for place in places(case, asker)} == {None}


def test_asking_again_goes_on_as_one_round(
    consultation: type[Procedure], asker: Actor, addressees: list[Actor]
) -> None:
    case = opened(consultation, asker)
    say(consultation, case, addressees[0])
    perform(consultation.steps["again"], case.pk, actor=asker, data={}, at=NOW)
    moves = [say(consultation, case, one).to_state for one in addressees]
    assert moves == ["asking", "asking", "done"]


def test_an_addressee_keeps_sight_of_its_place_when_the_case_moves_on(
    consultation: type[Procedure], asker: Actor, addressees: list[Actor]
) -> None:
    case = opened(consultation, asker)
    perform(consultation.steps["again"], case.pk, actor=asker, data={}, at=NOW)
    for place in places(case, asker):
        assert audience_key(f"org:{place.addressee_id}") in place.audience


def test_one_case_is_moved_once_in_a_batch(
    consultation: type[Procedure], asker: Actor, addressees: list[Actor]
) -> None:
    case, other = opened(consultation, asker), opened(consultation, asker)
    items = [Item({}, case.pk), Item({}, case.pk), Item({}, other.pk)]
    errors = [outcome.error for outcome in perform_many(consultation.steps["again"], items, actor=asker, at=NOW)]
    assert [type(error) for error in errors] == [type(None), Conflict, type(None)]
