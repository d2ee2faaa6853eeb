"""Port: letters on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol
from uuid import UUID

from aioffice.kernel import durable


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to print. `id` recognises a repetition."""

    id: UUID
    reference: str
    addressee: str
    address: str
    written_on: date
    text: str


class PostOffice(Protocol):
    """Takes letters to be posted."""

    def post(self, letter: Letter) -> None:
        """Take the letter; taking the same one twice is taking it once. Raises OSError when it could not be taken."""


@dataclass(frozen=True, slots=True)
class OutboxFolder:
    """A folder of text files from which letters are printed. Only its owner can read it."""

    folder: Path

    def path_of(self, letter: Letter) -> Path:
        """Where the letter lies."""
        return self.folder / f"{letter.written_on.isoformat()}-{letter.reference}-{letter.id}.txt"

    def post(self, letter: Letter) -> None:
        """Write the letter whole, then give it its name."""
        durable.make_folder(self.folder)
        durable.replace(self.path_of(letter), letter.text.encode())
