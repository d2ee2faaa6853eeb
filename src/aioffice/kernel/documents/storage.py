"""Where the bytes lie: a port, and its adapter for a folder of the data folder. Content is named by its SHA-256, so it is kept once."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

_DIGEST = re.compile(r"[0-9a-f]{64}")


class TooLarge(ValueError):
    """More bytes came than are allowed."""


class NoSuchContent(LookupError):
    """Nothing is stored under that digest."""


class Received(Protocol):
    """Content that has arrived and is not kept yet: it can be looked at, and goes away unless `keep` is called."""

    digest: str
    size: int

    def open(self) -> BinaryIO:
        """Open it for reading."""

    def keep(self) -> None:
        """Keep it for good; once this returns, a crash does not lose it."""


class Storage(Protocol):
    """Keeps content by its SHA-256 (64 small hexadecimal signs)."""

    def receiving(self, chunks: Iterable[bytes], *, limit: int) -> AbstractContextManager[Received]:
        """Take in content of at most `limit` bytes; raise `TooLarge` as soon as there is more."""

    def open(self, digest: str) -> BinaryIO:
        """Open kept content for reading; raise `NoSuchContent`."""

    def remove(self, digest: str) -> None:
        """Remove content; nothing happens when there is none."""

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Yield the digests of content last kept before a moment."""

    def is_kept_before(self, digest: str, moment: datetime) -> bool:
        """Whether there is content of that digest, last kept before a moment."""


@dataclass(slots=True)
class _InFile:
    digest: str
    size: int
    temporary: Path
    target: Path

    def open(self) -> BinaryIO:
        return self.temporary.open("rb")

    def keep(self) -> None:
        _private(self.target.parent, below=self.target.parents[3])
        # Over an equal file this changes nothing but its time, which keeps the sweep away from content in use again.
        self.temporary.replace(self.target)
        _sync_folder(self.target.parent)


class FileStorage:
    """Content as files `ab/cd/<digest>` below a folder that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def receiving(self, chunks: Iterable[bytes], *, limit: int) -> Iterator[Received]:
        """Write to a temporary file, made durable before anyone looks at it."""
        incoming = self.folder / "incoming"
        _private(incoming, below=self.folder.parent)
        handle, name = tempfile.mkstemp(dir=incoming)
        temporary = Path(name)
        try:
            digest, size = hashlib.sha256(), 0
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(f"more than {limit} bytes")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            yield _InFile(digest.hexdigest(), size, temporary, self._path(digest.hexdigest()))
        finally:
            temporary.unlink(missing_ok=True)

    def open(self, digest: str) -> BinaryIO:
        """Open kept content for reading; raise `NoSuchContent`."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NoSuchContent(digest) from None

    def remove(self, digest: str) -> None:
        """Remove content; nothing happens when there is none."""
        self._path(digest).unlink(missing_ok=True)

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Yield the digests of content last kept before a moment."""
        for path in sorted(self.folder.glob("??/??/*")):
            if _DIGEST.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                yield path.name

    def is_kept_before(self, digest: str, moment: datetime) -> bool:
        """Whether there is content of that digest, last kept before a moment."""
        try:
            return self._path(digest).stat().st_mtime < moment.timestamp()
        except FileNotFoundError:
            return False

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NoSuchContent(digest)
        return self.folder / digest[:2] / digest[2:4] / digest


def _private(folder: Path, *, below: Path) -> None:
    """Make a folder and those between it and `below`, readable by their owner alone (`parents=True` would leave them open)."""
    below.mkdir(mode=0o700, parents=True, exist_ok=True)
    for place in reversed([folder, *folder.parents][: len(folder.parts) - len(below.parts)]):
        place.mkdir(mode=0o700, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    for place in (folder, folder.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def folder() -> Path:
    """Where this installation keeps documents."""
    return settings().data_dir / "documents"


def storage() -> Storage:
    """Return the storage of this installation."""
    return FileStorage(folder())
