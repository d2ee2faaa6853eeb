"""Locks on names: what must happen one after the other though no row stands for it yet."""

from __future__ import annotations

import psycopg
from django.db import OperationalError, connections

from aioffice.kernel.db.acting import OFFICE

_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


class Busy(OperationalError):
    """Somebody else held what was needed for longer than `lock_seconds`. Nothing was done; the same again a little later goes well."""


def is_busy(error: BaseException | None) -> bool:
    """Whether a database error only says that others were quicker: repeating what was asked is all there is to do."""
    return isinstance(error, Busy) or (isinstance(error, OperationalError) and isinstance(error.__cause__, _BUSY))


def serialise(*names: str, shared: bool = False) -> None:
    """Wait until no other transaction holds any of the names, then hold them until the current transaction ends.

    Those who hold a name `shared` do not wait for each other, only for whoever holds it alone.

    Call it inside `acting`, before looking at what the decision rests on: what another transaction has committed meanwhile is seen
    then. The names are taken in one order, so that callers with the same names in another order do not wait for each other for ever.
    A transaction that calls this twice should take the same kinds of names in the same order as all others.

    Raises `Busy` when another transaction holds one for longer than the setting `lock_seconds`.
    """
    connection = connections[OFFICE]
    if not connection.in_atomic_block:
        raise RuntimeError("serialise() holds until the transaction ends: there is none here")
    take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            try:
                cursor.execute(f"select {take}(hashtextextended(%s, 0))", [name])
            except OperationalError as error:
                if not is_busy(error):
                    raise
                # Names tell what others are about: only the kind of thing is said.
                raise Busy(f"somebody else holds a {name.partition(':')[0]} for too long") from error
