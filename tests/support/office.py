"""A real `aioffice up`: processes, a port and a database of its own."""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

PATIENCE = 120.0


_held: list[int] = []
"""Descriptors of the lock files of ports taken; the operating system closes them with the process."""


def free_port() -> int:
    """A port that nobody listens on, and that nobody takes before it is used.

    It lies below those that the operating system gives away by itself, and a lock file keeps it from tests in other processes.
    """
    while True:
        port = random.randrange(20_000, 30_000)
        lock = os.open(Path(tempfile.gettempdir()) / f"aioffice-test-port-{port}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as trial:
                trial.bind(("127.0.0.1", port))
        except OSError:
            os.close(lock)
            continue
        _held.append(lock)
        return port


class Office:
    """One `aioffice up` on a data folder of its own."""

    def __init__(self, data_dir: Path, port: int | None = None, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aioffice.doors.cli", "up"],
            env=clean | {"AIOFFICE_DATA_DIR": str(data_dir), "PORT": str(self.port)}
            | ({} if "DATABASE_URL" in settings else {"AIOFFICE_DEMO": "false"})
            | settings,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=data_dir.parent,
        )  # fmt: skip
        self.said = ""

    def until(self, words: str) -> None:
        """Read what it says until these words come."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"it ended without saying {words!r}:\n{self.said}")

    def health(self) -> dict[str, object]:
        """What /health answers, waiting for the office to be there."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                    return dict(json.load(answer))
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def children(self, words: str) -> list[psutil.Process]:
        """Living processes below this one whose command line has these words."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [
            process
            for process in below
            if process.status() != psutil.STATUS_ZOMBIE and words in " ".join(process.cmdline())
        ]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to close and wait until it has."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.said += rest
        return self.process.returncode
