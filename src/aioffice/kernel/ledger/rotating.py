"""One key of a log takes the place of another: the record of it, signed by both, and following such records from any key that one knows.

Both keys sign the text

    key-rotation/v1
    <name of the log>
    <old verifier key>
    <new verifier key>
    <time of the record>

each line ending in a newline: the old key hands over, and the new one shows that its holder has it. The second line is no number, so
that the text can never be taken for a checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aioffice.kernel.ledger.errors import MalformedNote, NotSigned
from aioffice.kernel.ledger.keys import NOTE, SigningKey, VerifierKey
from aioffice.kernel.ledger.statements import Statement, time_text

KIND = "rotation"


def rotation(old: SigningKey, new: SigningKey, recorded_at: datetime) -> Statement:
    """The record that `new` signs the log from here on. MalformedNote if the two cannot be keys of one log, or are one key."""
    _check_pair(old.verifier, new.verifier)
    text = _text(old.name, str(old.verifier), str(new.verifier), recorded_at)
    return Statement(
        KIND,
        {"log": old.name},
        recorded_at,
        says={
            "old": str(old.verifier),
            "verifier": str(new.verifier),
            "by_old": old.sign(text).hex(),
            "by_new": new.sign(text).hex(),
        },
    )


def check_rotation(statement: Statement) -> tuple[VerifierKey, VerifierKey]:
    """The old and the new key of a record. NotSigned if either signature does not hold; MalformedNote for what is no such record."""
    if statement.kind != KIND:
        raise MalformedNote(f"a {statement.kind} is no record of a new key")
    old, new = VerifierKey.parse(statement.says["old"]), VerifierKey.parse(statement.says["verifier"])
    _check_pair(old, new)
    if statement.subject != {"log": old.name}:
        raise MalformedNote(f"the record is of {statement.subject.get('log')}, its keys are of {old.name}")
    text = _text(old.name, str(old), str(new), statement.recorded_at)
    for key, signature in ((old, statement.says["by_old"]), (new, statement.says["by_new"])):
        if not key.verifies(bytes.fromhex(signature), text):
            raise NotSigned(f"the record that replaces {old} by {new} is not signed by {key.name} ({key.key_id.hex()})")
    return old, new


def follow(keys: Iterable[VerifierKey], records: Iterable[Statement]) -> list[VerifierKey]:
    """The keys given and all that records, in the order of the log, lead to from them. A record that does not hold: as `check_rotation`."""
    known = list(keys)
    for record in records:
        old, new = check_rotation(record)
        if old in known and new not in known:
            known.append(new)
    return known


def _check_pair(old: VerifierKey, new: VerifierKey) -> None:
    if old.name != new.name or {old.kind, new.kind} != {NOTE} or old == new:
        raise MalformedNote(
            f"{new} cannot take the place of {old}: it has to be another key of the same name, of type 1"
        )


def _text(log: str, old: str, new: str, at: datetime) -> bytes:
    return f"key-rotation/v1\n{log}\n{old}\n{new}\n{time_text(at)}\n".encode()
