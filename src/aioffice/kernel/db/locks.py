"""Locks on names: what must happen one after the other though no row stands for it yet."""

from __future__ import annotations

from django.db import connections

from aioffice.kernel.db.acting import OFFICE


def serialise(*names: str, shared: bool = False) -> None:
    """Wait until no other transaction holds any of the names, then hold them until the current transaction ends.

    Those who hold a name `shared` do not wait for each other, only for whoever holds it alone.

    Call it inside `acting`, before looking at what the decision rests on: what another transaction has committed meanwhile is seen
    then. The names are taken in one order, so that callers with the same names in another order do not wait for each other for ever.
    A transaction that calls this twice should take the same kinds of names in the same order as all others.
    """
    connection = connections[OFFICE]
    if not connection.in_atomic_block:
        raise RuntimeError("serialise() holds until the transaction ends: there is none here")
    take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute(f"select {take}(hashtextextended(%s, 0))", [name])
