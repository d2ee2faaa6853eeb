"""Worked examples of Regulation (EEC, Euratom) No 1182/71, each with the holidays it assumes."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from aioffice.act.clocks.counting import end_of
from aioffice.act.clocks.deadlines import deadline
from aioffice.act.periods import Counting, Direction, Period, Unit
from tests.support.calendars import BRUSSELS, calendar

_VECTORS = Path(__file__).parent / "time_limit_vectors.csv"
ROWS = list(csv.DictReader(_VECTORS.read_text(encoding="utf-8").splitlines()))
PERIODS = [row for row in ROWS if row["unit"] not in ("hours", "date")]
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def by_id(row: dict[str, str]) -> str:
    return row["id"]


def holidays(row: dict[str, str]) -> list[date]:
    return [date.fromisoformat(day) for day in row["holidays_assumed"].split(";") if day]


def test_there_are_29() -> None:
    assert len(ROWS) == 29
    assert len(PERIODS) == 25


@pytest.mark.parametrize("row", PERIODS, ids=by_id)
def test_a_period_ends_as_worked_out(row: dict[str, str]) -> None:
    n = int(row["n"])
    direction = Direction.FORWARD if n > 0 else Direction.BACKWARD
    counting = Counting.ROLLS if row["roll_and_min2"] == "yes" else Counting.EXACT
    period = Period(abs(n), Unit(row["unit"].removesuffix("s")), direction, counting)
    event = date.fromisoformat(row["event_date"])
    end = end_of(period, event, calendar(holidays(row)), BRUSSELS)
    assert WEEKDAYS[event.weekday()] == row["event_weekday"]
    assert end.nominal == date.fromisoformat(row["nominal_end"])
    assert end.legal == date.fromisoformat(row["legal_end"])
    assert WEEKDAYS[end.legal.weekday()] == row["legal_end_weekday"]
    following = end.legal + timedelta(days=1)
    assert end.due == datetime(following.year, following.month, following.day, tzinfo=BRUSSELS)


@pytest.mark.parametrize("row", [row for row in ROWS if row["unit"] == "hours"], ids=by_id)
def test_hours_end_as_worked_out(row: dict[str, str]) -> None:
    period = Period(int(row["n"]), Unit.HOUR, counting=Counting.HOURS)
    end = end_of(period, datetime.fromisoformat(row["event_date"]), calendar(), BRUSSELS)
    wanted = datetime.fromisoformat(row["legal_end"])
    assert end.due == wanted
    assert end.due.utcoffset() == wanted.utcoffset()
    assert end.due.isoformat(timespec="minutes") == row["nominal_end"]
    assert WEEKDAYS[end.legal.weekday()] == row["legal_end_weekday"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["unit"] == "date"], ids=by_id)
def test_a_fixed_date_ends_as_worked_out(row: dict[str, str]) -> None:
    found = deadline("GL-96G", calendar=calendar(holidays(row)), zone=BRUSSELS)
    assert found.nominal == found.legal == date.fromisoformat(row["legal_end"])


LIMITS = {
    "V01": "INC-15", "V02": "INC-15", "V03": "INC-2", "V07": "INC-10", "V08": "INC-MSA-7", "V09": "CORR-15WD",
    "V10": "CORR-15WD", "V11": "OBJ-3M", "V12": "NA-CONF-1M", "V13": "OBJ-30D", "V14": "SAFE-60D", "V15": "SAFE-6M",
    "V16": "GPAI-2W", "V17": "GPAI-2W", "V20": "CERT-III", "V21": "DEROG-15", "V22": "AIO-4M", "V23": "GPAI-INFO-30",
    "V24": "HEAR-10WD", "H1": "RBI-URG", "H2": "PRBI-48H", "H3": "RBI-URG", "B1": "NB-CEASE-1Y",
}  # fmt: skip
"""The time limits that the examples are about."""


@pytest.mark.parametrize("row", [row for row in ROWS if row["id"] in LIMITS], ids=by_id)
def test_the_time_limit_it_is_about_ends_the_same(row: dict[str, str]) -> None:
    written = row["event_date"]
    event = datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    found = deadline(LIMITS[row["id"]], calendar=calendar(holidays(row)), zone=BRUSSELS, event=event)
    assert found.nominal is not None
    assert found.legal is not None
    assert found.nominal.isoformat() == row["nominal_end"][:10]
    assert found.legal.isoformat() == row["legal_end"][:10]
