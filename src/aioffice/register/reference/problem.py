"""What is wrong in a file taken over from elsewhere: where, what, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

type Source = Literal["dump", "changes"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in the input.

    `place` is a JSON pointer into the dump (`/algoritmes/17/status`), or a line of the changes file with a pointer into
    it (`line 5 /diff/status`). `left_out` tells whether what stands there was left out; if not, it was taken as it is.
    """

    source: Source
    place: str
    code: str
    found: str
    expected: str
    left_out: bool = True

    def __str__(self) -> str:
        """Return the problem as one sentence for a log or terminal."""
        fate = "left out" if self.left_out else "taken as it is"
        return f"{self.source} {self.place}: {self.found}; expected {self.expected} ({fate})"


def shown(value: object) -> str:
    """Return a value of the input as a short piece of text that is safe to print."""
    text = ascii(value) if not isinstance(value, str) or not value.isprintable() else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
