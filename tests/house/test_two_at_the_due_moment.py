"""Two processes at the due moment, on a real database, again and again: one outcome, whoever wins."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from tests.support.crew import Crew, crew_of
from tests.support.house import House, new_house

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TIMES = 25
HISTORIES = """
select string_agg(split_part(r.step, '.', 2) || '>' || r.to_state, ' ' order by r.sequence),
       (select string_agg(c.state, ' ' order by c.id) from office.clocks_clock c where c.case_id = r.case_id)
  from office.procedures_steprecord r group by r.case_id
"""
SILENT = ("submit>submitted fall_silent>approved", "lapsed")
REFUSED = ("submit>submitted refuse>refused", "met")
UNDONE = ("submit>submitted fall_silent>approved refuse>refused", "met")
"""The sweep was quicker, but the answer had come before the end."""


def race(house: House, crew: Crew, *runners: tuple[str, str], early: float = 0) -> Counter[tuple[str, str]]:
    """Let two processes race; return what became of the cases, and how often."""
    begin = time.time() + 0.7
    pids = [crew.begin("race", step, who, early, begin) for step, who in runners]
    for pid in pids:
        crew.ends_well("race", pid)
    return Counter((steps, clocks) for steps, clocks in house.ask(HISTORIES))


@pytest.mark.parametrize(
    "runners",
    [(("refuse", "authority"), ("sweep", "authority")), (("refuse", "authority"), ("approve", "authority"))],
    ids=["a step and the sweep", "two steps"],
)
def test_at_the_due_moment_the_law_has_acted_whoever_comes_first(runners: tuple[tuple[str, str], ...]) -> None:
    with new_house() as house, crew_of(house) as crew:
        crew.do("open_plans", TIMES)
        assert race(house, crew, *runners) == {SILENT: TIMES}


def test_what_came_a_second_earlier_counts_whoever_wins() -> None:
    """The step comes in a second before the end and may wait for its turn, the sweep looks at the end, without any patience."""
    with new_house() as house, crew_of(house) as crew:
        crew.do("open_plans", TIMES)
        found = race(house, crew, ("refuse", "authority"), ("sweep", "authority"), early=1)
        assert set(found) <= {REFUSED, UNDONE}
        assert found.total() == TIMES
        print(f"silence came first {found[UNDONE]} times, the answer {found[REFUSED]} times")


def test_two_last_answers_close_a_round_once() -> None:
    with new_house() as house, crew_of(house) as crew:
        crew.do("open_consents", TIMES)
        found = race(house, crew, ("approve", "authority"), ("approve", "other"), early=60)
        assert found == {("submit>submitted approve>submitted approve>decided", "met met"): TIMES}
