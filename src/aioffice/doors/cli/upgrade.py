"""`aioffice upgrade-database` brings the embedded database to the major version of PostgreSQL that this office comes with."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import psycopg
import typer

from aioffice.doors.cli._office import checked_settings, only_one, refuse_unfinished, start_django
from aioffice.doors.cli._printing import AsJson, Exit, note, print_json, quiet, stop
from aioffice.kernel import durable
from aioffice.kernel.backup import checking, folders, loading, making, restoring
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import DUMP, Manifest
from aioffice.kernel.backup.snapshot import snapshot
from aioffice.kernel.db.provision import ProvisionError, provision
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.postgres import Cluster, ClusterError, files
from aioffice.kernel.postgres.control import Control, control

if TYPE_CHECKING:
    from aioffice.kernel.settings import Settings

app = typer.Typer()

NEW = "postgres-new"


@dataclass(frozen=True, slots=True)
class _Source:
    dump: Path
    rows: Mapping[str, int]


@app.command("upgrade-database")
def upgrade_database(
    *,
    from_backup: Annotated[
        Path | None,
        typer.Option(
            metavar="TARGET",
            exists=True,
            file_okay=False,
            help="Load a backup that was made when the office was closed for good.",
        ),
    ] = None,
    old_binaries: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", exists=True, file_okay=False, help="Programs of the old version: dump with its server."
        ),
    ] = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Load the backup though the database was used after it was made.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load the embedded database into files of the PostgreSQL that this office comes with; the old files stay, under another name.

    Exit status: 0 done, 1 not done (nothing has changed), 2 the command was misread, 7 the backup is older than the database.

    Example: aioffice upgrade-database --old-binaries /usr/lib/postgresql/17/bin
    """
    if (from_backup is None) == (old_binaries is None):
        stop(Exit.MISREAD, "Give either --from-backup or --old-binaries.")
    found = checked_settings()
    if not found.embedded:
        stop(Exit.MISREAD, "DATABASE_URL names a server that others run: they bring it to its next version.")
    quiet()
    refuse_unfinished(found)
    with _or_fail(), only_one(found, doing="The database is being upgraded"), contextlib.ExitStack() as stack:
        old, new = Cluster(found.data_dir).version(), files.major_version(files.binary("postgres"))
        if old is None:
            stop(Exit.FAILED, f"There is no database in {found.data_dir}.")
        if old == new:
            stop(
                Exit.FAILED, f"The database in {found.data_dir} is of PostgreSQL {new} already: there is nothing to do."
            )
        source = (
            _from_backup(found, from_backup, accept_loss=accept_loss)
            if from_backup
            else stack.enter_context(_from_old_server(found, Path(str(old_binaries)), old))
        )
        entries = _load(found, source)
        kept = _swap(found, old)
    if as_json:
        print_json({"from": old, "to": new, "rows": sum(source.rows.values()), "logs": entries, "kept": str(kept)})
    else:
        print(f"The database is of PostgreSQL {new} now: {sum(source.rows.values())} rows, both logs verify.")
        note(f"The old files are in {kept}: remove them when the office has run well for a while.")


def _from_backup(found: Settings, target: Path, *, accept_loss: bool) -> _Source:
    folder = folders.find(target)
    note("  Reading the backup ...")
    manifest, findings = checking.check(folder)
    if findings:
        raise BackupError("\n".join(["The backup is not whole:", *findings]))
    if not accept_loss and not _newest(found, manifest):
        stop(
            Exit.REFUSED,
            f"The database was used after the backup of {manifest.at.isoformat()} was made, or while it was: what was filed since then "
            f"would be lost. Close the office, and make a backup with the version that ran until now; or use --old-binaries; or say "
            f"--accept-loss.",
        )
    return _Source(folder / DUMP, manifest.rows)


def _newest(found: Settings, manifest: Manifest) -> bool:
    """Whether nothing can have been filed after that backup: made of a closed office, the last one made, and nothing was written since."""
    last = found.data_dir / making.LAST
    if not manifest.closed or manifest.next_transaction is None or not last.exists():
        return False
    at = datetime.fromisoformat(json.loads(last.read_bytes())["at"])
    stopped = control(Cluster(found.data_dir).files)
    return at == manifest.at and stopped == Control(shut_down=True, next_transaction=manifest.next_transaction)


@contextlib.contextmanager
def _from_old_server(found: Settings, programs: Path, version: str) -> Iterator[_Source]:
    """Start the old server with its own programs and dump it with the new pg_dump, which reads older ones."""
    if not (programs / "postgres").exists() or files.major_version(programs / "postgres") != version:
        raise BackupError(
            f"{programs} has no `postgres` of version {version}: name the folder of that version's programs."
        )
    with tempfile.TemporaryDirectory(prefix="upgrade-", dir=found.data_dir) as place:
        dump = Path(place) / DUMP
        cluster = Cluster(found.data_dir, programs=programs)
        note(f"  Dumping with the server of PostgreSQL {version} ...")
        cluster.start()
        try:
            with snapshot(cluster.conninfo(found.database_name, "aio_owner")) as moment:
                making.dump(dump, found, moment)
                rows = moment.rows()
        finally:
            cluster.stop()
        yield _Source(dump, rows)


def _load(found: Settings, source: _Source) -> dict[str, Any]:
    """Load and check in files of their own; they go again when anything is wrong."""
    cluster = Cluster(found.data_dir, folder=NEW)
    restoring.discard(cluster.files)
    note("  Loading ...")
    try:
        cluster.start()
        try:
            provision(found)
            loading.load(source.dump, found)
            findings = loading.compare_rows(source.rows, found)
            start_django()
            entries, more = _verify()
        finally:
            _leave()
            cluster.stop()
    except BaseException:
        restoring.discard(cluster.files)
        raise
    if findings or more:
        restoring.discard(cluster.files)
        raise BackupError("\n".join(["What was loaded does not fit:", *findings, *more]))
    return entries


def _verify() -> tuple[dict[str, int], list[str]]:
    from aioffice.doors import prepare
    from aioffice.kernel.backup.comparing import verify_logs
    from aioffice.kernel.ledger.signing import LOGS, verifier_key

    prepare.migrate()
    found = verify_logs({log: verifier_key(log) for log in LOGS}, datetime.now(UTC))
    findings = [f"{log} log: {finding}" for log, one in found.items() for finding in one.findings]
    return {log: one.entries for log, one in found.items()}, findings


def _leave() -> None:
    """Close the connections, so that the server can stop."""
    import django
    from django.db import connections

    if django.apps.apps.ready:
        connections.close_all()


def _swap(found: Settings, old: str) -> Path:
    """Put the new files in the place of the old ones, which stay."""
    place = found.data_dir / "postgres"
    restoring.mark(
        found.data_dir,
        f"An upgrade was cut off while folders were renamed in {found.data_dir}. If there is no `postgres` there, rename `{NEW}` to "
        f"`postgres`; then remove {restoring.MARK}.",
        datetime.now(UTC),
    )
    kept = restoring.keep_old(place, f"postgres-{old}")
    (found.data_dir / NEW).rename(place)
    durable.sync(found.data_dir)
    restoring.finish(found.data_dir)
    return kept


@contextlib.contextmanager
def _or_fail() -> Iterator[None]:
    try:
        yield
    except (BackupError, ClusterError, ProvisionError, LedgerError, OSError, psycopg.Error) as error:
        stop(Exit.FAILED, f"Not upgraded, nothing has changed: {error}")
