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
from aioffice.kernel.backup import folders, keys, programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import DOCUMENTS, DUMP, MANIFEST, SECRETS, Manifest
from aioffice.kernel.backup.pool import ErasedMeanwhileError, Pool, part_of
from aioffice.kernel.backup.snapshot import Snapshot, snapshot
from aioffice.kernel.db.provision import SCHEMAS
from aioffice.kernel.failpoints import reach

if TYPE_CHECKING:
    from aioffice.kernel.documents.storage import Storage
    from aioffice.kernel.settings import Settings

LAST = "last_backup.json"
"""In the data folder: when the last backup was finished (`at`, ISO) and where it lies (`target`)."""
TRIES = 3
"""How often a snapshot is taken anew because a document that it names was erased meanwhile, or keys were changed."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is whole."""

    folder: Path
    manifest: Manifest
    copied: int
    """Documents that no earlier backup held."""
    read_again: int
    """Documents of earlier backups that were read against their hashes again."""
    mended: int
    """Those of them whose copy had changed on its disk, and was brought again."""
    removed: list[str]
    """Names of the backups that were removed."""


def make(
    target: Path,
    settings: Settings,
    storage: Storage,
    *,
    at: datetime,
    secrets: bool,
    keep: int | None,
    closed: bool,
    verify: bool = False,
) -> Made:
    """Back the office up into a folder of backups; nobody has to stop working meanwhile.

    The database comes first, in one snapshot; then every document it names. New ones are read against their hashes, and of those that an
    earlier backup holds as many as it takes to have read all within READ_AGAIN; with `verify`, all. Raises BackupError; what was begun is
    then removed and never taken for a backup.
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
                    pool = Pool(partial, settings, storage, at=at, verify=verify)
                    manifest = _write(partial, settings, pool, secrets=secrets, closed=closed)
                    break
                except ErasedMeanwhileError as error:
                    shutil.rmtree(partial)
                    if attempt == TRIES - 1:
                        raise BackupError(f"Documents were erased at every try ({error}): try again.") from error
                except keys.ChangedMeanwhileError as error:
                    shutil.rmtree(partial)
                    if attempt == TRIES - 1:
                        raise BackupError(
                            "Keys were changed at every try: try again when no key is changed."
                        ) from error
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
    return Made(final, manifest, pool.copied, pool.read_again, pool.mended, removed)


def _write(folder: Path, settings: Settings, pool: Pool, *, secrets: bool, closed: bool) -> Manifest:
    before = keys.read(settings)
    with snapshot(programs.owner(settings)) as moment:
        dump(folder / DUMP, settings, moment)
        wanted, migrations, rows, logs = moment.digests(), moment.migrations(), moment.rows(), moment.logs()
        server = str(moment.connection.info.parameter_status("server_version"))
    contents = [pool.take(digest) for digest in wanted]
    durable.write(folder / DOCUMENTS, b"".join(content.model_dump_json().encode() + b"\n" for content in contents))
    names = [DUMP, DOCUMENTS]
    if secrets:
        kept = keys.choose(before, keys.read(settings), logs, pool.sealed_with(contents), settings)
        if kept.data is not None:
            durable.write(folder / SECRETS, kept.data)
            names.append(SECRETS)
    manifest = Manifest(
        at=pool.at,
        version=aioffice.__version__,
        postgres=server,
        closed=closed,
        next_transaction=_next_transaction(settings) if closed else None,
        migrations=migrations,
        parts={name: part_of(folder / name) for name in names},
        rows=rows,
        logs=logs,
        documents=len(contents),
        document_bytes=sum(content.size for content in contents),
    )
    durable.write(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
    return manifest


def _next_transaction(settings: Settings) -> int:
    """Asked last: while the office is closed, whatever wrote since the snapshot was the server itself, tidying."""
    with psycopg.connect(**programs.owner(settings)) as connection:
        row = connection.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
    assert row is not None, "the function always answers"
    return int(row[0])


def dump(path: Path, settings: Settings, moment: Snapshot) -> None:
    """Dump the database as it is in a snapshot, for `loading.load`. BackupError."""
    durable.write(path, b"")  # so that only its owner ever reads it
    schemas = [f"--schema={schema}" for schema in SCHEMAS]
    programs.run(
        settings, "pg_dump", "--format=custom", f"--snapshot={moment.name}", "--no-owner", *schemas, "--file", path,
        address=programs.owner(settings),
    )  # fmt: skip
    durable.sync(path)


def _remember(data_dir: Path, target: Path, at: datetime) -> None:
    durable.replace(data_dir / LAST, json.dumps({"at": at.astimezone(UTC).isoformat(), "target": str(target)}).encode())
