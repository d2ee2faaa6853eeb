"""What the database holds as of one moment, while everybody goes on working."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import Log
from aioffice.kernel.db.provision import SCHEMAS
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.store import STORES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.kernel.db.addresses import Conninfo

type Connection = psycopg.Connection[tuple[Any, ...]]

TABLES = """
select schemaname, tablename from pg_tables where schemaname = any(%s) order by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the database: `name` lets pg_dump see the very same."""

    connection: Connection
    name: str

    def migrations(self) -> tuple[str, ...]:
        """Every migration that was applied, as `app.name`."""
        rows = self.connection.execute("select app || '.' || name from office.django_migrations order by 1").fetchall()
        return tuple(str(row[0]) for row in rows)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return count_rows(self.connection)

    def digests(self) -> list[str]:
        """The SHA-256 of every document."""
        return digests(self.connection)

    def logs(self) -> Mapping[str, Log]:
        """How both logs stand."""
        return {log: _log(self.connection, log, store.tables) for log, store in STORES.items()}


@contextlib.contextmanager
def snapshot(address: Conninfo) -> Iterator[Snapshot]:
    """Hold one moment of the database open. BackupError when it does not answer, or was never set up."""
    try:
        with psycopg.connect(**address) as connection:
            connection.execute("set idle_in_transaction_session_timeout = 0")
            connection.commit()
            connection.execute("set transaction isolation level repeatable read read only")
            found = connection.execute("select pg_export_snapshot()").fetchone()
            assert found is not None, "the function always answers"
            yield Snapshot(connection, str(found[0]))
            connection.rollback()
    except psycopg.errors.UndefinedTable as error:
        raise BackupError(f"There is no office in this database: {str(error).splitlines()[0]}") from error
    except psycopg.Error as error:
        raise BackupError(f"The database cannot be read: {str(error).strip().splitlines()[0]}") from error


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table of the office has, by `schema.table`."""
    counts = {}
    for schema, table in connection.execute(TABLES, [list(SCHEMAS)]).fetchall():
        query = sql.SQL("select count(*) from {}.{}").format(sql.Identifier(schema), sql.Identifier(table))
        row = connection.execute(query).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def digests(connection: Connection) -> list[str]:
    """The SHA-256 of every document of the office."""
    rows = connection.execute("select distinct digest from office.documents_document order by 1").fetchall()
    return [str(row[0]) for row in rows]


def _log(connection: Connection, log: str, tables: str) -> Log:
    name = sql.SQL(tables)
    key = connection.execute(
        "select verifier from published.log_key where log = %s order by number desc limit 1", [log]
    ).fetchone()
    newest = connection.execute(
        sql.SQL("select note from {}_checkpoint order by size desc limit 1").format(name)
    ).fetchone()
    if key is None or newest is None:
        return Log(key=None, size=0, checkpoint=None)
    note = bytes(newest[0])
    size = Checkpoint.parse(parse_note(note).text).size
    return Log(key=str(key[0]), size=size, checkpoint=note.decode())
