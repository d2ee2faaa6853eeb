"""The sequencer: gives what waits its place in a log, makes the tiles, and signs. Nobody else writes a log.

One at a time for each log, and all in one transaction: entries, tiles, checkpoint and the end of waiting become true together, or not at
all. It takes whatever waits, not what comes after a last number: transactions commit in another order than they began.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.db.locks import serialise
from aioffice.kernel.failpoints import reach
from aioffice.kernel.ledger import statements
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC, signing_key
from aioffice.kernel.ledger.store import STORES, Store
from aioffice.kernel.parties.actor import service

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
            return taken


def held(log: str) -> str | None:
    """Why a log must not go on; None if it may. Asked by the sequencer, inside `acting`."""
    with connection.cursor() as cursor:
        cursor.execute("select reason from office.ledger_hold where log = %s", [log])
        found = cursor.fetchone()
    return str(found[0]) if found else None


def _batch(log: str, at: datetime) -> int:
    store = STORES[log]
    waiting = _take(log)
    if not waiting:
        return 0
    entries = [(entry, record_id) for _, entry, record_id in waiting]
    edge = _edge(store)
    if edge.size == 0:
        # A log begins by saying which key signs it.
        opening = statements.key(signing_key(log).name, str(signing_key(log).verifier), at)
        entries.insert(0, (opening.encode(), None))
    growth = edge.grow(leaf_hash(entry) for entry, _ in entries)
    store.add_entries(edge.size, entries)
    reach("ledger.entered")
    store.put_tiles(growth.tiles)
    size = growth.edge.size
    key = signing_key(log)
    store.add_checkpoint(size, bytes(sign_checkpoint(Checkpoint(key.name, size, growth.edge.root()), key)), at)
    if log == PUBLIC:
        _settle([row[0] for row in waiting], size - len(waiting))
    reach("ledger.signed")
    return len(waiting)


def _take(log: str) -> list[tuple[UUID, bytes, UUID | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from office.ledger_pending where id in (select id from office.ledger_pending where log = %s order by id limit %s) "
            "returning id, entry, record_id",
            [log, MOST],
        )
        return sorted((row[0], bytes(row[1]), row[2]) for row in cursor.fetchall())


def _edge(store: Store) -> Edge:
    newest = store.checkpoint()
    return store.reader(newest.size).edge() if newest is not None else Edge()


def _settle(ids: list[UUID], first: int) -> None:
    """Say of each public document which entry is the newest on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update published.statement s set index = t.index "
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
    _say(PUBLIC, INTERNAL, at)


def _say(log: str, other: str, at: datetime) -> None:
    from aioffice.kernel.ledger.writing import add

    with acting(SEQUENCER, at):
        newest = STORES[other].checkpoint()
        root = newest.root if newest is not None else Edge().root()
        add(log, [(statements.anchor(signing_key(other).name, root, at), None)], at)
