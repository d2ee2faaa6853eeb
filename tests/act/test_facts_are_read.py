"""How facts are read: numbers exactly as written, days, choices, and what lies within what."""

from __future__ import annotations

from datetime import date

import pytest

from aioffice.act.classification import classify
from aioffice.act.duties import vocabulary
from aioffice.act.reasoning.facts import ContradictionError, FactsError, check, number
from aioffice.act.reasoning.vocabulary import UnknownFactError

COMPUTE = number("compute", "51(2)", "How much?", "operations")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (0, 0),
        (10**25, 10**25),
        (1e25, 10**25),
        ("1e25", 10**25),
        ("1E+25", 10**25),
        ("1.5e3", 1500),
        ("10 000", 10_000),
        (2e25, 2 * 10**25),
    ],
)
def test_numbers_are_read_exactly(written: object, read: int) -> None:
    assert check(COMPUTE, written) == read


@pytest.mark.parametrize(
    "written", [-1, 1.5, "1.5", True, "much", "1e999", "9" * 61, float("inf"), float("nan"), None, [], "１２"]
)
def test_what_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(FactsError, match="a whole number of operations is expected, zero or more"):
        check(COMPUTE, written)


def test_the_threshold_itself_is_not_above_the_threshold() -> None:
    model = {"is_gpai_model": True, "is_provider": True, "placed_on_union_market": True, "training_compute": 1e25}
    others = {"high_impact_capabilities": False, "designated": False, "presumption_rebutted": False}
    held = {one.provision for one in classify(model | others).holding()}
    assert "51" not in held
    assert "51" in {one.provision for one in classify(model | others | {"training_compute": 10**25 + 1}).holding()}


def test_days_are_days() -> None:
    fact = vocabulary()["first_placed_on"]
    assert check(fact, "2027-12-02") == date(2027, 12, 2)
    for wrong in ("2027-13-02", "tomorrow", 2027, True):
        with pytest.raises(FactsError, match="2026-12-02"):
            check(fact, wrong)


def test_what_lies_within_follows() -> None:
    known = vocabulary().read({"recruits": True, "in_education": False, "in_biometrics": False})
    assert known["in_employment"] is True
    assert known["proctors_tests"] is False
    assert known["in_real_time_in_public"] is False, "through two fences"
    with pytest.raises(ContradictionError, match="cannot be true while in_employment is false"):
        vocabulary().read({"recruits": True, "in_employment": False})


def test_an_unknown_name_is_never_passed_over() -> None:
    with pytest.raises(UnknownFactError, match="the nearest is recruits"):
        vocabulary().read({"recruts": True})
