"""What the files of a stopped server say of its last moment, whatever version of PostgreSQL made them.

`pg_controldata` reads files of its own version alone; those of versions 13 to 18 begin alike, as laid out in PostgreSQL's pg_control.h.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_BEGIN = struct.Struct("@QIIi4xqQQIIB7xQ")
"""System, versions of this file and of the catalogue, state, time; of the last checkpoint: place, redo, timelines, switch, next number."""
_KNOWN = range(1300, 1900)
_SHUT_DOWN = 1


@dataclass(frozen=True, slots=True)
class Control:
    """Whether the server was stopped in good order, and the number that its next writing transaction would have had."""

    shut_down: bool
    next_transaction: int


def control(files: Path) -> Control | None:
    """Read them; None where they are of a version that is not known, or cannot be read."""
    try:
        data = (files / "global" / "pg_control").read_bytes()
        _, version, _, state, _, _, _, _, _, _, number = _BEGIN.unpack_from(data)
    except (OSError, struct.error):
        return None
    return Control(state == _SHUT_DOWN, number) if version in _KNOWN else None
