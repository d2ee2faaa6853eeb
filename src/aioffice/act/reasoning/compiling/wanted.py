"""What an answer consists of: values, reasons and dates of expressions, in records; or the first of several tests that decides."""

from __future__ import annotations

from typing import NamedTuple

from aioffice.act.reasoning.expressions import Expression
from aioffice.act.reasoning.timetable import Timetable


class Worth(NamedTuple):
    """What an expression comes to: True, False or None."""

    expression: Expression


class Why(NamedTuple):
    """What an expression comes to, with its reasons: a `Reason`."""

    expression: Expression


class Since(NamedTuple):
    """When something with this timetable applies: an `Application`."""

    timetable: Timetable


class Fixed(NamedTuple):
    """Something that is the same in every answer."""

    value: object


class Made(NamedTuple):
    """A record of these parts: `kind` is a NamedTuple, `parts` are its fields in their order."""

    kind: type[tuple[object, ...]]
    parts: tuple[Wanted, ...]


type Wanted = Worth | Why | Since | Fixed | Made | tuple[Wanted, ...]
"""A part of an answer; a tuple of parts is a tuple in the answer."""


class Rung[T](NamedTuple):
    """One test of a ladder, with the result for each value; a value without a result goes on to the next rung."""

    test: Expression
    holds: T | None = None
    unknown: T | None = None
    fails: T | None = None
