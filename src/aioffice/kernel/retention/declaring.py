"""The language of the schedule: a kind of record, how long it is kept counted from what, on what basis, and what happens then.

Every room declares its kinds in a module `keeping` beside its models. A test holds the declarations against the tables there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from django.db.models import Model, Q, QuerySet

KEEPER = "keeper"
"""The service actor that counts what has reached its end and deletes what was decided."""


class End(StrEnum):
    """What happens when the time is over."""

    PROPOSED = "proposed"
    """Deletion is proposed; a person of the Office decides."""
    BY_STEP = "by_step"
    """Proposed too, and done by the step of the case that erases: `perform` alone deletes what was sent."""
    AUTOMATIC = "automatic"
    """It goes by itself: a leftover that says nothing about anybody any more."""
    KEPT = "kept"
    """It stays for good."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How what has reached its end is found and deleted.

    `rows` gives everything whose time is over at a moment, holds left out; `moment` is the field it counts from. `restricted` picks what
    belongs to the secure section (Article 49(4)): it is proposed apart, to those who may know of it. `remove` deletes rows by their
    keys and returns how many.
    """

    rows: Callable[[datetime], QuerySet[Any]]
    moment: str
    remove: Callable[[Collection[Any]], int] | None = None
    restricted: Q | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of record.

    `days` is how long it is kept where nobody set it otherwise, None where there is no day; `counted_from` is what happens on the first.
    `basis` is the provision, or `AIOFFICE_RETENTION` where the law gives no number and it is ours. `why` gives the reason for what
    happens in the end. `job` names the task that deletes by itself, empty where a library does.
    """

    kind: str
    title: Any
    models: tuple[type[Model], ...]
    end: End
    why: Any
    basis: str
    days: int | None = None
    counted_from: Any = ""
    tables: tuple[str, ...] = ()
    job: str = ""
    leaving: Leaving | None = field(default=None, compare=False)

    @property
    def all_tables(self) -> frozenset[str]:
        """Every table it speaks of; one outside the schema `office` with the name of its schema."""
        return frozenset({*(model._meta.db_table for model in self.models), *self.tables})  # noqa: SLF001 - Django's own name for it

    def kept(self) -> int | None:
        """How many days it is kept here: as the operator set it, else as declared."""
        return dict(settings().retention).get(self.kind, self.days)

    def cutoff(self, at: datetime) -> datetime:
        """What counts from before this moment has reached its end at `at`."""
        days = self.kept()
        if days is None:
            raise ValueError(f"{self.kind} has no end")
        return at - timedelta(days=days)


_declared: dict[str, Retention] = {}
SILENT = "AIOFFICE_RETENTION"


def keep(*found: Retention) -> None:
    """Declare kinds of records. Raises `ValueError` for one that contradicts itself or a name that is taken."""
    for one in found:
        if one.kind in _declared:
            raise ValueError(f"{one.kind}: declared twice")
        if (one.days is None) != (one.end is End.KEPT):
            raise ValueError(f"{one.kind}: what is kept has no end, and everything else has one")
        if (one.leaving is not None) != (one.end in (End.PROPOSED, End.BY_STEP)):
            raise ValueError(f"{one.kind}: what is proposed says how it is found, and nothing else does")
        if one.leaving and (one.leaving.remove is None) != (one.end is End.BY_STEP):
            raise ValueError(f"{one.kind}: what is proposed says how it is deleted, unless a step does that")
        _declared[one.kind] = one


def schedule() -> tuple[Retention, ...]:
    """Everything declared, in the order of the names."""
    return tuple(_declared[kind] for kind in sorted(_declared))


def retention(kind: str) -> Retention:
    """The declaration of a kind; KeyError."""
    return _declared[kind]
