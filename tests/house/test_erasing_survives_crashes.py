"""SIGKILL in the middle of an erasure: it has happened everywhere or nowhere, and done again it is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster
from tests.support import database
from tests.support.erasing import WORD

ROOT = Path(__file__).parents[2]
TABLES = ("office.procedures_steppayload", "office.procedures_case", "office.register_entryversion", "office.register_system",
          "published.entry", "published.version", "published.word")  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture
def run() -> Iterator[Path]:
    """A data folder with a migrated database of its own."""
    folder = database.new_run()
    database.start(folder)
    database.fresh("aioffice", folder)
    yield folder
    database.remove(folder)


def do(run: Path, what: str, **more: str) -> int:
    """Run the program of this test to its end, or to its death; return its exit status."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
    environment = clean | {
        "AIOFFICE_DATA_DIR": str(run / "data"),
        "AIOFFICE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        **more,
    }
    command = [sys.executable, "-m", "tests.support.erasing", what]
    return subprocess.run(command, env=environment, check=False, timeout=180).returncode


def holding(run: Path) -> set[str]:
    """The tables in which the word stands."""
    cluster = Cluster(run / "data", durable=False)
    cluster.start()
    with psycopg.connect(**cluster.conninfo("aioffice")) as connection:
        return {
            table
            for table in TABLES
            if connection.execute(f"select 1 from {table} t where t::text ilike %s limit 1", [f"%{WORD}%"]).fetchall()  # type: ignore[call-overload]
        }


@pytest.mark.parametrize("place", ["erase.redacted", "perform.recorded", "perform.committed"])
def test_an_erasure_happens_everywhere_or_nowhere(run: Path, place: str) -> None:
    assert do(run, "file") == 0
    assert holding(run) == set(TABLES)
    assert do(run, "signatory", AIOFFICE_FAIL_POINT=place) == -signal.SIGKILL
    if place == "perform.committed":
        assert holding(run) == set()
        return
    assert holding(run) == set(TABLES)
    assert do(run, "editor") == 0
    assert holding(run) == set()
