"""Which key signed a log from when until when, and the list of them that the site hands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from aioffice.kernel.ledger.errors import MalformedNote
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.statements import time_text

_NONE = "-"
_UNKNOWN = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """A key of a log, the time from which it signs, the time from which another does, and the entry of the public log that says so.

    `until` is None for the key that signs now; `entry` is None while the public log does not say it yet.
    """

    key: VerifierKey
    since: datetime
    until: datetime | None
    entry: int | None

    def __str__(self) -> str:
        """One line of the list, without its newline: key, since, until, entry; a hyphen for what is not there. Tabs lie between."""
        until = time_text(self.until) if self.until else _NONE
        return f"{self.key}\t{time_text(self.since)}\t{until}\t{_NONE if self.entry is None else self.entry}"


def write_periods(periods: Iterable[KeyPeriod]) -> bytes:
    """The list as it is served."""
    return "".join(f"{one}\n" for one in periods).encode()


def parse_periods(data: bytes) -> list[KeyPeriod]:
    """Read the list; MalformedNote names the line. It is a hint, nothing in it is signed: what it says of entries has to be looked up."""
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError as error:
        raise MalformedNote(f"the list of keys is not UTF-8 at byte {error.start}") from None
    return [_parse(line, number) for number, line in enumerate(lines, 1) if line]


def _parse(line: str, number: int) -> KeyPeriod:
    try:
        if "\t" not in line:
            # A bare key: who copies a log by hand may put down just that.
            return KeyPeriod(VerifierKey.parse(line.strip()), _UNKNOWN, None, None)
        key, since, until, entry = line.split("\t")
        return KeyPeriod(
            VerifierKey.parse(key),
            datetime.fromisoformat(since),
            None if until == _NONE else datetime.fromisoformat(until),
            None if entry == _NONE else int(entry),
        )
    except ValueError as error:
        raise MalformedNote(f"line {number} of the list of keys is not key, since, until and entry: {error}") from None
