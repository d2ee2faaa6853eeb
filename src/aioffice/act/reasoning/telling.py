"""Reasons as a tree that people read, and as data; the words are those of `aioffice.act.words_of_rules`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from aioffice.act.reasoning.expressions import Above, All, Any, Before, Is, OneOf, Reading, Rule

if TYPE_CHECKING:
    from aioffice.act.reasoning.evaluating import Reason


@dataclass(frozen=True, slots=True)
class Told:
    """A reason that has something to say, and those below it."""

    reason: Reason
    inner: tuple[Told, ...]


def told(reason: Reason) -> tuple[Told, ...]:
    """The tree without the joins "all of" and "one of": their parts stand in their place."""
    inner = tuple(one for part in reason.because for one in told(part))
    return inner if isinstance(reason.expression, All | Any) else (Told(reason, inner),)


def data(reason: Reason) -> dict[str, object]:
    """The tree as JSON would have it: `value` is null where it is not known."""
    said: dict[str, object] = {"kind": type(reason.expression).__name__.lower(), "value": reason.value}
    match reason.expression:
        case Rule(provision, summary):
            said |= {"provision": provision, "summary": summary}
        case Is(fact) | OneOf(fact, _) | Above(fact, _) | Before(fact, _):
            given = reason.given
            said |= {"fact": fact.name, "given": given.isoformat() if isinstance(given, date) else given}
        case Reading(question, option):
            said |= {"question": question, "option": option}
    if reason.because:
        said["because"] = [data(inner) for inner in reason.because]
    return said
