"""The sequencer: gives what waits its place in a log, makes the tiles, and signs. Nobody else writes a log.

One at a time for each log, and all in one transaction: entries, tiles, checkpoint and the end of waiting become true together, or not at
all. It takes whatever waits, not what comes after a last number: transactions commit in another order than they began. The order is that
in which the database took the statements down, whatever the clocks of those who sent them say.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.db.locks import serialise
from aioffice.kernel.failpoints import reach
from aioffice.kernel.ledger import keychain, statements
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
from aioffice.kernel.ledger.cosignatures import configured
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.holds import holds
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC, signing_key
from aioffice.kernel.ledger.statements import Statement
from aioffice.kernel.ledger.store import STORES, Store
from aioffice.kernel.ledger.writing import add
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.audit import audit

records = structlog.get_logger(__name__)
SEQUENCER = service("sequencer")
MOST = 5_000
"""Entries given their place in one transaction."""


def sequence(log: str, at: datetime) -> int:
    """Put everything that waits for a log into it; return how many entries it took. A log that is held takes none."""
    taken = 0
    while True:
        with acting(SEQUENCER, at):
            serialise(f"ledger:{log}")
            reason = held(log)
            if reason is not None:
                records.error("ledger_held", log=log, reason=reason)
                return taken
            count = _batch(log, at)
        reach("ledger.sequenced")
        taken += count
        if count < MOST:
            break
    if taken and log == PUBLIC:
        _ask_witnesses()
    return taken


def _ask_witnesses() -> None:
    """Queue the asking, once, where there is a witness to ask. Behind the transaction: should it be lost, the next minutes ask again."""
    from aioffice.kernel.ledger.jobs import ask_witnesses

    if any(one.url for one in configured()):
        with plumbing(), contextlib.suppress(AlreadyEnqueued):
            ask_witnesses.defer()


def rotate(log: str, record: Statement, *, actor: Actor, at: datetime) -> None:
    """Put the record of a new key into a log, behind whatever waits, and sign the log with that key from there on: all or nothing.

    What replaces the key of the internal log is said in the public one too, whose readers cannot see the other. NoKey, StaleRotation.
    """
    with acting(SEQUENCER, at):
        serialise(f"ledger:{log}")
        if (reason := held(log)) is not None:
            raise StaleRotation(f"The {log} log is held: {reason}")
        now = keychain.current(log)
        if now is not None and str(now) != record.says["old"]:
            raise StaleRotation(f"The {log} log is signed with {now} by now: another key was replaced meanwhile.")
        _batch(log, at, record)
        if log == INTERNAL:
            add(PUBLIC, [(record, None)], at)
        with acting(actor, at):
            detail = {"old": record.says["old"], "new": record.says["verifier"]}
            audit(actor, "ledger.rotate-key", f"log:{log}", detail, at)
    reach("ledger.rotated")
    if log == PUBLIC:
        _ask_witnesses()


class StaleRotation(RuntimeError):
    """The record of a new key comes to a log that is held, or names an old one that does not sign the log any more."""


def held(log: str) -> str | None:
    """Why a log must not go on; None if it may. Asked by the sequencer, inside `acting`."""
    found = holds().get(log)
    return found.reason if found else None


def _batch(log: str, at: datetime, rotation: Statement | None = None) -> int:
    store = STORES[log]
    waiting = _take(log)
    if not waiting and rotation is None:
        return 0
    entries = [(entry, record_id) for _, entry, record_id in waiting]
    edge = _edge(store)
    if edge.size == 0:
        # A log begins by saying which key signs it.
        opening = statements.key(signing_key(log).name, str(signing_key(log).verifier), at)
        entries.insert(0, (opening.encode(), None))
    first = edge.size + len(entries) - len(waiting)
    if rotation is not None:
        entries.append((rotation.encode(), None))
    growth = edge.grow(leaf_hash(entry) for entry, _ in entries)
    store.add_entries(edge.size, entries)
    reach("ledger.entered")
    store.put_tiles(growth.tiles)
    reach("ledger.tiled")
    keychain.note_keys(log, edge.size, [entry for entry, _ in entries])
    size = growth.edge.size
    keys = keychain.signers(log, at)
    store.add_checkpoint(size, bytes(sign_checkpoint(Checkpoint(keys[0].name, size, growth.edge.root()), *keys)), at)
    if log == PUBLIC:
        _settle([row[0] for row in waiting], first)
    reach("ledger.signed")
    return len(waiting)


def _take(log: str) -> list[tuple[UUID, bytes, UUID | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "with taken as (delete from office.ledger_pending where id in "
            "(select id from office.ledger_pending where log = %s order by turn nulls first, id limit %s) "
            "returning id, entry, record_id, turn) select id, entry, record_id from taken order by turn nulls first, id",
            [log, MOST],
        )
        return [(row[0], bytes(row[1]), row[2]) for row in cursor.fetchall()]


def _edge(store: Store) -> Edge:
    newest = store.checkpoint()
    return store.reader(newest.size).edge() if newest is not None else Edge()


def _settle(ids: list[UUID], first: int) -> None:
    """Say of each public document which entry is the newest on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update published.statement s set index = t.index, settled = true "
            "from unnest(%s::uuid[], %s::bigint[]) as t (id, index) where s.pending = t.id",
            [ids, list(range(first, first + len(ids)))],
        )
        cursor.execute(
            "update published.statement_past s set index = t.index "
            "from unnest(%s::uuid[], %s::bigint[]) as t (id, index) where s.pending = t.id",
            [ids, list(range(first, first + len(ids)))],
        )


def anchor(at: datetime) -> None:
    """Let each log say where the other stands. Done at a fixed hour each day, whether or not anything happened.

    The internal log goes first: with that entry its root is another one each day, so that the public log tells neither how much happened
    in it nor whether anything did (Article 78).
    """
    _say(INTERNAL, PUBLIC, at)
    sequence(INTERNAL, at)
    state_keys(at)
    _say(PUBLIC, INTERNAL, at)


def state_keys(at: datetime) -> None:
    """Let the public log say with which key the internal one is signed, where it does not say so yet."""
    with acting(SEQUENCER, at):
        keychain.state_internal_key(at)


def _say(log: str, other: str, at: datetime) -> None:
    with acting(SEQUENCER, at):
        newest = STORES[other].checkpoint()
        root = newest.root if newest is not None else Edge().root()
        add(log, [(statements.anchor(signing_key(other).name, root, at), None)], at)
