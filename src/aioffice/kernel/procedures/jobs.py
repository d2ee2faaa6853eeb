"""Background jobs of the procedures room."""

from __future__ import annotations

import psycopg
import structlog
from procrastinate.contrib.django import app
from psycopg import sql

from aioffice.kernel.jobs import RETRY

log = structlog.get_logger(__name__)


class StillHeld(RuntimeError):
    """Some transaction still sees what was erased, a backup for instance; the rows go once it has ended."""


@app.task(name="procedures.vacuum", queue="housekeeping", retry=RETRY, pass_context=False)
def vacuum() -> int:
    """After an erasure, clear the rows away that held what was erased; return how many tables that was.

    Only the owner of the tables can. A worker that was not given the owner's address leaves it to the database's own cleaning. Raises
    `StillHeld`, and so comes again later, while anything that began earlier keeps dead rows from going.
    """
    from aioffice.kernel.db.addresses import conninfo
    from aioffice.kernel.procedures.copies import holders
    from aioffice.kernel.settings import settings

    owner = conninfo("owner", settings())
    if owner is None:
        log.info("vacuum_left_to_the_database")
        return 0
    tables = sorted({table for holder in holders() for table in holder.tables})
    with psycopg.connect(**owner, autocommit=True) as connection:
        for table in tables:
            connection.execute(sql.SQL("vacuum {}").format(sql.Identifier(*table.split("."))))
        held = connection.execute(_DEAD, [tables]).fetchall()
    if held:
        raise StillHeld(f"dead rows are left in {', '.join(name for (name,) in held)}")
    return len(tables)


_DEAD = """
select relid::regclass::text from pg_stat_user_tables
 where relid = any (select to_regclass(name) from unnest(%s::text[]) name) and n_dead_tup > 0
"""
