"""Checkpoints: what a log signs of itself (C2SP tlog-checkpoint), and what witnesses sign of it (C2SP tlog-cosignature)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aioffice.kernel.ledger.errors import MalformedNote, NotSigned, ProofFailed, SplitView
from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, VerifierKey, unbase64
from aioffice.kernel.ledger.merkle import HASH_BYTES, verify_consistency
from aioffice.kernel.ledger.notes import Note, Signature, parse_note, sign_note

_LATEST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: which log (`origin`), how many entries, and the root of their tree."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note. Our logs write no extension lines, so a fourth line is refused like any other fault: MalformedNote."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise MalformedNote(f"a checkpoint has three lines, origin, size and root, not {len(lines) - 1}")
        origin, size, root = lines[:3]
        if not origin:
            raise MalformedNote("line 1 of the checkpoint, the origin, is empty")
        if not re.fullmatch("0|[1-9][0-9]{0,18}", size):
            raise MalformedNote(f"line 2 of the checkpoint is not a number of entries: {size!r}")
        decoded = unbase64(root, "line 3 of the checkpoint, the root,")
        if len(decoded) != HASH_BYTES:
            raise MalformedNote(f"line 3 of the checkpoint, the root, is {len(decoded)} bytes long, not {HASH_BYTES}")
        return cls(origin, int(size), decoded)


def sign_checkpoint(checkpoint: Checkpoint, *keys: SigningKey) -> Note:
    """Sign a checkpoint as its log, with the log's key or, while keys change, with the old and the new one. MalformedNote."""
    Checkpoint.parse(str(checkpoint))
    return sign_note(str(checkpoint), *keys)


def open_checkpoint(data: bytes, keys: Iterable[VerifierKey], origin: str | None = None) -> Checkpoint:
    """Read a checkpoint that one of the log's keys signed, of the log `origin` where one is given. MalformedNote, NotSigned."""
    note = parse_note(data)
    note.verify(keys)
    checkpoint = Checkpoint.parse(note.text)
    if origin is not None and checkpoint.origin != origin:
        raise NotSigned(f"this is a checkpoint of {checkpoint.origin}, not of {origin}")
    return checkpoint


def cosign(checkpoint: Checkpoint, key: SigningKey, at: datetime) -> Signature:
    """A witness's line: that at this time, in whole seconds, it had seen the log grow to this checkpoint and nothing else.

    The witness has to have checked that first: `same_log`. Add the line with `Note.with_signatures`.
    """
    if key.kind != COSIGNATURE:
        raise MalformedNote(
            f"{key.name} is a key of type {key.kind}; cosignatures are made with keys of type {COSIGNATURE}"
        )
    seconds = int(at.timestamp())
    return Signature(
        key.name, key.verifier.key_id, seconds.to_bytes(8, "big") + key.sign(_cosigned(str(checkpoint), seconds))
    )


def verify_cosignature(note: Note, key: VerifierKey) -> datetime:
    """When the witness cosigned the checkpoint in the note; NotSigned if it did not, or if its line does not hold."""
    lines = [one for one in note.signatures if one.is_by(key)]
    if key.kind != COSIGNATURE or len(lines) != 1:
        raise NotSigned(
            f"{key.name} ({key.key_id.hex()}) has not cosigned the checkpoint" + (" just once" if lines else "")
        )
    value = lines[0].value
    seconds = int.from_bytes(value[:8], "big")
    if len(value) != 72 or not key.verifies(value[8:], _cosigned(note.text, seconds)):
        raise NotSigned(f"the cosignature of {key.name} ({key.key_id.hex()}) does not fit the checkpoint")
    if seconds > _LATEST.timestamp():
        raise NotSigned(
            f"the cosignature of {key.name} gives {seconds} seconds after 1970 as its time, which is after the year 9999"
        )
    return datetime.fromtimestamp(seconds, UTC)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def same_log(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that a log has only grown between two checkpoints that it signed; `proof` is of consistency, empty for equal sizes.

    SplitView if both cannot be true: another root at one size, or a larger tree that does not begin with the smaller one.
    """
    if older.origin != newer.origin:
        raise SplitView(f"these are checkpoints of two logs, {older.origin} and {newer.origin}")
    if older.size > newer.size:
        older, newer = newer, older
    if older.size == newer.size and older.root != newer.root:
        raise SplitView(
            f"{older.origin} signed two roots for {older.size} entries: {older.root.hex()} and {newer.root.hex()}"
        )
    try:
        verify_consistency(older.size, newer.size, proof, older.root, newer.root)
    except ProofFailed as error:
        raise SplitView(
            f"{older.origin} at {newer.size} entries does not begin with what it signed at {older.size}: {error}"
        ) from error
