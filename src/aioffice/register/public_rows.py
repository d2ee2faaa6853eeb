"""What the public sees of an entry, as rows: one for the entry, one per version, its documents and the words people search for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from aioffice.act import annex_iii
from aioffice.kernel.days import office_day
from aioffice.kernel.documents.models import Document
from aioffice.kernel.ledger.statements import Subject
from aioffice.kernel.ledger.writing import Published
from aioffice.register.documents import attachments
from aioffice.register.forms import PLACES
from aioffice.register.models import Entry, EntryVersion, FilingStatus
from aioffice.register.text import Weight, Weighted, index_terms, to_tsvector_text, vocabulary
from aioffice.register.vocabulary import Ground

_encoder = msgspec.json.Encoder(order="deterministic")
SEARCHED: tuple[tuple[str, Weight], ...] = (
    ("trade_name", "A"),
    ("provider.name", "B"),
    ("deployer.name", "B"),
    ("intended_purpose", "C"),
    ("information_and_logic", "D"),
    ("rights_assessment", "D"),
    ("data_protection_assessment", "D"),
    ("provider.address", "D"),
    ("deployer.address", "D"),
)
"""Fields whose text is searched, with the weight of each."""
REFERENCE_SEARCHED: tuple[tuple[str, Weight], ...] = (
    ("title", "A"),
    ("organisation", "B"),
    ("purpose", "C"),
    ("legal_basis", "D"),
)


@dataclass(frozen=True, slots=True)
class EntryRows:
    """All rows of one entry, as parameter tuples; `words` are `language:word` of the current version."""

    number: str
    collection: str
    entry: tuple[Any, ...]
    versions: list[tuple[Any, ...]]
    documents: list[tuple[Any, ...]]
    words: list[str]
    published: list[Published]


def rows_of(
    entry: Entry, versions: Sequence[EntryVersion], documents: Mapping[UUID, Document], uses: Sequence[str]
) -> EntryRows:
    """Return the rows of an entry whose versions are given in order."""
    made = [_version(entry, version, documents) for version in versions]
    latest, columns, texts = versions[-1], made[-1].columns, made[-1].texts
    body = _encoder.encode(
        {
            **made[-1].document,
            "accuracy_questioned": entry.accuracy_questioned,
            "versions": [
                {
                    "version": version.n,
                    "valid_from": office_day(version.valid_from).isoformat(),
                    "recorded_at": version.recorded_at.isoformat(),
                    "filing_status": version.filing_status,
                    "reason": "" if "reason" in entry.withheld else version.reason,
                }
                for version in versions
            ],
            "provider_entry": entry.provider_entry.number
            if entry.provider_entry is not None and not entry.provider_entry.secure
            else None,
            "uses": list(uses),
        }
    )
    words = sorted(f"{language}:{word}" for word, language in vocabulary(texts, latest.language))
    return EntryRows(
        number=entry.number,
        collection=entry.collection,
        entry=(
            entry.number,
            *columns[2:13],
            entry.accuracy_questioned,
            *columns[13:16],
            versions[0].recorded_at,
            latest.n,
            entry.provider_entry.number
            if entry.provider_entry is not None and not entry.provider_entry.secure
            else None,
            words,
            body,
            hashlib.sha256(body).hexdigest()[:32],
            columns[18],
        ),
        versions=[one.columns for one in made],
        documents=[row for one in made for row in one.documents],
        words=words,
        published=[
            *(
                Published(
                    version_subject(entry.number, version.n), stated(one.columns[BODY]), _not_shown(entry, version)
                )
                for version, one in zip(versions, made, strict=True)
            ),
            Published(entry_subject(entry.number), stated(body), _not_shown(entry, latest)),
        ],
    )


def _not_shown(entry: Entry, version: EntryVersion) -> dict[str, str]:
    """Pointers of what the public is not shown of a version, withheld or erased, each with the provision for that."""
    found = {pointer_of(name): basis_of(why) for name, why in entry.withheld.items()}
    found |= {pointer_of(name): why["basis"] for name, why in version.erased.items()}
    if not (hidden := _FILER & found.keys()):
        return found
    return {**found, "/filed_by": found[min(hidden)]}


BODY = 16
"""Where the bytes of a version's document stand among its columns."""


def version_subject(number: str, n: int) -> Subject:
    """What the public log calls one version of an entry."""
    return {"entry": number, "version": n}


def entry_subject(number: str) -> Subject:
    """What the public log calls an entry as it stands now."""
    return {"entry": number}


def stated(body: bytes) -> dict[str, Any]:
    """What the public log states of a public document.

    The lists of versions and of uses that an entry carries are left out: each of them has a statement of its own, and they grow.
    """
    document = json.loads(body)
    return {name: value for name, value in document.items() if name not in ("versions", "uses")}


