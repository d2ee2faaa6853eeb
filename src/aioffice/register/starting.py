"""Which registration follows from what is known of a system, and what of its form that already fills (Article 49).

The rules say who has to register and with which section of Annex VIII; facts fill no more than they settle. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aioffice.act import annex_iii
from aioffice.act.classification import Law
from aioffice.act.duties import duties, vocabulary
from aioffice.act.reasoning.evaluating import Evaluation
from aioffice.act.rules.annex_iii import points
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Step
from aioffice.kernel.procedures.decoding import Raw, encode
from aioffice.kernel.procedures.spec import spec_of
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse

STEPS: Mapping[str, Step] = {
    "49(1)": RegisterHighRisk.file,
    "49(2)": RegisterExempt.file,
    "49(3)": RegisterUse.file,
}
"""The step by which each duty to register is done."""
NATIONAL = "49(5)"
"""Critical infrastructure is registered with the Member State, not here."""
_ANNEX, _INFRASTRUCTURE = "Annex III ", "Annex III 2"
_CONDITION = re.compile(r"6\(3\)\(([a-d])\)")
_AREAS = {
    "in_law_enforcement": annex_iii.AreaOfUse.LAW_ENFORCEMENT,
    "in_migration": annex_iii.AreaOfUse.MIGRATION_ASYLUM_BORDER,
}


@dataclass(frozen=True, slots=True)
class Start:
    """A filing that follows: by which provision, with which step, and what the facts fill in.

    `certain` is False where what is known leaves open whether it has to be made. `points` are the points of Annex III that hold.
    """

    provision: str
    step: Step
    certain: bool
    points: tuple[str, ...]
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Starts:
    """What can be filed here, and whether the Member State's own register is the place instead (49(5))."""

    here: tuple[Start, ...]
    national: bool


def starts(given: Mapping[str, object], law: Law | None = None) -> Starts:
    """The filings that follow from these facts. Raises FactsError for facts that cannot be used."""
    law = law or Law()
    facts = vocabulary().read(given)
    evaluation = Evaluation(facts, law.regime, law.readings)
    held = tuple(
        point.provision.removeprefix(_ANNEX)
        for point in points
        if point.provision != _INFRASTRUCTURE and evaluation.value(point)
    )
    found = {one.duty.provision: one.value for one in duties(given, law)}
    return Starts(tuple(_starts(found, held, facts)), found[NATIONAL] is True)


def _starts(found: Mapping[str, bool | None], held: tuple[str, ...], facts: Mapping[str, Any]) -> Iterator[Start]:
    for provision, step in STEPS.items():
        binds = found[provision]
        # What may bind is offered only where the use is settled: else everything would be, as long as little is known.
        if binds or (binds is None and held):
            yield Start(provision, step, binds is True, held, _values(step, held, facts))


def _values(step: Step, held: tuple[str, ...], facts: Mapping[str, Any]) -> dict[str, Any]:
    routing: dict[str, str] = {}
    if step is not RegisterUse.file and len(held) == 1:
        routing["annex_iii_point"] = held[0]
    if (area := _area(held, facts)) is not None:
        routing["area_of_use"] = area.value
    values: dict[str, Any] = {"routing": routing}
    if step is RegisterExempt.file and (met := list(_conditions(facts))):
        values["conditions"] = met
    return values


def _area(held: tuple[str, ...], facts: Mapping[str, Any]) -> annex_iii.AreaOfUse | None:
    """The area of use of 49(4), where the facts settle it: one of the two, or neither."""
    areas = [area for name, area in _AREAS.items() if facts.get(name) is True]
    if len(areas) == 1:
        return areas[0]
    neither = all(facts.get(name) is False for name in _AREAS)
    return annex_iii.AreaOfUse.OTHER if neither else None


def _conditions(facts: Mapping[str, Any]) -> Iterator[str]:
    """The conditions of 6(3) that were said to be met, by their letters."""
    for fact in vocabulary():
        if facts.get(fact.name) is True and (letter := _CONDITION.fullmatch(fact.provision)):
            yield letter[1]


def filled(start: Start, actor: Actor) -> Raw:
    """The form of the filing as it is opened for this actor, with what the facts fill in, as raw values for a draft."""
    assert start.step.asks is not None, "every registration has a form"
    own = start.step.prefill(actor, None) if start.step.prefill is not None else {}
    return encode(spec_of(start.step.asks), _merged(own, start.values))


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(one)
    for name, value in other.items():
        inner = both.get(name)
        both[name] = _merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return both
