"""What is new and what changed in the public register, for feeds, and every entry for search engines."""

# ruff: noqa: S608 - what is put into the SQL are constants of this package; every value is a parameter
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from aioffice.register.models import EU
from aioffice.register.public_site import rows
from aioffice.register.public_snippets import TEXTS

SUMMARY = 500
"""Characters of an entry's text that a feed tells."""

_FIRST_SEEN = "(select f.valid_from from published.version f where f.number = e.number order by f.n limit 1)"
"""A reference collection is recorded all at once; new is what its source was last seen to add."""

_decoder = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An entry as a feed tells it: `summary` is how its main text begins, `reason` why the latest version was filed."""

    number: str
    version: int
    section: str
    name: str
    provider: str
    area: str
    language: str
    filing_status: str
    recorded_at: datetime
    first_recorded_at: datetime
    summary: str
    reason: str


_FIELDS = (
    "number",
    "version",
    "section",
    "name",
    "provider",
    "area",
    "language",
    "filing_status",
    "recorded_at",
    "first_recorded_at",
)
_COLUMNS = "number, n, section, name, provider, area, language, filing_status, recorded_at, first_recorded_at, body"


def newest(*, collection: str = EU, language: tuple[str, ...] = (), limit: int = 50) -> tuple[Change, ...]:
    """Current entries in the order of their first registration, the newest first; `language` narrows to texts in these."""
    order = "e.first_recorded_at" if collection == EU else _FIRST_SEEN
    return _read("e.filing_status = 'current'", order, collection, language, limit)


def changed(*, collection: str = EU, language: tuple[str, ...] = (), limit: int = 50) -> tuple[Change, ...]:
    """Entries with more than one version, the latest change first, withdrawn ones among them."""
    return _read("e.n > 1", "e.recorded_at" if collection == EU else "e.valid_from", collection, language, limit)


def _read(condition: str, order: str, collection: str, language: tuple[str, ...], limit: int) -> tuple[Change, ...]:
    spoken = "and e.language = any(%(language)s::text[])" if language else ""
    sql = (
        f"select {_COLUMNS} from published.entry e where e.collection = %(collection)s and {condition} {spoken} "
        f"order by {order} desc, e.number desc limit %(limit)s::int"
    )
    parameters: dict[str, Any] = {"collection": collection, "limit": limit}
    if language:
        parameters["language"] = list(language)
    return tuple(_change(row) for row in rows(sql, parameters))


def _change(row: tuple[Any, ...]) -> Change:
    *values, body = row
    document = _decoder.decode(bytes(body))
    fields = document.get("fields", {})
    text = next((fields[name] for name in TEXTS if isinstance(fields.get(name), str)), "")
    summary = text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"
    return Change(**dict(zip(_FIELDS, values, strict=True)), summary=summary, reason=document.get("reason", ""))


def listed(*, collection: str = EU, part: int, size: int) -> tuple[tuple[str, datetime], ...]:
    """Numbers of current entries with the moment of their last change, cut into parts of `size`, counted from 0."""
    if part * size >= 2**63:
        return ()  # further than PostgreSQL counts
    sql = (
        "select number, recorded_at from published.entry where collection = %(collection)s and filing_status = 'current' "
        "order by number offset %(skip)s::bigint limit %(size)s::int"
    )
    found = rows(sql, {"collection": collection, "skip": part * size, "size": size})
    return tuple((number, moment) for number, moment in found)
