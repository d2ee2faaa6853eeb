"""The data folder that a backup is restored into: empty before, marked as unfinished until all of it was checked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aioffice.kernel import durable
from aioffice.kernel import secrets as made_secrets
from aioffice.kernel.backup import folders
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import SECRETS, Manifest, read_contents
from aioffice.kernel.documents.storage import Storage, Stored

if TYPE_CHECKING:
    from aioffice.kernel.ledger.keys import VerifierKey

MARK = "restore-unfinished.json"
"""Lies in the data folder while it is not certain that all is well there; nothing opens an office on such a folder."""
_MAY_BE_THERE = {SECRETS, ".secrets.lock", ".ledger-keys.lock", ".up", ".postgres.start", ".postgres.held", MARK}


def begin(data_dir: Path, backup: Path, at: datetime) -> None:
    """Make the data folder ready and mark it. BackupError when there is something in it already; keys may be (`secrets.json`)."""
    made_secrets.folder(data_dir)
    there = sorted(path.name for path in data_dir.iterdir() if path.name not in _MAY_BE_THERE)
    if there:
        raise BackupError(
            f"{data_dir} is not empty ({', '.join(there[:5])}): restore into an empty folder; AIOFFICE_DATA_DIR names another."
        )
    mark(
        data_dir,
        f"A restore of {backup.resolve()} into {data_dir} did not come to a good end, so no office opens on it. Restore again into an "
        f"empty folder, and read what `aioffice restore` says.",
        at,
    )
    source, target = backup / SECRETS, data_dir / SECRETS
    if source.exists():
        if target.exists() and json.loads(target.read_bytes()) != json.loads(source.read_bytes()):
            raise BackupError(f"{target} holds other keys than the backup does: take it away, or the one in {backup}.")
        durable.replace(target, source.read_bytes())


def mark(data_dir: Path, what: str, at: datetime) -> None:
    """Let no office open on this folder until `finish`: `what` says what was begun and what is to be done, as whoever opens it is told."""
    durable.replace(data_dir / MARK, json.dumps({"what": what, "begun": at.isoformat()}).encode())


def unfinished(data_dir: Path) -> str | None:
    """What stands in the way of opening an office on this folder: a restore that did not come to a good end. None if nothing does."""
    try:
        return str(json.loads((data_dir / MARK).read_bytes())["what"])
    except FileNotFoundError:
        return None


def finish(data_dir: Path) -> None:
    """All is well: an office may open here."""
    (data_dir / MARK).unlink()
    durable.sync(data_dir)


def check_keys(manifest: Manifest, have: Mapping[str, Sequence[VerifierKey]]) -> None:
    """BackupError when the keys that this office would sign with are not those of the logs."""
    for log, said in manifest.logs.items():
        keys = [str(key) for key in have.get(log, ())]
        if said.key is None or said.key in keys:
            continue
        name = "AIOFFICE_LEDGER_KEY" if log == "public" else "AIOFFICE_LEDGER_INTERNAL_KEY"
        found = f"here it is {keys[0]}" if keys else "here there is none"
        raise BackupError(
            f"The {log} log is signed with the key {said.key}; {found}. Put the secrets.json of that office into the data folder, or set "
            f"{name}: with another key the log cannot go on."
        )


def bring_documents(backup: Path, storage: Storage) -> int:
    """Bring every document of a backup back as it lay there, sealed ones sealed; return how many."""
    contents = read_contents(backup)
    for content in contents:
        storage.put_back(Stored(content.name, folders.pooled(backup, content.name)))
    return len(contents)


def keep_old(folder: Path, name: str) -> Path:
    """Move a folder aside under a name that nothing has yet, and return where it is now."""
    place, count = folder.with_name(name), 1
    while place.exists():
        count += 1
        place = folder.with_name(f"{name}-{count}")
    return folder.rename(place)


def discard(folder: Path) -> None:
    """Remove a folder with everything in it."""
    shutil.rmtree(folder, ignore_errors=True)
