"""The folder of a portfolio: a record a system, a summary, the mistakes; and what an earlier folder said of the same systems."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from aioffice.doors.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

RECORDS, SUMMARY, TABLE, MISTAKES, DIFFERENCES = (
    "records",
    "summary.json",
    "systems.csv",
    "mistakes.csv",
    "differences.csv",
)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")


class FolderError(ValueError):
    """A folder that cannot be written or read as one of a portfolio; the message says why."""


def record_name(id: str) -> str:
    """The name of a system's record, without its ending: the id where that is safe everywhere, else what is safe of it and a digest.

    Two ids never share a name, also where a disk does not tell capitals apart.
    """
    if _SAFE.fullmatch(id) and id == id.lower():
        return id
    safe = re.sub(r"[^a-z0-9_-]+", "-", id.lower()).strip("-")[:60]
    return f"{safe or 'system'}.{hashlib.sha256(id.encode()).hexdigest()[:16]}"


class Folder:
    """A folder being written, row by row; nothing in it is written over."""

    def __init__(self, path: Path, ending: str, *, comparing: bool) -> None:
        self.path, self.ending, self.comparing = path, ending, comparing

    def __enter__(self) -> Self:
        """Make the folder. Raises FolderError unless it is new or empty."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if any(self.path.iterdir()):
                raise FolderError(f"{self.path}: is not empty. Name a new folder; --compare takes the earlier one.")
            (self.path / RECORDS).mkdir()
            self._files = {name: self._open(name) for name in (TABLE, MISTAKES)}
            if self.comparing:
                self._files[DIFFERENCES] = self._open(DIFFERENCES)
        except OSError as error:
            raise FolderError(f"{self.path}: cannot be written: {error.strerror or error}.") from None
        self._writers = {name: csv.writer(file) for name, file in self._files.items()}
        return self

    def _open(self, name: str) -> Any:
        return (self.path / name).open("x", encoding="utf-8-sig", newline="")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open."""
        for file in self._files.values():
            file.close()

    def row(self, name: str, cells: Sequence[object]) -> None:
        """Add a row to one of the tables; no text in it is taken for a formula."""
        self._writers[name].writerow([plain(cell) if isinstance(cell, str) else cell for cell in cells])

    def record(self, id: str, content: str) -> None:
        """Write the record of a system."""
        (self.path / RECORDS / f"{record_name(id)}.{self.ending}").write_text(content, encoding="utf-8")

    def summary(self, content: Mapping[str, Any]) -> None:
        """Write the summary, last of all: a folder without one was not finished."""
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (self.path / SUMMARY).write_text(text + "\n", encoding="utf-8")


class Earlier:
    """A folder that was written before."""

    def __init__(self, path: Path) -> None:
        """Raises FolderError for a folder that is none of a portfolio, or was not finished."""
        if not (path / SUMMARY).is_file() or not (path / RECORDS).is_dir():
            raise FolderError(f"{path}: holds no finished portfolio ({SUMMARY} and {RECORDS}/ are expected).")
        self.path = path
        self._left = {file.name.rpartition(".")[0]: file.name for file in (path / RECORDS).iterdir()}

    def take(self, id: str) -> dict[str, Any] | None:
        """The record of a system, None where it was not there; each is taken once. Raises FolderError for one that cannot be read."""
        name = self._left.pop(record_name(id), None)
        if name is None:
            return None
        return read_record(self.path / RECORDS / name)

    def left(self) -> Iterator[str]:
        """The ids of the systems that were there and were not taken."""
        for name in sorted(self._left.values()):
            record = read_record(self.path / RECORDS / name)
            yield str(record.get("system", {}).get("id", name))


def read_record(path: Path) -> dict[str, Any]:
    """A record, signed or not; its signature is not checked. Raises FolderError."""
    from aioffice.kernel.results import jws

    try:
        text = path.read_text("utf-8")
        found = jws.unchecked(text).content if jws.is_signed(text) else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise FolderError(f"{path}: is no record that can be read: {error}") from None
    if not isinstance(found, dict):
        raise FolderError(f"{path}: is no record of a system.")
    return found
