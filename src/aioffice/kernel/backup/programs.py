"""pg_dump and pg_restore, called with a password that no process list shows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg.conninfo import make_conninfo

from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.postgres import files

if TYPE_CHECKING:
    from aioffice.kernel.db.addresses import Conninfo
    from aioffice.kernel.settings import Settings


def owner(settings: Settings) -> Conninfo:
    """The address of the role that owns every table, and reads past row-level security. BackupError where this process has none."""
    found = conninfo("owner", settings)
    if found is None:
        raise BackupError("This needs the role that owns the tables: set AIOFFICE_OWNER_URL.")
    return found


def run(settings: Settings, program: str, *arguments: str | Path, address: Conninfo) -> None:
    """Run one of PostgreSQL's programs on a database. BackupError, with the last lines of what it said."""
    try:
        path = settings.postgres_programs / program if settings.postgres_programs else files.binary(program)
        done = subprocess.run(  # noqa: S603 - our own binaries, our own arguments
            [path, "--no-password", "--dbname", make_conninfo(**_without_password(address)), *arguments],
            env={**os.environ, "PGPASSWORD": str(address.get("password", "")), "LC_ALL": "C"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError as error:
        raise BackupError(f"{program} cannot be run: {error}") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()[-5:]
        advice = ""
        if any("version mismatch" in line for line in said):
            advice = f" Set AIOFFICE_POSTGRES_PROGRAMS to the folder with the {program} of that server's version."
        raise BackupError(f"{program} failed: {' / '.join(said) or f'status {done.returncode}'}.{advice}")


def _without_password(address: Conninfo) -> Conninfo:
    return {name: value for name, value in address.items() if name != "password"}
