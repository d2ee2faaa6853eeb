"""The history of the Dutch register: worked back from a dump to the first day, and told forward again.

The copy was not kept for the first day; only the changes since were. Undoing them from the last to the first gives the
state of that day (hence *reconstructed*), and doing them again from there must lead to the dump. Every step on both
ways is compared with what the event says stood there before: a difference is reported, never smoothed over, and the
event is believed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from aioffice.register.reference.nl import FIELDS, Record
from aioffice.register.reference.nl_changes import Added, Altered, Changes, Event, Removed
from aioffice.register.reference.nl_steps import Batch, Kind, Replay, State, Step, changed_fields, renames
from aioffice.register.reference.problem import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from aioffice.register.reference.nl_read import Dump


def reconstruct(dump: Dump, changes: Changes) -> State:
    """Return the state before the first event by undoing all events, the last one first.

    Its day is the earliest `toegevoegd` of the dump: the day the copying began. Without events it is the dump itself.
    """
    records = dict(dump.records)
    problems: list[Problem] = []
    for event in reversed(changes.events):
        problems += _undo(records, event)
    observed = min(dump.first_seen.values(), default=None)
    return State(records, observed, reconstructed=bool(changes.events), problems=tuple(problems))


def replay(start: Mapping[str, Record], changes: Changes, dump: Dump | None = None) -> Replay:
    """Return the steps that lead from `start` through the events; given a dump, compare the end with it."""
    records = dict(start)
    problems: list[Problem] = []
    batches: list[Batch] = []
    for at, events in groupby(changes.events, key=lambda event: event.at):
        before = dict(records)
        steps = tuple(_do_all(records, events, problems))
        batches.append(Batch(at, steps, tuple(renames(before, steps, at))))
    if dump is not None:
        problems += differences(records, dump)
        problems += _first_seen(batches, dump)
    return Replay(tuple(batches), records, tuple(problems))


def _first_seen(batches: Iterable[Batch], dump: Dump) -> Iterator[Problem]:
    for step in (step for batch in batches for step in batch.steps if step.kind == "took_over"):
        day = dump.first_seen.get(step.id, step.observed)
        if day != step.observed:
            yield _problem(step.line, "/at", f"first seen on {step.observed}", f"the dump's toegevoegd, {day}")


def _undo(records: dict[str, Record], event: Event) -> list[Problem]:
    match event:
        case Added(record=record):
            return _expect(event.line, "/record", records.pop(record.id, None), record)
        case Removed(record=record):
            problems = _expect(event.line, "/record", records.get(record.id), None)
            records[record.id] = record
            return problems
        case Altered():
            return _alter(records, event, backwards=True)[0]


def _do_all(records: dict[str, Record], events: Iterable[Event], problems: list[Problem]) -> Iterator[Step]:
    for event in events:
        match event:
            case Added(record=record):
                problems += _expect(event.line, "/record", records.get(record.id), None)
                before = records.get(record.id)
                records[record.id] = record
                kind: Kind = "took_over" if before is None else "changed"
                yield Step(kind, record.id, event.at, event.line, before, record, changed_fields(before, record))
            case Removed(record=record):
                before = records.pop(record.id, None)
                problems += _expect(event.line, "/record", before, record)
                if before is not None:
                    yield Step("withdrawn", record.id, event.at, event.line, before, None)
            case Altered():
                found, before, after = _alter(records, event, backwards=False)
                problems += found
                if before is not None and after is not None and before != after:
                    fields = changed_fields(before, after)
                    yield Step("changed", event.id, event.at, event.line, before, after, fields)


def _alter(
    records: dict[str, Record], event: Altered, *, backwards: bool
) -> tuple[list[Problem], Record | None, Record | None]:
    before = records.get(event.id)
    if before is None:
        return [_problem(event.line, "/id", "no such record at that moment", "a record to change")], None, None
    problems: list[Problem] = []
    values: dict[str, str | date] = {}
    for name, (old, new) in event.diff.items():
        come_from, go_to = (new, old) if backwards else (old, new)
        held = getattr(before, name)
        if held != come_from:
            side = 1 if backwards else 0
            problems.append(
                _problem(
                    event.line, f"/diff/{name}/{side}", shown(str(come_from)), f"what stood there, {shown(str(held))}"
                )
            )
        values[name] = go_to
    # The reader has checked the type of each field's value; replace() cannot be told so.
    after: Record = replace(before, **values)  # type: ignore[arg-type]
    records[event.id] = after
    return problems, before, after


def _expect(line: int, pointer: str, held: Record | None, expected: Record | None) -> list[Problem]:
    if held is None or expected is None:
        if held is expected:
            return []
        there = "no such record" if held is None else "a record that is there already"
        return [_problem(line, pointer, there, "the opposite at that moment")]
    return [
        _problem(
            line,
            f"{pointer}/{name}",
            shown(str(getattr(expected, name))),
            f"what stood there, {shown(str(getattr(held, name)))}",
        )
        for name in changed_fields(held, expected)
    ]


def _problem(line: int, pointer: str, found: str, expected: str) -> Problem:
    return Problem("changes", f"line {line} {pointer}", "mismatch", found, expected, left_out=False)


def differences(records: Mapping[str, Record], dump: Dump) -> list[Problem]:
    """Return every point in which a state is not the dump, field by field."""
    found = [
        Problem(
            "dump", f"/{key}", "absent", "a record in the dump only", "the same record after the events", left_out=False
        )
        for key in dump.records.keys() - records.keys()
    ]
    found += [
        Problem("dump", f"/{key}", "surplus", "a record the dump lacks", "no record after the events", left_out=False)
        for key in records.keys() - dump.records.keys()
    ]
    for key in dump.records.keys() & records.keys():
        found += [
            Problem(
                "dump", f"/{key}/{name}", "end", f"{shown(theirs)}", f"{shown(ours)} after the events", left_out=False
            )
            for name in FIELDS
            if (theirs := getattr(dump.records[key], name)) != (ours := getattr(records[key], name))
        ]
    return sorted(found, key=lambda problem: problem.place)
