"""Where backups lie: a folder with one folder for each, named by its time, and a pool of documents that they share.

    TARGET/20270101T020000Z/   manifest.json, database.dump, documents.jsonl, secrets.json
    TARGET/documents/ab/…      contents, each once however many backups hold it

A backup is made in `<time>.partial` and renamed when all of it is on the disk: a name without that ending stands for a whole one.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import MANIFEST, read_contents

POOL = "documents"
_NAME = re.compile(r"\d{8}T\d{6}Z")
PARTIAL = ".partial"


def name_at(at: datetime) -> str:
    """The name of a backup made at that time."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def backups(target: Path) -> list[Path]:
    """The whole backups in a folder, oldest first."""
    if not target.is_dir():
        return []
    return sorted(path for path in target.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())


def find(source: Path) -> Path:
    """The backup that is meant: the folder itself when it is one, else the newest in it. BackupError when there is none."""
    if source.name.endswith(PARTIAL):
        raise BackupError(f"{source} was never finished: take another backup.")
    if (source / MANIFEST).is_file():
        return source
    found = backups(source)
    if not found:
        raise BackupError(
            f"There is no backup in {source}: name the folder that `aioffice backup` wrote to, or one of its backups."
        )
    return found[-1]


def pooled(backup: Path, name: str) -> Path:
    """Where a document of a backup lies."""
    return backup.parent / POOL / name[:2] / name


@contextlib.contextmanager
def held(target: Path) -> Iterator[None]:
    """Work on a folder of backups alone. BackupError when someone else does, or the folder cannot be used."""
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (target / ".lock").open("w")
    except OSError as error:
        raise BackupError(f"{target} cannot be written to: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(
                f"Another backup into {target} is being made or checked: wait until it is done."
            ) from None
        yield


def clear_unfinished(target: Path) -> None:
    """Remove what a backup that was cut short left behind."""
    for path in target.glob(f"*{PARTIAL}"):
        shutil.rmtree(path)
    for path in (target / POOL).glob(f"??/*{PARTIAL}"):
        path.unlink()


def prune(target: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` backups, and the documents that none of the others holds; return the names removed."""
    every = backups(target)
    leaving = every[:-keep]
    for path in leaving:
        # Renamed first: one that is half removed must not be taken for a whole one.
        gone = path.rename(path.with_name(path.name + PARTIAL))
        shutil.rmtree(gone)
    if leaving:
        needed = {content.name for path in every[-keep:] for content in read_contents(path)}
        for path in (target / POOL).glob("??/*"):
            if path.name not in needed:
                path.unlink()
    return [path.name for path in leaving]
