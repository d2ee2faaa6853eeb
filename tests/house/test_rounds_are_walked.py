"""The walk of every procedure, on those that tests declare with clocks and rounds: wrong roles and wrong states are refused there too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from aioffice.kernel.procedures.declaration import Procedure
from tests.house import test_every_procedure as walk
from tests.support.cast import Cast, whole_cast
from tests.support.clocks import incident, plan
from tests.support.rounds import consent, objections

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Everyone who could act."""
    return whole_cast()


@pytest.mark.parametrize("declared", [incident, plan, consent, objections], ids=lambda one: one.__name__)
def test_a_procedure_with_clocks_refuses_as_any_other(
    declared: Callable[[], AbstractContextManager[type[Procedure]]], cast: Cast
) -> None:
    with declared() as kind:
        for step in kind.steps.values():
            walk.test_a_step_refuses_whoever_may_not_take_it(step, cast)
            if not step.opens_case:
                walk.test_a_step_refuses_every_wrong_state(step, cast)
        walk.test_the_three_answers_of_the_policy_agree(kind, cast)
