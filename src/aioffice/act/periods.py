"""Periods as the law measures them: a whole number of a unit, in a direction, counted by a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a period is measured in. Days are calendar days unless the text says working days."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def key(self) -> str:
        """Key of its text; `.one` and `.many` follow."""
        return f"unit.{self.value}"


class Direction(StrEnum):
    """Where a period lies: after its event, before it, or at a date that the Act names."""

    FORWARD = "forward"
    BACKWARD = "backward"
    FIXED = "fixed"


class Counting(StrEnum):
    """How the end of a period is found (Regulation (EEC, Euratom) No 1182/71)."""

    ROLLS = "1182_art3"
    """Article 3 whole: the end moves off days that are not working days, and two working days lie inside."""
    EXACT = "art4_art5"
    """Article 3 without its paragraphs 4 and 5: the nominal day is the end (Articles 4 and 5)."""
    HOURS = "hours"
    """From the next full hour, over elapsed hours."""
    MINIMUM = "minimum"
    """At least so long: the whole of the nominal day belongs to it, and nothing moves."""
    NONE = "none"
    """There is nothing to count."""


@dataclass(frozen=True, slots=True)
class Period:
    """`n` units (a whole number above zero) from an event on, or back from it.

    Raises ValueError for a length below one, and for hours or working days counted backwards, which no provision does.
    """

    n: int
    unit: Unit
    direction: Direction = Direction.FORWARD
    counting: Counting = Counting.ROLLS

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.n < 1:
            raise ValueError(f"A period is at least one {self.unit} long, not {self.n}.")
        if self.direction is Direction.BACKWARD and self.unit in (Unit.HOUR, Unit.WORKING_DAY):
            raise ValueError(f"No provision counts {self.unit}s backwards.")


_WORDS = {
    "hour": Unit.HOUR, "heure": Unit.HOUR,
    "day": Unit.DAY, "jour": Unit.DAY,
    "working day": Unit.WORKING_DAY, "jour ouvrable": Unit.WORKING_DAY,
    "week": Unit.WEEK, "semaine": Unit.WEEK,
    "month": Unit.MONTH, "mois": Unit.MONTH,
    "year": Unit.YEAR, "an": Unit.YEAR,
}  # fmt: skip
_WRITTEN = re.compile(r"(?P<n>[1-9]\d{0,3})[\s:]*(?P<words>[a-z]+(?:[ _-][a-z]+)?)", re.ASCII)


def period(written: str) -> Period:
    """The period that a text such as `10 days`, `15 jours ouvrables` or `6:month` writes. Raises ValueError."""
    found = _WRITTEN.fullmatch(written.strip().casefold())
    words = re.sub(r"[ _-]", " ", found["words"]) if found else ""
    unit = _WORDS.get(words) or _WORDS.get(" ".join(word.removesuffix("s") for word in words.split()))
    if found is None or unit is None:
        raise ValueError(
            f"{written!r} is not a period: write a number and a unit, for example `10 days` or `6 months`."
        )
    return Period(int(found["n"]), unit, counting=Counting.HOURS if unit is Unit.HOUR else Counting.ROLLS)
