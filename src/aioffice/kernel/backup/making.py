"""Making a backup while the office works."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

import aioffice
from aioffice.kernel import durable
from aioffice.kernel.backup import folders, programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import DOCUMENTS, DUMP, MANIFEST, SECRETS, Content, Manifest, Part, read_contents
from aioffice.kernel.backup.snapshot import Snapshot, digests, snapshot
from aioffice.kernel.db.provision import SCHEMAS
from aioffice.kernel.documents.storage import NoSuchContent, sha256_of
from aioffice.kernel.failpoints import reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.kernel.documents.storage import Storage, Stored
    from aioffice.kernel.settings import Settings

LAST = "last_backup.json"
"""In the data folder: when the last backup was finished (`at`, ISO) and where it lies (`target`)."""
TRIES = 3
"""How often a snapshot is taken anew because a document that it names was erased meanwhile."""
CHUNK = 1 << 20


class _ErasedMeanwhileError(Exception):
    """The snapshot names a document that is there no longer, and rightly so."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is whole."""

    folder: Path
    manifest: Manifest
    copied: int
    """Documents that no earlier backup held."""
    removed: list[str]
    """Names of the backups that were removed."""


def make(
    target: Path, settings: Settings, storage: Storage, *, at: datetime, secrets: bool, keep: int | None, closed: bool
) -> Made:
    """Back the office up into a folder of backups; nobody has to stop working meanwhile.

    The database comes first, in one snapshot; then every document it names, each read against its hash. Raises BackupError; what was
    begun is then removed and never taken for a backup.
    """
    target = target.resolve()
    if target.is_relative_to(settings.data_dir.resolve()):
        raise BackupError(f"{target} lies in the data folder and would be lost with it: choose another place.")
    with folders.held(target):
        folders.clear_unfinished(target)
        final = target / folders.name_at(at)
        if final.exists():
            raise BackupError(f"{final} is there already: there is one backup a second at the most.")
        partial = final.with_name(final.name + folders.PARTIAL)
        try:
            for attempt in range(TRIES):
                partial.mkdir(mode=0o700)
                try:
                    manifest, copied = _write(partial, settings, storage, at=at, secrets=secrets, closed=closed)
                    break
                except _ErasedMeanwhileError as error:
                    shutil.rmtree(partial)
                    if attempt == TRIES - 1:
                        raise BackupError(f"Documents were erased at every try ({error}): try again.") from error
            durable.sync(partial)
            reach("backup.written")
            partial.rename(final)
            durable.sync(target)
        except OSError as error:
            raise BackupError(f"The backup cannot be written to {target}: {error}") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        removed = folders.prune(target, keep) if keep else []
    _remember(settings.data_dir, target, at)
    return Made(final, manifest, copied, removed)


def _write(
    folder: Path, settings: Settings, storage: Storage, *, at: datetime, secrets: bool, closed: bool
) -> tuple[Manifest, int]:
    address = programs.owner(settings)
    with snapshot(address) as moment:
        dump(folder / DUMP, settings, moment)
        wanted, migrations, rows, logs = moment.digests(), moment.migrations(), moment.rows(), moment.logs()
        server = str(moment.connection.info.parameter_status("server_version"))
    known = _known(folder.parent)
    contents = []
    copied = 0
    for digest in wanted:
        content, fresh = _content(digest, folder, settings, storage, known)
        contents.append(content)
        copied += fresh
    durable.write(folder / DOCUMENTS, b"".join(content.model_dump_json().encode() + b"\n" for content in contents))
    names = [DUMP, DOCUMENTS]
    if secrets and (settings.data_dir / SECRETS).exists():
        durable.write(folder / SECRETS, (settings.data_dir / SECRETS).read_bytes())
        names.append(SECRETS)
    manifest = Manifest(
        at=at,
        version=aioffice.__version__,
        postgres=server,
        closed=closed,
        migrations=migrations,
        parts={name: part_of(folder / name) for name in names},
        rows=rows,
        logs=logs,
        documents=len(contents),
        document_bytes=sum(content.size for content in contents),
    )
    durable.write(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
    return manifest, copied


def dump(path: Path, settings: Settings, moment: Snapshot) -> None:
    """Dump the database as it is in a snapshot, for `loading.load`. BackupError."""
    durable.write(path, b"")  # so that only its owner ever reads it
    schemas = [f"--schema={schema}" for schema in SCHEMAS]
    programs.run(
        settings, "pg_dump", "--format=custom", f"--snapshot={moment.name}", "--no-owner", *schemas, "--file", path,
        address=programs.owner(settings),
    )  # fmt: skip
    durable.sync(path)


def _known(target: Path) -> Mapping[str, Content]:
    """What the newest backup knows of the documents in the pool, by name."""
    before = folders.backups(target)
    return {content.name: content for content in read_contents(before[-1])} if before else {}


def _content(
    digest: str, folder: Path, settings: Settings, storage: Storage, known: Mapping[str, Content]
) -> tuple[Content, bool]:
    """Bring one document into the pool, unless it is there; say whether it came in now."""
    try:
        lying = storage.stored(digest)
        place = folders.pooled(folder, lying.name)
        before = known.get(lying.name)
        if before is not None and place.exists() and place.stat().st_size == before.size:
            return before, False
        return _copy(digest, lying, place, storage), True
    except (NoSuchContent, FileNotFoundError):
        with psycopg.connect(**programs.owner(settings)) as connection:
            if digest not in digests(connection):
                raise _ErasedMeanwhileError(digest) from None
        raise BackupError(
            f"The document {digest} is in the database and not in {settings.data_dir / 'documents'}: bring it back from an earlier "
            f"backup first."
        ) from None


def _copy(digest: str, lying: Stored, place: Path, storage: Storage) -> Content:
    with storage.open(digest) as file:
        found = sha256_of(file)
    if found != digest:
        raise BackupError(f"The content of document {digest} has changed on the disk: its SHA-256 is {found}.")
    for step in (place.parents[1], place.parent):
        step.mkdir(mode=0o700, exist_ok=True)
    draft = place.with_name(place.name + folders.PARTIAL)
    durable.write(draft, b"")
    with lying.path.open("rb") as source, draft.open("wb") as copy:
        shutil.copyfileobj(source, copy, CHUNK)
    durable.sync(draft)
    part = part_of(draft)
    if lying.name == digest and part.sha256 != digest:
        raise BackupError(f"The copy of document {digest} came out different: {part.sha256}. Look at the disks.")
    draft.rename(place)
    durable.sync(place.parent)
    return Content(digest=digest, name=lying.name, **part.model_dump())


def part_of(path: Path) -> Part:
    """The hash and size of a file as it lies on the disk."""
    with path.open("rb") as file:
        return Part(sha256=sha256_of(file), size=path.stat().st_size)


def _remember(data_dir: Path, target: Path, at: datetime) -> None:
    durable.replace(data_dir / LAST, json.dumps({"at": at.astimezone(UTC).isoformat(), "target": str(target)}).encode())
