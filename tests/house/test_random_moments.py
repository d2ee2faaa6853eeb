"""SIGKILL at fifty moments drawn from seeds, of filer, worker, sweeper and database in turn: nothing is lost, and nothing is there twice.

The processes are real and work on a real office: they file, publish, sequence, mail, deliver events and let silence have its effects,
all at once. Whoever was killed is begun anew, as a supervisor would, and at the end everything is held against everything (`once.KINDS`).
"""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests.support.crew import Crew, crew_of
from tests.support.house import new_house
from tests.support.labour import STOP
from tests.support.once import acknowledged, differences

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MOMENTS = 25
SEEDS = (20261125, 73079)
TARGETS = ("work", "file", "sweep", "database")
WEIGHTS = (4, 4, 3, 2)


class Moments:
    """The crew at work, and whoever is killed next."""

    def __init__(self, crew: Crew, seed: int) -> None:
        self.crew, self.dice = crew, random.Random(seed)
        self.pids: dict[str, int] = {}
        self.hits: list[str] = []

    def keep_working(self) -> None:
        """Begin anew whoever has ended, by whatever death."""
        for what in ("work", "file", "sweep"):
            pid = self.pids.get(what)
            if pid is not None and self.crew.ended(pid) is None:
                continue
            if what == "work" and pid is not None:
                self.crew.do("recover")
            self.pids[what] = self.crew.begin(what)

    def kill(self, target: str) -> None:
        """Kill one of them, or the database: its first process alone, or all it has."""
        if target == "database":
            whole = self.dice.random() < 0.5
            struck = self.crew.house.kill_database(whole=whole)
            self.hits += [f"database of {struck} processes" if whole else "database"] if struck else []
            self.crew.house.cluster.start()
            # The worker has lost its connection. Whether it leaves by itself or hangs, it is replaced.
            if self.crew.ended(self.pids["work"], 0.5) is None:
                self.crew.kill(self.pids["work"])
            self.pids["work"] = self._worker_anew()
        elif self.crew.kill(self.pids.pop(target)):
            self.hits.append(target)
            if target == "work":
                self.pids["work"] = self._worker_anew()

    def _worker_anew(self) -> int:
        self.crew.do("recover")
        return self.crew.begin("work")

    def finish(self) -> None:
        """Let the filer end what it has begun, kill the others once more, and do what is left."""
        self.keep_working()
        (self.crew.house.data / STOP).touch()
        while self.crew.ended(self.pids["file"], 30.0) != 0:
            self.pids["file"] = self.crew.begin("file")
        for what in ("work", "sweep"):
            self.crew.kill(self.pids[what])
        self.crew.do("finish")


@pytest.mark.parametrize("seed", SEEDS)
def test_random_moments(seed: int) -> None:
    with new_house(durable=True) as house, crew_of(house) as crew:
        at_work = Moments(crew, seed)
        at_work.keep_working()
        begun = time.monotonic()
        while len(at_work.hits) < MOMENTS:
            time.sleep(at_work.dice.uniform(0.05, 0.7))
            at_work.keep_working()
            at_work.kill(at_work.dice.choices(TARGETS, WEIGHTS)[0])
        killing = time.monotonic() - begun
        at_work.finish()
        filed = len(acknowledged(house))
        print(
            f"seed {seed}: {MOMENTS} moments in {killing:.0f} s, {filed} filings, done after {time.monotonic() - begun:.0f} s: "
            f"{', '.join(at_work.hits)} ({signal.SIGKILL.name})"
        )
        assert filed > 5, "the office was at work meanwhile"
        found = list(differences(house))
        assert not found, "\n".join(found)
