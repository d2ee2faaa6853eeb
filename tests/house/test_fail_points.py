"""SIGKILL at every named place of the code (`kernel.failpoints`): whoever comes next finishes, nothing is lost or doubled.

One house for all of them: each place is reached by a process of its own, and what all of them left is finished and compared at the end.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aioffice.kernel.failpoints import PLACES
from tests.support.crew import Crew, crew_of
from tests.support.house import new_house
from tests.support.once import differences

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
DIES = {
    "perform": "file_some",
    "deliver": "work",
    "publish": "work",
    "mail": "work",
    "ledger": "work",
    "clocks": "sweep_once",
}
"""Which process dies at the places whose names begin like this."""
ELSEWHERE = {
    "import.piece": "tests/house/test_crashes.py, with a real import",
    "erase.redacted": "tests/house/test_erasing_survives_crashes.py",
    "ledger.keyed": "tests/house/test_new_keys_survive_crashes.py",
    "ledger.rotated": "tests/house/test_new_keys_survive_crashes.py",
    "webhooks.sent": "tests/house/test_webhooks_of_a_running_office.py, with a receiver",
}
"""Places that a process of the crew does not reach, and where they are tested."""


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_place_that_is_tested_elsewhere_is_tested_there(place: str) -> None:
    file = Path(__file__).parents[2] / ELSEWHERE[place].partition(",")[0]
    assert place in file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    """A crew in a house of its own."""
    with new_house() as house, crew_of(house) as made:
        yield made


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ELSEWHERE])
def test_a_process_dies_at_the_place(crew: Crew, place: str) -> None:
    dies = DIES[place.partition(".")[0]]
    if dies != "file_some":
        crew.do("file_some")
    if dies == "work":
        crew.do("sweep_once")
        crew.do("recover")
    assert crew.ended(crew.begin(dies, fail_point=place), 60.0) == -signal.SIGKILL, crew.faults()


def test_whoever_comes_next_has_finished_all_of_it(crew: Crew) -> None:
    crew.do("file_some")
    crew.do("finish")
    found = list(differences(crew.house))
    assert not found, "\n".join(found)


def test_the_comparison_sees_what_is_lost_and_what_is_doubled(crew: Crew) -> None:
    """After the others: damage done on purpose shows, so that finding nothing means something."""
    crew.house.ask(
        "with one as (select number, n from published.version order by 1, 2 limit 1) "
        "delete from published.version v using one where v.number = one.number and v.n = one.n returning 1"
    )
    crew.house.ask(
        "insert into office.notices_notice (id, organisation_id, case_id, record_id, step, title, reference, secure, audience, created_at) "
        "select gen_random_uuid(), organisation_id, case_id, record_id, step, title, reference, secure, audience, created_at "
        "from office.notices_notice where step = 'test-plan.fall_silent' order by id limit 1 returning 1"
    )
    found = "\n".join(differences(crew.house))
    assert "published version: 1 lost" in found
    assert "notice of silence: 1 doubled" in found
    assert "e-mail: 1 lost" in found
