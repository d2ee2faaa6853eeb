"""Webhooks through real processes: a sender that is killed after sending sends again under the same id; a slow receiver stops nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster
from tests.support import database
from tests.support.receiving import Receiver, receiver

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture
def run() -> Iterator[Path]:
    """A data folder with a migrated database of its own."""
    folder = database.new_run()
    database.start(folder)
    database.fresh("aioffice", folder)
    yield folder
    database.remove(folder)


def start(run: Path, *arguments: str, receivers: list[Receiver], **more: str) -> subprocess.Popen[str]:
    """Start a program of the office, which may call these receivers on the loopback."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
    bundle = run / "authorities.pem"
    bundle.write_text("".join(one.ca_file.read_text() for one in receivers))
    environment = clean | {
        "AIOFFICE_DATA_DIR": str(run / "data"),
        "AIOFFICE_LOG_LEVEL": "WARNING",
        "AIOFFICE_WEBHOOK_NETWORKS": "127.0.0.0/8,::1/128",
        "AIOFFICE_WEBHOOK_PORTS": ",".join(str(one.port) for one in receivers),
        "AIOFFICE_WEBHOOK_CA_FILE": str(bundle),
        "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        **more,
    }
    return subprocess.Popen([sys.executable, "-m", *arguments], env=environment, text=True)


def do(run: Path, *arguments: str, receivers: list[Receiver], **more: str) -> int:
    """Run the program of these tests to its end, or to its death; return its exit status."""
    return start(run, "tests.support.hooking", *arguments, receivers=receivers, **more).wait(timeout=180)


def ask(run: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows, read as the server's own superuser, whom no policy hides anything from."""
    cluster = Cluster(run / "data", durable=False)
    cluster.start()
    with psycopg.connect(**cluster.conninfo("aioffice")) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[call-overload,no-any-return]


def until(what: Callable[[], bool], seconds: float, otherwise: str) -> float:
    """Wait for something; return how long that took."""
    begin = time.monotonic()
    while not what():
        assert time.monotonic() - begin < seconds, otherwise
        time.sleep(0.1)
    return time.monotonic() - begin


def test_a_sender_killed_after_sending_sends_again_under_the_same_id(run: Path, tmp_path: Path) -> None:
    with receiver(tmp_path, "localhost") as machine:
        receivers = [machine]
        assert do(run, "open", machine.url(host="localhost"), receivers=receivers) == 0
        assert do(run, "tell", "3", receivers=receivers) == 0
        at = datetime.now(UTC) + timedelta(seconds=5)
        killed = do(run, "send", at.isoformat(), receivers=receivers, AIOFFICE_FAIL_POINT="webhooks.sent:2")
        assert killed == -signal.SIGKILL
        assert len(machine.requests) == 2, "the second was sent and not written down"
        states = ask(run, "select state, count(*) from office.webhooks_delivery group by 1 order by 1")
        assert states == [("delivered", 1), ("waiting", 2)]
        assert do(run, "send", (at + timedelta(seconds=30)).isoformat(), receivers=receivers) == 0
        assert do(run, "send", (at + timedelta(minutes=3)).isoformat(), receivers=receivers) == 0
        assert do(run, "send", (at + timedelta(minutes=9)).isoformat(), receivers=receivers) == 0
    told = Counter(request.headers["webhook-id"] for request in machine.requests)
    notices = {str(row[0]) for row in ask(run, "select notice_id from office.webhooks_delivery")}
    assert set(told) == notices, "none is lost"
    assert sorted(told.values()) == [1, 1, 2], "and the one in doubt came twice, under one id"
    assert ask(run, "select distinct state from office.webhooks_delivery") == [("delivered",)]


def test_slow_receivers_stop_neither_the_office_nor_the_worker_that_is_asked_to_end(run: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("slow", "slower", "quick")]
    for folder in folders:
        folder.mkdir()
    with (
        receiver(folders[0], "localhost") as slow,
        receiver(folders[1], "localhost") as slower,
        receiver(folders[2], "localhost") as quick,
    ):
        receivers = [slow, slower, quick]
        slow.delay = slower.delay = 6.0
        assert do(run, "open", *(one.url(host="localhost") for one in receivers), receivers=receivers) == 0
        worker = start(run, "aioffice.doors.cli", "jobs", "--outside", "3", receivers=receivers)
        try:
            assert do(run, "tell", "1", receivers=receivers) == 0
            until(lambda: bool(slow.requests and slower.requests and quick.requests), 60, "nobody was told")
            begin = time.monotonic()
            assert do(run, "tell", "2", receivers=receivers) == 0
            # Two places of three wait for the slow ones; the third serves the quick one, and publishing goes on beside.
            until(lambda: len(quick.requests) == 3, 5.5, "the quick one waited for the slow ones")
            published = "select count(*) from published.version"
            until(lambda: ask(run, published) == [(3,)], 5.5, "publishing waited for the slow ones")
            assert time.monotonic() - begin < 9
        finally:
            worker.terminate()
            ended = worker.wait(timeout=30)
        assert ended == 0
