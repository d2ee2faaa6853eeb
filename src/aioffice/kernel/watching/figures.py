"""Figures of the whole office at a moment: queues, logs, clocks, messages, files, disk, backup. For operators alone.

Counts and dates, never what was filed nor by whom. They move with filings of the secure section too, so nobody else may see them.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from aioffice.kernel.db import acting
from aioffice.kernel.ledger import keychain
from aioffice.kernel.ledger.holds import Hold, holds
from aioffice.kernel.settings import settings
from aioffice.kernel.watching.backups import last_backup
from aioffice.kernel.watching.rights import WATCHMAN

OTHER = "other"
"""The name for tasks that this version does not know."""
SWEEP = "clocks.sweep"
UNTOLD = timedelta(minutes=15)
"""A notice nobody was written to for so long has trouble with the mail: the job tries at once, the sweep every ten minutes."""
OVERDUE = timedelta(minutes=2)
"""A clock still running so long after its end was missed by the sweep, which comes every minute."""


@dataclass(frozen=True, slots=True)
class Log:
    """One of the two logs: its size, when it was last signed, what waits for it since when, and what holds it."""

    size: int
    signed_at: datetime | None
    pending: int
    oldest_pending: datetime | None
    hold: Hold | None = None
    old_key_until: datetime | None = None
    """Until when the key of before signs too, where another took its place lately."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything at one moment. Times are moments, sizes bytes; a moment is None where there was none."""

    at: datetime
    jobs: Mapping[tuple[str, str], int]
    """By task and state (waiting, doing, failed)."""
    oldest_waiting: datetime | None
    """Since when the job has been due that has been due longest."""
    workers: int
    """Job workers that were heard of within a minute."""
    logs: Mapping[str, Log]
    undelivered: int
    oldest_undelivered: datetime | None
    """Events that some handler has not dealt with: the publisher is one of them."""
    swept_at: datetime | None
    clocks_overdue: int
    notices_untold: int
    oldest_untold: datetime | None
    documents: Mapping[str, tuple[int, int]]
    """By scan state: how many, and their bytes."""
    connections: Mapping[str, int]
    """Of the database, by role."""
    most_connections: int
    database_bytes: int
    disk_free: int
    disk_total: int
    backed_up_at: datetime | None


def known_tasks() -> frozenset[str]:
    """Names of the tasks of this version: what keeps names in figures from growing without end."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    return frozenset(app.tasks)


def read(at: datetime) -> Figures:
    """Read all figures, within one transaction of the service `watchman`."""
    disk = shutil.disk_usage(settings().data_dir)
    with acting(WATCHMAN, at):
        undelivered, oldest_undelivered = _undelivered()
        ((overdue,),) = _rows(
            "select count(*) from office.clocks_clock where state = 'running' and due_at < %s", at - OVERDUE
        )
        ((untold, oldest_untold),) = _rows(
            "select count(*), min(created_at) from office.notices_notice "
            "where mailed_at is null and created_at < %s and created_at > %s",
            at - UNTOLD,
            at - timedelta(days=2),
        )
        ((most, size),) = _rows("select current_setting('max_connections')::int, pg_database_size(current_database())")
        return Figures(
            at=at,
            jobs=_jobs(),
            oldest_waiting=_one(
                "select min(greatest(e.at, j.scheduled_at)) from office.procrastinate_jobs j join office.procrastinate_events e "
                "on e.job_id = j.id and e.type = 'deferred' where j.status = 'todo' and coalesce(j.scheduled_at, %s) <= %s",
                at,
                at,
            ),
            workers=_count(
                "select count(*) from office.procrastinate_workers where last_heartbeat > %s", at - timedelta(minutes=1)
            ),
            logs={"public": _log("public", "published.log", at), "internal": _log("internal", "office.ledger", at)},
            undelivered=undelivered,
            oldest_undelivered=oldest_undelivered,
            swept_at=last_run(SWEEP),
            clocks_overdue=overdue,
            notices_untold=untold,
            oldest_untold=oldest_untold,
            documents={
                state: (count, int(total))
                for state, count, total in _rows(
                    "select scan_state, count(*), sum(size) from office.documents_document group by 1"
                )
            },
            connections=dict(
                _rows(
                    "select usename::text, count(*) from pg_stat_activity where datname = current_database() "
                    "and usename in ('aio_owner', 'aio_office', 'aio_site') group by 1"
                )
            ),
            most_connections=most,
            database_bytes=size,
            disk_free=disk.free,
            disk_total=disk.total,
            backed_up_at=last_backup(settings().data_dir),
        )


def last_run(task: str) -> datetime | None:
    """When a task last went well; None if that is longer ago than jobs are kept. Called inside `acting` or `plumbing`."""
    return _one(
        "select max(e.at) from office.procrastinate_jobs j join office.procrastinate_events e on e.job_id = j.id "
        "and e.type = 'succeeded' where j.task_name = %s and j.status = 'succeeded'",
        task,
    )


_STATES = {"todo": "waiting", "doing": "doing", "failed": "failed"}


def _jobs() -> dict[tuple[str, str], int]:
    known = known_tasks()
    found: dict[tuple[str, str], int] = {}
    for task, status, count in _rows(
        "select task_name, status::text, count(*) from office.procrastinate_jobs "
        "where status in ('todo', 'doing', 'failed') group by 1, 2"
    ):
        key = (task if task in known else OTHER, _STATES[status])
        found[key] = found.get(key, 0) + count
    return found


def _log(name: str, tables: str, at: datetime) -> Log:
    # By its key: a log has a checkpoint for nearly every step.
    newest = _rows(f"select size, signed_at from {tables}_checkpoint order by size desc limit 1")
    size, signed_at = newest[0] if newest else (0, None)
    ((pending, oldest),) = _rows("select count(*), min(recorded_at) from office.ledger_pending where log = %s", name)
    return Log(size, signed_at, pending, oldest, holds().get(name), _old_key_until(name, at))


def _old_key_until(name: str, at: datetime) -> datetime | None:
    known = keychain.periods(name)
    until = known[0].since + timedelta(days=settings().ledger_key_grace_days) if len(known) > 1 else None
    return until if until and until > at else None


def _undelivered() -> tuple[int, datetime | None]:
    from aioffice.kernel.procedures.events import subscriptions

    pairs = subscriptions()
    ((count, oldest),) = _rows(
        "select count(*), min(e.recorded_at) from office.procedures_outboxevent e "
        "join unnest(%s::text[], %s::text[]) as wanted (name, handler) on wanted.name = e.name "
        "where not exists (select from office.procedures_handledevent h where h.event_id = e.id and h.handler = wanted.handler)",
        [name for name, _handler in pairs],
        [handler for _name, handler in pairs],
    )
    return count, oldest


def _rows(sql: str, *parameters: str | datetime | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _one(sql: str, *parameters: str | datetime) -> datetime | None:
    ((found,),) = _rows(sql, *parameters)
    assert found is None or isinstance(found, datetime)
    return found


def _count(sql: str, *parameters: str | datetime) -> int:
    ((found,),) = _rows(sql, *parameters)
    assert isinstance(found, int)
    return found