def pointer_of(name: str) -> str:
    """The JSON pointer of a withheld field in the public document."""
    return "/reason" if name == "reason" else "/fields/" + name.replace(".", "/")


def basis_of(why: Mapping[str, Any]) -> str:
    """The provision on which text is withheld: 71(5) keeps personal data to what is necessary, 78 protects secrets and security."""
    return "71(5)" if why.get("ground") == Ground.PERSONAL_DATA else "78"


@dataclass(frozen=True, slots=True)
class _Version:
    columns: tuple[Any, ...]
    document: dict[str, Any]
    documents: list[tuple[Any, ...]]
    texts: list[Weighted]


def _version(entry: Entry, version: EntryVersion, documents: Mapping[UUID, Document]) -> _Version:
    fields, withheld = _fields(version.content, entry.withheld)
    not_shown = _not_shown(entry, version)
    files = []
    for pointer, document_id in attachments(fields).items():
        file = documents[document_id]
        fields[pointer[1:]] = {
            "sha256": file.digest,
            "filename": file.filename,
            "media_type": file.media_type,
            "size": file.size,
        }
        files.append((file.digest, entry.number, version.n, pointer, file.filename, file.media_type, file.size))
    withdrawn = version.filing_status == FilingStatus.WITHDRAWN
    routing = {name: value for name, value in version.routing.items() if name != "language"}
    document = {
        "number": entry.number,
        "collection": entry.collection,
        "section": entry.section or None,
        "version": version.n,
        "filing_status": version.filing_status,
        "valid_from": office_day(version.valid_from).isoformat(),
        "recorded_at": version.recorded_at.isoformat(),
        "language": version.language,
        "reason": "" if "reason" in entry.withheld else version.reason,
        "fields": fields,
        "points": {name: f"{entry.section}.{PLACES[entry.section][name]}" for name in fields} if entry.section else {},
        "withheld": withheld,
        # Asked to route the filing; not among the information of Annex VIII.
        "filed_by": "" if _FILER & not_shown.keys() or not entry.section else entry.organisation.name,
        "routing": {**routing, "annex_iii_point": entry.case.facts.get("annex_iii_point", "")} if entry.section else {},
        "note": version.note,
    }
    if version.erased:
        document["erased"] = version.erased
    body = _encoder.encode(document)
    searched = SEARCHED if entry.section else REFERENCE_SEARCHED
    texts = [Weighted(text, weight) for name, weight in searched if (text := _text(fields, name))]
    point = entry.case.facts.get("annex_iii_point", "")
    columns = (
        entry.number,
        version.n,
        entry.collection,
        entry.section,
        _text(fields, "trade_name") or _text(fields, "title") or _subject(entry),
        _text(fields, "provider.name") or _text(fields, "deployer.name") or _text(fields, "organisation"),
        entry.organisation.member_state if entry.section else "NL",
        list(fields.get("member_states", [])),
        point,
        annex_iii.point(point).area.code if point else "",
        fields.get("status", ""),
        version.filing_status,
        version.language,
        withdrawn,
        office_day(version.valid_from),
        version.recorded_at,
        body,
        hashlib.sha256(body).hexdigest()[:32],
        to_tsvector_text(index_terms(texts, version.language)),
        entry.in_error_since,
    )
    return _Version(columns, document, files, texts)


def _subject(entry: Entry) -> str:
    """The name of what the entry speaks of; its number, or that of the entry it selects, where the name is withheld."""
    if "trade_name" in entry.withheld:
        return entry.number
    if entry.provider_entry is not None and "trade_name" in entry.provider_entry.withheld:
        return entry.provider_entry.number
    return entry.case.subject


_FILER = frozenset({"/fields/provider", "/fields/provider/name", "/fields/deployer", "/fields/deployer/name"})
"""The party of point 1: where it is not shown, who filed would tell it."""


def _fields(content: Mapping[str, Any], withheld: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take withheld values out; what is left, and the tombstones of what was there."""
    fields = {name: dict(value) if isinstance(value, dict) else value for name, value in content.items()}
    tombstones = {}
    for name, why in withheld.items():
        head, _dot, tail = name.partition(".")
        value = fields.get(head)
        if value is None:
            continue
        if tail and isinstance(value, dict):
            if value.pop(tail, None) is None:
                continue
        else:
            del fields[head]
        tombstones[name] = why
    return fields, tombstones


def _text(fields: Mapping[str, Any], name: str) -> str:
    head, _dot, tail = name.partition(".")
    value = fields.get(head)
    if tail:
        value = value.get(tail) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
