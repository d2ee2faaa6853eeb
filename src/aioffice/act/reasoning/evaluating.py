"""What a rule comes to for what is known, and why: a tree of reasons of the same shape as the rule, down to the facts given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
from aioffice.act.reasoning.facts import Fact, FactValue
from aioffice.act.reasoning.vocabulary import Facts

type Value = bool | None
"""True, False, or None where it is not known."""

LEAVES = (Is, OneOf, Above, Before)
"""Expressions that ask one fact."""
_NO_READINGS: Mapping[str, str] = MappingProxyType({})


class Reason(tuple[Expression, Value, "tuple[Reason, ...]", FactValue | None]):
    """What an expression came to and what decided it.

    `because` holds no more than what decides: one part that fails is enough for "all of", one that holds for "one of"; where the
    value is not known, all parts that could still matter. `given` is the value of the fact at a leaf.

    A hundred and more are made for every answer: so it is a tuple of its four fields, in this order, and made of one.
    """

    __slots__ = ()

    @property
    def expression(self) -> Expression:
        """What was asked."""
        return self[0]

    @property
    def value(self) -> Value:
        """What it came to."""
        return self[1]

    @property
    def because(self) -> tuple[Reason, ...]:
        """What decided it."""
        return self[2]

    @property
    def given(self) -> FactValue | None:
        """The value of the fact, at a leaf."""
        return self[3]

    def __repr__(self) -> str:
        return f"Reason({self.expression!r}, {self.value}, because={self.because!r}, given={self.given!r})"

    def leaves(self) -> Iterator[Reason]:
        """The facts and readings at its ends."""
        if not self.because:
            yield self
        for reason in self.because:
            yield from reason.leaves()

    def facts(self) -> Iterator[Fact]:
        """The facts at its ends, some perhaps twice."""
        for leaf in self.leaves():
            if isinstance(leaf.expression, LEAVES):
                yield leaf.expression.fact

    def missing(self) -> Iterator[Fact]:
        """The facts at its ends that are not known."""
        for leaf in self.leaves():
            if leaf.value is None and isinstance(leaf.expression, LEAVES):
                yield leaf.expression.fact

    def rules(self) -> Iterator[Rule]:
        """The rules on the way, itself first."""
        if isinstance(self.expression, Rule):
            yield self.expression
        for reason in self.because:
            yield from reason.rules()


@dataclass(slots=True)
class Evaluation:
    """Evaluates rules over one set of facts under one text and one reading of its open questions; each rule once.

    `readings` maps the name of an open question to the option chosen.
    """

    facts: Facts
    regime: Regime = Regime.AMENDED
    readings: Mapping[str, str] = _NO_READINGS
    _done: dict[int, Reason] = field(default_factory=dict)

    def reason(self, expression: Expression) -> Reason:
        """What the expression comes to, with its reasons. Raises KeyError for an open question that has no reading."""
        match expression:
            case Rule():
                if (known := self._done.get(id(expression))) is None:
                    inner = self.reason(expression.condition(self.regime))
                    known = self._done[id(expression)] = Reason((expression, inner.value, (inner,), None))
                return known
            case Is(fact):
                given = self.facts.get(fact.name)
                return Reason((expression, None if given is None else bool(given), (), given))
            case OneOf(fact, codes):
                given = self.facts.get(fact.name)
                return Reason((expression, None if given is None else given in codes, (), given))
            case Above(fact, limit):
                given = self.facts.get(fact.name)
                return Reason((expression, None if given is None else given > limit, (), given))  # type: ignore[operator]  # checked when read
            case Before(fact, day):
                given = self.facts.get(fact.name)
                return Reason((expression, None if given is None else given < day, (), given))  # type: ignore[operator]  # checked when read
            case Not(member):
                inner = self.reason(member)
                return Reason((expression, None if inner.value is None else not inner.value, (inner,), None))
            case All(members):
                return self._joined(expression, members, decisive=False)
            case Any(members):
                return self._joined(expression, members, decisive=True)
            case Reading(question, option):
                return Reason((expression, self.readings[question] == option, (), None))
        raise TypeError(f"{expression!r} is no expression.")

    def value(self, expression: Expression) -> Value:
        """What the expression comes to."""
        return self.reason(expression).value

    def _joined(self, expression: Expression, members: tuple[Expression, ...], *, decisive: bool) -> Reason:
        reasons = []
        for member in members:
            reason = self.reason(member)
            if reason.value is decisive:
                return Reason((expression, decisive, (reason,), None))
            reasons.append(reason)
        unknown = any(reason.value is None for reason in reasons)
        return Reason((expression, None if unknown else not decisive, tuple(reasons), None))
