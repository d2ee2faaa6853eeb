"""The throwaway PostgreSQL of a test run.

One server for the whole run. The migrated database is kept under var/test between runs as a stopped server, named by a digest of
everything that shapes it; a run copies that folder, starts it, and gives each worker its own database made from the template.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from aioffice.kernel import secrets
from aioffice.kernel.db import addresses, provision
from aioffice.kernel.postgres import Cluster
from aioffice.kernel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "test"
PREFIX = "aioffice-test-"
TEMPLATE = "office_template"


def digest() -> str:
    """A name for the state that migrations lead to; changes when something that shapes the database does."""
    source = ROOT / "src" / "aioffice"
    shaping = [
        *source.glob("**/migrations/*.py"),
        *source.glob("kernel/db/*.py"),
        *source.glob("kernel/postgres/*.py"),
        *source.glob("act/data/*"),
        *source.glob("**/*.sql"),
        source / "doors" / "settings.py",
        ROOT / "requirements" / "base.txt",
    ]
    total = hashlib.sha256(sys.version.encode())
    for path in sorted(path for path in shaping if path.is_file()):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold a lock file that other test processes respect; released even when this process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def new_run() -> Path:
    """Make the folder of a run, after clearing away those of runs that were killed."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (old / "alive").open("r+") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(old)
    run = Path(tempfile.mkdtemp(prefix=PREFIX))
    keep_alive(run)
    secrets.ensure(KEPT)
    (run / "data").mkdir(mode=0o700)
    shutil.copy2(KEPT / "secrets.json", run / "data" / "secrets.json")
    return run


def keep_alive(run: Path) -> None:
    """Mark the run as living for as long as this process lives: the descriptor is left to the operating system to close."""
    fcntl.flock(os.open(run / "alive", os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_SH)


def remove(run: Path) -> None:
    """Stop the run's server and delete its files."""
    Cluster(run / "data", durable=False).stop()
    shutil.rmtree(run, ignore_errors=True)


def start(run: Path) -> None:
    """Start the run's server with the migrated template in it; does nothing when another worker has done so."""
    data = run / "data"
    with lock(run / "start.lock"):
        cluster = Cluster(data, durable=False)
        if cluster.postmaster() is None:
            with lock(KEPT / "template.lock"):
                shutil.copytree(_template() / "postgres", data / "postgres", dirs_exist_ok=True)
            for path in (data / "postgres").rglob("*"):
                cluster.account.own(path)
            cluster.start()


def fresh(name: str, run: Path) -> None:
    """(Re)make one worker's database from the template; takes well under a tenth of a second."""
    with psycopg.connect(**Cluster(run / "data", durable=False).conninfo(), autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(database))
        connection.execute(sql.SQL("create database {} template {}").format(database, sql.Identifier(TEMPLATE)))
        provision.database_grants(connection, name)


def _template() -> Path:
    """The kept folder of a stopped server that holds the migrated database; made when there is none for this state."""
    kept = KEPT / digest()
    if kept.is_dir():
        return kept
    for old in KEPT.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    draft = Path(tempfile.mkdtemp(prefix="aioffice-template-"))
    try:
        shutil.copy2(KEPT / "secrets.json", draft / "secrets.json")
        cluster = Cluster(draft, durable=False)
        try:
            cluster.start()
            settings = Settings(data_dir=draft, database_name=TEMPLATE)
            provision.provision(settings)
            _migrate(draft)
        finally:
            cluster.stop()
        shutil.copytree(draft, kept, ignore=shutil.ignore_patterns("run", "*.pid"))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return kept


def _migrate(data: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIOFFICE_", "PYTEST_"))}
    environment |= {
        "AIOFFICE_DATA_DIR": str(data),
        "AIOFFICE_DATABASE_NAME": TEMPLATE,
        "AIOFFICE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--database", "owner", "--skip-checks", "--verbosity", "0"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The migrations do not run:\n{done.stderr or done.stdout}")


def point(settings_databases: dict[str, dict[str, object]], settings: Settings) -> None:
    """Point Django's three connections at this worker's database, in place."""
    for alias, who in {"default": "office", "owner": "owner", "site": "site"}.items():
        found = addresses.django(who, settings)
        assert found is not None
        settings_databases[alias].update(found)
