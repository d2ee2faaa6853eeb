"""An inventory of systems: a CSV, XLSX or NDJSON file with a system a row and a fact a column, read row by row.

A mistake is named with the cell it stands in and costs that system alone. A column that is no fact ends the reading: whoever wrote it
believes that it counts. Columns of one's own begin with `x_`.
"""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aioffice.act.reasoning.facts import Fact, FactKind, FactsError, check

if TYPE_CHECKING:
    from aioffice.act.reasoning.vocabulary import Vocabulary

ID, NAME, OWN = "id", "name", "x_"
KINDS = (".csv", ".xlsx", ".ndjson")
LONGEST_ID = 200
LARGEST_CELL = 10_000
LARGEST_SHEET = 500_000_000
"""Bytes of an XLSX file unpacked; a hundred thousand systems have about a tenth."""
_YES = frozenset({"true", "yes", "oui", "1"})
_NO = frozenset({"false", "no", "non", "0"})
_NOT_KNOWN = frozenset({"", "unknown", "not known", "null", "?"})

type Cells = Sequence[tuple[str, str, Any]]
"""The cells of a row: the name of the column, where the cell stands, what it holds."""
type Row = tuple[str, Cells, str]
"""Where a row stands, its cells, and why it cannot be read as a row, empty where it can."""


class InventoryError(ValueError):
    """A file that is no inventory; the message says where and what would be right."""


@dataclass(frozen=True, slots=True)
class System:
    """A row: its id and name, the facts given, and what is wrong with it, each with its cell. Facts of a row with mistakes are not used."""

    id: str
    name: str
    place: str
    facts: dict[str, object] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()


def systems(path: Path, vocabulary: Vocabulary) -> Iterator[System]:
    """The systems of a file, one at a time. Raises InventoryError for a file that cannot be read as an inventory."""
    readers = {".csv": _csv, ".xlsx": _xlsx, ".ndjson": _ndjson, ".jsonl": _ndjson}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InventoryError(f"{path}: a file that ends in {', '.join(KINDS)} is expected.")
    seen: dict[str, str] = {}
    try:
        for place, cells, mistake in reader(path, vocabulary):
            if mistake:
                yield System("", "", place, mistakes=(mistake,))
            elif any(_text(value) for _name, _where, value in cells):
                yield _system(place, cells, vocabulary, seen)
    except UnicodeDecodeError as error:
        raise InventoryError(f"{path}: is no text in UTF-8 (byte {error.start}); save it as CSV UTF-8.") from None
    except OSError as error:
        raise InventoryError(f"{path}: cannot be read: {error.strerror or error}.") from None


def _system(place: str, cells: Cells, vocabulary: Vocabulary, seen: dict[str, str]) -> System:
    own_id, name = "", ""
    facts: dict[str, object] = {}
    places: dict[str, str] = {}
    mistakes = []
    for column, where, value in cells:
        try:
            if column == ID:
                own_id = _text(value)
            elif column == NAME:
                name = _text(value)
            elif not column.startswith(OWN):
                known = _value(vocabulary[column], value)
                if known is not None:
                    facts[column], places[column] = known, where
        except FactsError as error:
            mistakes.append(f"{where}: {error}")
    if not own_id or len(own_id) > LONGEST_ID:
        mistakes.append(f"{place}: an id of 1 to {LONGEST_ID} signs is needed, which no other system has.")
    elif own_id in seen:
        mistakes.append(f"{place}: the id {own_id} stands in {seen[own_id]} already.")
    else:
        seen[own_id] = place
    if not mistakes:
        try:
            vocabulary.read(facts)
        except FactsError as error:
            mistakes.append(f"{places.get(error.fact, place)}: {error}")
    return System(own_id, name, place, facts, tuple(mistakes))


def _value(fact: Fact, value: Any) -> object | None:
    """What a cell says of a fact, None where it says that it is not known. Raises FactsError."""
    if isinstance(value, str) and len(value) > LARGEST_CELL:
        raise FactsError(fact.name, f"{len(value)} signs were given; no fact has as many.")
    written = _text(value)
    if written.casefold() in _NOT_KNOWN:
        return None
    if fact.kind is FactKind.YES_NO and not isinstance(value, bool):
        if written.casefold() in _YES | _NO:
            return written.casefold() in _YES
        raise FactsError(fact.name, f"{written!r} was given; yes, no or nothing is expected.")
    if isinstance(value, datetime):
        return check(fact, value.date())
    if isinstance(value, bool | int | float | date):
        return check(fact, value)
    return check(fact, written)


