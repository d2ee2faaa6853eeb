"""What an entry of the log says: one JSON object in its canonical form, made of five keys and nothing else.

    kind         "publication", "step", "redaction", "anchor", "key" or "rotation"
    subject      what it is about: names and texts or whole numbers, such as {"entry": "EU-2027-000123", "version": 2}
    recorded_at  when the Office recorded it, UTC, to the microsecond: "2027-01-02T03:04:05.000006Z"
    digests      [JSON pointer, hexadecimal salted digest] of every value of the document, in the order of the pointers
    says         what the kind adds, in plain text: see `SAYS`

A pointer in a redaction names its value and all that lies in it; "" names the whole document, which then is withdrawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aioffice.kernel.canonical import canonical
from aioffice.kernel.ledger.errors import MalformedStatement
from aioffice.kernel.ledger.tiles import MAX_ENTRY_BYTES

Subject = Mapping[str, str | int]

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_DIGEST = re.compile("[0-9a-f]{64}")
_SIGNATURE = re.compile("[0-9a-f]{128}")


def _is_pointer(text: Any) -> bool:
    return isinstance(text, str) and (not text or text.startswith("/"))


def _is_pointers(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(map(_is_pointer, found)) and found == sorted(set(found))


def _is_digest(text: Any) -> bool:
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def _is_signature(text: Any) -> bool:
    return isinstance(text, str) and _SIGNATURE.fullmatch(text) is not None


SAYS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "publication": {},
    "step": {},
    # The provision it rests on, and the sorted pointers it covers.
    "redaction": {"basis": lambda found: isinstance(found, str), "pointers": _is_pointers},
    # Of the other log, which the subject names.
    # No size: how much happens in the other log is nobody's business.
    "anchor": {"root": _is_digest},
    # The verifier key string with which the log that the subject names is signed: the first of this log, or that of the other one.
    "key": {"verifier": lambda found: isinstance(found, str)},
    # From the old verifier key to the new one, and the signatures of both over that: see `rotating`.
    "rotation": {
        "old": lambda found: isinstance(found, str),
        "verifier": lambda found: isinstance(found, str),
        "by_old": _is_signature,
        "by_new": _is_signature,
    },
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry of the log. Making one checks it: MalformedStatement says what cannot stand in the log."""

    kind: str
    subject: Subject
    recorded_at: datetime
    digests: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every part, so that nothing enters the log that its readers would refuse."""
        if self.kind not in SAYS:
            raise MalformedStatement(f"there is no kind {self.kind!r} of statement; there are {', '.join(SAYS)}")
        if not self.subject or not all(type(value) in (str, int) for value in self.subject.values()):
            raise MalformedStatement(f"a subject has names with texts or whole numbers, not {self.subject!r}")
        if self.recorded_at.tzinfo is None:
            raise MalformedStatement(f"{self.recorded_at} has no time zone")
        for pointer, one in self.digests.items():
            if not _is_pointer(pointer) or not _is_digest(one):
                raise MalformedStatement(f"{pointer!r}: {one!r} is not a JSON pointer and a digest")
        allowed = SAYS[self.kind]
        if self.says.keys() != allowed.keys():
            raise MalformedStatement(
                f"a {self.kind} says {', '.join(allowed) or 'nothing more'}, not {sorted(self.says)}"
            )
        for name, fits in allowed.items():
            if not fits(self.says[name]):
                raise MalformedStatement(f"{self.says[name]!r} cannot be the {name} of a {self.kind}")

    def encode(self) -> bytes:
        """The bytes of the entry. MalformedStatement if they are more than an entry may have (65,535)."""
        data = canonical(
            {
                "kind": self.kind,
                "subject": dict(self.subject),
                "recorded_at": time_text(self.recorded_at),
                "digests": [[pointer, one] for pointer, one in sorted(self.digests.items())],
                "says": dict(self.says),
            }
        )
        if len(data) > MAX_ENTRY_BYTES:
            raise MalformedStatement(
                f"the statement on {subject_name(self.subject)} has {len(data)} bytes for {len(self.digests)} values; "
                f"an entry of the log has at most {MAX_ENTRY_BYTES}"
            )
        return data


def parse_statement(data: bytes) -> Statement:
    """Read an entry back. MalformedStatement if it is not the one way in which `encode` would write it."""
    try:
        found = json.loads(data)
        statement = Statement(
            kind=found["kind"],
            subject=found["subject"],
            recorded_at=_time(found["recorded_at"]),
            digests={pointer: one for pointer, one in found["digests"]},  # noqa: C416 - says that each is a pair
            says=found["says"],
        )
        again = statement.encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MalformedStatement(f"this is not a statement of the ledger ({error!r}): {data[:80]!r}") from None
    if again != data:
        raise MalformedStatement(f"the statement on {subject_name(statement.subject)} is not in its canonical form")
    return statement


def time_text(moment: datetime) -> str:
    """A time as entries write it: UTC, to the microsecond."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _time(text: str) -> datetime:
    if not _TIME.fullmatch(text):
        raise MalformedStatement(f"{text!r} is not a time in UTC to the microsecond")
    return datetime.fromisoformat(text)


def subject_name(subject: Subject) -> str:
    """A subject as one says it: "entry EU-2027-000123, version 2"."""
    return ", ".join(f"{name} {value}" for name, value in subject.items())


def publication(subject: Subject, recorded_at: datetime, digests: Mapping[str, str]) -> Statement:
    """That the Office published this document; `digests` as `canonical.salted_digests` makes them of it."""
    return Statement("publication", subject, recorded_at, digests)


def step(subject: Subject, recorded_at: datetime, digests: Mapping[str, str]) -> Statement:
    """That a public step was taken; `digests` are those of its record."""
    return Statement("step", subject, recorded_at, digests)


def redaction(subject: Subject, recorded_at: datetime, pointers: Iterable[str], basis: str) -> Statement:
    """That these values of what was published or recorded before are served no longer, and on what basis."""
    return Statement("redaction", subject, recorded_at, says={"pointers": sorted(set(pointers)), "basis": basis})


def anchor(log: str, root: bytes, recorded_at: datetime) -> Statement:
    """That another log, named by its origin, stood at this root."""
    return Statement("anchor", {"log": log}, recorded_at, says={"root": root.hex()})


def key(log: str, verifier: str, recorded_at: datetime) -> Statement:
    """With which key (a verifier key string) checkpoints of a log are signed: the first of this log, or that of the other one."""
    return Statement("key", {"log": log}, recorded_at, says={"verifier": verifier})
