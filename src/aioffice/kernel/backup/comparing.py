"""Holding what was restored against its documents, its logs, and what was seen of the logs elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
from django.db import connection

from aioffice.kernel.backup import programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.snapshot import digests
from aioffice.kernel.db.acting import acting
from aioffice.kernel.documents.sealing import SealError
from aioffice.kernel.documents.storage import NoSuchContent, sha256_of
from aioffice.kernel.ledger import site, standalone, standing
from aioffice.kernel.ledger.checking import check_document
from aioffice.kernel.ledger.checkpoints import Checkpoint, open_checkpoint
from aioffice.kernel.ledger.documents import shown_now, subject_key
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.proving import root
from aioffice.kernel.ledger.sequencer import SEQUENCER
from aioffice.kernel.ledger.signing import INTERNAL, LOGS, PUBLIC
from aioffice.kernel.ledger.statements import Statement, parse_statement
from aioffice.kernel.ledger.store import SITE, STORES, Store
from aioffice.kernel.ledger.verifying import verify_log
from aioffice.kernel.ledger.witnessing import Seen
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.audit import audit

if TYPE_CHECKING:
    from aioffice.kernel.documents.storage import Storage
    from aioffice.kernel.settings import Settings

RESTORER = "restorer"
"""The service actor in whose name a restore is written down."""
WAITING = """
select p.entry, s.subject, s.salts from office.ledger_pending p left join published.statement s on s.pending = p.id where p.log = 'public'
"""


def compare_documents(settings: Settings, storage: Storage) -> tuple[int, list[str]]:
    """Hash every document that the database names; return how many, and what does not fit, one sentence each."""
    with psycopg.connect(**programs.owner(settings)) as owner:
        wanted = digests(owner)
    findings = []
    for digest in wanted:
        try:
            with storage.open(digest) as file:
                found = sha256_of(file)
        except NoSuchContent:
            findings.append(f"The document {digest} is not there.")
        except SealError as error:
            findings.append(str(error))
        else:
            if found != digest:
                findings.append(f"The document {digest} has the SHA-256 {found}.")
    return len(wanted), findings


@dataclass(frozen=True, slots=True)
class Verified:
    """What the verifier said of one log: entries, public documents held against them, and those that still wait for their entry."""

    entries: int
    documents: int
    waiting: int
    findings: list[str]


def verify_logs(keys: Mapping[str, VerifierKey], at: datetime) -> dict[str, Verified]:
    """Check both logs in full, with the verifier that everybody has.

    A document whose statement had not come into the log when the snapshot was taken is held against the statement that waits.
    """
    return {PUBLIC: _verify_public(keys[PUBLIC], at), INTERNAL: _verify_internal(keys[INTERNAL], at)}


def _verify_public(key: VerifierKey, at: datetime) -> Verified:
    with acting(SEQUENCER, at), connection.cursor() as cursor:
        cursor.execute(WAITING)
        rows = [(parse_statement(bytes(entry)), subject, salts) for entry, subject, salts in cursor.fetchall()]
    waiting = {subject_key(statement.subject) for statement, _, _ in rows}
    newest = [(statement, _object(salts)) for statement, subject, salts in rows if subject is not None]
    if SITE.newest() is None:
        return Verified(0, 0, len(newest), _compare_waiting(newest))

    report = verify_log(SITE.fetch, lambda: standing.standing_lines(waiting), [key])
    findings = standing.but_for(waiting, report.findings)
    return Verified(report.entries, report.documents, len(newest), findings + _compare_waiting(newest))


def _compare_waiting(newest: Sequence[tuple[Statement, Mapping[str, str]]]) -> list[str]:
    findings = []
    for start in range(0, len(newest), site.BATCH):
        batch = newest[start : start + site.BATCH]
        shown = shown_now([statement.subject for statement, _ in batch])
        for statement, salts in batch:
            name, key = standalone.name_of(dict(statement.subject)), subject_key(statement.subject)
            if key in shown:
                findings += [f"{name}: {one}" for one in check_document(shown[key], salts, statement)]
            else:
                findings.append(f"{name}: waits for its place in the log, and is not public")
    return findings


def _object(value: object) -> dict[str, str]:
    return json.loads(value) if isinstance(value, str) else value  # type: ignore[return-value]  # a column of JSON objects


def _verify_internal(key: VerifierKey, at: datetime) -> Verified:
    store = STORES[INTERNAL]
    with acting(SEQUENCER, at):
        if store.newest() is None:
            return Verified(0, 0, 0, [])
        report = verify_log(store.fetch, lambda: iter(()), [key])
    return Verified(report.entries, report.documents, 0, report.findings)


@dataclass(frozen=True, slots=True)
class Lost:
    """A log that is older than what somebody outside saw of it."""

    log: str
    size: int
    witnessed: int

    @property
    def missing(self) -> int:
        """How many entries at its end are not there."""
        return self.witnessed - self.size

    def __str__(self) -> str:
        """As whoever restores has to read it."""
        return (
            f"The {self.log} log is older than what was witnessed: it has {self.size} entries, {self.witnessed} were seen, so "
            f"{self.missing} {'is' if self.missing == 1 else 'are'} missing. It must not go on under its name: its next entries would "
            f"stand where those stood, and everybody who saw them would see a fork. Restore a newer backup."
        )


def compare_witnessed(data: bytes, keys: Mapping[str, VerifierKey], at: datetime) -> Lost | None:
    """Hold a log against a checkpoint that somebody outside kept, cosigned or not; None when the log has only grown from there.

    `data` is a checkpoint as it was served, or the state file of `aioffice ledger witness`. BackupError when it is of another log, when
    its signature does not hold, and when the log forks from it.
    """
    note = _note(data)
    try:
        witnessed, log = _opened(note, keys)
    except LedgerError as error:
        raise BackupError(f"The witnessed checkpoint is not one of this office's logs: {error}") from error
    with acting(SEQUENCER, at):
        return _grown(STORES[log], log, witnessed)


def _note(data: bytes) -> bytes:
    if data.lstrip().startswith(b"{"):
        try:
            return Seen.parse(data).checkpoint
        except LedgerError as error:
            raise BackupError(f"The witnessed checkpoint cannot be read: {error}") from error
    return data


def _opened(note: bytes, keys: Mapping[str, VerifierKey]) -> tuple[Checkpoint, str]:
    # Whoever saw it may have seen it under a key of before.
    before = [period.key for log in LOGS for period in site.log_keys(log)]
    witnessed = open_checkpoint(note, list(dict.fromkeys([*keys.values(), *before])))
    log = next((log for log in LOGS if keys[log].name == witnessed.origin), None)
    if log is None:
        raise BackupError(f"The witnessed checkpoint is of the log {witnessed.origin}, which is none of this office's.")
    return witnessed, log


def _grown(store: Store, log: str, witnessed: Checkpoint) -> Lost | None:
    now = store.checkpoint()
    size = now.size if now else 0
    if size < witnessed.size:
        return Lost(log, size, witnessed.size)
    try:
        found = root(witnessed.size, store.reader(size).hashes)
    except LedgerError as error:
        raise BackupError(f"The {log} log cannot be read: {error}") from error
    if found != witnessed.root:
        raise BackupError(
            f"The {log} log forks from what was witnessed: at {witnessed.size} entries its root is {found.hex()}, and "
            f"{witnessed.root.hex()} was seen. This backup is of another past, or was altered: do not open the office on it."
        )
    return None


BEING_CHECKED = "A restore of this log has not come to a good end."
"""Why nothing is added to either log until all of a restore is checked, whichever process works on the database meanwhile."""


def hold_while_checking(settings: Settings, at: datetime) -> None:
    """Let nothing be added to the logs until `settle`."""
    _hold(settings, dict.fromkeys(LOGS, BEING_CHECKED), at)


def settle(settings: Settings, lost: Sequence[Lost], *, accepted: bool, at: datetime) -> dict[str, str]:
    """All was checked: let the logs go on, but for those that are older than what was witnessed, unless that loss is accepted.

    A hold that the backup itself brought stays as long as no loss is accepted. Returns why which log is held.
    """
    with psycopg.connect(**programs.owner(settings)) as owner:
        owner.execute("delete from office.ledger_hold where reason = %s or %s", [BEING_CHECKED, accepted])
    if not accepted:
        _hold(settings, {one.log: str(one) for one in lost}, at)
    with psycopg.connect(**programs.owner(settings)) as owner:
        rows = owner.execute("select log, reason from office.ledger_hold order by log desc").fetchall()
    return {str(log): str(reason) for log, reason in rows}


def _hold(settings: Settings, reasons: Mapping[str, str], at: datetime) -> None:
    with psycopg.connect(**programs.owner(settings)) as owner:
        for log, reason in reasons.items():
            owner.execute(
                "insert into office.ledger_hold (log, reason, since) values (%s, %s, %s) on conflict (log) do nothing",
                [log, reason, at],
            )


def write_down(
    manifest_at: datetime, version: str, lost: Sequence[Lost], *, accepted: bool, skipped: int, at: datetime
) -> None:
    """Write into the audit trail that a backup was restored, which loss was accepted, and how many numbers of each series were left out."""
    actor = service(RESTORER)
    with acting(actor, at):
        detail = {
            "backup": manifest_at.isoformat(),
            "version": version,
            "accept_loss": accepted,
            "numbers_skipped": skipped,
        }
        audit(actor, "office.restore", "office", detail, at)
        for one in lost if accepted else ():
            missing = {"entries": one.size, "witnessed": one.witnessed, "missing": one.missing}
            audit(actor, "ledger.accept_loss", f"log:{one.log}", missing, at)
