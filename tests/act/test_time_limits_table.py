"""The table of time limits: whole, consistent, and asked by id."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest

from aioffice.act.lookup import UnknownCodeError
from aioffice.act.periods import Counting, Direction, Period, Unit, period
from aioffice.act.time_limits import Nature, TimeLimit, time_limit, time_limits

every_limit = pytest.mark.parametrize("limit", time_limits(), ids=lambda limit: limit.id)


def test_there_are_90_each_with_an_id_of_its_own() -> None:
    assert len(time_limits()) == len({limit.id for limit in time_limits()}) == 90


def test_a_row_says_what_the_act_says() -> None:
    limit = time_limit("INC-15")
    assert (limit.n, limit.unit, limit.counting) == (15, Unit.DAY, Counting.ROLLS)
    assert (limit.basis, limit.at_once, limit.actor) == ("73(2); 75(1a)", True, "provider")
    assert limit.setting == "conservative_incident_dates"
    assert limit.period == Period(15, Unit.DAY)
    assert time_limit("NB-CEASE-1Y").direction is Direction.BACKWARD
    assert time_limit("OBJ-3M").tacit_effect == "justified"


@every_limit
def test_its_columns_fit_together(limit: TimeLimit) -> None:
    assert (limit.unit is None) is (limit.n in (None, 0))
    assert (limit.counting is Counting.HOURS) is (limit.unit is Unit.HOUR)
    assert (limit.nature is Nature.IMMEDIATE) <= (limit.n is None and limit.at_once)
    assert (limit.direction is Direction.FIXED) is (limit.date is not None)
    assert limit.tacit_effect in ("", "approved", "justified", "no_objection", "renewed")
    assert limit.acts_at in ("EU", "EDPS", "MS")
    assert re.fullmatch(
        r"\d+[a-z]?(\(\d+[a-z]?\)(\([a-z]\))?)?([;,] \d+[a-z]?(\(\d+[a-z]?\)(\([a-z]\))?)?)*", limit.basis
    )
    assert limit.extension is None or limit.extension.n > 0


def test_nothing_in_it_can_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        time_limit("INC-15").n = 20  # type: ignore[misc]


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean 'INC-15'") as caught:
        time_limit("INC15")
    assert caught.value.kind == "time limit"


@pytest.mark.parametrize(
    ("written", "n", "unit"),
    [
        ("10 days", 10, Unit.DAY),
        ("1 day", 1, Unit.DAY),
        ("15 Working Days", 15, Unit.WORKING_DAY),
        ("15 jours ouvrables", 15, Unit.WORKING_DAY),
        ("3 working_days", 3, Unit.WORKING_DAY),
        ("6:month", 6, Unit.MONTH),
        ("6 mois", 6, Unit.MONTH),
        ("2 ans", 2, Unit.YEAR),
        ("24 heures", 24, Unit.HOUR),
        ("2 semaines", 2, Unit.WEEK),
    ],
)
def test_a_period_is_read_as_people_write_it(written: str, n: int, unit: Unit) -> None:
    found = period(written)
    assert (found.n, found.unit) == (n, unit)
    assert (found.counting is Counting.HOURS) is (unit is Unit.HOUR)


@pytest.mark.parametrize(
    "written", ["", "days", "0 days", "-1 day", "1.5 days", "10 fortnights", "10000000 days", "١٠ days"]
)
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=re.escape("`10 days` or `6 months`")):
        period(written)


def test_a_period_has_a_length_and_no_provision_counts_hours_backwards() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Period(0, Unit.DAY)
    for unit in (Unit.HOUR, Unit.WORKING_DAY):
        with pytest.raises(ValueError, match="backwards"):
            Period(1, unit, Direction.BACKWARD)
