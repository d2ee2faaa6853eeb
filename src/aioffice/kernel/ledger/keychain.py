"""The keys of both logs as the logs themselves name them: kept beside the entries, by the sequencer, in the transaction of the entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from aioffice.kernel.db.acting import OFFICE
from aioffice.kernel.ledger import statements
from aioffice.kernel.ledger.keys import SigningKey, VerifierKey
from aioffice.kernel.ledger.periods import KeyPeriod
from aioffice.kernel.ledger.rotating import KIND
from aioffice.kernel.ledger.signing import INTERNAL, LOGS, PUBLIC, NoKey, keyring
from aioffice.kernel.ledger.statements import Statement, parse_statement
from aioffice.kernel.ledger.writing import add
from aioffice.kernel.settings import settings

_SPEAKS_OF_KEYS = (b'"kind":"key"', f'"kind":"{KIND}"'.encode())


def periods(log: str, connection: str = OFFICE) -> list[KeyPeriod]:
    """The keys of a log, the one that signs now first; empty before its first entry."""
    rows = _rows(
        "select verifier, since, entry from published.log_key where log = %s order by number", [log], connection
    )
    found = [
        KeyPeriod(VerifierKey.parse(verifier), since, rows[place][1] if place < len(rows) else None, entry)
        for place, (verifier, since, entry) in enumerate(rows, 1)
    ]
    return found[::-1]


def current(log: str, connection: str = OFFICE) -> VerifierKey | None:
    """The key with which a log is signed now; None before its first entry."""
    found = periods(log, connection)
    return found[0].key if found else None


def rotations(log: str, connection: str = OFFICE) -> list[Statement]:
    """The records by which one key of a log took the place of another, oldest first, as far as the public log holds them."""
    rows = _rows(
        "select e.entry from published.log_key k join published.log_entry e on e.index = k.entry "
        "where k.log = %s order by k.number",
        [log],
        connection,
    )
    found = [parse_statement(bytes(row[0])) for row in rows]
    return [one for one in found if one.kind == KIND]


def signers(log: str, at: datetime) -> list[SigningKey]:
    """The keys that sign a checkpoint of a log: the one that it names, and for the days of grace the one before.

    NoKey where this process has not got the key that the log names: another one is never taken for it.
    """
    known = periods(log)
    ring = keyring(log)
    if not known:
        return ring[:1]
    kept = {key.verifier: key for key in ring}
    if known[0].key not in kept:
        raise NoKey(
            f"The {log} log is signed with {known[0].key} since {known[0].since.isoformat()}, and this process has not got that key. "
            "Put it back (it is part of every backup); a new key needs a record in the log: aioffice ledger rotate-key."
        )
    in_grace = len(known) > 1 and at < known[0].since + timedelta(days=settings().ledger_key_grace_days)
    wanted = known[:2] if in_grace else known[:1]
    return [kept[one.key] for one in wanted if one.key in kept]


def note_keys(log: str, first: int, entries: Sequence[bytes]) -> None:
    """Keep what new entries, from index `first` on, say of keys. Called by the sequencer."""
    for index, entry in enumerate(entries, first):
        if not any(sign in entry for sign in _SPEAKS_OF_KEYS):
            continue
        said = parse_statement(entry)
        about = next((one for one in LOGS if said.subject.get("log") == keyring(one)[0].name), None)
        if about == log:
            _do(
                "insert into published.log_key (log, number, verifier, since, entry, noted) "
                "select %s, count(*), %s, %s, %s, %s from published.log_key where log = %s",
                [
                    log,
                    said.says["verifier"],
                    said.recorded_at,
                    index if log == PUBLIC else None,
                    # A new key of the internal log is noted for the public one together with the record.
                    log == PUBLIC or said.kind == KIND,
                    log,
                ],
            )
        elif about is not None and log == PUBLIC:
            _do(
                "update published.log_key set entry = %s where log = %s and verifier = %s and entry is null",
                [index, about, said.says["verifier"]],
            )


def state_internal_key(at: datetime) -> bool:
    """Let the public log say with which key the internal one is signed, so that nobody can swap it. Return whether that was new.

    Called inside `acting`. Later keys come with the record of their rotation.
    """
    rows = _rows(
        "update published.log_key set noted = true where log = %s and not noted returning verifier", [INTERNAL], OFFICE
    )
    for (verifier,) in rows:
        add(PUBLIC, [(statements.key(VerifierKey.parse(verifier).name, verifier, at), None)], at)
    return bool(rows)


def _rows(sql: str, parameters: Sequence[Any], connection: str) -> list[tuple[Any, ...]]:
    with connections[connection].cursor() as cursor:
        cursor.execute(sql, list(parameters))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _do(sql: str, parameters: Sequence[Any]) -> None:
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(sql, list(parameters))
