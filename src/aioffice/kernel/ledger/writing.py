"""What shall stand in a log is noted in the transaction that makes it true; the sequencer gives it its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connections

from aioffice.kernel.canonical import SALT_BYTES, canonical, digest, leaves, salted_digest, salted_digests
from aioffice.kernel.db.acting import OFFICE
from aioffice.kernel.ids import uuid7
from aioffice.kernel.ledger import past, statements
from aioffice.kernel.ledger.checking import covered
from aioffice.kernel.ledger.documents import shown_now, subject_key
from aioffice.kernel.ledger.errors import MalformedStatement
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC
from aioffice.kernel.ledger.statements import Statement, Subject

if TYPE_CHECKING:
    from aioffice.kernel.procedures.models import StepRecord

RECORD = "@record"
"""Where the document of a step holds what the Office recorded, beside what was sent: no field of a form begins like this."""


def add(log: str, wanted: Sequence[tuple[Statement, UUID | None]], at: datetime) -> list[UUID]:
    """Note statements for a log, each with the step record it is of, in the current transaction; return the ids under which they wait."""
    from aioffice.kernel.ledger.jobs import sequence_log

    if not wanted:
        return []
    ids = [uuid7() for _ in wanted]
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "insert into office.ledger_pending (id, log, entry, record_id, recorded_at) "
            "select unnest(%s::uuid[]), %s, unnest(%s::bytea[]), unnest(%s::uuid[]), %s",
            [ids, log, [statement.encode() for statement, _ in wanted], [record for _, record in wanted], at],
        )
    if log == PUBLIC:
        redactions = [
            (one, subject_key(said.subject), "" in said.says["pointers"])
            for one, (said, _) in zip(ids, wanted, strict=True)
            if said.kind == "redaction"
        ]
        past.note_redactions(redactions, at)
    sequence_log.defer(log=log)
    return ids


def note_steps(records: Sequence[StepRecord], at: datetime) -> None:
    """Note every step for the internal log, whatever its procedure and whoever may see it."""
    add(INTERNAL, [(step_statement(record), record.pk) for record in records], at)


def step_statement(record: StepRecord) -> Statement:
    """What the internal log says of a step: the digests of what was sent, and of what the Office recorded beside it."""
    subject, digests = step_subject(record), step_digests(record)
    statement = statements.step(subject, record.recorded_at, digests)
    try:
        statement.encode()
    except MalformedStatement:
        # More values than an entry of the log has room for: one digest of all their digests.
        return statements.step(subject, record.recorded_at, {"": digest(digests)})
    return statement


def step_subject(record: StepRecord) -> Subject:
    """What the internal log calls a step."""
    return {"case": str(record.case_id), "step": record.step, "sequence": record.sequence}


def step_digests(record: StepRecord) -> dict[str, str]:
    """The digests of what was sent with a step and of what was recorded beside it, by pointer."""
    beside = {RECORD: recorded(record)}
    return {
        **record.digests,
        **{pointer: salted_digest(record_salt(record), pointer, value) for pointer, value in leaves(beside)},
    }


def recorded(record: StepRecord) -> dict[str, Any]:
    """What the Office recorded of a step beside what was sent with it."""
    return {
        "id": str(record.pk),
        "actor": record.actor,
        "organisation": str(record.actor_organisation_id or ""),
        "from": record.from_state,
        "to": record.to_state,
        "basis": record.basis,
        "took_place_at": _utc(record.took_place_at),
        "recorded_at": _utc(record.recorded_at),
    }


def record_salt(record: StepRecord) -> bytes:
    """The salt of what was recorded. It stays as long as the record does; who may see the record can work it out."""
    return hashlib.sha256(record.pk.bytes).digest()[:SALT_BYTES]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Published:
    """A document as it is public from now on, and the pointers of what is withheld or erased, each with the provision for that."""

    subject: Subject
    document: Mapping[str, Any]
    withheld: Mapping[str, str]

    @property
    def key(self) -> str:
        """The subject as text."""
        return subject_key(self.subject)


def state_publications(published: Sequence[Published], at: datetime) -> int:
    """Note for the public log every document that is not as its newest statement says; return how many.

    What was stated before and is withheld now is redacted first: its salt goes, so that nobody can guess at the value, while the digest
    stays in the log. Called in the transaction that publishes.
    """
    known = _known([one.key for one in published])
    noted: list[tuple[Statement, UUID | None]] = []
    rows: list[tuple[int, Published, str, dict[str, str]]] = []
    for one in published:
        earlier, before = known.get(one.key, ({}, ""))
        fingerprint = hashlib.sha256(canonical(one.document)).hexdigest()
        if fingerprint == before:
            continue
        noted += [(statement, None) for statement in _redactions(one, earlier, at)]
        digests, salts = salted_digests(dict(one.document))
        rows.append((len(noted), one, fingerprint, salts))
        noted.append((statements.publication(one.subject, at, digests), None))
    ids = add(PUBLIC, noted, at)
    if rows:
        past.keep(shown_now([one.subject for _, one, _, _ in rows if one.key in known]), at)
        _keep([(one.key, ids[place], fingerprint, salts) for place, one, fingerprint, salts in rows])
    past.forget([subject_key(said.subject) for said, _ in noted if said.kind == "redaction"])
    return len(rows)


def withdraw(subjects: Sequence[Subject], basis: str, at: datetime) -> None:
    """Note that documents are public no longer."""
    keys = [subject_key(subject) for subject in subjects]
    with connections[OFFICE].cursor() as cursor:
        cursor.execute("delete from published.statement where subject = any(%s) returning subject", [keys])
        gone = sorted(row[0] for row in cursor.fetchall())
    add(PUBLIC, [(statements.redaction(json.loads(subject), at, [""], basis), None) for subject in gone], at)


def _known(keys: list[str]) -> dict[str, tuple[dict[str, str], str]]:
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "select subject, salts, fingerprint from published.statement where subject = any(%s) for update", [keys]
        )
        return {
            subject: (json.loads(salts) if isinstance(salts, str) else salts, seen) for subject, salts, seen in cursor
        }


def _redactions(one: Published, earlier: Mapping[str, str], at: datetime) -> list[Statement]:
    now = dict(leaves(dict(one.document)))
    by_basis: dict[str, list[str]] = {}
    for pointer in earlier:
        basis = next((why for covering, why in one.withheld.items() if covered(pointer, [covering])), None)
        # Gone, or emptied: either way the value is served no longer.
        if basis is not None and not now.get(pointer):
            by_basis.setdefault(basis, []).append(pointer)
    return [statements.redaction(one.subject, at, pointers, basis) for basis, pointers in sorted(by_basis.items())]


def _keep(rows: Sequence[tuple[str, UUID, str, Mapping[str, str]]]) -> None:
    """Keep of each document which statement is its newest; its index stays that of the one before until this one has its own."""
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "insert into published.statement (subject, pending, fingerprint, salts) "
            "select unnest(%s::text[]), unnest(%s::uuid[]), unnest(%s::text[]), unnest(%s::text[])::jsonb "
            "on conflict (subject) do update set pending = excluded.pending, fingerprint = excluded.fingerprint, salts = excluded.salts, "
            "settled = false",
            [
                [key for key, _, _, _ in rows],
                [pending for _, pending, _, _ in rows],
                [fingerprint for _, _, fingerprint, _ in rows],
                [json.dumps(salts) for _, _, _, salts in rows],
            ],
        )
