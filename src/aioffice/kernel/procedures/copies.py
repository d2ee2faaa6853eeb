"""Where copies of what was filed lie. Every room that keeps some says so here, once, and how they go when a value is erased.

    holds_copies(Holder("register", columns=("office.register_system.name",), redact=redact, find=find))

A test compares the columns of all holders with those of the database, so that no new table is forgotten, and another erases every field
of a filing and looks for it everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aioffice.kernel.canonical import canonical

if TYPE_CHECKING:
    from aioffice.kernel.procedures.models import Case, StepRecord

ERASER = "eraser"
"""The service actor that erases. The database lets it, and nobody else, take values out of what was recorded, and put none in."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """What goes: values of one step's record by JSON pointer, each in every way it is written (see `forms_of`).

    `whole` tells that everything sent with the step goes, with the evidence of when it took place. `basis` is the provision.
    """

    case: Case
    record: StepRecord
    values: Mapping[str, frozenset[bytes]]
    whole: bool
    at: datetime
    basis: str

    def holds(self, pointer: str, value: Any) -> bool:
        """Whether a value at a pointer is one of those that go."""
        return pointer in self.values and not self.values[pointer].isdisjoint(forms_of(value))

    def texts(self) -> set[str]:
        """The values that are texts, for copies that stand under no pointer."""
        written = (json.loads(one) for several in self.values.values() for one in several)
        return {one for one in written if isinstance(one, str)}


def forms_of(*values: Any) -> frozenset[bytes]:
    """A value as it is compared: canonical JSON without the blanks around texts. None and empty texts compare with nothing."""
    return frozenset(canonical(plain) for plain in map(_plain, values) if plain not in (None, "", [], {}))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that the reader of the case may know of: a value's pointer and, in words, where else it stands."""

    pointer: str
    place: Any


@dataclass(frozen=True, slots=True)
class Holder:
    """A room that keeps copies. `columns` are `schema.table.column`; `redact` takes the values out of them, as the service `eraser`,

    in the transaction of the erasing step (its second argument); `find` names the copies that whoever may see the case may know of.
    """

    name: str
    columns: tuple[str, ...]
    redact: Callable[[Erasing, StepRecord], None]
    find: Callable[[Erasing], Iterable[Copy]] = lambda _: ()

    @property
    def tables(self) -> frozenset[str]:
        """`schema.table` of everything it looks after."""
        return frozenset(column.rpartition(".")[0] for column in self.columns)


_holders: dict[str, Holder] = {}


def holds_copies(holder: Holder) -> None:
    """Say that a room keeps copies of what was filed. Called from its `apps.py`."""
    _holders[holder.name] = holder


def holders() -> list[Holder]:
    """Every room that keeps copies, in the order in which they are asked."""
    return list(_holders.values())
