"""Files that a crash or a power cut leaves either as they were or as they were meant to be.

What is written is on the disk when these return: the bytes, and the name that leads to them. While a file is being written it has a name
of its own and a lock, so that two writers never share one, and what a dead writer left can be told from what a living one needs.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

DRAFT = ".new"
"""What the name of a file ends with that is being written."""


def sync(place: Path) -> None:
    """Have the disk hold a file, or the names in a folder."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_up(folder: Path, *, top: Path) -> None:
    """Have the disk hold the names in a folder and in all those above it, up to and with `top`."""
    for place in [folder, *folder.parents]:
        sync(place)
        if place == top:
            return


def make_folder(folder: Path) -> Path:
    """Make a folder and those above it that are missing, for their owner alone, and have the disk hold their names; return it."""
    if not folder.is_dir():
        # `parents=True` would leave those between open to others.
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync(folder.parent)
    return folder


@contextmanager
def draft(folder: Path, name: str, *, mode: int = 0o600) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file to write in a folder, and where it lies; gone after the block unless it was given another name inside.

    `name` is for whoever looks at the folder. The file stays locked as long as the block runs, see `clear`.
    """
    while True:
        path = folder / f".{name}.{secrets.token_hex(8)}{DRAFT}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            break
        os.close(handle)  # `clear` came between the making and the lock
    with os.fdopen(handle, "wb") as file:
        try:
            yield file, path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Write a file anew: what lies there stays until the block has come to a good end, and then the whole new file does.

    `mode` is for a file that is new, as `os.open` takes it.
    """
    clear(path.parent.glob(f".{glob.escape(path.name)}.*{DRAFT}"))
    with draft(path.parent, path.name, mode=mode) as (file, lying):
        yield file
        settle(file)
        lying.replace(path)
    sync(path.parent)


def replace(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file anew, whole or not at all."""
    with replacing(path, mode=mode) as file:
        file.write(data)


def write(path: Path, data: bytes) -> None:
    """Write a file for its owner alone, in a place where nobody reads before all of it is there. Its name is the caller's to sync."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        settle(file)


def settle(file: BinaryIO) -> None:
    """Have the disk hold what was written into an open file."""
    file.flush()
    os.fsync(file.fileno())


def clear(paths: Iterable[Path]) -> int:
    """Remove those files that nobody is writing any more; return how many. Only for drafts: a finished file is locked by nobody."""
    removed = 0
    for path in paths:
        with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            removed += 1
    return removed


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Work alone among all processes that lock the same file; waits for its turn."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
