"""SIGKILL of the sweep at each of its fail-points: nothing that silence brought about is lost, and nothing happens twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster
from tests.support import database

ROOT = Path(__file__).parents[2]
CASES = 3

pytestmark = pytest.mark.slow


@pytest.fixture
def run() -> Iterator[Path]:
    """A data folder with a migrated database of its own."""
    folder = database.new_run()
    database.start(folder)
    database.fresh("aioffice", folder)
    yield folder
    database.remove(folder)


def do(run: Path, *arguments: str, **more: str) -> int:
    """Run the program of this test to its end, or to its death; return its exit status."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
    environment = clean | {
        "AIOFFICE_DATA_DIR": str(run / "data"),
        "AIOFFICE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        **more,
    }
    command = [sys.executable, "-m", "tests.support.sweeping", *arguments]
    return subprocess.run(command, env=environment, check=False, timeout=180).returncode


def ask(run: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows, read as the server's own superuser, whom no policy hides anything from."""
    cluster = Cluster(run / "data", durable=False)
    cluster.start()
    with psycopg.connect(**cluster.conninfo("aioffice")) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("place", ["perform.recorded", "clocks.settled", "clocks.swept"])
def test_the_sweep_dies_and_the_next_one_finishes(run: Path, place: str) -> None:
    assert do(run, "open", str(CASES)) == 0
    assert do(run, "sweep", AIOFFICE_FAIL_POINT=place) == -signal.SIGKILL
    done = ask(run, "select count(*) from office.procedures_steprecord where step = 'test-plan.fall_silent'")
    assert done == [(CASES if place == "clocks.swept" else 0,)], "all that was committed, or nothing"
    assert [do(run, "sweep"), do(run, "sweep")] == [0, 0]
    steps = ask(run, "select step, count(*) from office.procedures_steprecord group by 1 order by 1")
    assert steps == [("test-plan.fall_silent", CASES), ("test-plan.submit", CASES)]
    assert ask(run, "select state, count(*) from office.clocks_clock group by 1") == [("lapsed", CASES)]
    assert ask(run, "select count(*), count(distinct clock_id) from office.clocks_reminder") == [(CASES, CASES)]
    told = ask(run, "select title, count(*) from office.notices_notice group by 1 order by 1")
    assert told == [("A time limit has ended", CASES), ("Silence approves", CASES)]
