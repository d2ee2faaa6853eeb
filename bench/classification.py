"""How fast the Act answers: `python -m bench.classification`. Takes a minute or two.

Over 100,000 different fact sets drawn by a seed, on one core, in CPU time; drawing them is not counted, reading and checking them is.
Exit status 1 when an answer of the sample differs from what the rules say, each read part by part, with nothing remembered.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from aioffice.act.classification import RULES, USUAL_LAW, Answer, concluded, vocabulary
from aioffice.act.classifier import Classifier
from aioffice.act.duties import duties
from aioffice.act.duties import found as duties_found
from aioffice.act.duties import vocabulary as known_to_all
from aioffice.act.reasoning.compiling.often import PAYS_FROM
from aioffice.act.reasoning.evaluating import Evaluation, Reason
from bench.fact_sets import LEAST_KNOWN, fact_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SETS, SAMPLED_OF = 100_000, 100
BATCH = 1_000
ANSWERS_A_SECOND, OUTCOMES_A_SECOND = 20_000, 60_000
IMPORT_MS, PROCESS_MS = 100, 300
STARTS = 9
LIBRARY = "aioffice.act.classification, aioffice.act.duties, aioffice.act.questioning"
FACTS = "is_ai_system: true\nis_provider: true\nplaced_on_union_market: true\nrecruits: true\n"

type Known = Mapping[str, object]


class _Forgetful(dict[int, Reason]):
    """What an evaluation remembers of rules it has done: nothing."""

    def __setitem__(self, key: int, value: Reason) -> None:
        pass


def main() -> int:
    """Measure and print; 1 where an answer differs."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; CPU time of one of them")
    differing = _answers()
    _starts()
    return 1 if differing else 0


def _answers() -> int:
    compiling = _timed(lambda: Classifier().compile())
    classifier = Classifier().compile()
    for first in fact_sets(known_to_all(), PAYS_FROM, seed=1):
        duties(first)
    whole = outcomes = all_duties = 0.0
    drawn = known = differing = 0
    sample: list[Known] = []
    for batch in batched(fact_sets(vocabulary(), SETS), BATCH):
        whole += _each(classifier.answer, batch)
        outcomes += _each(classifier.outcome, batch)
        all_duties += _each(duties, batch)
        drawn += len(batch)
        known += sum(map(len, batch))
        sample += batch[::SAMPLED_OF]
    interpreted = len(sample) / _each(_interpreted, sample)
    interpreted_duties = len(sample) / _each(_interpreted_duties, sample)
    print(
        f"{drawn:,} fact sets, each with at least {LEAST_KNOWN} known facts, {known / drawn:.0f} on average, of {len(vocabulary())}"
    )
    for what, seconds, target, reference in (
        ("full answer with reasons", whole, ANSWERS_A_SECOND, interpreted),
        ("outcome alone", outcomes, OUTCOMES_A_SECOND, interpreted),
        ("all duties with reasons", all_duties, None, interpreted_duties),
    ):
        rate = drawn / seconds
        said = f"{rate / target:.2f} of the {target:,} aimed at, " if target else ""
        print(
            f"{what}: {rate:,.0f} a second ({said}{rate / reference:.0f} times the interpreter's {reference:,.0f} in this run)"
        )
    nodes = [_nodes_of(classifier, facts) for facts in sample]
    print(
        f"reasons in an answer: {statistics.mean(every for every, _new in nodes):.0f}, of them built for it alone "
        f"{statistics.mean(new for _every, new in nodes):.0f}; the others are known from the rules alone"
    )
    print(f"compiling, once for a law: {1000 * compiling:.0f} ms, from the {PAYS_FROM}th answer on")
    for facts in sample:
        expected = concluded(RULES, _evaluation(facts, _Forgetful()), USUAL_LAW)
        differing += (
            classifier.answer(facts) != expected
            or classifier.outcome(facts) is not expected.outcome
            or duties(facts) != _interpreted_duties(facts)
        )
    print(f"of {len(sample):,} answers held against the interpreter with nothing remembered, {differing} differ")
    return differing


def _evaluation(facts: Known, done: dict[int, Reason]) -> Evaluation:
    return Evaluation(vocabulary().read(facts), USUAL_LAW.regime, USUAL_LAW.readings, done)


def _interpreted(facts: Known) -> Answer:
    return concluded(RULES, _evaluation(facts, {}), USUAL_LAW)


def _interpreted_duties(facts: Known) -> object:
    return duties_found(Evaluation(known_to_all().read(facts), USUAL_LAW.regime, USUAL_LAW.readings))


def _nodes_of(classifier: Classifier, facts: Known) -> tuple[int, int]:
    """How many reasons an answer has, and how many of them a second answer to the same facts does not share with it."""
    first, second = _reasons(classifier.answer(facts)), _reasons(classifier.answer(facts))
    return len(first), len(first.keys() - second.keys())


def _reasons(answer: Answer) -> dict[int, Reason]:
    """Every reason in an answer, each once; kept, so that no other gets its place in memory."""
    found: dict[int, Reason] = {}
    waiting = [answer.scope, answer.high_risk]
    for finding in answer.findings:
        waiting += (finding.reason, finding.reached, *finding.application.reasons)
    while waiting:
        reason = waiting.pop()
        if id(reason) not in found:
            found[id(reason)] = reason
            waiting += reason.because
    return found


def _each(ask: Callable[[Known], object], sets: tuple[Known, ...] | list[Known]) -> float:
    """CPU seconds for asking all of them, one after the other."""
    begin = time.process_time()
    for facts in sets:
        ask(facts)
    return time.process_time() - begin


def _timed(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _starts() -> None:
    """How long the library takes to load, and a command from its start to its end."""
    timed = f"import time; begin = time.process_time(); import {LIBRARY}; print(time.process_time() - begin)"
    loads = [
        1000 * float(subprocess.check_output([sys.executable, "-c", timed]))  # noqa: S603  # our own code
        for _ in range(STARTS)
    ]
    _say_start("import of the Act as a library", loads, IMPORT_MS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.yaml"
        path.write_text(FACTS)
        _say_start("aioffice classify FILE, the whole process", [_process(path) for _ in range(STARTS)], PROCESS_MS)


def _process(path: Path) -> float:
    """Milliseconds of CPU time of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "aioffice.doors.cli", "classify", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _say_start(what: str, took: list[float], most: float) -> None:
    middle = statistics.median(took)
    print(
        f"{what}: {middle:.0f} ms in the middle of {len(took)}, {max(took):.0f} ms at most ({middle / most:.2f} of the {most} allowed)"
    )


if __name__ == "__main__":
    raise SystemExit(main())
