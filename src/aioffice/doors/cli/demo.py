"""`aioffice demo-reset` throws the demo's data away and loads the fictional Union anew."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import psycopg
import typer
from psycopg import sql

from aioffice.doors.cli._office import checked_settings, database, fail, only_one, start_django
from aioffice.kernel.db.provision import provision
from aioffice.kernel.postgres import Cluster

if TYPE_CHECKING:
    from aioffice.kernel.settings import Settings

app = typer.Typer()


@app.command("demo-reset")
def demo_reset(*, yes: bool = typer.Option(False, "--yes", help="Do not ask.")) -> None:
    """Throw all data of this office away and load the demo anew; only with the embedded database."""
    office = checked_settings()
    if not office.embedded or not office.wants_demo:
        fail("This office has no demo: demo-reset works with the embedded database and AIOFFICE_DEMO on.")
    if not yes and not sys.stdin.isatty():
        fail("demo-reset throws all data of this office away: say --yes (make demo-reset YES=1).")
    if not yes and not typer.confirm(f"Throw all data in {office.data_dir} away, whatever was filed or imported?"):
        fail("Nothing was changed.")
    with only_one(office), database(office):
        _empty(office)
        provision(office)
        start_django()
        from aioffice.doors import prepare

        prepare.migrate()
        prepare.reference_data()
        prepare.demo(office)
    print(f"The demo is as on the first day; its logins are in {office.demo_logins_file}.")


def _empty(office: Settings) -> None:
    """Drop the database and everything that only it refers to."""
    with psycopg.connect(**Cluster(office.data_dir).conninfo(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(office.database_name))
        )
    for folder in ("documents", "outbox"):
        shutil.rmtree(office.data_dir / folder, ignore_errors=True)
    office.demo_logins_file.unlink(missing_ok=True)
