"""Which duties follow from what is known, on whom, and since when."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from aioffice.act.classification import (
    USUAL_LAW,
    Law,
    bound_by_article_5,
    bound_in_full,
    model_in_scope,
    with_facts_of,
)
from aioffice.act.reasoning.compiling.often import Often
from aioffice.act.reasoning.evaluating import Evaluation, Reason, Value
from aioffice.act.reasoning.expressions import NEVER, Expression, Regime, all_of, any_of
from aioffice.act.reasoning.timetable import Application, application
from aioffice.act.rules.duties import DUTIES, Bearer, Duty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aioffice.act.reasoning.vocabulary import Facts, Vocabulary


class DutyFound(NamedTuple):
    """A duty for what is known: whether it binds (None: not known), why, and since when."""

    duty: Duty
    value: Value
    reason: Reason
    application: Application


_SCOPES = {"4a": any_of(bound_in_full, model_in_scope), "5": bound_by_article_5, "5(2) to (4)": bound_by_article_5}
"""As far as the Act reaches for these, by provision. A model and a system with it may be reached apart: a model beside a system that the
Act leaves alone keeps 4a, and does not bring that system in."""


@cache
def vocabulary() -> Vocabulary:
    """Every fact that classification and duties ask."""
    asked = [duty.when for duty in DUTIES]
    asked += [since.when for duty in DUTIES for since in (*duty.amended.entries, *duty.enacted.entries)]
    return with_facts_of(asked)


def duties(given: Mapping[str, object], law: Law | None = None) -> tuple[DutyFound, ...]:
    """All duties, in the order of the rules. Nothing binds whom the Act does not reach. Raises FactsError for facts that cannot be used."""
    return _finder(law or USUAL_LAW)(vocabulary().known(given))


def found(evaluation: Evaluation) -> tuple[DutyFound, ...]:
    """All duties for the facts of the evaluation, interpreted: the reference that everything faster is held against."""
    return tuple(_found(duty, evaluation) for duty in DUTIES)


def further_reasons(found: tuple[DutyFound, ...]) -> tuple[Reason, ...]:
    """Why duties bind or not, and since when: what questions about duties are asked from."""
    dates = (reason for one in found if one.value and not one.application.settled for reason in one.application.reasons)
    return (*(one.reason for one in found), *dates)


@lru_cache(maxsize=64)
def _finder(law: Law) -> Often[tuple[DutyFound, ...]]:
    def compiling() -> Callable[[Facts], tuple[DutyFound, ...]]:
        from aioffice.act.reasoning.compiling.making import maker
        from aioffice.act.reasoning.compiling.wanted import Fixed, Made, Since, Why, Worth

        asked = ((duty, _asked(duty, law.regime)) for duty in DUTIES)
        wanted = tuple(
            Made(DutyFound, (Fixed(duty), Worth(when), Why(when), Since(duty.timetable(law.regime))))
            for duty, when in asked
        )
        return cast("Callable[[Facts], tuple[DutyFound, ...]]", maker(wanted, law.regime, law.readings))

    return Often(lambda facts: found(Evaluation(facts, law.regime, law.readings)), compiling)


def _asked(duty: Duty, regime: Regime) -> Expression:
    """When a duty binds under that text."""
    if duty.new and regime is Regime.ENACTED:
        return NEVER
    return all_of(_scope(duty), duty.when)


def _found(duty: Duty, evaluation: Evaluation) -> DutyFound:
    reason = evaluation.reason(_asked(duty, evaluation.regime))
    return DutyFound(duty, reason.value, reason, application(duty.timetable(evaluation.regime), evaluation))


def _scope(duty: Duty) -> Expression:
    if duty.bearer in {Bearer.MODEL_PROVIDER, Bearer.MODEL_REPRESENTATIVE}:
        return model_in_scope
    return _SCOPES.get(duty.provision, bound_in_full)
