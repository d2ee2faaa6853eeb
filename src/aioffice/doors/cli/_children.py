"""Child processes of `aioffice up`: start, watch, start again, stop."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Sequence

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT, STEADY = 0.5, 30.0, 60.0
"""Seconds before a child that fell is started again: doubled each time, back to the first once it stood for a minute."""

PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """In the child: be told to stop when the parent is killed, so that no web server outlives its office (Linux)."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass(slots=True)
class Child:
    """One process that should be running as long as the office is open."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    started: float = 0.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process in a session of its own: Ctrl-C reaches `aioffice up` alone, which then stops all in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            list(self.command),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread here
        )

    def look_after(self) -> None:
        """Start the process again when it fell and its waiting time is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            if now - self.started > STEADY:
                self.wait = FIRST_WAIT
            return
        if self.process is not None:
            log.error("child_fell", child=self.name, status=self.process.returncode, again_in_seconds=self.wait)
            self._end_group(signal.SIGKILL)  # workers of a server whose head was killed
            self.process, self.again_at, self.wait = None, now + self.wait, min(self.wait * 2, LONGEST_WAIT)
        if now >= self.again_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Tell the process to finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        """Kill the process, if it is still there, and all its own children."""
        if self.process is None:
            return
        if self.runs:
            log.warning("child_killed", child=self.name)
        self._end_group(signal.SIGKILL)
        self.process.wait()

    def _end_group(self, what: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, what) if self.process is not None else None
        except (ProcessLookupError, PermissionError):
            return


def stop(children: Sequence[Child], grace_seconds: float, at_once: threading.Event) -> None:
    """Ask all children to stop, give them that long to finish, and end those that have not; with `at_once`, that moment."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + grace_seconds
    while any(child.runs for child in children) and time.monotonic() < until:
        if at_once.wait(0.05):
            break
    for child in children:
        child.end()
