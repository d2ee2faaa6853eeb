"""What `aioffice restore` does, step by step, and what it says of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aioffice.doors.cli._office import database, start_django
from aioffice.doors.cli._printing import note
from aioffice.kernel.backup import checking, loading, restoring
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import DUMP
from aioffice.kernel.db.provision import ProvisionError, provision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from aioffice.kernel.backup.comparing import Lost, Verified
    from aioffice.kernel.backup.manifest import Manifest
    from aioffice.kernel.ledger.keys import VerifierKey
    from aioffice.kernel.settings import Settings


@dataclass
class Restored:
    """What a restore brought back and checked; `findings` is empty if all is well, `lost` if no log is older than what was witnessed."""

    manifest: Manifest
    documents: int = 0
    logs: dict[str, Verified] = field(default_factory=dict)
    migrated: int = 0
    witnessed: int = 0
    lost: list[Lost] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    """By log, why nothing is added to it."""
    skipped: int = 0
    """How many numbers of each series were left out."""
    findings: list[str] = field(default_factory=list)
    seconds: float = 0

    def data(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "backup": self.manifest.at,
            "version": self.manifest.version,
            "rows": sum(self.manifest.rows.values()),
            "tables": len(self.manifest.rows),
            "documents": self.documents,
            "logs": {
                name: {"entries": one.entries, "documents": one.documents, "waiting": one.waiting}
                for name, one in self.logs.items()
            },
            "migrated": self.migrated,
            "witnessed": self.witnessed,
            "lost": [
                {"log": one.log, "entries": one.size, "witnessed": one.witnessed, "missing": one.missing}
                for one in self.lost
            ],
            "held": self.held,
            "numbers_skipped": self.skipped,
            "findings": self.findings,
            "seconds": round(self.seconds, 1),
        }


def restore_into(
    office: Settings, backup: Path, witnessed: Sequence[bytes], *, accept_loss: bool, skip_numbers: int, at: datetime
) -> Restored:
    """Restore a backup into an empty place and check all of it. Raises BackupError; the folder then stays marked as unfinished."""
    begin = time.monotonic()
    _say("Reading the backup")
    manifest, findings = checking.check(backup)
    if findings:
        raise BackupError("\n".join(["The backup is not whole:", *findings]))
    restoring.begin(office.data_dir, backup, at)
    keys = _own_keys()
    restoring.check_keys(manifest, keys)
    result = Restored(manifest)
    with database(office):
        try:
            provision(office)
        except ProvisionError as error:
            raise BackupError(str(error)) from error
        start_django()
        result.findings += _load(office, backup, result, at)
        if skip_numbers:
            _skip(office, manifest.at, skip_numbers, at)
            result.skipped = skip_numbers
        _check(office, result, _keys_of(manifest, keys), witnessed, accept_loss=accept_loss, at=at)
    if not result.findings:
        # Also when a log is held: the office may open, and everybody read; the hold lies in the database.
        restoring.finish(office.data_dir)
    result.seconds = time.monotonic() - begin
    return result


def _load(office: Settings, backup: Path, result: Restored, at: datetime) -> list[str]:
    from django.db.migrations.loader import MigrationLoader

    from aioffice.doors import prepare
    from aioffice.kernel.backup import comparing
    from aioffice.kernel.documents.storage import storage

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    loading.refuse_newer(result.manifest, known)
    _say("Loading the database")
    loading.load(backup / DUMP, office)
    findings = loading.compare_rows(result.manifest.rows, office)
    result.migrated = prepare.migrate()
    # First of all: nothing may come into a log before it is certain that the log is the newest there is.
    comparing.hold_while_checking(office, at)
    _say("Bringing the documents back")
    restoring.bring_documents(backup, storage())
    return findings


def _check(
    office: Settings,
    result: Restored,
    keys: Mapping[str, VerifierKey],
    witnessed: Sequence[bytes],
    *,
    accept_loss: bool,
    at: datetime,
) -> None:
    from aioffice.kernel.backup import comparing
    from aioffice.kernel.documents.storage import storage

    _say("Checking documents and logs")
    found = [comparing.compare_witnessed(data, keys, at) for data in witnessed]
    result.lost = [one for one in found if one is not None]
    result.witnessed = len(witnessed)
    result.documents, wrong = comparing.compare_documents(office, storage())
    result.findings += wrong
    result.logs = comparing.verify_logs(keys, at)
    for log, one in result.logs.items():
        result.findings += [f"{log} log: {finding}" for finding in one.findings]
    if not result.findings:
        result.held = comparing.settle(office, result.lost, accepted=accept_loss, at=at)
        comparing.write_down(
            result.manifest.at,
            result.manifest.version,
            result.lost,
            accepted=accept_loss,
            skipped=result.skipped,
            at=at,
        )


def _skip(office: Settings, since: datetime, count: int, at: datetime) -> None:
    """Leave numbers out of every series there is, for the years in which something may have been filed after the backup."""
    from aioffice.kernel.backup.skipping import skip_numbers
    from aioffice.kernel.days import office_day
    from aioffice.kernel.procedures.declaration import procedures

    years = range(office_day(since).year, office_day(at).year + 1)
    skip_numbers(office, {each.series for each in procedures() if each.series}, years, count)


def _own_keys() -> dict[str, list[VerifierKey]]:
    """By log, the keys that this office could sign with: more than one while one takes the place of another."""
    from aioffice.kernel.ledger.signing import LOGS, NoKey, keyring

    found: dict[str, list[VerifierKey]] = {}
    for log in LOGS:
        try:
            found[log] = [key.verifier for key in keyring(log)]
        except NoKey:
            found[log] = []
    return found


def _keys_of(manifest: Manifest, own: Mapping[str, Sequence[VerifierKey]]) -> dict[str, VerifierKey]:
    """The keys with which the logs are signed, as they say themselves; those of this office for a log that is empty."""
    from aioffice.kernel.ledger.keys import VerifierKey
    from aioffice.kernel.ledger.signing import verifier_key

    return {
        log: VerifierKey.parse(said.key) if said.key else next(iter(own[log]), None) or verifier_key(log)
        for log, said in manifest.logs.items()
    }


def _say(text: str) -> None:
    note(f"  {text} ...")
