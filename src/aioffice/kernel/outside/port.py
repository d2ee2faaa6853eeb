"""The port: what may be asked of the outside, what comes back, what may go wrong; and the adapter that calls nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

SECONDS = 10.0
"""So long a call may take in all: finding the name, connecting, sending, reading."""
LOOK_UP_SECONDS = 3.0
"""So long finding a name may take where somebody waits for a page meanwhile."""
MOST_BYTES = 16_384
"""So much of an answer's body is read; the rest is left."""


class Refused(ValueError):
    """The office does not call this address; the message says why, and what would be right. Repeating does not help."""


class NoAnswer(RuntimeError):
    """The address was called and gave no answer. `code` is `timeout`, `tls`, `connection` or `protocol`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, whatever it is (redirects are not followed), and the beginning of the body as it was sent."""

    status: int
    body: bytes


class Outside(Protocol):
    """Calls addresses outside."""

    def check(self, url: str) -> None:
        """Raise `Refused` when the office would not call this address now."""

    def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """Send one request and return the answer. Raises `Refused` or `NoAnswer`, within `SECONDS` and a little."""


@dataclass(frozen=True, slots=True)
class Shut:
    """Calls nobody, and says so."""

    def check(self, url: str) -> None:
        """Raise `Refused`."""
        raise Refused(_("This office calls no addresses outside."))

    def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """Raise `Refused`."""
        raise Refused(_("This office calls no addresses outside."))
