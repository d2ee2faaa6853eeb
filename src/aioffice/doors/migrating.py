"""Migrations that rather fail than make everybody wait: bounded waits for locks, bounded tries, a plan that says what is locked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
import structlog
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from aioffice.kernel.db.locking import Lock, locks_of
from aioffice.kernel.settings import Settings

log = structlog.get_logger(__name__)

OWNER = "owner"
ONE_AT_A_TIME = "aioffice:migrate"
"""The name under which one migrating process waits for another; waiting for it ends like waiting for a table."""
_HELD = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class NotMigrated(Exception):
    """The tables could not be brought up to date; the message says which migration, why and what to do. Nothing of it was done."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One migration that has not run: its name, what it says, and the tables it locks while it runs."""

    name: str
    sql: Sequence[str]
    locks: Sequence[Lock]


def outstanding() -> list[Migration]:
    """The migrations that have not run, in their order."""
    executor = MigrationExecutor(connections[OWNER])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections[OWNER].close()
    return [migration for migration, _backwards in plan]


def plan() -> list[Planned]:
    """What `migrate` would do, worked out without doing it."""
    found = outstanding()
    planned = []
    for migration in found:
        sql = statements(migration)
        planned.append(Planned(f"{migration.app_label}.{migration.name}", sql, locks_of(sql)))
    return planned


def statements(migration: Migration) -> list[str]:
    """The SQL of a migration, as it would be sent after all those it rests on."""
    connection = connections[OWNER]
    executor = MigrationExecutor(connection)
    node = (migration.app_label, migration.name)
    state = executor.loader.project_state(node, at_end=False)
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        executor.loader.get_migration(*node).apply(state, editor, collect_sql=True)
    connection.close()
    return [line for line in editor.collected_sql if line.strip() and not line.startswith("--")]


def migrate(settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """Bring the tables up to date, as the owner, and return how many migrations ran.

    A migration that does not get its locks within `lock_seconds` is rolled back and tried again, `migrate_tries` times in all. Those before
    it have run and stay. Raises `NotMigrated`.
    """
    wait = settings.migrate_wait_seconds
    begun = len(outstanding())
    for attempt in range(1, settings.migrate_tries + 1):
        waiting = outstanding()
        if not waiting:
            break
        try:
            _run()
        except OperationalError as error:
            if not isinstance(error.__cause__, _HELD):
                raise
            left = outstanding()
            named = f"{left[0].app_label}.{left[0].name}" if left else "the last migration"
            log.warning("migration_waits", migration=named, attempt=attempt, tries=settings.migrate_tries)
            if attempt == settings.migrate_tries:
                raise NotMigrated(_why(named, error, attempt, settings)) from error
            sleep(wait)
            wait *= 2
        finally:
            connections[OWNER].close()
    return begun


def _run() -> None:
    connection = connections[OWNER]
    with connection.cursor() as cursor:
        # for the session, since each migration is a transaction of its own; it ends with the connection
        # Whoever comes second waits as long as it takes; the limit on locks is for those of the tables.
        cursor.execute("select current_setting('lock_timeout')")
        (limit,) = cursor.fetchone()
        cursor.execute("set lock_timeout = 0")
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [ONE_AT_A_TIME])
        cursor.execute("select set_config('lock_timeout', %s, false)", [limit])
    call_command("migrate", database=OWNER, verbosity=0, interactive=False, skip_checks=True)


def _why(named: str, error: OperationalError, tries: int, settings: Settings) -> str:
    said = str(error.__cause__).strip().splitlines()
    reason = said[0] if said else "no reason given"
    holders = _holders()
    return (
        f"The migration {named} did not get its locks within {settings.lock_seconds:g} seconds, {tries} times: {reason}. "
        "Nothing of it was done, and everything goes on as before. "
        + (f"Open for long: {holders}. " if holders else "")
        + "Let what holds the tables end, or run this when less happens; AIOFFICE_LOCK_SECONDS and AIOFFICE_MIGRATE_TRIES give it longer."
    )


def _holders() -> str:
    """Which transactions have been open longest, by process and role: one of them holds what was wanted."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "select distinct l.pid, a.usename, (select string_agg(distinct r.relname, ', ' order by r.relname) from pg_locks o "
            "join pg_class r on r.oid = o.relation join pg_namespace n on n.oid = r.relnamespace "
            "where o.pid = l.pid and o.granted and n.nspname in ('office', 'published') and r.relkind in ('r', 'p')) "
            "from pg_locks l join pg_stat_activity a on a.pid = l.pid "
            "where l.granted and l.relation is not null and l.pid <> pg_backend_pid() and a.datname = current_database() order by 1 limit 5"
        )
        rows = [(pid, role, tables) for pid, role, tables in cursor.fetchall() if tables]
    return "; ".join(f"process {pid} of {role} on {tables}" for pid, role, tables in rows)
