"""Single entries of the public register, their versions and documents, and the figures of the whole."""

# ruff: noqa: S608 - what is put into the SQL are constants of this package; every value is a parameter
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from aioffice.register.models import EU
from aioffice.register.public_site import rows

_decoder = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEntry:
    """An entry as it stands. `body` is its public document as bytes of JSON, `etag` names those bytes, `document` is it read."""

    number: str
    collection: str
    section: str
    name: str
    provider: str
    seat: str
    area: str
    annex_iii_point: str
    status: str
    filing_status: str
    language: str
    accuracy_questioned: bool
    withdrawn: bool
    valid_from: date
    recorded_at: datetime
    first_recorded_at: datetime
    version: int
    provider_entry: str | None
    etag: str
    body: bytes
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicVersion:
    """One version of an entry: what it said from `valid_from` on, known from `recorded_at` on. Its address never changes content,
    but for text that is withheld or shown again."""

    number: str
    version: int
    collection: str
    section: str
    name: str
    provider: str
    language: str
    filing_status: str
    withdrawn: bool
    valid_from: date
    recorded_at: datetime
    etag: str
    body: bytes
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entry as another one refers to it."""

    number: str
    name: str
    provider: str
    section: str
    status: str
    language: str
    filing_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDocument:
    """A file that a version of an entry shows: `pointer` is the field, `size` in bytes, `digest` its SHA-256."""

    digest: str
    number: str
    version: int
    pointer: str
    filename: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Live figures of one collection: current entries by section and by area, filers, and entries first recorded since a day."""

    entries: int
    sections: dict[str, int]
    areas: dict[str, int]
    providers: int
    member_states: int
    new: int


_ENTRY = (
    "number, collection, section, name, provider, seat, area, annex_iii_point, status, filing_status, language, accuracy_questioned, "
    "withdrawn, valid_from, recorded_at, first_recorded_at, n, provider_entry, etag, body"
)
_VERSION = "number, n, collection, section, name, provider, language, filing_status, withdrawn, valid_from, recorded_at, etag, body"


def entry(*, number: str) -> PublicEntry | None:
    """The entry with that number, whatever its filing status; None when the public register has none."""
    found = rows(f"select {_ENTRY} from published.entry where number = %(number)s", {"number": number})
    if not found:
        return None
    names = [name.strip() for name in _ENTRY.split(",")]
    values = dict(zip(names, found[0], strict=True))
    values["version"] = values.pop("n")
    values["body"] = bytes(values["body"])
    return PublicEntry(**values, document=_decoder.decode(values["body"]))


def _version(row: tuple[Any, ...]) -> PublicVersion:
    names = [name.strip() for name in _VERSION.split(",")]
    values = dict(zip(names, row, strict=True))
    values["version"] = values.pop("n")
    values["body"] = bytes(values["body"])
    return PublicVersion(**values, document=_decoder.decode(values["body"]))


def version(*, number: str, n: int) -> PublicVersion | None:
    """One version of an entry, None when there is none."""
    if not 0 < n < 2**31:
        return None
    sql = f"select {_VERSION} from published.version where number = %(number)s and n = %(n)s"
    found = rows(sql, {"number": number, "n": n})
    return _version(found[0]) if found else None


def versions(*, number: str) -> tuple[PublicVersion, ...]:
    """Every version of an entry, the latest first."""
    sql = f"select {_VERSION} from published.version where number = %(number)s order by n desc"
    return tuple(_version(row) for row in rows(sql, {"number": number}))


def version_on(*, number: str, on: date, known: datetime | None = None) -> PublicVersion | None:
    """What the register said of an entry on a day, as known at a moment (now, without one); None before it said anything."""
    sql = (
        f"select {_VERSION} from published.version where number = %(number)s and valid_from <= %(on)s::date "
        "and recorded_at <= %(known)s::timestamptz order by n desc limit 1"
    )
    found = rows(sql, {"number": number, "on": on, "known": known.isoformat() if known else "infinity"})
    return _version(found[0]) if found else None


def named(*, numbers: Sequence[str]) -> tuple[Named, ...]:
    """The entries with these numbers, as far as they are public, in the order of their numbers."""
    sql = (
        "select number, name, provider, section, status, language, filing_status from published.entry "
        "where number = any(%(numbers)s::text[]) order by number"
    )
    found = rows(sql, {"numbers": list(numbers)}) if numbers else []
    fields = ("number", "name", "provider", "section", "status", "language", "filing_status")
    return tuple(Named(**dict(zip(fields, row, strict=True))) for row in found)


def documents(*, digest: str) -> tuple[PublicDocument, ...]:
    """Where the public register shows the file with that SHA-256; empty when it shows it nowhere."""
    sql = (
        "select digest, number, n, pointer, filename, media_type, size from published.document where digest = %(digest)s "
        "order by number, n, pointer"
    )
    fields = ("digest", "number", "version", "pointer", "filename", "media_type", "size")
    return tuple(PublicDocument(**dict(zip(fields, row, strict=True))) for row in rows(sql, {"digest": digest}))


def collections() -> dict[str, int]:
    """Every collection with the number of its current entries; `eu` is always among them."""
    sql = "select collection, count(*) from published.entry where filing_status = 'current' group by collection order by collection"
    return {EU: 0} | dict(rows(sql))


def figures(*, since: date, collection: str = EU) -> Figures:
    """Live figures of a collection. Reference collections are never counted with registrations under Article 49."""
    found = rows(
        "select '', '', count(*) from published.entry where collection = %(collection)s and filing_status = 'current' "
        "union all select 'section', section, count(*) from published.entry "
        "where collection = %(collection)s and filing_status = 'current' group by section "
        "union all select 'area', area, count(*) from published.entry "
        "where collection = %(collection)s and filing_status = 'current' and area <> '' group by area "
        "union all select 'providers', '', count(distinct provider) from published.entry "
        "where collection = %(collection)s and filing_status = 'current' "
        "union all select 'states', '', count(distinct s) from published.entry, unnest(member_states) s "
        "where collection = %(collection)s and filing_status = 'current' "
        "union all select 'new', '', count(*) from published.entry "
        "where collection = %(collection)s and filing_status = 'current' and first_recorded_at >= %(since)s::date",
        {"collection": collection, "since": since},
    )
    counted = {
        kind: {value: count for name, value, count in found if name == kind} for kind in {row[0] for row in found}
    }
    return Figures(
        entries=counted[""][""],
        sections=counted.get("section", {}),
        areas=counted.get("area", {}),
        providers=counted["providers"][""],
        member_states=counted["states"][""],
        new=counted["new"][""],
    )
