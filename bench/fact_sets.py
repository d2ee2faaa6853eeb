"""Fact sets drawn by a seed: systems and models of which more or less is known, no two alike, none that contradicts itself."""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aioffice.act.reasoning.facts import Fact, FactKind, FactValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.act.reasoning.vocabulary import Vocabulary

LEAST_KNOWN = 30
"""Facts that are known of each."""
_FIRST_DAY, _DAYS = date(2024, 8, 1), 3000
_USUAL = {"is_ai_system": True, "is_provider": True, "placed_on_union_market": True}
"""What is so of most of those who ask. The others are drawn like any other fact."""


def fact_sets(vocabulary: Vocabulary, count: int, seed: int = 4) -> Iterator[dict[str, FactValue]]:
    """That many sets of at least 30 facts, all different; the same for the same seed and vocabulary."""
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    seen: set[bytes] = set()
    while len(seen) < count:
        facts = _drawn(vocabulary, chance)
        content = hashlib.blake2b(repr(sorted(facts.items())).encode(), digest_size=16).digest()
        if len(facts) >= LEAST_KNOWN and content not in seen:
            seen.add(content)
            yield facts


def _drawn(vocabulary: Vocabulary, chance: random.Random) -> dict[str, FactValue]:
    """Something of which a share of the facts is known, few of which hold: most systems do few of the things that the Act names."""
    known, holding = chance.choice((0.35, 0.6, 0.85, 1.0)), chance.choice((0.02, 0.05, 0.15, 0.3))
    facts: dict[str, FactValue] = {}
    for fact in vocabulary:
        outer = facts.get(fact.within.name) if fact.within is not None else True
        if outer is False or chance.random() > known:
            continue  # within a "no" there is nothing to tell
        # What holds makes whatever it lies within hold: where that was left out, it is no more than not excluded.
        facts[fact.name] = _value(fact, chance, holding if outer is True else 0)
    if chance.random() < 0.8:
        facts |= _USUAL
    return facts


def _value(fact: Fact, chance: random.Random, holding: float) -> FactValue:
    match fact.kind:
        case FactKind.YES_NO:
            return chance.random() < holding
        case FactKind.CHOICE:
            return chance.choice(fact.options)[0]
        case FactKind.NUMBER:
            return int(10 ** chance.randrange(28))
        case FactKind.DATE:
            return _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
