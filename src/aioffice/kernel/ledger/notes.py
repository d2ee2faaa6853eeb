"""Signed notes: a text, an empty line, and one line per signature (C2SP signed-note)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from aioffice.kernel.ledger.errors import MalformedNote, NotSigned
from aioffice.kernel.ledger.keys import NOTE, SigningKey, VerifierKey, check_name, unbase64

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, with which key, and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line names this key. Not whether the signature is good."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, and its signatures. Nothing in it counts before `verify` has said whose it is."""

    text: str
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        """The note as it is served."""
        return (self.text + "\n" + "".join(map(str, self.signatures))).encode()

    def with_signatures(self, *more: Signature) -> Note:
        """The same note, signed by more; a signature of a key that had signed already takes that one's place."""
        new = {(one.name, one.key_id) for one in more}
        return Note(self.text, (*(old for old in self.signatures if (old.name, old.key_id) not in new), *more))

    def verify(self, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Return those of the keys that signed the text. Signatures of other keys do not count, for or against.

        NotSigned if none of the keys did, if one of theirs does not hold, or if one signed twice.
        """
        keys, good = list(keys), []
        for key in keys:
            lines = [one for one in self.signatures if one.is_by(key)]
            if len(lines) > 1:
                raise NotSigned(f"{key.name} ({key.key_id.hex()}) has signed the note {len(lines)} times")
            for line in lines:
                if key.kind != NOTE or len(line.value) != 64 or not key.verifies(line.value, self.text.encode()):
                    raise NotSigned(f"the signature of {key.name} ({key.key_id.hex()}) does not fit the note's text")
                good.append(key)
        if not good:
            wanted = ", ".join(f"{key.name} ({key.key_id.hex()})" for key in keys) or "no key given"
            signed = ", ".join(f"{one.name} ({one.key_id.hex()})" for one in self.signatures)
            raise NotSigned(f"the note is not signed by {wanted}; it is signed by {signed}")
        return good


def sign_note(text: str, *keys: SigningKey) -> Note:
    """Sign a text with keys of type 1. MalformedNote if the text cannot be a note's."""
    _check_text(text)
    if not keys or any(key.kind != NOTE for key in keys):
        raise MalformedNote("a note is signed by at least one key of type 1; witnesses cosign checkpoints")
    return Note(text, tuple(Signature(key.name, key.verifier.key_id, key.sign(text.encode())) for key in keys))


def parse_note(data: bytes) -> Note:
    """Read a note. MalformedNote says what is wrong and in which line."""
    if len(data) > MAX_NOTE_BYTES:
        raise MalformedNote(f"the note is {len(data)} bytes long; {MAX_NOTE_BYTES} is the most taken here")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedNote(f"the note is not UTF-8 at byte {error.start}") from None
    if not whole.endswith("\n"):
        raise MalformedNote("the note does not end in a newline")
    text, empty_line, block = whole.rpartition("\n\n")
    if not empty_line or not block:
        raise MalformedNote("the note has no empty line followed by signatures")
    text += "\n"
    _check_text(text)
    first = text.count("\n") + 2
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(f"the note has {len(lines)} signatures; {MAX_SIGNATURES} is the most taken here")
    return Note(text, tuple(_signature(line, number) for number, line in enumerate(lines, first)))


def _signature(line: str, number: int) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise MalformedNote(f"line {number} is not a signature: dash, space, name, space, Base 64")
    check_name(name)
    data = unbase64(encoded, f"the signature of {name} in line {number}")
    if len(data) < 5:
        raise MalformedNote(f"the signature of {name} in line {number} is only {len(data)} bytes long")
    return Signature(name, data[:4], data[4:])


def _check_text(text: str) -> None:
    if len(text) < 2 or not text.endswith("\n"):
        raise MalformedNote("a note's text is not empty and ends in a newline")
    for number, line in enumerate(text.split("\n"), 1):
        if any(ord(char) < 0x20 for char in line):
            raise MalformedNote(f"line {number} of the note holds a control character")
