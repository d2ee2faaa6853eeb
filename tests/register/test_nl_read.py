"""Reading a copy of the Dutch register: what is malformed is reported with its place and stops nothing else."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.register.reference.nl import FIELDS
from aioffice.register.reference.nl_changes import Added, Altered, Removed, changes_of, read_changes
from aioffice.register.reference.nl_read import Unreadable, dump_of, read_dump

FIXTURES = Path(__file__).parent / "fixtures"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["added", "2026-06-03T07:00:00Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "diff", "doel", "x"]), inner),
    max_leaves=6,
)


def test_a_record_carries_the_eight_fields_of_the_source() -> None:
    dump = read_dump(FIXTURES / "nl_register.json")
    record = dump.records["10000001"]
    assert dump.problems == ()
    assert len(dump.records) == 7
    assert dump.fetched_at == datetime(2026, 6, 5, 7, tzinfo=UTC)
    assert dump.first_seen["10000001"] == date(2026, 5, 1)
    assert len(FIELDS) == 8
    assert record.as_json() == {
        "id": "10000001",
        "title": "Kabouterteller",
        "organisatie": "Bureau Kaboutertelling",
        "doel": "Telt verzonnen kabouters die hun kruiwagen parkeren.",
        "status": "in_gebruik",
        "impactassessment": "Onbekend",
        "juridische_basis": "Kabouterwet (verzonnen)",
        "geregistreerd": "2026-01-05",
    }
    assert record.url == "https://algoritmes.overheid.nl/nl/algoritme/10000001"
    assert record.number == "NL-AR-10000001"


def test_every_fault_in_a_dump_has_its_place_and_the_rest_is_read() -> None:
    dump = read_dump(FIXTURES / "nl_register_malformed.json")
    assert list(dump.records) == ["10000001", "10000003", "10000005"]
    assert [(each.place, each.code, each.left_out) for each in dump.problems] == [
        ("/algoritmes/1", "type", True),
        ("/algoritmes/2", "missing", True),
        ("/algoritmes/3/id", "type", True),
        ("/algoritmes/4/title", "type", True),
        ("/algoritmes/5/geregistreerd", "date", True),
        ("/algoritmes/6/status", "choice", True),
        ("/algoritmes/7/id", "duplicate", True),
        ("/algoritmes/8", "missing", True),
        ("/algoritmes/9", "twice", True),
        ("/algoritmes/10/organisatie", "empty", True),
        ("/algoritmes/11/url", "url", True),
        ("/algoritmes/12/doel", "characters", True),
        ("/algoritmes/13/toegevoegd", "date", True),
        ("/algoritmes/11/kleur", "field", True),
        ("/count", "count", False),
        ("/fetched_at", "date", True),
    ]
    assert dump.records["10000003"].url == "https://algoritmes.overheid.nl/nl/algoritme/10000003"
    assert "10000005" not in dump.first_seen


def test_a_problem_says_what_was_wrong_and_what_would_be_right() -> None:
    problems = {each.code: str(each) for each in read_dump(FIXTURES / "nl_register_malformed.json").problems}
    assert problems["choice"] == (
        "dump /algoritmes/6/status: 'in gebruik'; expected one of in_gebruik, ontwikkeling, buiten_gebruik (left out)"
    )
    assert problems["duplicate"] == (
        "dump /algoritmes/7/id: the id 10000001 again, first at /algoritmes/0; expected each id once (left out)"
    )
    assert problems["count"].endswith("(taken as it is)")


def test_events_are_read_under_either_name_of_the_date() -> None:
    changes = read_changes(FIXTURES / "nl_changes.jsonl")
    assert changes.problems == ()
    assert [type(event) for event in changes.events] == [Altered, Added, Altered, Altered, Removed, Added, Altered]
    first = changes.events[0]
    assert isinstance(first, Altered)
    assert first.diff["geregistreerd"] == (date(2026, 1, 5), date(2026, 6, 2))
    assert (first.line, first.at) == (1, datetime(2026, 6, 2, 7, tzinfo=UTC))


def test_every_fault_in_the_changes_has_its_line_and_the_rest_is_read() -> None:
    changes = read_changes(FIXTURES / "nl_changes_malformed.jsonl")
    assert [(event.line, type(event)) for event in changes.events] == [(1, Altered), (17, Altered), (16, Removed)]
    assert [(each.place, each.code) for each in changes.problems] == [
        ("line 3", "json"),
        ("line 4", "type"),
        ("line 5 /op", "choice"),
        ("line 6 /op", "choice"),
        ("line 7 /at", "date"),
        ("line 8 /id", "id"),
        ("line 9 /diff", "type"),
        ("line 10 /diff/status/1", "choice"),
        ("line 11 /diff/doel", "type"),
        ("line 12 /diff/url", "field"),
        ("line 13 /diff/geregistreerd", "twice"),
        ("line 14 /record/id", "id"),
        ("line 15 /record", "type"),
        ("line 17 /at", "order"),
        ("line 18", "json"),
        ("line 16 /record/kleur", "field"),
    ]


def test_a_packed_file_and_one_with_a_byte_order_mark_read_the_same(tmp_path: Path) -> None:
    plain = (FIXTURES / "nl_register.json").read_bytes()
    (tmp_path / "register.json.gz").write_bytes(gzip.compress(plain))
    (tmp_path / "register.json").write_bytes(b"\xef\xbb\xbf" + plain)
    expected = read_dump(FIXTURES / "nl_register.json")
    assert read_dump(tmp_path / "register.json.gz") == read_dump(tmp_path / "register.json") == expected


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", b"{", "a.json is not JSON"),
        ("a.json", b"\xff", "a.json is not JSON"),
        ("a.json", b"[]", "no list 'algoritmes'"),
        ("a.json", b'{"algoritmes": {}}', "no list 'algoritmes'"),
        ("a.json.gz", b"no gzip", "cannot be read"),
    ],
)
def test_a_file_that_is_no_copy_at_all_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=says):
        read_dump(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read_changes(tmp_path / "absent.jsonl")


@given(st.lists(JSON, max_size=4), JSON)
def test_no_json_stops_the_reading_of_a_dump(rows: list[Any], beside: Any) -> None:
    good = json.loads((FIXTURES / "nl_register.json").read_bytes())["algoritmes"][0]
    dump = dump_of({"algoritmes": [*rows, good], "count": beside, "fetched_at": beside})
    assert list(dump.records) == ["10000001"]
    assert len([each for each in dump.problems if each.place.count("/") == 2 and each.left_out]) >= len(rows)


@given(st.lists(JSON, max_size=3), st.lists(st.binary(max_size=20), max_size=3), JSON)
def test_no_line_stops_the_reading_of_changes(values: list[Any], raw: list[bytes], odd: Any) -> None:
    lines = (FIXTURES / "nl_changes.jsonl").read_bytes().splitlines()
    broken = [json.dumps({**json.loads(lines[0]), name: odd}).encode() for name in ("at", "op", "diff")]
    changes = changes_of([*(json.dumps(each).encode() for each in values), *raw, *broken, *lines])
    assert len(changes.events) >= len(lines)
    assert all(each.place.startswith("line ") for each in changes.problems)
