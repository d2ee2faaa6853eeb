"""This office as a witness of other logs (C2SP tlog-witness): it remembers and cosigns what has only grown since it looked last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connections

from aioffice.kernel.db import acting
from aioffice.kernel.db.acting import OFFICE
from aioffice.kernel.db.locks import serialise
from aioffice.kernel.ledger.add_checkpoint import SIZE_TYPE, Submission
from aioffice.kernel.ledger.checkpoints import Checkpoint, cosign
from aioffice.kernel.ledger.errors import MalformedNote, NotSigned, ProofFailed
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.merkle import verify_consistency
from aioffice.kernel.ledger.notes import Note, parse_note
from aioffice.kernel.ledger.signing import WITNESS, signing_key
from aioffice.kernel.parties.actor import service
from aioffice.kernel.settings import settings

ACTOR = service("witness")
TEXT = "text/plain; charset=utf-8"
_EMPTY = hashlib.sha256(b"").digest()
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness answers: HTTP status, body, media type."""

    status: int
    body: str
    kind: str = TEXT


def trusted(origin: str) -> list[VerifierKey]:
    """The keys of a log that this office witnesses; empty for any other log."""
    return [key for key in map(VerifierKey.parse, settings().witnessed_logs) if key.name == origin]


def add_checkpoint(body: bytes, at: datetime) -> Answer:
    """Cosign a checkpoint of a log that the settings name, if the log has only grown since the checkpoint cosigned last."""
    try:
        said = Submission.parse(body)
        now = Checkpoint.parse(said.note.text)
    except MalformedNote as error:
        return Answer(400, f"{error}\n")
    keys = trusted(now.origin)
    if not keys:
        return Answer(404, f"This witness does not know the log {now.origin}.\n")
    try:
        said.note.verify(keys)
    except NotSigned as error:
        return Answer(403, f"{error}\n")
    if said.old > now.size:
        return Answer(400, f"A log does not grow from {said.old} entries to {now.size}.\n")
    with acting(ACTOR, at):
        serialise(f"witness:{now.origin}")
        return _judge(said, now, at)


def _judge(said: Submission, now: Checkpoint, at: datetime) -> Answer:
    kept = _kept(now.origin)
    before = Checkpoint.parse(kept.text) if kept else Checkpoint(now.origin, 0, _EMPTY)
    if kept is not None and now.size == before.size and now.root != before.root:
        _remember_split(kept, said.note, before, now, at)
        return Answer(409, f"{before.size}\n", SIZE_TYPE)
    if said.old != before.size:
        return Answer(409, f"{before.size}\n", SIZE_TYPE)
    try:
        verify_consistency(before.size, now.size, said.proof, before.root, now.root)
    except ProofFailed as error:
        log.warning("witness_proof_failed", log=now.origin, before=before.size, now=now.size, error=str(error))
        return Answer(
            422,
            f"Not shown to have grown: root {before.root.hex()} at {before.size} entries, root {now.root.hex()} at {now.size}: {error}\n",
        )
    _remember(said.note, now, at)
    return Answer(200, str(cosign(now, signing_key(WITNESS), at)))


def _kept(origin: str) -> Note | None:
    with connections[OFFICE].cursor() as cursor:
        cursor.execute("select note from published.witnessed_log where origin = %s", [origin])
        row = cursor.fetchone()
    return parse_note(bytes(row[0])) if row else None


def _remember(note: Note, now: Checkpoint, at: datetime) -> None:
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "insert into published.witnessed_log (origin, size, note, cosigned_at) values (%s, %s, %s, %s) "
            "on conflict (origin) do update set size = excluded.size, note = excluded.note, cosigned_at = excluded.cosigned_at",
            [now.origin, now.size, bytes(note), at],
        )


def _remember_split(kept: Note, shown: Note, before: Checkpoint, now: Checkpoint, at: datetime) -> None:
    """Both signed, and they cannot both be true: that is evidence, and shown to everyone. The first of each size is kept."""
    log.error(
        "ledger_split_view", log=now.origin, size=now.size, seen_before=before.root.hex(), shown_now=now.root.hex()
    )
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "insert into published.split_view (origin, size, kept, shown, seen_at) values (%s, %s, %s, %s, %s) on conflict do nothing",
            [now.origin, now.size, bytes(kept), bytes(shown), at],
        )
