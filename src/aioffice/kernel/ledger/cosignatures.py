"""What witnesses signed of the public log: taken in where it holds and the settings name the witness, served with the checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connections

from aioffice.kernel.db import acting
from aioffice.kernel.db.acting import OFFICE
from aioffice.kernel.ledger import keychain
from aioffice.kernel.ledger.checkpoints import Checkpoint, verify_cosignature
from aioffice.kernel.ledger.errors import NotSigned, SplitView
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.notes import Note, Signature, parse_note
from aioffice.kernel.ledger.signing import PUBLIC
from aioffice.kernel.parties.actor import service
from aioffice.kernel.settings import settings

COLLECTOR = service("cosignatures")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of the public log: its key, and where it is asked; empty if it sends its cosignatures itself."""

    key: VerifierKey
    url: str


def configured() -> list[Witness]:
    """The witnesses that the settings name."""
    parts = [written.partition(" ") for written in settings().witnesses]
    return [Witness(VerifierKey.parse(key), url.strip().rstrip("/")) for key, _, url in parts]


@dataclass(frozen=True, slots=True)
class Seen:
    """That a witness cosigned the log at a size, and when."""

    witness: str
    size: int
    at: datetime


def take(body: bytes, at: datetime) -> list[Seen]:
    """Take in a cosigned checkpoint that somebody sends; return what of it was taken.

    NotSigned where no cosignature on it is good and of a witness named here. SplitView for a checkpoint that bears a signature of ours and
    is not what stands at its size: that is told loudly, since it cannot happen. MalformedNote.
    """
    note = parse_note(body)
    said = Checkpoint.parse(note.text)
    own = own_checkpoint(said.size)
    if own is None or own.text != note.text:
        _look_for_our_hand(note, said)
        raise NotSigned(
            f"this log has no such checkpoint: {said.origin} at {said.size} entries, root {said.root.hex()}"
        )
    return store(own, note.signatures, [one.key for one in configured()], at)


def _look_for_our_hand(note: Note, said: Checkpoint) -> None:
    with acting(COLLECTOR):
        keys = [one.key for one in keychain.periods(PUBLIC)]
    try:
        signed = note.verify(keys)
    except NotSigned:
        return
    log.error("ledger_split_view", log=said.origin, size=said.size, root=said.root.hex(), signed_by=str(signed[0]))
    raise SplitView(
        f"{signed[0]} signed root {said.root.hex()} for {said.size} entries, which this log never had. Somebody else holds the key, or "
        "the log began anew."
    )


def store(own: Note, lines: Sequence[Signature], witnesses: Sequence[VerifierKey], at: datetime) -> list[Seen]:
    """Keep what witnesses signed of a checkpoint of ours. Lines of others are passed over; NotSigned if no line is good."""
    found: list[Seen] = []
    size = Checkpoint.parse(own.text).size
    signed = Note(own.text, tuple(lines))
    rows: list[tuple[Any, ...]] = []
    for key in witnesses:
        line = next((one for one in lines if one.is_by(key)), None)
        if line is not None:
            seen = verify_cosignature(signed, key)
            rows.append((size, str(key), str(line), seen))
            found.append(Seen(key.name, size, seen))
    if not found:
        raise NotSigned("none of the cosignatures is of a witness that this log knows")
    with acting(COLLECTOR, at), connections[OFFICE].cursor() as cursor:
        cursor.executemany(
            "insert into published.log_cosignature (size, witness, line, cosigned_at) values (%s, %s, %s, %s) on conflict do nothing",
            rows,
        )
    return found


def own_checkpoint(size: int | None = None) -> Note | None:
    """The checkpoint that the public log signed at a size, else the newest; without cosignatures. None if there is none."""
    if size is not None and size >= 1 << 63:
        return None
    with acting(COLLECTOR), connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "select note from published.log_checkpoint where size = coalesce(%s, size) order by size desc limit 1",
            [size],
        )
        row = cursor.fetchone()
    return parse_note(bytes(row[0])) if row else None


def seen_by(witness: VerifierKey) -> int:
    """The size up to which this witness has cosigned the public log; 0 if it never has."""
    with acting(COLLECTOR), connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "select coalesce(max(size), 0) from published.log_cosignature where witness = %s", [str(witness)]
        )
        return int(cursor.fetchone()[0])
