"""A witness remembers the last checkpoint it saw of a log, and cosigns a new one only where the log has grown from that one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aioffice.kernel.ledger.checkpoints import Checkpoint, cosign, open_checkpoint, same_log
from aioffice.kernel.ledger.errors import MalformedNote, MissingTile, ProofFailed, SplitView
from aioffice.kernel.ledger.keys import SigningKey, VerifierKey
from aioffice.kernel.ledger.merkle import leaf_hash, verify_inclusion
from aioffice.kernel.ledger.notes import Note, parse_note
from aioffice.kernel.ledger.periods import parse_periods
from aioffice.kernel.ledger.proving import prove_consistency, prove_inclusion, root
from aioffice.kernel.ledger.reading import Fetch, TileReader
from aioffice.kernel.ledger.rotating import KIND, follow
from aioffice.kernel.ledger.statements import Statement, parse_statement


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness keeps between two visits: the log's key, and the checkpoint it cosigned last."""

    key: VerifierKey
    checkpoint: bytes

    def encode(self) -> bytes:
        """As it lies in a file."""
        return json.dumps({"key": str(self.key), "checkpoint": self.checkpoint.decode()}, indent=2).encode() + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> Seen:
        """Read what `encode` wrote; MalformedNote."""
        try:
            found = json.loads(data)
            return cls(VerifierKey.parse(found["key"]), found["checkpoint"].encode())
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise MalformedNote(f"this is not the state that a witness keeps: {error!r}") from None


def witness(
    fetch: Fetch, keys: Sequence[VerifierKey], seen: bytes | None, key: SigningKey, at: datetime
) -> tuple[Note, VerifierKey]:
    """The log's newest checkpoint, cosigned with `key` as seen at `at`, and the key of the log that signed it.

    That is one of `keys`, or one to which the log's own records lead from there. SplitView, naming both roots, if the log has not grown
    from the checkpoint `seen`; at the first visit the tiles have to lead to the root that is signed: ProofFailed. MissingTile,
    Malformed..., NotSigned.
    """
    data = fetch("checkpoint")
    if data is None:
        raise MissingTile("there is no checkpoint: the log is empty, or lies elsewhere")
    note = parse_note(data)
    reader = TileReader(fetch, Checkpoint.parse(note.text).size)
    known = follow(keys, _records(fetch, Checkpoint.parse(note.text), reader))
    now = open_checkpoint(data, known)
    if seen is None:
        if root(now.size, reader.hashes) != now.root:
            raise ProofFailed(f"the tiles do not lead to the root that {now.origin} signs, {now.root.hex()}")
    else:
        _grown(open_checkpoint(seen, known), now, reader)
    return note.with_signatures(cosign(now, key, at)), note.verify(known)[-1]


def _records(fetch: Fetch, now: Checkpoint, reader: TileReader) -> list[Statement]:
    """The records of changed keys that stand in the log, shown to be under the root. Where they are, the unsigned list of keys says."""
    found = []
    hints = parse_periods(fetch("key") or b"")
    for number in sorted(one.entry for one in hints if one.entry is not None and one.key.name == now.origin):
        if number >= now.size:
            continue
        entry = reader.entry(number)
        record = parse_statement(entry)
        if record.kind == KIND:
            verify_inclusion(
                leaf_hash(entry), number, now.size, prove_inclusion(number, now.size, reader.hashes), now.root
            )
            found.append(record)
    return found


def _grown(before: Checkpoint, now: Checkpoint, reader: TileReader) -> None:
    roots = f"seen before: root {before.root.hex()} at {before.size} entries; now: root {now.root.hex()} at {now.size}"
    if before.origin == now.origin and before.size > now.size:
        raise SplitView(f"{now.origin} has shrunk; {roots}")
    try:
        proof = prove_consistency(before.size, now.size, reader.hashes) if before.size < now.size else []
        same_log(before, now, proof)
    except SplitView as error:
        raise SplitView(f"{error}; {roots}") from error
