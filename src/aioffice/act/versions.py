"""Which law and which rules an answer was made with: the text of the Act, and a digest over everything the rules say.

Two installations with one digest answer alike. The digest covers each rule with its conditions and words, each fact with its question,
each day, each duty and each reading of an open question; it does not cover translations.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import aioffice
from aioffice.act.classification import READINGS, RULES
from aioffice.act.duties import vocabulary
from aioffice.act.reasoning.expressions import (
    Above,
    All,
    Any,
    Before,
    Expression,
    Is,
    Not,
    OneOf,
    Reading,
    Regime,
    Rule,
)
from aioffice.act.rules.article_113 import AMENDMENT
from aioffice.act.rules.duties import DUTIES
from aioffice.act.text import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.act.reasoning.facts import Fact
    from aioffice.act.reasoning.timetable import Timetable

ACT, AMENDING = "Regulation (EU) 2024/1689", "Regulation (EU) 2026/1744"
ELI = "http://data.europa.eu/eli/reg/2024/1689/oj"
"""European Legislation Identifier of the Act as published."""
PUBLISHED = "2024-07-12"

type Data = dict[str, object]


def law_version(regime: Regime) -> Data:
    """The text of the Act that is asked: which one, by what it was amended, and on which day it stands so."""
    enacted: Data = {"act": ACT, "eli": ELI, "regime": regime.value, "amended_by": [], "as_of": PUBLISHED}
    if regime is Regime.ENACTED:
        return enacted
    return enacted | {"amended_by": [AMENDING], "as_of": AMENDMENT.isoformat()}


def rules_version() -> Data:
    """The rules that answer here: their digest, and the version of the software that applies them."""
    return {"digest": rules_digest(), "software": "aioffice", "version": aioffice.__version__}


@cache
def rules_digest() -> str:
    """`sha256:` and 64 hexadecimal digits, the same on every machine and in every run."""
    return f"sha256:{_hash(list(_everything()))}"


def _everything() -> Iterator[object]:
    known: dict[int, str] = {}
    yield ["scope", _expression(RULES.scope, known), "high risk", _expression(RULES.high_risk, known)]
    for one in RULES.conclusions:
        yield [
            "conclusion",
            one.outcome.value,
            _expression(one.rule, known),
            _expression(one.when, known),
            _expression(one.scope, known),
            _timetable(one.amended, known),
            _timetable(one.enacted, known),
        ]
    for duty in DUTIES:
        yield [
            "duty",
            duty.provision,
            duty.bearer.value,
            text(duty.key, "en"),
            text(duty.shown_by_key, "en"),
            duty.new,
            _expression(duty.when, known),
            _timetable(duty.amended, known),
            _timetable(duty.enacted, known),
        ]
    for fact in vocabulary():
        yield ["fact", *_fact(fact)]
    for reading in READINGS:
        yield ["reading", reading.question, reading.issue, list(reading.options), reading.default]


def _expression(what: Expression | None, known: dict[int, str]) -> object:
    """The expression as data; a rule as the digest of all it says, so that each is worked out once."""
    match what:
        case None:
            return None
        case Rule():
            if (found := known.get(id(what))) is None:
                parts = [_expression(what.when, known), _expression(what.enacted, known)]
                found = known[id(what)] = _hash([what.provision, what.summary, *parts, what.new])
            return ["rule", found]
        case Is(fact):
            return ["is", fact.name]
        case OneOf(fact, codes):
            return ["one of", fact.name, sorted(codes)]
        case Above(fact, limit):
            return ["above", fact.name, str(limit)]
        case Before(fact, day):
            return ["before", fact.name, day.isoformat()]
        case Reading(question, option):
            return ["reading", question, option]
        case Not() | All() | Any():
            return [type(what).__name__.lower(), *(_expression(part, known) for part in what.parts)]
    raise TypeError(f"{what!r} is no expression.")


def _timetable(table: Timetable, known: dict[int, str]) -> object:
    return [
        [one.day.isoformat() if one.day else None, one.basis, _expression(one.when, known)] for one in table.entries
    ]


def _fact(fact: Fact) -> list[object]:
    within = fact.within.name if fact.within is not None else None
    options = [list(option) for option in fact.options]
    return [fact.name, fact.kind.value, fact.provision, fact.question, fact.help, fact.unit, options, within]


def _hash(what: object) -> str:
    import hashlib  # loads a library of its own, for whoever wants a digest alone

    return hashlib.sha256(json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
