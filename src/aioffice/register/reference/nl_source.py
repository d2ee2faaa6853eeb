"""What reading a dump and reading its changes share: opening the file, moments, and what stands beside a record."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aioffice.register.reference.nl import DATE_NAMES, DERIVED, FIELDS, SITE, Malformed, Record
from aioffice.register.reference.problem import Problem, Source, shown

if TYPE_CHECKING:
    from pathlib import Path

_KNOWN = {*FIELDS, *DATE_NAMES, *DERIVED}


class Unreadable(ValueError):
    """A file that is no copy of the Dutch register at all."""


def content(path: Path) -> bytes:
    """Return a file's bytes, unpacked if its name ends in .gz; raise Unreadable."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError, zlib.error) as fault:
        raise Unreadable(f"{path.name} cannot be read: {fault}") from fault


def moment(raw: object) -> datetime:
    """Return a moment with its zone, in UTC; raise Malformed."""
    try:
        at = datetime.fromisoformat(raw) if isinstance(raw, str) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Malformed("/at", "date", f"the moment {shown(raw)}", "a moment such as 2026-06-08T19:00:48Z")


def foreign_link(source: Source, place: str, record: Record, row: Mapping[str, object]) -> list[Problem]:
    """Report a link that leads elsewhere than to the record's own page; the record is taken all the same."""
    url = row.get("url")
    # The copy once put the body's own code between the path and the id; both forms lead to the same page.
    if url is None or (isinstance(url, str) and url.startswith(SITE) and url.endswith(f"/{record.id}")):
        return []
    return [Problem(source, f"{place}/url", "url", shown(url), record.url)]


def unknown_fields(source: Source, rows: Iterable[tuple[str, object]]) -> list[Problem]:
    """Report each field that we do not know once, where it first stands, however many records carry it."""
    first: dict[str, str] = {}
    times: Counter[str] = Counter()
    for place, row in rows:
        for key in row.keys() - _KNOWN if isinstance(row, Mapping) else ():
            first.setdefault(key, f"{place}/{key}")
            times[key] += 1
    return [
        Problem(
            source, first[key], "field", f"the unknown field {shown(key)}, {count} times", "the fields of the source"
        )
        for key, count in sorted(times.items())
    ]
