"""How commands speak: results on stdout, everything else on stderr, exit statuses that mean something."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Annotated, Any, NoReturn
from uuid import UUID

import typer


class Exit(IntEnum):
    """What a command ends with."""

    DONE = 0
    FAILED = 1
    """The office is not there, a file cannot be read, an answer cannot be given."""
    MISREAD = 2
    """The command line has no meaning."""
    UNREADABLE = 3
    """What was to be checked did not answer or cannot be read: nothing is known of whether it fits."""
    NOT_FOUND = 4
    NOT_ALLOWED = 5
    INVALID = 6
    """What was sent does not fit; each field stands on stderr."""
    REFUSED = 7
    """The law, or the state of the case, does not let it happen."""
    CONFLICT = 8
    """The case has moved on, or the idempotency key was used for another content."""


EXITS = (
    "Exit status: 0 done, 1 failed, 2 the command was misread, 4 not found, 5 not allowed, 6 what was sent does not fit, "
    "7 refused, 8 the case has moved on or the key was used before."
)
"""The last paragraph of `--help` of every command that acts."""

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def stop(status: Exit, *lines: str) -> NoReturn:
    """End the command with these lines on stderr."""
    for line in lines:
        print(line, file=sys.stderr)
    raise SystemExit(int(status))


def quiet() -> None:
    """Leave out what libraries log on the way (each job that was queued): a command speaks for itself."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def note(text: str) -> None:
    """Say something on the way that is not the result."""
    print(text, file=sys.stderr)


def counted(n: int, one: str, many: str = "") -> str:
    """ "1 tile", "2 tiles"; `many` where it is more than an s."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def print_json(data: Any) -> None:
    """Print the result for programs."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def printable(text: str) -> str:
    """Text that others wrote, fit for a terminal: what steers one is shown instead of done."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows in columns, for people."""
    texts = [["" if value is None else printable(str(value)) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *texts, strict=True)]
    for line in ([*headings], *texts):
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def print_facts(data: Any, indent: str = "") -> None:
    """Print nested data for people: one line per value, names as they stand in JSON."""
    for name, value in data.items():
        if isinstance(value, dict) and value:
            print(f"{indent}{name}:")
            print_facts(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            print(f"{indent}{name}:")
            for item in value:
                print(f"{indent}  -")
                print_facts(item, indent + "    ")
        else:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            text = "" if shown is None or shown == {} else str(shown)
            print(f"{indent}{name}: " + f"\n{indent}  ".join(map(printable, text.split("\n"))))
