"""Reading the tables of `act`, and saying what would be right when a code is not in them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parent / "data"


class UnknownCodeError(KeyError):
    """A code that the table does not hold.

    `kind` says which table, `code` what was asked, `nearest` the likeliest right code (empty if nothing comes near).
    """

    def __init__(self, kind: str, code: str, nearest: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code
        self.nearest = nearest
        self.message = message

    def __str__(self) -> str:
        return self.message


def find[T](kind: str, code: str, table: Mapping[str, T], *, also: Mapping[str, str] | None = None) -> T:
    """The row of `table` with this code.

    `also` leads from other spellings people use (`EL` for Greece, names) to the code: suggested, never taken silently.
    Raises UnknownCodeError naming the nearest right code.
    """
    if code in table:
        return table[code]
    nearest = _nearest(code, table, also or {})
    listed = ", ".join([*table][:30]) + (", …" if len(table) > 30 else "")
    hint = f"did you mean {nearest!r}?" if nearest else f"known are {listed}."
    raise UnknownCodeError(kind, code, nearest, f"{code!r} is not a known {kind}: {hint}")


def _nearest(code: str, table: Mapping[str, object], also: Mapping[str, str]) -> str:
    import difflib  # only on the way to an error: the Act loads fast

    spellings = {known.casefold(): known for known in table}
    spellings = {other.casefold(): known for other, known in also.items()} | spellings
    asked = code.strip().casefold()
    if asked in spellings:
        return spellings[asked]
    if len(asked) < 3:
        return ""  # any two-letter code is half like another: a guess would mislead
    close = difflib.get_close_matches(asked, spellings, n=1, cutoff=0.6)
    return spellings[close[0]] if close else ""


def csv_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file in act's data folder."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def json_data(name: str) -> Any:
    """The content of a JSON file in act's data folder."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))
