"""Walks every declared procedure: each step refuses every wrong role and every wrong state, and the policy's answers agree.

Nothing here names a procedure: one that is added tomorrow is walked tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.declaration import Procedure, Step, procedures
from aioffice.kernel.procedures.errors import NotAllowed, NotFound, ProcedureError, WrongState
from aioffice.kernel.procedures.models import Case, RoundPlace, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.policy import policy
from tests.support.cast import HOME, Cast, whole_cast
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Everyone who could act."""
    return whole_cast()


def case_of(procedure: type[Procedure], state: str, cast: Cast, *, secure: bool = False) -> Case:
    """A case of the procedure in the given state, filed by `filer`, naming `counterpart`.

    Every round is open to the counterpart, and to whom it asks by itself.
    """
    filer, counterpart = cast.organisations["filer"], cast.organisations["counterpart"]
    case = Case(
        procedure=procedure.slug,
        state=state,
        organisation=filer,
        counterpart=counterpart,
        member_states=[HOME],
        secure=secure,
        subject="A case",
        opened_at=NOW,
        updated_at=NOW,
    )
    case.audience = audience_keys(procedure.seen_by(case))
    with acting(cast.actors["filer/signatory"], NOW):
        Case.objects.bulk_create([case])
        record = StepRecord(
            case=case,
            sequence=1,
            step="walk",
            from_state="start",
            to_state=state,
            actor="test",
            took_place_at=NOW,
            recorded_at=NOW,
            basis="test",
            request_digest="",
            organisation=filer,
            audience=case.audience,
        )
        StepRecord.objects.bulk_create([record])
        RoundPlace.objects.bulk_create(
            RoundPlace(
                case=case,
                round=name,
                opened_by=record,
                addressee_id=addressee,
                asked_at=NOW,
                organisation=filer,
                audience=case.audience,
            )
            for name, asked in procedure.rounds.items()
            for addressee in {counterpart.pk, *asked.to(case)}
        )
    return case


def attempt(step: Step, case: Case | None, actor: Actor) -> type[ProcedureError] | None:
    """What `perform` answers to an empty form: the kind of refusal, or None when it was performed."""
    try:
        with acting(actor, NOW):
            perform(step, case, actor=actor, data={}, at=NOW)
            raise _Undo
    except _Undo:
        return None
    except ProcedureError as error:
        return type(error)


class _Undo(Exception):
    """Rolls back what a walk performed."""


def every_step() -> Iterator[Step]:
    """All steps of all procedures."""
    for procedure in procedures():
        yield from procedure.steps.values()


@pytest.mark.parametrize("step", list(every_step()), ids=lambda step: step.key)
def test_a_step_refuses_whoever_may_not_take_it(step: Step, cast: Cast) -> None:
    case = None if step.opens_case else case_of(step.procedure, step.move.sources[0].name, cast)
    allowed = []
    for name, actor in cast.actors.items():
        with acting(actor, NOW):
            may = policy.may(actor, step, case)
        refusal = attempt(step, case, actor)
        if may:
            allowed.append(name)
            assert refusal not in (NotAllowed, NotFound), f"{name} may, but perform says {refusal}"
        else:
            assert refusal in (NotAllowed, NotFound), f"{name} may not, but perform says {refusal}"
    assert allowed, "a step that nobody could ever take"
    assert "anonymous" not in allowed
    readers = [name for name in allowed if name.endswith(f"/{Role.READER.value}")]
    assert not readers, f"readers only read: {readers}"


@pytest.mark.parametrize("step", [step for step in every_step() if not step.opens_case], ids=lambda step: step.key)
def test_a_step_refuses_every_wrong_state(step: Step, cast: Cast) -> None:
    states = {state.name for state in step.procedure.states.values()} | {"start"}
    wrong = states - {source.name for source in step.move.sources}
    for state in sorted(wrong):
        case = case_of(step.procedure, state, cast)
        for name, actor in cast.actors.items():
            with acting(actor, NOW):
                may = policy.may(actor, step, case)
            if may:
                assert attempt(step, case, actor) is WrongState, f"{name} in state {state}"
                break


@pytest.mark.parametrize("procedure", procedures(), ids=lambda procedure: procedure.slug)
def test_the_three_answers_of_the_policy_agree(procedure: type[Procedure], cast: Cast) -> None:
    """Who may take a step (list), may this actor (check), and what may it see (rows and row-level security) are one."""
    cases = [
        case_of(procedure, state, cast, secure=secure) for state, secure in product(procedure.states, (False, True))
    ]
    with_role = {name: actor for name, actor in cast.actors.items() if actor.organisation}
    for case in cases:
        for step in procedure.steps.values():
            if step.opens_case:
                continue
            with acting(cast.actors["filer/signatory"], NOW):
                listed = policy.who_may(step, case)
            checked = set()
            for actor in with_role.values():
                with acting(actor, NOW):
                    if policy.may(actor, step, case):
                        checked.add(actor.organisation)
            assert checked <= listed, f"{step.key}: may, but is not listed"
            unseen = {org for org in listed - checked if any(o.pk == org for o in cast.organisations.values())}
            for org in unseen:
                blind = [a for a in with_role.values() if a.organisation == org and not policy.sees(a, case)]
                assert blind, f"{step.key}: listed, sees the case, and yet may not"
    for name, actor in cast.actors.items():
        seen = {case.pk for case in cases if policy.sees(actor, case)}
        with acting(actor, NOW):
            by_policy = set(
                policy.visible_to(actor).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)
            )
            by_database = set(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
        if actor.service:
            continue
        assert by_policy == seen, name
        assert by_database == seen, f"row-level security lets {name} see other cases than the policy does"