def _text(value: Any) -> str:
    """A cell as text; a whole number of a spreadsheet has no fraction."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _columns(names: Iterable[Any], place: str, vocabulary: Vocabulary) -> list[str]:
    """The names of the columns, those of the end that have none left out. Raises InventoryError with everything that is wrong."""
    columns = [_text(name) for name in names]
    while columns and not columns[-1]:
        columns.pop()
    wrong = []
    for column in columns:
        if column in (ID, NAME) or column.startswith(OWN):
            continue
        try:
            vocabulary[column]
        except FactsError as error:
            wrong.append(f"{place}: {error} A column of your own begins with {OWN}.")
    wrong += [f"{place}: the column {column} is there twice." for column in columns if columns.count(column) > 1]
    if ID not in columns:
        wrong.append(f"{place}: a column {ID} is needed. --template writes a file with every column.")
    if wrong:
        raise InventoryError("\n".join(dict.fromkeys(wrong)))
    return columns


def _rows(rows: Iterable[tuple[str, Sequence[Any]]], name_of: Any, vocabulary: Vocabulary, path: Path) -> Iterator[Row]:
    """The rows below the first one that is not empty, which names the columns; `name_of` says how a cell is called."""
    columns: list[str] | None = None
    for place, values in rows:
        if columns is None:
            if any(_text(value) for value in values):
                columns = _columns(values, place, vocabulary)
            continue
        beyond = [value for value in values[len(columns) :] if _text(value)]
        if beyond:
            yield place, (), f"{place}: there are more cells than columns; {_text(beyond[0])[:60]!r} belongs to none."
            continue
        cells = [
            (column, name_of(place, number, column), value)
            for number, (column, value) in enumerate(zip(columns, values, strict=False))
            if column
        ]
        yield place, cells, ""
    if columns is None:
        raise InventoryError(f"{path}: is empty. --template writes a file to fill in.")


def _csv(path: Path, vocabulary: Vocabulary) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 10 * LARGEST_CELL))
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max((",", ";", "\t"), key=first.count)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        rows = ((f"{path}:row {number}", row) for number, row in enumerate(reader, start=1))
        try:
            yield from _rows(rows, lambda place, _number, column: f"{place}, column {column}", vocabulary, path)
        except csv.Error as error:
            raise InventoryError(f"{path}:line {reader.line_num}: is no CSV: {error}.") from None


def _xlsx(path: Path, vocabulary: Vocabulary) -> Iterator[Row]:
    import python_calamine

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_SHEET:
                raise InventoryError(f"{path}: is more than {LARGEST_SHEET // 1_000_000} MB unpacked: split it.")
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            left = (sheet.start or (0, 0))[1]
            rows = ((f"{path}:row {number}", row) for number, row in enumerate(sheet.iter_rows(), start=1))

            def name_of(place: str, number: int, _column: str) -> str:
                return f"{path}:{sheet.name}!{_letters(left + number)}{place.rpartition(' ')[2]}"

            yield from _rows(rows, name_of, vocabulary, path)
    except (python_calamine.CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise InventoryError(f"{path}: is no XLSX file that can be read: {error}") from None


def _letters(column: int) -> str:
    """How a spreadsheet calls a column: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _ndjson(path: Path, vocabulary: Vocabulary) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            place = f"{path}:line {number}"
            if not line.strip():
                continue
            try:
                told = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
            except (ValueError, RecursionError) as error:
                yield place, (), f"{place}: is no JSON object in UTF-8: {error}"
                continue
            if not isinstance(told, dict) or not isinstance(told.get("facts", {}), dict):
                yield place, (), f'{place}: an object is expected: {{"id": "...", "name": "...", "facts": {{...}}}}.'
                continue
            cells = told | told.pop("facts", {})
            yield place, [(name, f"{place}, {name}", value) for name, value in cells.items() if name != "facts"], ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
