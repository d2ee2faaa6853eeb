"""What rests on each provision, procedures among it: the rooms above the Act put together with the Act itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aioffice.act.provisions.resting import Item, Sort, by_node, item, items
from aioffice.kernel.procedures.declaration import Procedure, Round, Step, procedures

if TYPE_CHECKING:
    from aioffice.act.provisions.nodes import Node


@dataclass(frozen=True)
class Doing:
    """A step of a procedure, or a request to several addressees in one, and the procedure."""

    procedure: type[Procedure]
    what: Step | Round


@cache
def everything() -> tuple[Item, ...]:
    """All items of the Act, and one for each step and round of the procedures."""
    return (*items(), *_doings())


@cache
def _table() -> Mapping[str, tuple[Item, ...]]:
    return by_node(everything())


def resting_on(of: Node) -> tuple[Item, ...]:
    """What cites this very provision."""
    return _table().get(of.id, ())


def _doings() -> Iterator[Item]:
    for procedure in procedures():
        doings: list[Step | Round] = [*procedure.steps.values(), *procedure.rounds.values()]
        for what in doings:
            yield item(Sort.PROCEDURE, f"{procedure.slug}.{what.name}", what.basis, Doing(procedure, what))
