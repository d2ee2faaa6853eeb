"""How a rule is written: facts joined by `&`, `|` and `~`, as the provision joins them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aioffice.act.reasoning.facts import Fact, FactKind


class Regime(StrEnum):
    """Which text of the Act is asked."""

    ENACTED = "enacted"
    """Regulation (EU) 2024/1689 as it was published on 12 July 2024."""
    AMENDED = "amended"
    """As amended by Regulation (EU) 2026/1744, in force since 27 July 2026."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Something that holds, does not hold, or is not known to."""

    def __and__(self, other: Expression) -> Expression:
        return All((*_parts(All, self), *_parts(All, other)))

    def __or__(self, other: Expression) -> Expression:
        return Any((*_parts(Any, self), *_parts(Any, other)))

    def __invert__(self) -> Expression:
        return Not(self)

    @property
    def parts(self) -> tuple[Expression, ...]:
        """What it is made of; nothing for a leaf."""
        return ()


@dataclass(frozen=True, slots=True)
class Is(Expression):
    """A yes/no fact holds."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class OneOf(Expression):
    """A choice has one of these codes."""

    fact: Fact
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Above(Expression):
    """A number is greater than a limit, in the unit of the fact."""

    fact: Fact
    limit: int


@dataclass(frozen=True, slots=True)
class Before(Expression):
    """A day lies before another."""

    fact: Fact
    limit: date


@dataclass(frozen=True, slots=True)
class All(Expression):
    """Every part holds."""

    members: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Its members."""
        return self.members


@dataclass(frozen=True, slots=True)
class Any(Expression):
    """At least one part holds."""

    members: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Its members."""
        return self.members


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """The part does not hold."""

    member: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Its one member."""
        return (self.member,)


@dataclass(frozen=True, slots=True)
class Reading(Expression):
    """An open question of law is read in this way; true or false by a setting, never unknown, and named wherever it decided."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class Rule(Expression):
    """What a provision says: `when` is its condition in the text as amended, `enacted` that of 2024 where it differs.

    `provision` is its name and its source (`5(1)(a)`, `Annex III 4(a)`); `summary` says in our words what holds when it does.
    A provision that the text of 2024 does not have says `new=True` and never holds under it.
    """

    provision: str
    summary: str
    when: Expression
    enacted: Expression | None = None
    new: bool = False

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Its conditions under either text."""
        return (self.when,) if self.enacted is None else (self.when, self.enacted)

    def condition(self, regime: Regime) -> Expression:
        """What it asks under that text."""
        if regime is Regime.AMENDED or (self.enacted is None and not self.new):
            return self.when
        return NEVER if self.enacted is None else self.enacted


ALWAYS: Expression = All(())
NEVER: Expression = Any(())


def rule(provision: str, summary: str, when: Expression | Fact, *, unless: Expression | Fact | None = None,
         enacted: Expression | None = None, new: bool = False) -> Rule:  # fmt: skip
    """A provision: it holds when its condition does and its exception, if there is one, does not."""
    condition = holds(when)
    if unless is not None:
        condition &= ~holds(unless)
    return Rule(provision, summary, condition, enacted, new)


def holds(what: Expression | Fact) -> Expression:
    """A fact as a condition, or the condition itself."""
    if isinstance(what, Expression):
        return what
    if what.kind is not FactKind.YES_NO:
        raise TypeError(f"{what.name} is no yes/no fact: say which value is meant.")
    return Is(what)


def all_of(*what: Expression | Fact) -> Expression:
    """All of these hold."""
    return All(tuple(holds(part) for part in what))


def any_of(*what: Expression | Fact) -> Expression:
    """At least one of these holds."""
    return Any(tuple(holds(part) for part in what))


def one_of(fact: Fact, *codes: str) -> Expression:
    """A choice has one of these codes. Raises ValueError for a code that the fact does not offer."""
    if wrong := set(codes) - {code for code, _words in fact.options}:
        raise ValueError(f"{fact.name} offers no {min(wrong)}.")
    return OneOf(fact, frozenset(codes))


def above(fact: Fact, limit: int) -> Expression:
    """A number is greater than a limit."""
    return Above(fact, limit)


def before(fact: Fact, limit: date) -> Expression:
    """A day lies before another."""
    return Before(fact, limit)


def facts_in(expression: Expression) -> Iterator[Fact]:
    """Every fact that an expression asks, in the order in which it stands there, some perhaps twice."""
    match expression:
        case Is(fact) | OneOf(fact, _) | Above(fact, _) | Before(fact, _):
            yield fact
        case _:
            for part in expression.parts:
                yield from facts_in(part)


def rules_in(expression: Expression) -> Iterator[Rule]:
    """Every rule that an expression rests on, itself first, some perhaps twice."""
    if isinstance(expression, Rule):
        yield expression
    for part in expression.parts:
        yield from rules_in(part)


def _parts(kind: type[All | Any], expression: Expression) -> tuple[Expression, ...]:
    return expression.parts if type(expression) is kind else (expression,)
