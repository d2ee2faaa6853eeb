"""What of the Act this software covers, and what not yet: counted from rules, duties, limits, fields and declared procedures alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.addressees import Addressee, addressees
from aioffice.act.provisions.nodes import Node
from aioffice.act.provisions.resting import Item, Sort, sets_fine
from aioffice.act.time_limits import TimeLimit, time_limits
from aioffice.doors.provisions import resting_on
from aioffice.kernel.procedures.declaration import procedures

COUNTED = (Sort.RULE, Sort.DATE, Sort.DUTY, Sort.LIMIT, Sort.FIELD, Sort.FINE, Sort.PROCEDURE)
"""What covers a provision: something that answers or acts by it. A fine covers the provision that sets it, not those it is for."""


class Coverage(StrEnum):
    """How far a provision is covered."""

    ENCODED = "encoded"
    """A rule, its day, a duty, a field, the height of a fine or a step of a procedure rests on it or on a part of it."""
    LIMITS = "limits"
    """Its time limits are computed; nothing else rests on it."""
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Row:
    """A provision with what rests on it, by sort; of an Article or annex, on its parts too."""

    node: Node
    counts: Counter[Sort]
    to: tuple[Addressee, ...]

    @property
    def coverage(self) -> Coverage:
        """How far it is covered."""
        if any(self.counts[sort] for sort in COUNTED if sort is not Sort.LIMIT):
            return Coverage.ENCODED
        return Coverage.LIMITS if self.counts[Sort.LIMIT] else Coverage.NOT_YET


@dataclass(frozen=True)
class LimitRow:
    """A time limit, and the steps of procedures that start its clock."""

    limit: TimeLimit
    started_by: tuple[str, ...]


@cache
def whole() -> tuple[Row, ...]:
    """Every Article and annex, with what rests on it and its parts; the same thing counts once."""
    return tuple(_whole(top) for top in (*tree.articles(), *tree.annexes()))


@cache
def parts() -> tuple[Row, ...]:
    """Every single provision on which something rests, Articles cited as a whole among them."""
    rows = (Row(one, Counter(item.sort for item in _covering(one)), addressees(one)) for one in tree.nodes())
    return tuple(row for row in rows if any(row.counts[sort] for sort in COUNTED))


@cache
def limits() -> tuple[LimitRow, ...]:
    """Every time limit of the Act. All of them are computed; some are started by a procedure."""
    started = [*_starts()]
    return tuple(
        LimitRow(limit, tuple(step for started_limit, step in started if started_limit == limit.id))
        for limit in time_limits()
    )


def totals() -> Counter[Coverage]:
    """How many Articles and annexes are covered how far."""
    return Counter(row.coverage for row in whole())


def _whole(top: Node) -> Row:
    found = {(item.sort, item.id) for part in tree.within(top) for item in _covering(part)}
    return Row(top, Counter(sort for sort, _id in found), addressees(top))


def _covering(of: Node) -> list[Item]:
    return [item for item in resting_on(of) if item.sort is not Sort.FINE or sets_fine(of)]


def _starts() -> Iterator[tuple[str, str]]:
    for procedure in procedures():
        for step in procedure.steps.values():
            yield from ((start.limit, step.key) for start in step.starts)
        for asked in procedure.rounds.values():
            if asked.clock:
                yield asked.clock, f"{procedure.slug}.{asked.name}"
