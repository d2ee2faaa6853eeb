"""Reading the daily copy of the Dutch register, without stopping at what is malformed.

Every fault is reported with its place. A fault inside one record leaves out that record and nothing else; only a file
that cannot be read at all raises `Unreadable`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from aioffice.register.reference.nl import Malformed, Record, record_of, value_of
from aioffice.register.reference.nl_source import Unreadable, content, foreign_link, moment, unknown_fields
from aioffice.register.reference.problem import Problem, shown

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Dump", "Unreadable", "dump_of", "read_dump"]


@dataclass(frozen=True, slots=True)
class Dump:
    """The register on one day: records by id in the order of the file, the day each was first seen, and the faults."""

    records: Mapping[str, Record]
    first_seen: Mapping[str, date]
    fetched_at: datetime | None
    problems: tuple[Problem, ...]


def read_dump(path: Path) -> Dump:
    """Read a dump, JSON or gzipped JSON; raise Unreadable when it is not one."""
    try:
        document = json.loads(content(path).decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"{path.name} is not JSON: {fault}") from fault
    if not isinstance(document, dict) or not isinstance(document.get("algoritmes"), list):
        raise Unreadable(f"{path.name} holds no list 'algoritmes': this is not a copy of the Dutch register")
    return dump_of(document)


def dump_of(document: Mapping[str, object]) -> Dump:
    """Return the dump from its JSON object, which must hold a list `algoritmes`."""
    raw = document["algoritmes"]
    rows: list[object] = raw if isinstance(raw, list) else []
    problems: list[Problem] = []
    records: dict[str, Record] = {}
    first_seen: dict[str, date] = {}
    places: dict[str, int] = {}
    for index, row in enumerate(rows):
        place = f"/algoritmes/{index}"
        try:
            record = record_of(row)
        except Malformed as fault:
            problems.append(Problem("dump", place + fault.pointer, fault.code, fault.found, fault.expected))
            continue
        if record.id in records:
            found = f"the id {record.id} again, first at /algoritmes/{places[record.id]}"
            problems.append(Problem("dump", f"{place}/id", "duplicate", found, "each id once"))
            continue
        records[record.id], places[record.id] = record, index
        if isinstance(row, Mapping):
            problems += foreign_link("dump", place, record, row)
            if seen := _first_seen(place, row, problems):
                first_seen[record.id] = seen
    problems += unknown_fields("dump", ((f"/algoritmes/{index}", row) for index, row in enumerate(rows)))
    if document.get("count", len(rows)) != len(rows):
        found = f"count {shown(document['count'])} over {len(rows)} records"
        problems.append(Problem("dump", "/count", "count", found, "the number of records", left_out=False))
    return Dump(records, first_seen, _fetched_at(document, problems), tuple(problems))


def _first_seen(place: str, row: Mapping[str, object], problems: list[Problem]) -> date | None:
    if "toegevoegd" not in row:
        return None
    try:
        seen = value_of("geregistreerd", row["toegevoegd"], f"{place}/toegevoegd")
    except Malformed as fault:
        problems.append(Problem("dump", fault.pointer, fault.code, fault.found, fault.expected))
        return None
    return seen if isinstance(seen, date) else None


def _fetched_at(document: Mapping[str, object], problems: list[Problem]) -> datetime | None:
    if "fetched_at" not in document:
        return None
    try:
        return moment(document["fetched_at"])
    except Malformed as fault:
        problems.append(Problem("dump", "/fetched_at", fault.code, fault.found, fault.expected))
        return None
