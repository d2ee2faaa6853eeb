"""Reading what changed between two daily copies of the Dutch register, without stopping at a malformed line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aioffice.register.reference.nl import DATE_NAMES, FIELDS, Malformed, Record, record_of, value_of
from aioffice.register.reference.nl_source import content, foreign_link, moment, unknown_fields
from aioffice.register.reference.problem import Problem, shown

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Added:
    """A record seen for the first time."""

    line: int
    at: datetime
    record: Record


@dataclass(frozen=True, slots=True)
class Altered:
    """Fields of a record seen with other values: field -> (old, new), the date under its present name."""

    line: int
    at: datetime
    id: str
    diff: Mapping[str, tuple[str | date, str | date]]


@dataclass(frozen=True, slots=True)
class Removed:
    """A record no longer seen, as it last was."""

    line: int
    at: datetime
    record: Record


type Event = Added | Altered | Removed


@dataclass(frozen=True, slots=True)
class Changes:
    """The events in the order of time, and the faults found."""

    events: tuple[Event, ...]
    problems: tuple[Problem, ...]


def read_changes(path: Path) -> Changes:
    """Read a changes file, JSON Lines or gzipped JSON Lines; raise Unreadable when it cannot be opened as one."""
    return changes_of(content(path).splitlines())


def changes_of(lines: Iterable[bytes]) -> Changes:
    """Return the events of a changes file, sorted by time where the file is not; blank lines are passed over."""
    problems: list[Problem] = []
    events: list[Event] = []
    rows: list[tuple[str, object]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            raw = json.loads(line.decode("utf-8-sig"))
            event = _event(number, raw)
        except Malformed as fault:
            where = f"{place} {fault.pointer}".rstrip()
            problems.append(Problem("changes", where, fault.code, fault.found, fault.expected))
            continue
        except (ValueError, RecursionError) as fault:
            problems.append(Problem("changes", place, "json", f"a line that is not JSON ({fault})", "one JSON object"))
            continue
        if not isinstance(event, Altered):
            rows.append((f"{place} /record", raw["record"]))
            problems += foreign_link("changes", f"{place} /record", event.record, raw["record"])
        if events and event.at < events[-1].at:
            found = "an event older than the one before"
            problems.append(Problem("changes", f"{place} /at", "order", found, "the order of time", left_out=False))
        events.append(event)
    problems += unknown_fields("changes", rows)
    return Changes(tuple(sorted(events, key=lambda event: event.at)), tuple(problems))


def _event(number: int, raw: object) -> Event:
    if not isinstance(raw, Mapping):
        raise Malformed("", "type", f"{type(raw).__name__} in place of an event", "an object")
    at = moment(raw.get("at"))
    op = raw.get("op")
    about = str(value_of("id", raw.get("id"), "/id"))
    if op == "changed":
        return Altered(number, at, about, _diff(raw.get("diff")))
    if op != "added" and op != "removed":  # noqa: PLR1714 - whatever stands there need not be hashable
        raise Malformed("/op", "choice", shown(op), "added, changed or removed")
    try:
        record = record_of(raw.get("record"))
    except Malformed as fault:
        raise Malformed(f"/record{fault.pointer}", fault.code, fault.found, fault.expected) from fault
    if record.id != about:
        raise Malformed("/record/id", "id", f"the id {record.id}", f"the event's own id {about}")
    return Added(number, at, record) if op == "added" else Removed(number, at, record)


def _diff(raw: object) -> dict[str, tuple[str | date, str | date]]:
    if not isinstance(raw, Mapping) or not raw:
        raise Malformed("/diff", "type", shown(raw), "an object of fields with old and new value")
    diff: dict[str, tuple[str | date, str | date]] = {}
    for key, pair in raw.items():
        name = "geregistreerd" if key in DATE_NAMES else str(key)
        pointer = f"/diff/{key}"
        if name == "id" or name not in FIELDS:
            raise Malformed(pointer, "field", f"the field {shown(key)}", "one of the source's fields other than id")
        if name in diff:
            raise Malformed(pointer, "twice", "the date under both its names", "the date once")
        if not isinstance(pair, list) or len(pair) != 2:
            raise Malformed(pointer, "type", shown(pair), "a list of the old and the new value")
        diff[name] = (value_of(name, pair[0], f"{pointer}/0"), value_of(name, pair[1], f"{pointer}/1"))
    return diff
