"""What the public log tells everyone: read over the connection of the public site, which sees nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from aioffice.kernel.ledger import keychain, past
from aioffice.kernel.ledger.checking import check_document
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.documents import shown_now, subject_key
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.periods import KeyPeriod
from aioffice.kernel.ledger.proving import prove_inclusion
from aioffice.kernel.ledger.signing import PUBLIC
from aioffice.kernel.ledger.statements import Statement, Subject, parse_statement
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import Receipt, publication_line

BATCH = 500


class TooOld(LedgerError):
    """What was public as of that checkpoint cannot be told any more: it is of long ago, or something of it was withheld since."""

    def __init__(self) -> None:
        super().__init__(
            "what was public as of this checkpoint cannot be told any more: it is of long ago, or something of it was withheld since. That "
            "comes into the log within a minute while the office is open and the log is not held"
        )


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Read the public log and what is public as they were at one moment, however much is published meanwhile."""
    if connections[SITE.connection].in_atomic_block:
        yield
        return
    with transaction.atomic(using=SITE.connection):
        with connections[SITE.connection].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        yield


def has_checkpoint(size: int) -> bool:
    """Whether the log signed a checkpoint at that size."""
    return size < 1 << 63 and bool(_rows("select 1 from published.log_checkpoint where size = %s", [size]))


def newest_size() -> int:
    """How many entries the newest checkpoint covers; 0 while the log is empty."""
    return int(_rows("select coalesce(max(size), 0) from published.log_checkpoint", [])[0][0])


def publications(size: int | None = None) -> Iterator[bytes]:
    """The export: every document that was public as of the checkpoint of that size, else the newest one.

    One a line, in the order of the newest entries on them that the checkpoint covers. TooOld, before the first line is read; where
    something is withheld while the lines are read, the last one says so and no document.
    """
    asked = newest_size() if size is None else size
    _check_age(asked)
    return _publications(asked)


def _check_age(size: int) -> None:
    with at_one_moment():
        rows = _rows(
            "select c.signed_at > now() - %s or not exists (select from published.log_checkpoint n where n.size > c.size) "
            "from published.log_checkpoint c where c.size = %s",
            [past.ANSWERED, size],
        )
        if size and (not rows or not rows[0][0]):
            raise TooOld
        if _rows(_REDACTED_SINCE, [size]):
            raise TooOld


_REDACTED_SINCE = "select 1 from published.statement_past where redaction and (index is null or index >= %s) limit 1"
_SHOWN = """
select s.subject, s.index, s.salts from published.statement s
where s.index > %s and s.index < %s and (s.settled or not exists (
  select from published.statement_past p
  where p.subject = s.subject and not p.redaction and p.index <= s.index and p.until > now() - %s))
order by s.index limit %s
"""
_STANDING_IN = """
select p.subject, p.index, p.salts, p.document from published.statement_past p
left join published.statement s on s.subject = p.subject
where not p.redaction and p.document is not null and p.index > %s and p.index <= %s and p.index < %s
  and not exists (
    select from published.statement_past q
    where q.subject = p.subject and (q.gone or not q.redaction) and q.index > p.index and q.index < %s)
  and not coalesce(s.settled and s.index < %s, false)
  and (s.settled or p.until > now() - %s)
"""
"""Documents that stand in for those shown now, since the checkpoint does not cover the statement on these."""


def _publications(size: int) -> Iterator[bytes]:
    after = -1
    while after < size:
        with at_one_moment():
            withheld = bool(_rows(_REDACTED_SINCE, [size]))
            lines, after = ([b'{"withheld_meanwhile":true}\n'], size) if withheld else _batch(after, size)
        # Sent when the moment is over: whoever reads slowly holds nothing open.
        yield from lines


def _batch(after: int, size: int) -> tuple[list[bytes], int]:
    """The lines of the next documents behind the entry `after`, and the entry behind which to go on."""
    rows = _rows(_SHOWN, [after, size, past.STANDS_IN, BATCH])
    upto = rows[-1][1] if len(rows) == BATCH else size
    subjects = [json.loads(subject) for subject, *_ in rows]
    shown = shown_now(subjects)
    found = [
        (index, subject, shown[key], salts)
        for subject, (key, index, salts) in zip(subjects, rows, strict=True)
        if key in shown
    ]
    found += [
        (index, json.loads(key), json.loads(document), salts)
        for key, index, salts, document in _rows(_STANDING_IN, [after, upto, size, size, size, past.STANDS_IN])
    ]
    found.sort(key=lambda one: one[0])
    return [
        publication_line(subject, index, document, _object(salts)) for index, subject, document, salts in found
    ], upto


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
        "where s.subject = %s and s.settled",
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


def log_keys(log: str = PUBLIC) -> list[KeyPeriod]:
    """The keys of a log, the one that signs now first, as its entries say, so that the public site needs no secret. Empty while it is."""
    return keychain.periods(log, SITE.connection)


def log_key() -> VerifierKey | None:
    """The key with which the log is signed now; None while it is empty."""
    return keychain.current(PUBLIC, SITE.connection)


def rotations(log: str) -> list[Statement]:
    """The records by which one key of a log took the place of another, oldest first, as far as the public log holds them."""
    return keychain.rotations(log, SITE.connection)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Which witness cosigned, at which size of the log, and when."""

    witness: VerifierKey
    size: int
    at: datetime


def cosigned() -> list[Cosigned]:
    """The newest cosignature of each witness, the newest first."""
    rows = _rows(
        "select distinct on (witness) witness, size, cosigned_at from published.log_cosignature order by witness, size desc",
        [],
    )
    found = [Cosigned(VerifierKey.parse(witness), size, at) for witness, size, at in rows]
    return sorted(found, key=lambda one: (-one.size, one.witness.name))


def refusals() -> list[tuple[VerifierKey, str, datetime]]:
    """Witnesses that did not cosign when they were asked last, why (see `asking_witnesses.Refusal`), and when that was."""
    rows = _rows(
        "select witness, refusal, asked_at from published.log_witness where refusal <> '' order by witness", []
    )
    return [(VerifierKey.parse(witness), refusal, at) for witness, refusal, at in rows]


def witnessed() -> list[tuple[Checkpoint, datetime]]:
    """The checkpoints of other logs that this office cosigned last, and when."""
    rows = _rows("select note, cosigned_at from published.witnessed_log order by origin", [])
    return [(Checkpoint.parse(parse_note(bytes(note)).text), at) for note, at in rows]


@dataclass(frozen=True, slots=True)
class SplitSeen:
    """Two signed checkpoints of one log that cannot both be true, as this office met them as a witness."""

    origin: str
    size: int
    kept: str
    shown: str
    at: datetime


def split_views() -> list[SplitSeen]:
    """Every such pair, the newest first."""
    rows = _rows(
        "select origin, size, kept, shown, seen_at from published.split_view order by seen_at desc, origin", []
    )
    return [
        SplitSeen(origin, size, bytes(kept).decode(), bytes(shown).decode(), at)
        for origin, size, kept, shown, at in rows
    ]


def proof_of(subject: Subject) -> Proof | None:
    """The proof of a public document; None while the newest statement on it waits for its place, and where there is no document."""
    key = subject_key(subject)
    rows = _rows("select index, salts from published.statement where subject = %s and index is not null", [key])
    note = SITE.newest()
    if not rows or note is None:
        return None
    index, salts = rows[0]
    checkpoint = Checkpoint.parse(parse_note(note).text)
    shown = shown_now([subject])
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
