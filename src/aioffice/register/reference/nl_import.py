"""Taking the Dutch register over into its reference collection: through `perform_many`, in pieces that can be run again.

Every step has a key made of what it says, so a second run, or a run after a crash, does what is missing and nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from aioffice.kernel.canonical import digest
from aioffice.kernel.days import beginning_of
from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.declaration import Step as ProcedureStep
from aioffice.kernel.procedures.errors import ProcedureError
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.performing import perform_many
from aioffice.kernel.procedures.work import Item
from aioffice.register.models import Entry, EntryVersion
from aioffice.register.reference.nl import Record
from aioffice.register.reference.nl_changes import Changes, read_changes
from aioffice.register.reference.nl_read import Dump, read_dump
from aioffice.register.reference.nl_replay import reconstruct, replay
from aioffice.register.reference.nl_steps import Kind
from aioffice.register.reference_procedure import NL_COLLECTION, TakeOverDutchRecord

IMPORTER = service("importer")
CHUNK = 250
"""Records per transaction: what a crash can cost, and what is held locked at a time."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: what happened to which record, as of when."""

    kind: Kind
    id: str
    record: Record | None
    valid_from: datetime
    reconstructed: bool = False
    renamed_from: str = ""

    @property
    def key(self) -> str:
        """The idempotency key: the same act of the same history always has the same one."""
        said = digest(self.record.as_json())[:16] if self.record else "gone"
        return f"{NL_COLLECTION}/{self.id}/{self.kind}/{self.valid_from.isoformat()}/{said}"

    def data(self) -> dict[str, Any]:
        """What the step is sent."""
        if self.record is None:
            return {"valid_from": self.valid_from.isoformat()}
        data = {**content_of(self.record), "source_id": self.id, "valid_from": self.valid_from.isoformat()}
        if self.reconstructed:
            data["reconstructed"] = True
        if self.renamed_from:
            data["renamed_from"] = self.renamed_from
        return data


def content_of(record: Record) -> dict[str, Any]:
    """The source's eight fields (the number apart) and the link, under the collection's names."""
    return {
        "title": record.title,
        "organisation": record.organisatie,
        "purpose": record.doel,
        "status": record.status,
        "impact_assessment": record.impactassessment,
        "legal_basis": record.juridische_basis,
        "last_changed": record.geregistreerd.isoformat(),
        "link": record.url,
    }


@dataclass(slots=True)
class Report:
    """What an import did. `problems` are sentences that name the place in the file; `equal` of `records` match the dump on every field."""

    records: int = 0
    taken_over: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    renames: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    equal: int = 0


