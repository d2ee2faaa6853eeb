"""What the rules make of the examples in the Commission's guidelines on Articles 5 and 6."""

from __future__ import annotations

import pytest

from aioffice.act.classification import Outcome
from tests.support.act_examples import Example, column, examples, table

TABLE = """
                                            prohibited     high_risk        exempt       neither  needs_review
not_prohibited                                       1            11             0            13             0
prohibited                                          10             0             0             0             0
not_prohibited_not_emotion_recognition               0             0             0             3             0
emotion_recognition                                  0             0             0             0             1
high_risk                                            0            59             0             0             0
outside_use_case                                     0             0             0            65             0
exempt_art_6_3                                       0             0            19             0             0
"""
"""Labels down, answers across. Whoever changes it says in the commit what changed in the rules, and why."""


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_example(example: Example) -> None:
    """It agrees with the label, or says why not."""
    answer = example.answer()
    said = f"{example.about}: {answer.outcome} by {[one.provision for one in answer.holding()]}, not {example.label}"
    if answer.outcome is Outcome.NEEDS_REVIEW:
        assert example.left_out, f"Nothing that decides is left out. {said}"
    elif example.differs:
        assert not example.agrees(), f"The answer agrees by now; `differs` is out of date: {example.id}"
    else:
        assert example.agrees(), said


def test_the_table_of_answers_is_known() -> None:
    assert table().strip() == TABLE.strip()


def test_few_examples_need_review() -> None:
    open_ones = [example.id for example in examples() if column(example.answer()) == "needs_review"]
    assert len(open_ones) < len(examples()) / 10


def test_what_is_prohibited_or_high_risk_never_comes_out_as_nothing() -> None:
    grave = [example for example in examples() if example.label in {"prohibited", "high_risk"}]
    assert len(grave) == 69
    assert not [example.id for example in grave if column(example.answer()) == "neither"]


def test_all_examples_are_there() -> None:
    assert len(examples()) == 182
    assert len({example.id for example in examples()}) == 182
