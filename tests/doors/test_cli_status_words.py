"""`aioffice status` for people: hours to the minute, sizes with units, a word where there is nothing, troubles first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aioffice.doors.cli._status_words import lines_of, moment, size
from aioffice.doors.standing import Standing
from aioffice.kernel.watching.faults import FailedJob
from aioffice.kernel.watching.judging import troubles
from tests.house.test_examples_for_watching import WELL


def said(**changes: object) -> list[str]:
    found = replace(WELL, **changes)  # type: ignore[arg-type]
    return [*lines_of(Standing(found, troubles(found), []))]


def test_an_office_that_is_well_says_so_first() -> None:
    first, *parts = said()
    assert first.startswith("The office is well (version ")
    assert all(line.startswith("  ") for line in parts)
    assert not any(line.endswith((":", ": ", "  ")) or "+00:00" in line or "None" in line for line in parts)


def test_what_calls_for_somebody_stands_above() -> None:
    first, second, *_parts = said(workers=0)
    assert first.startswith("! No job worker")
    assert second.startswith("The office needs somebody")


def test_a_failed_job_has_its_reason() -> None:
    job = FailedJob(7, "notices.send_notices", 1, WELL.at - timedelta(hours=1), "")
    lines = [*lines_of(Standing(WELL, [], [job]))]
    assert lines[-1].startswith("  Job 7 failed: notices.send_notices, 1 attempt, ")
    assert lines[-1].endswith("its worker was killed before it could say why")


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (12_160, "12.2 kB"), (75_270_200_000, "75.3 GB"), (2 * 10**12, "2.0 TB")],
)
def test_sizes_have_units(n: int, words: str) -> None:
    assert size(n) == words


def test_what_is_not_known_says_so() -> None:
    assert moment(None) == "not known"
