"""The history of the register: undone to the first day, told forward to the dump, every step compared on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from aioffice.register.reference.nl_changes import Changes, changes_of, read_changes
from aioffice.register.reference.nl_read import Dump, read_dump
from aioffice.register.reference.nl_replay import reconstruct, replay
from aioffice.register.reference.nl_steps import Renamed

FIXTURES = Path(__file__).parent / "fixtures"
NEW = "Gemeente Nieuw Duinvergeten"
OLD = "Gemeente Duinvergeten"


@pytest.fixture
def dump() -> Dump:
    return read_dump(FIXTURES / "nl_register.json")


@pytest.fixture
def changes() -> Changes:
    return read_changes(FIXTURES / "nl_changes.jsonl")


def events() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / "nl_changes.jsonl").read_text("utf-8").splitlines()]


def changed_by(rows: list[dict[str, Any]]) -> Changes:
    found = changes_of(json.dumps(row).encode() for row in rows)
    assert found.problems == ()
    return found


def test_the_first_day_is_worked_back_out_of_the_dump(dump: Dump, changes: Changes) -> None:
    start = reconstruct(dump, changes)
    assert (start.problems, start.reconstructed, start.observed) == ((), True, date(2026, 5, 1))
    assert sorted(start.records) == [f"1000000{n}" for n in (1, 2, 3, 4, 5, 8)]
    assert start.records["10000005"].doel == "Zoekt naalden in hooibergen."
    assert start.records["10000005"].geregistreerd == date(2026, 1, 5)
    assert {start.records["10000003"].organisatie, start.records["10000004"].organisatie} == {OLD}


def test_told_forward_it_ends_in_the_dump(dump: Dump, changes: Changes) -> None:
    told = replay(reconstruct(dump, changes).records, changes, dump)
    assert told.problems == ()
    assert told.end == dump.records
    assert [(step.kind, step.id) for step in told.steps] == [
        ("changed", "10000005"),
        ("took_over", "10000006"),
        ("changed", "10000003"),
        ("changed", "10000004"),
        ("withdrawn", "10000008"),
        ("took_over", "10000007"),
        ("changed", "10000006"),
    ]


def test_a_step_knows_its_day_and_both_sides(dump: Dump, changes: Changes) -> None:
    first, *_, last = replay(reconstruct(dump, changes).records, changes, dump).steps
    assert (first.observed, first.at, first.line) == (date(2026, 6, 2), datetime(2026, 6, 2, 7, tzinfo=UTC), 1)
    assert first.fields == ("doel", "geregistreerd")
    assert first.before is not None
    assert first.after is not None
    assert (first.before.doel, first.after.doel) == ("Zoekt naalden in hooibergen.", "Zoekt spelden in hooibergen.")
    assert last.fields == ("doel",)


def test_the_removed_record_leaves_with_what_it_last_said(dump: Dump, changes: Changes) -> None:
    (gone,) = (step for step in replay(reconstruct(dump, changes).records, changes).steps if step.kind == "withdrawn")
    assert gone.before is not None
    assert gone.before.title == "Trollentoets"
    assert gone.after is None


def test_without_changes_the_dump_is_the_first_day(dump: Dump) -> None:
    start = reconstruct(dump, Changes((), ()))
    assert start.records == dump.records
    assert not start.reconstructed


def test_all_records_of_a_body_taking_a_new_name_at_once_is_one_rename(dump: Dump, changes: Changes) -> None:
    told = replay(reconstruct(dump, changes).records, changes, dump)
    at = datetime(2026, 6, 3, 7, tzinfo=UTC)
    assert told.renames == (Renamed(OLD, NEW, at, ("10000003", "10000004")),)


@pytest.mark.parametrize("case", ["one keeps the old name", "to two names", "one comes in under the old name"])
def test_anything_less_than_all_at_once_is_no_rename(dump: Dump, case: str) -> None:
    rows, records = events(), dict(dump.records)
    if case == "one keeps the old name":
        records["10000002"] = replace(records["10000002"], organisatie=OLD)
    elif case == "to two names":
        rows[3]["diff"]["organisatie"][1] = "Gemeente Ander Duin"
        records["10000004"] = replace(records["10000004"], organisatie="Gemeente Ander Duin")
    else:
        rows[1]["record"]["organisatie"] = OLD
        records["10000006"] = replace(records["10000006"], organisatie=OLD)
    assert renamed(replace(dump, records=records), rows) == []


def test_a_body_renamed_in_two_goes_is_renamed_when_its_last_record_is(dump: Dump) -> None:
    rows = events()
    rows[3]["at"] = "2026-06-04T07:00:00Z"
    assert renamed(dump, rows) == [("10000004",)]


def renamed(dump: Dump, rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    found = changed_by(rows)
    start = reconstruct(dump, found)
    told = replay(start.records, found, dump)
    assert start.problems == told.problems == ()
    return [each.ids for each in told.renames]


def test_an_old_side_that_was_not_there_is_reported_and_the_event_believed(dump: Dump, changes: Changes) -> None:
    start = dict(reconstruct(dump, changes).records)
    start["10000005"] = replace(start["10000005"], doel="Iets anders.")
    told = replay(start, changes, dump)
    (problem,) = told.problems
    assert (problem.source, problem.place, problem.code) == ("changes", "line 1 /diff/doel/0", "mismatch")
    assert "Iets anders." in problem.expected
    assert told.end == dump.records


def test_a_missing_event_shows_at_its_neighbours(dump: Dump) -> None:
    rows = events()
    del rows[1]  # 10000006 was added, and changed later
    found = changed_by(rows)
    start = reconstruct(dump, found)
    assert start.problems == ()
    assert "10000006" in start.records
    rows = events()
    rows[6]["diff"]["doel"][0] = "Sorteert niets."
    found = changed_by(rows)
    start = reconstruct(dump, found)
    assert [problem.place for problem in start.problems] == ["line 2 /record/doel"]
    assert [problem.place for problem in replay(start.records, found, dump).problems] == ["line 7 /diff/doel/0"]


def test_events_about_records_that_cannot_be_there_are_reported(dump: Dump) -> None:
    rows = [
        *events(),
        {**events()[0], "id": "19999999", "at": "2026-06-05T07:00:00Z"},
        {**events()[4], "at": "2026-06-05T08:00:00Z"},
    ]
    found = changed_by(rows)
    start = reconstruct(dump, found)
    assert [(each.place, each.found) for each in start.problems] == [
        ("line 8 /id", "no such record at that moment"),
        ("line 5 /record", "a record that is there already"),
    ]
    told = replay(start.records, found, dump)
    assert [each.place for each in told.problems] == ["line 8 /id", "line 9 /record"]
    assert told.end == dump.records


def test_an_end_that_is_not_the_dump_is_reported_field_by_field(dump: Dump, changes: Changes) -> None:
    start = dict(reconstruct(dump, changes).records)
    start["10000001"] = replace(start["10000001"], title="Kabouterweger")
    start["10000099"] = replace(start["10000001"], id="10000099")
    del start["10000002"]
    told = replay(start, changes, dump)
    assert [(each.place, each.code) for each in told.problems] == [
        ("/10000001/title", "end"),
        ("/10000002", "absent"),
        ("/10000099", "surplus"),
    ]


def test_a_first_day_of_sight_that_contradicts_the_event_is_reported(dump: Dump, changes: Changes) -> None:
    seen = {**dump.first_seen, "10000007": date(2026, 6, 9)}
    told = replay(reconstruct(dump, changes).records, changes, replace(dump, first_seen=seen))
    assert [(each.place, each.found) for each in told.problems] == [("line 6 /at", "first seen on 2026-06-04")]


def test_a_record_that_comes_back_is_taken_over_again(dump: Dump) -> None:
    back = {**events()[4], "op": "added", "at": "2026-06-05T07:00:00Z"}
    rows = [*events(), back]
    found = changed_by(rows)
    again = replace(
        dump, records={**dump.records, "10000008": reconstruct(dump, changed_by(events())).records["10000008"]}
    )
    told = replay(reconstruct(again, found).records, found, again)
    assert told.problems == ()
    assert [step.kind for step in told.steps if step.id == "10000008"] == ["withdrawn", "took_over"]
