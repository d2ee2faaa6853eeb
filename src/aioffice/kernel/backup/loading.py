"""Loading the database of a backup into an empty one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from aioffice.kernel.backup import programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import Manifest
from aioffice.kernel.backup.snapshot import count_rows
from aioffice.kernel.db.provision import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aioffice.kernel.settings import Settings

NOT_EMPTY = """
select count(*) from pg_class where relnamespace in (select oid from pg_namespace where nspname = any(%s))
"""


def refuse_newer(manifest: Manifest, known: Collection[str]) -> None:
    """BackupError when a newer version of the office made the backup: `known` are the migrations of this one."""
    unknown = sorted(set(manifest.migrations) - set(known))
    if unknown:
        raise BackupError(
            f"This backup was made by version {manifest.version}, whose tables this version does not know ({unknown[0]}): install that "
            f"version or a later one."
        )


def refuse_full(settings: Settings) -> None:
    """BackupError when the database already holds an office."""
    with psycopg.connect(**programs.owner(settings)) as connection:
        row = connection.execute(NOT_EMPTY, [list(SCHEMAS)]).fetchone()
    if row and row[0]:
        raise BackupError("The database is not empty: a backup is restored into one that holds no office yet.")


def load(dump: Path, settings: Settings) -> None:
    """Load a dump, all or nothing, into a database that was provisioned and holds nothing. BackupError."""
    refuse_full(settings)
    address = programs.owner(settings)
    with psycopg.connect(**address) as connection:
        # The dump makes them itself, with their rights; `restrict`, the default, lets only empty ones go.
        for schema in SCHEMAS:
            connection.execute(sql.SQL("drop schema if exists {}").format(sql.Identifier(schema)))
    programs.run(settings, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", dump, address=address)
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute("analyze")


def compare_rows(said: Mapping[str, int], settings: Settings) -> list[str]:
    """What does not fit between the rows that were counted then, by table, and those that are there now, one sentence a table."""
    with psycopg.connect(**programs.owner(settings)) as connection:
        now: Mapping[str, int] = count_rows(connection)
    return [
        f"{table} has {now.get(table, 'no')} rows, not {said.get(table, 'any')}."
        for table in sorted({*now, *said})
        if now.get(table) != said.get(table)
    ]
