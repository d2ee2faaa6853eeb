"""A house of its own for tests that kill: a data folder with a migrated database, and the programs that work on it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from aioffice.kernel.postgres import Cluster
from tests.support import database

ROOT = Path(__file__).parents[2]

CLI = ("-m", "aioffice.doors.cli")
"""The command line, for a Python that runs it."""


@dataclass
class House:
    """A data folder with a migrated database of its own, and the programs that work on it.

    Where the database itself is killed, it has to be `durable`, as in any real office: the others may forget their last commits.
    """

    run: Path
    durable: bool = False

    @property
    def cluster(self) -> Cluster:
        """Its database server."""
        return Cluster(self.data, durable=self.durable)

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.run / "data"

    def environment(self, **more: str) -> dict[str, str]:
        """What its programs are started with."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
        return clean | {
            "AIOFFICE_DATA_DIR": str(self.data),
            "AIOFFICE_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            **more,
        }

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start a program of the house."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def do(self, *arguments: str, **more: str) -> str:
        """Run a program to its end and return what it printed; it must succeed."""
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=180)
        assert process.returncode == 0, err or out
        return out

    def ask(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows, read as the server's own superuser, whom no policy hides anything from."""
        self.cluster.start()
        with psycopg.connect(**self.cluster.conninfo("aioffice")) as connection:
            return connection.execute(sql, params or None).fetchall()  # type: ignore[arg-type]

    def kill_database(self, *, whole: bool = False) -> int:
        """SIGKILL the server's first process, or with `whole` every process it has; return how many those were."""
        running = self.cluster.postmaster()
        if running is None:
            return 0
        doomed = [psutil.Process(running.pid)]
        if whole:
            doomed += doomed[0].children(recursive=True)
        for process in doomed:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        # Dying takes a moment, and until then it looks as if it ran.
        end = time.monotonic() + 10
        while self.cluster.postmaster() is not None:
            assert time.monotonic() < end, "the server outlives SIGKILL"
            time.sleep(0.005)
        return len(doomed)


@contextmanager
def new_house(*, durable: bool = False) -> Iterator[House]:
    """A house whose database is a copy of the prepared one; it goes afterwards, with everything in it."""
    run = database.new_run()
    database.start(run)
    database.fresh("aioffice", run)
    house = House(run, durable)
    if durable:
        Cluster(house.data, durable=False).stop()
        house.cluster.start()
    try:
        yield house
    finally:
        database.remove(run)


def post(port: int, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    """File over the API with an idempotency key; status 0 when the connection broke."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/procedures/exempt-registration/file",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer aio_crash", "Idempotency-Key": key},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, {}


def command(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `aioffice` on a data folder."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *CLI, *words],
        env=clean | {"AIOFFICE_DATA_DIR": str(data), "AIOFFICE_LOG_LEVEL": "WARNING", **more},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
