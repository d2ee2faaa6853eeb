"""What the public log tells everyone: read over the connection of the public site, which sees nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from aioffice.kernel.ledger.checking import check_document
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.proving import prove_inclusion
from aioffice.kernel.ledger.statements import Statement, Subject, parse_statement
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import Receipt, publication_line
from aioffice.kernel.ledger.writing import subject_key

Documents = Callable[[Sequence[Subject]], Mapping[str, Any]]
"""Reads public documents, over the connection of the public site: by the key of the subject, what the public is shown now."""

_readers: dict[str, Documents] = {}
BATCH = 500


def documents_of(kind: str, reader: Documents) -> None:
    """Say who reads the documents of subjects whose first name is `kind`. Called from a room's `apps.py`."""
    _readers[kind] = reader


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Read the public log and what is public as they were at one moment, however much is published meanwhile."""
    with transaction.atomic(using=SITE.connection):
        with connections[SITE.connection].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        yield


def publications() -> Iterator[bytes]:
    """The export: every public document as it is shown now, one a line, in the order of the newest entries on them."""
    after = -1
    while True:
        rows = _rows(
            "select subject, index, salts from published.statement where index > %s order by index limit %s",
            [after, BATCH],
        )
        if not rows:
            return
        subjects = [json.loads(subject) for subject, _, _ in rows]
        shown = documents(subjects)
        for subject, (key, index, salts) in zip(subjects, rows, strict=True):
            if key in shown:
                yield publication_line(subject, index, shown[key], _object(salts))
        after = rows[-1][1]


def documents(subjects: Sequence[Subject]) -> dict[str, Any]:
    """What the public is shown now of these subjects, by their keys; those that are not public are missing."""
    found: dict[str, Any] = {}
    for kind, read in _readers.items():
        wanted = [subject for subject in subjects if kind in subject]
        if wanted:
            found.update(read(wanted))
    return found


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that the log states a public document: the receipt of the newest statement on it, the document, and its salts."""

    subject: Subject
    receipt: Receipt
    document: Any
    salts: Mapping[str, str]

    @property
    def checkpoint(self) -> Checkpoint:
        """The state of the log to which the receipt leads."""
        return Checkpoint.parse(parse_note(self.receipt.checkpoint).text)

    @property
    def statement(self) -> Statement:
        """What the entry says."""
        return parse_statement(self.receipt.entry)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the newest statement on a public document stands: entry `index` of `size`, recorded and signed when."""

    index: int
    size: int
    recorded_at: datetime
    signed_at: datetime


def standing_of(subject: Subject) -> Standing | None:
    """Where a public document stands in the log, for a page to say; None while it waits for its place, and where there is no document."""
    rows = _rows(
        "select s.index, c.size, e.entry, c.signed_at from published.statement s "
        "join published.log_entry e on e.index = s.index "
        "cross join lateral (select size, signed_at from published.log_checkpoint order by size desc limit 1) c "
        "where s.subject = %s",
        [subject_key(subject)],
    )
    if not rows:
        return None
    index, size, entry, signed_at = rows[0]
    return Standing(index, size, parse_statement(bytes(entry)).recorded_at, signed_at)


def signed_at() -> datetime | None:
    """When the newest checkpoint was signed; None while the log is empty."""
    rows = _rows("select signed_at from published.log_checkpoint order by size desc limit 1", [])
    return rows[0][0] if rows else None


def log_key() -> VerifierKey | None:
    """The key with which the log is signed, as its first entry says, so that the public site needs no secret; None while it is empty."""
    rows = _rows("select entry from published.log_entry where index = 0", [])
    return VerifierKey.parse(parse_statement(bytes(rows[0][0])).says["verifier"]) if rows else None


def proof_of(subject: Subject) -> Proof | None:
    """The proof of a public document; None while the newest statement on it waits for its place, and where there is no document."""
    key = subject_key(subject)
    rows = _rows("select index, salts from published.statement where subject = %s and index is not null", [key])
    note = SITE.newest()
    if not rows or note is None:
        return None
    index, salts = rows[0]
    checkpoint = Checkpoint.parse(parse_note(note).text)
    shown = documents([subject])
    if index >= checkpoint.size or key not in shown:
        return None
    reader = SITE.reader(checkpoint.size)
    entry = reader.entry(index)
    proof = tuple(prove_inclusion(index, checkpoint.size, reader.hashes))
    found = Proof(subject, Receipt(entry, index, proof, note), shown[key], _object(salts))
    # Published a moment ago, and its statement not sequenced yet: what is shown is newer than what the log says.
    return None if check_document(found.document, found.salts, found.statement) else found


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[SITE.connection].cursor() as cursor:
        cursor.execute(sql, list(parameters))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _object(value: Any) -> dict[str, str]:
    return dict(json.loads(value) if isinstance(value, str) else value)
