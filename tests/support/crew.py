"""A crew in a house: processes that file, work on the queue and sweep, to be killed and begun anew (`tests.support.labour`)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.house import House
from tests.support.labour import FAULTS


class Crew:
    """Begins processes in a house, and knows how they ended."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.process = house.start("-m", "tests.support.labour", AIOFFICE_EMAIL_BACKEND="tests.support.mailbox.Mailbox")
        assert self._said() == {"ready": True}

    def _said(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the crew ended: {self.process.stderr.read() if self.process.stderr else ''}")
        return dict(json.loads(line))

    def _order(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self._said()

    def begin(self, what: str, *arguments: Any, fail_point: str = "") -> int:
        """Begin a process and return its number; it dies at the fail-point, if one is named."""
        return int(self._order(do=what, **{"with": arguments}, fail_point=fail_point)["pid"])

    def ended(self, pid: int, seconds: float = 0.0) -> int | None:
        """How a process ended, waiting so long for it; None while it runs. It is asked of each once that it has."""
        status = self._order(**{"await": pid, "seconds": seconds})["status"]
        return None if status is None else int(status)

    def kill(self, pid: int) -> bool:
        """SIGKILL; return whether it hit a process that was running."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self.ended(pid, 10.0) == -signal.SIGKILL

    def do(self, what: str, *arguments: Any) -> None:
        """Begin a process and wait for its end, which must be a good one."""
        self.ends_well(what, self.begin(what, *arguments))

    def ends_well(self, what: str, pid: int) -> None:
        """Wait for the end of a process, which must be a good one."""
        status = self.ended(pid, 90.0)
        assert status == 0, f"{what} ended with {status}: {self.faults()[-30000:]}"

    def faults(self) -> str:
        """What processes noted that ended by an error."""
        noted = self.house.data / FAULTS
        return noted.read_text() if noted.exists() else ""

    def end(self) -> None:
        """Let the crew go, with all its processes."""
        self.process.communicate(timeout=30)


@contextmanager
def crew_of(house: House) -> Iterator[Crew]:
    """A crew in a house, with a provider and an authority to file for."""
    made = Crew(house)
    try:
        made.do("seed")
        yield made
    finally:
        made.end()
