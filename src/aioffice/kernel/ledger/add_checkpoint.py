"""What a log and a witness say to each other: the request and the answer of `add-checkpoint` (C2SP tlog-witness)."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aioffice.kernel.ledger.errors import MalformedNote
from aioffice.kernel.ledger.keys import unbase64
from aioffice.kernel.ledger.merkle import HASH_BYTES
from aioffice.kernel.ledger.notes import Note, Signature, parse_note

SIZE_TYPE = "text/x.tlog.size"
"""Media type of the answer that says how far the witness has seen the log."""
MOST_HASHES = 63
MOST_BYTES = 65_536
"""Of a request: more than 63 hashes and a checkpoint with many signatures need."""
_SIZE = "0|[1-9][0-9]{0,18}"


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint, and the proof that the log has grown to it from `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        """The request."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode() for one in self.proof), "", ""]
        return "\n".join(lines).encode() + bytes(self.note)

    @classmethod
    def parse(cls, data: bytes) -> Submission:
        """Read a request; MalformedNote says what is wrong with it."""
        if len(data) > MOST_BYTES:
            raise MalformedNote(f"the request has {len(data)} bytes; {MOST_BYTES} is the most taken here")
        head, empty_line, note = data.partition(b"\n\n")
        first, *hashes = head.decode("ascii", "replace").split("\n")
        found = re.fullmatch(f"old ({_SIZE})", first)
        if not empty_line or not found:
            raise MalformedNote(
                "the request is the word old with a size, the hashes of the proof, an empty line, and the checkpoint"
            )
        if len(hashes) > MOST_HASHES:
            raise MalformedNote(f"the proof has {len(hashes)} hashes; there are never more than {MOST_HASHES}")
        proof = tuple(unbase64(one, f"line {number} of the request") for number, one in enumerate(hashes, 2))
        if any(len(one) != HASH_BYTES for one in proof):
            raise MalformedNote(f"the hashes of the proof are {HASH_BYTES} bytes long each")
        return cls(int(found[1]), proof, parse_note(note))


def read_size(body: bytes) -> int:
    """How far the witness has seen the log, as it answers; MalformedNote."""
    found = re.fullmatch(f"({_SIZE})\n", body.decode("ascii", "replace"))
    if not found:
        raise MalformedNote(f"the witness does not say how far it has seen the log, but {body[:40]!r}")
    return int(found[1])


def read_signatures(body: bytes, note: Note) -> Sequence[Signature]:
    """The signature lines of an answer, which are of the text in `note`; MalformedNote. Nothing in them is verified yet."""
    return parse_note((note.text + "\n").encode() + body).signatures
