"""The test cases of the Act: read from `tests/act/cases/*.yaml`, and what an answer gets wrong by them.

A case starts from a starting point (`_starting_points.yaml`) and states what is known beyond it. Unless it says `rest: unknown`, what it
does not mention does not hold: it describes something completely. The day of placing on the market alone stays unknown unless given.

`holds` names everything that holds, with the day from which it applies; what holds if only the Act reaches it stands under `open` too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aioffice.act.classification import Answer, Law, Outcome, classify
from aioffice.act.duties import vocabulary
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.reasoning.facts import Fact, FactKind, FactValue

CASES = Path(__file__).parents[1] / "act" / "cases"
NEVER = "never"
_WITHOUT_A_PROVISION = {Outcome.NEEDS_REVIEW.value}
type Days = frozenset[date | None]


class CaseError(ValueError):
    """A case that cannot be run; the message names it."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known, and what follows by the law. `holds` names everything that holds, with the days from which it may apply."""

    id: str
    name: str
    source: str
    facts: dict[str, FactValue]
    law: Law
    outcome: str
    holds: dict[str, Days]
    excluded: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict, compare=False)


def problems(case: Case, answer: Answer) -> list[str]:
    """What the answer gets wrong; empty where it is right."""
    found = []
    if answer.outcome.value != case.outcome:
        found.append(f"outcome {answer.outcome.value}, not {case.outcome}")
    held = {
        finding.provision: frozenset(one.day for one in finding.application.possible) for finding in answer.holding()
    }
    found += [f"{name} does not hold" for name in case.holds if name not in held]
    found += [f"{name} holds" for name in held if name not in case.holds]
    found += [
        f"{name} applies from {_days(days)}, not {_days(case.holds[name])}"
        for name, days in held.items()
        if name in case.holds and days != case.holds[name]
    ]
    led = {finding.conclusion.outcome.value for finding in answer.holding()}
    if led and case.outcome not in led | _WITHOUT_A_PROVISION:
        found.append(f"nothing that holds makes it {case.outcome}")
    values = {finding.provision: finding.binding for finding in answer.findings}
    found += [f"{name} is not excluded" for name in case.excluded if values[name] is not False]
    found += [f"{name} is {values[name]}, not open" for name in case.open if values[name] is not None]
    return found


def asked(case: Case) -> Answer:
    """The answer to a case."""
    return classify(case.facts, case.law, vocabulary())


@cache
def cases() -> tuple[Case, ...]:
    """All cases, in the order of the files. Raises CaseError for one that is not well formed."""
    found = [case for path in sorted(CASES.glob("[a-z]*.yaml")) for case in _read(path)]
    ids = [case.id for case in found]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise CaseError(f"Two cases have the name {min(twice)}.")
    return tuple(found)


def completed(facts: dict[str, object]) -> dict[str, FactValue]:
    """The facts, and that nothing else holds."""
    known = dict(vocabulary().read(facts))
    for fact in vocabulary():
        if fact.name not in known and (value := _absent(fact)) is not None:
            known[fact.name] = value
    return known


@cache
def starting_points() -> dict[str, dict[str, object]]:
    """Facts by name of the starting point."""
    return {name: point["facts"] for name, point in _load(CASES / "_starting_points.yaml").items()}


_KEYS = {"name", "from", "facts", "rest", "regime", "readings", "outcome", "holds", "not", "open", "source"}


def _read(path: Path) -> list[Case]:
    content = _load(path)
    return [_case(path.stem, content["usual"] | raw) for raw in content["cases"]]


def _case(file: str, raw: dict[str, Any]) -> Case:
    where = f"{file}: {raw.get('name', raw)}"
    if wrong := raw.keys() - _KEYS:
        raise CaseError(f"{where}: no case has {min(wrong)}.")
    if missing := {"name", "from", "outcome", "source"} - raw.keys():
        raise CaseError(f"{where}: {min(missing)} is missing.")
    facts = starting_points()[raw["from"]] | raw.get("facts", {})
    facts = {name: value for name, value in facts.items() if value is not None}
    rest = raw.get("rest", "absent")
    if rest not in {"absent", "unknown"}:
        raise CaseError(f"{where}: rest is absent or unknown, not {rest}.")
    return Case(
        where,
        raw["name"],
        raw["source"],
        completed(facts) if rest == "absent" else dict(vocabulary().read(facts)),
        Law(Regime(raw.get("regime", "amended")), raw.get("readings", {})),
        raw["outcome"],
        {name: _possible(where, days) for name, days in (raw.get("holds") or {}).items()},
        tuple(raw.get("not", ())),
        tuple(raw.get("open", ())),
        raw,
    )


def _possible(where: str, written: object) -> Days:
    days = written if isinstance(written, list) else [written]
    for day in days:
        if day != NEVER and type(day) is not date:
            raise CaseError(f"{where}: {day} is no day; write 2027-12-02, or {NEVER}.")
    return frozenset(None if day == NEVER else day for day in days)


def _absent(fact: Fact) -> FactValue | None:
    match fact.kind:
        case FactKind.YES_NO:
            return False
        case FactKind.CHOICE:
            return "none" if any(code == "none" for code, _words in fact.options) else None
        case FactKind.NUMBER:
            return 0
        case FactKind.DATE:
            return None


def _days(days: Days) -> str:
    return " or ".join(sorted(day.isoformat() if day else NEVER for day in days))


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())
