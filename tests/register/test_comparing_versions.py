"""Two texts compared: what is shown is both of them, and whatever stands in them the comparison takes no time to speak of."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from aioffice.register.public_history import segments
from aioffice.register.text.edits import edits

DICE = random.Random(20261123)
PROSE = "Ranks applications, and says why.\nA recruiter decides; nobody is turned down by the system alone. "


def noise(signs: str) -> str:
    return "".join(DICE.choice(signs) for _ in range(10_000))


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in segments(before, after)]


def test_words_that_differ_are_shown_where_they_stand() -> None:
    assert told("Ranks ten applications.", "Ranks and groups applications.") == [
        ("same", "Ranks "),
        ("removed", "ten"),
        ("added", "and"),
        ("same", " "),
        ("added", "groups "),
        ("same", "applications."),
    ]
    assert told("", "New") == [("added", "New")]
    assert told("Old", "") == [("removed", "Old")]
    assert told("Same", "Same") == [("same", "Same")]


@pytest.mark.parametrize("signs", ["a b", "ab ", ".,;", "x.\n "])
def test_the_stretches_are_both_texts(signs: str) -> None:
    for _ in range(300):
        before, after = ("".join(DICE.choices(signs, k=DICE.randrange(12))) for _ in range(2))
        found = segments(before, after)
        assert "".join(one.text for one in found if one.kind != "added") == before
        assert "".join(one.text for one in found if one.kind != "removed") == after
        assert all(one.kind != other.kind for one, other in pairwise(found))


def test_as_little_as_possible_is_changed() -> None:
    found = edits("abcabba", "cbabac", most=9)
    assert found is not None
    assert sum(one.end - one.start for one in found if one.kind != "same") == 5
    assert edits("abcabba", "cbabac", most=4) is None


@pytest.mark.parametrize(
    "pair",
    [
        lambda: (noise(".,;:!?"), noise(".,;:!?")),
        lambda: (noise(".,"), noise(".,")),
        lambda: ("." * 5000 + ";" * 500 + "." * 4500, "." * 5000 + "," * 500 + "." * 4500),
        lambda: ("., " * 3000, ",. " * 3000),
        lambda: (noise("ab cd\n"), noise("ab cd\n")),
        lambda: ("\n".join(noise("ab")), "\n".join(noise("ab"))),
    ],
)
def test_texts_made_to_be_slow_are_not(pair: Callable[[], tuple[str, str]]) -> None:
    before, after = pair()
    begin = time.thread_time()
    found = segments(before, after)
    assert time.thread_time() - begin < 3, "CPU seconds of this thread, however busy the machine is"
    assert "".join(one.text for one in found if one.kind != "removed") == after


def test_long_texts_that_hardly_differ_are_still_compared_word_by_word() -> None:
    before = PROSE * 95
    after = before.replace("recruiter", "person", 3)
    changed = [text for kind, text in told(before, after) if kind != "same"]
    assert changed == ["recruiter", "person"] * 3
