"""A log that is held: nothing is added to it, as long as it may be older than what others saw of it. A restore holds, and lets go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, connections

from aioffice.kernel.db import acting
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.parties.actor import Actor


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing is added to a log, and since when."""

    reason: str
    since: datetime


def holds() -> dict[str, Hold]:
    """By log, what holds it; empty where both go on. Called inside `acting`, as the sequencer or the watchman."""
    with connection.cursor() as cursor:
        cursor.execute("select log, reason, since from office.ledger_hold order by log desc")
        return {log: Hold(reason, since) for log, reason, since in cursor.fetchall()}


def hold_of(log: str, *, service: Actor, at: datetime) -> Hold | None:
    """What holds a log, as the sequencer or the watchman reads it; None if it goes on."""
    with acting(service, at):
        return holds().get(log)


def public_held_since() -> datetime | None:
    """Since when the public log has been held, as the public site may know it; None if it goes on."""
    with connections[SITE.connection].cursor() as cursor:
        cursor.execute("select since from published.log_held")
        found = cursor.fetchone()
    return found[0] if found else None
