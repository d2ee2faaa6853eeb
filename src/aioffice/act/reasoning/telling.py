"""Reasons in lines of plain text and as data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from aioffice.act.reasoning.expressions import Above, All, Any, Before, Is, Not, OneOf, Reading, Rule

if TYPE_CHECKING:
    from aioffice.act.reasoning.evaluating import Reason, Value
    from aioffice.act.reasoning.expressions import Expression

_SAID: dict[Value, str] = {True: "yes", False: "no", None: "not known"}


def lines(reason: Reason, depth: int = 0) -> Iterator[str]:
    """The tree, a line a node, two spaces a level: provision and value first, the facts given at its ends."""
    said = words(reason.expression)
    if said:
        yield f"{'  ' * depth}{_SAID[reason.value]:<9} {said}"
    for inner in reason.because:
        yield from lines(inner, depth + 1 if said else depth)


def words(expression: Expression) -> str:
    """One line for a node; empty for a join, which its parts explain."""
    match expression:
        case Rule(provision, summary):
            return f"[{provision}] {summary}"
        case Is(fact):
            return f"{fact.question} ({fact.name})"
        case OneOf(fact, codes):
            return f"{fact.question} One of {', '.join(sorted(codes))} ({fact.name})"
        case Above(fact, limit):
            return f"{fact.question} More than {limit:.3g} {fact.unit} ({fact.name})"
        case Before(fact, day):
            return f"{fact.question} Before {day.isoformat()} ({fact.name})"
        case Reading(question, option):
            return f"Open question {question} is read as: {option}"
        case Not():
            return "unless:"
        case All() | Any():
            return ""
    raise TypeError(f"{expression!r} has no words.")


def data(reason: Reason) -> dict[str, object]:
    """The tree as JSON would have it: `value` is null where it is not known."""
    told: dict[str, object] = {"kind": type(reason.expression).__name__.lower(), "value": reason.value}
    match reason.expression:
        case Rule(provision, summary):
            told |= {"provision": provision, "summary": summary}
        case Is(fact) | OneOf(fact, _) | Above(fact, _) | Before(fact, _):
            given = reason.given
            told |= {"fact": fact.name, "given": given.isoformat() if isinstance(given, date) else given}
        case Reading(question, option):
            told |= {"question": question, "option": option}
    if reason.because:
        told["because"] = [data(inner) for inner in reason.because]
    return told
