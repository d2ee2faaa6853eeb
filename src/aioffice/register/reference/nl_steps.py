"""What happened in the Dutch register, as steps, renames and states."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aioffice.register.reference.nl import FIELDS, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from aioffice.register.reference.problem import Problem

type Kind = Literal["took_over", "changed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class State:
    """The records by id as they stood on a day. `reconstructed` says that no copy of that day was kept."""

    records: Mapping[str, Record]
    observed: date | None
    reconstructed: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to one record: what stood before (None when new) and after (None when withdrawn).

    `at` is the moment the copy was made that first showed it; what it shows is valid from `observed`, that day in UTC.
    """

    kind: Kind
    id: str
    at: datetime
    line: int
    before: Record | None
    after: Record | None
    fields: tuple[str, ...] = ()

    @property
    def observed(self) -> date:
        """The day on which the change was observed; the copy's own `toegevoegd` counts days the same way."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Renamed:
    """One body took another name: all its records changed `organisatie` at the same moment."""

    old: str
    new: str
    at: datetime
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one copy showed to have changed. The steps of `renames` are among `steps` like any other."""

    at: datetime
    steps: tuple[Step, ...]
    renames: tuple[Renamed, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """The history told forward, its end, and every point at which the events and the states disagree."""

    batches: tuple[Batch, ...]
    end: Mapping[str, Record]
    problems: tuple[Problem, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for batch in self.batches for step in batch.steps)

    @property
    def renames(self) -> tuple[Renamed, ...]:
        """All renames in order."""
        return tuple(rename for batch in self.batches for rename in batch.renames)


def changed_fields(before: Record | None, after: Record) -> tuple[str, ...]:
    """Return the names of the fields in which two records differ; all of them when there was none before."""
    return tuple(name for name in FIELDS if before is None or getattr(before, name) != getattr(after, name))


def renames(before: Mapping[str, Record], steps: Sequence[Step], at: datetime) -> Iterator[Renamed]:
    """Yield the bodies whose every record took the same new name at this moment.

    A record withdrawn at that moment no longer counts; one that kept the old name, or came in under it, makes it none.
    """
    after = {record_id: record.organisatie for record_id, record in before.items()}
    moved: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for step in steps:
        if step.after is None:
            after.pop(step.id, None)
            continue
        after[step.id] = step.after.organisatie
        if step.before is not None and step.before.organisatie != step.after.organisatie:
            moved[step.before.organisatie, step.after.organisatie].append(step.id)
    still = set(after.values())
    sources = [old for old, _ in moved]
    for (old, new), ids in moved.items():
        if old not in still and sources.count(old) == 1:
            yield Renamed(old, new, at, tuple(ids))