def import_dutch_register(
    dump_path: Path,
    changes_path: Path | None,
    *,
    at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Take the dump over, with its history where a file of changes is given; return what was done.

    Raises `Unreadable` when a file is not what it should be. A malformed record is reported and left out, the rest goes on.
    """
    dump = read_dump(dump_path)
    report = Report(records=len(dump.records), problems=[str(problem) for problem in dump.problems])
    changes = read_changes(changes_path) if changes_path else None
    acts = _history(dump, changes, at, report) if changes else list(_difference_to(dump, at))
    done = 0
    progress(0, len(acts))
    for batch in _batches(acts):
        _perform(batch, at, report)
        reach("import.piece")
        done += len(batch)
        progress(done, len(acts))
    report.equal = _equal(dump)
    return report


def _history(dump: Dump, changes: Changes, at: datetime, report: Report) -> list[Act]:
    state = reconstruct(dump, changes)
    told = replay(state.records, changes, dump)
    report.problems += [str(problem) for problem in (*changes.problems, *state.problems, *told.problems)]
    begin = beginning_of(state.observed) if state.observed else at
    acts = [
        Act("took_over", record.id, record, begin, reconstructed=state.reconstructed)
        for record in state.records.values()
    ]
    for batch in told.batches:
        renamed = {record_id: rename.old for rename in batch.renames for record_id in rename.ids}
        for rename in batch.renames:
            report.renames.append({"from": rename.old, "to": rename.new, "records": len(rename.ids)})
        acts += [
            Act(step.kind, step.id, step.after, beginning_of(step.observed), renamed_from=renamed.get(step.id, ""))
            for step in batch.steps
        ]
    return acts


def _difference_to(dump: Dump, at: datetime) -> Iterator[Act]:
    """What leads from the collection as it stands to the dump, seen when the dump was fetched."""
    seen = dump.fetched_at or at
    with acting(IMPORTER, at):
        current = _current()
    for record in dump.records.values():
        held = current.pop(record.id, None)
        if held is None or held[1]:
            yield Act("took_over", record.id, record, seen)
        elif held[0] != content_of(record):
            yield Act("changed", record.id, record, seen)
    # A record that could not be read is not a record that is gone.
    if not any(problem.left_out for problem in dump.problems):
        yield from (Act("withdrawn", record_id, None, seen) for record_id, held in current.items() if not held[1])


def _current() -> dict[str, tuple[dict[str, Any], bool]]:
    """Content and withdrawal of every record of the collection, by its number in the source."""
    latest = (
        EntryVersion.objects.filter(entry__collection=NL_COLLECTION)
        .order_by("entry", "-n")
        .distinct("entry")
        .values_list("entry__source_id", "content", "filing_status")
    )
    return {source_id: (content, status == "withdrawn") for source_id, content, status in latest}


def _batches(acts: Sequence[Act]) -> Iterator[list[Act]]:
    """Cut the acts into pieces of one kind that name no record twice, keeping their order."""
    for _kind, same in groupby(acts, key=lambda act: act.kind):
        piece: list[Act] = []
        named: set[str] = set()
        for act in same:
            if len(piece) == CHUNK or act.id in named:
                yield piece
                piece, named = [], set()
            piece.append(act)
            named.add(act.id)
        yield piece


def _perform(acts: Sequence[Act], at: datetime, report: Report) -> None:
    with acting(IMPORTER, at):
        known = {
            source_id: (case_id, state)
            for source_id, case_id, state in Entry.objects.filter(
                collection=NL_COLLECTION, source_id__in=[act.id for act in acts]
            ).values_list("source_id", "case_id", "case__state")
        }
        done = set(
            StepRecord.objects.filter(
                idempotency_scope=IMPORTER.id, idempotency_key__in=[act.key for act in acts]
            ).values_list("idempotency_key", flat=True)
        )
        report.unchanged += len(done)
        by_step: dict[str, list[tuple[Act, Item]]] = {}
        for act in acts:
            if act.key in done:
                continue
            case_id, state = known.get(act.id, (None, ""))
            again = act.kind == "took_over" and state == "withdrawn"
            case = None if act.kind == "took_over" and not again else case_id
            item = Item(data=act.data(), case=case, idempotency_key=act.key, took_place_at=min(act.valid_from, at))
            name = "return_to_collection" if again else _STEPS[act.kind]
            by_step.setdefault(name, []).append((act, item))
        for name, pairs in by_step.items():
            step: ProcedureStep = TakeOverDutchRecord.steps[name]
            outcomes = perform_many(step, [item for _act, item in pairs], actor=IMPORTER, at=at)
            for (act, _item), outcome in zip(pairs, outcomes, strict=True):
                _count(act, outcome.error, outcome.replayed, report)


_STEPS: dict[Kind, str] = {"took_over": "take_over", "changed": "change", "withdrawn": "withdraw"}


def _count(act: Act, error: ProcedureError | None, replayed: bool, report: Report) -> None:
    if error is not None:
        report.problems.append(f"record {act.id}: {error}")
    elif replayed:
        report.unchanged += 1
    elif act.kind == "took_over":
        report.taken_over += 1
    elif act.kind == "changed":
        report.changed += 1
    else:
        report.withdrawn += 1


def _equal(dump: Dump) -> int:
    with acting(IMPORTER):
        current = _current()
    return sum(
        1
        for record in dump.records.values()
        if (held := current.get(record.id)) is not None and not held[1] and held[0] == content_of(record)
    )
