"""What a page sends becomes what the form takes, and the way back, without losing or inventing anything."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.procedures.decoding import decode, encode, press, read_raw, without_empty_rows
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.parsing import parse
from aioffice.kernel.procedures.pointers import location_from_name
from aioffice.kernel.procedures.spec import spec_of
from tests.kernel.example_form import Example

SPEC = spec_of(Example)
TODAY = date(2026, 11, 23)
FILE = "018f2a3b-0000-7000-8000-000000000001"

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"], codec="utf-8"), min_size=1, max_size=20
)
states = st.lists(st.sampled_from(["PT", "SI", "MT"]), min_size=1, max_size=3, unique=True)
parties = st.fixed_dictionaries({"name": words}, optional={"mail": st.just("ana@example.eu")})
uses = st.fixed_dictionaries({"title": words}, optional={"states": states, "copy_id": st.uuids().map(str)})
filings = st.fixed_dictionaries(
    {
        "provider": parties,
        "title": words,
        "status": st.sampled_from(["PT", "SI"]),
        "member_states": states,
        "signed": st.booleans(),
    },
    optional={
        "representative": parties,
        "purpose": words,
        "colour": st.sampled_from(["red", "blue"]),
        "size": st.sampled_from(["small", "large"]),
        "certain": st.sampled_from(["yes", "no", "not_known"]),
        "count": st.integers(-(10**17), 10**17),
        "since": st.dates().map(str),
        "link": st.just("https://example.eu/a"),
        "declaration": st.uuids().map(str),
        "case": words,
        "uses": st.lists(uses, min_size=1, max_size=3),
    },
)


@given(filings)
def test_what_was_filed_can_be_edited_and_filed_again_unchanged(data: dict[str, Any]) -> None:
    raw = encode(SPEC, data)
    assert read_raw(SPEC, raw) == raw
    assert decode(SPEC, raw) == data
    assert parse(Example, decode(SPEC, raw), on=TODAY) == parse(Example, data, on=TODAY)


@given(filings)
def test_the_stored_form_of_a_filing_reads_back_the_same(data: dict[str, Any]) -> None:
    stored = parse(Example, data, on=TODAY).model_dump(mode="json")
    assert parse(Example, decode(SPEC, encode(SPEC, stored)), on=TODAY) == parse(Example, data, on=TODAY)


@given(st.dictionaries(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=3)))
def test_whatever_is_sent_is_read_without_an_error(sent: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid) as refusal:  # nothing of what is needed was sent, so the form always refuses
        parse(Example, decode(SPEC, read_raw(SPEC, sent)), on=TODAY)
    assert refusal.value.errors


def test_what_was_left_empty_is_absent() -> None:
    raw = read_raw(SPEC, {"title": ["  "], "purpose": [""], "representative.name": [""], "count": [""]})
    assert decode(SPEC, raw) == {"provider": {}, "member_states": []}


def test_a_needed_group_names_what_it_misses() -> None:
    with pytest.raises(Invalid) as refusal:
        parse(Example, decode(SPEC, {"title": ["x"]}), on=TODAY)
    missing = {error.pointer for error in refusal.value.errors}
    assert missing == {"/provider/name", "/status", "/member_states", "/signed"}
    assert {error.message for error in refusal.value.errors} == {"This is needed and was left out."}


def test_an_optional_group_half_filled_says_what_is_missing_in_it() -> None:
    raw = read_raw(SPEC, {"representative.mail": ["ana@example.eu"]})
    with pytest.raises(Invalid) as refusal:
        parse(Example, decode(SPEC, raw), on=TODAY)
    assert "/representative/name" in {error.pointer for error in refusal.value.errors}


def test_yes_no_and_numbers_become_json() -> None:
    raw = read_raw(SPEC, {"signed": ["no"], "count": [" 12 "]})
    assert decode(SPEC, raw) | {"provider": None} == {
        "provider": None,
        "signed": False,
        "count": 12,
        "member_states": [],
    }
    assert decode(SPEC, {"count": ["a dozen"]})["count"] == "a dozen", "the form says what is wrong with it"


def test_a_form_sent_by_a_browser() -> None:
    post = QueryDict(
        "title=One&title=Two&member_states=PT&member_states=SI&purpose=a%0D%0Ab&csrftoken=x&uses.x.title=1"
    )
    assert read_raw(SPEC, post) == {
        "title": ["One", "Two"],
        "member_states": ["PT", "SI"],
        "purpose": ["a\nb"],
    }


def test_rows_are_numbered_without_gaps_in_their_order() -> None:
    raw = read_raw(
        SPEC, {"uses.12.title": ["c"], "uses.3.title": ["b"], "uses.3.states": ["PT"], "uses.0.title": ["a"]}
    )
    assert raw == {
        "uses.0.title": ["a"],
        "uses.1.title": ["b"],
        "uses.1.states": ["PT"],
        "uses.2.title": ["c"],
    }


def test_a_row_is_added_and_removed_by_a_button() -> None:
    raw = read_raw(SPEC, {"title": ["x"], "uses.0.title": ["a"]})
    added = press(SPEC, raw, {"_add": "uses"})
    assert added is not None
    assert added["uses.1.title"] == [""]
    assert added["title"] == ["x"]
    removed = press(SPEC, added, {"_remove": "uses.0"})
    assert removed is not None
    assert {name: values for name, values in removed.items() if name.endswith("title")} == {
        "title": ["x"],
        "uses.0.title": [""],
    }


def test_no_row_is_added_beyond_the_most() -> None:
    raw = {f"uses.{number}.title": ["a"] for number in range(3)}
    assert press(SPEC, raw, {"_add": "uses"}) == raw


@pytest.mark.parametrize("sent", [{}, {"_add": "title"}, {"_add": "nothing"}, {"_remove": "title"}, {"_remove": ""}])
def test_anything_else_is_no_such_button(sent: dict[str, str]) -> None:
    assert press(SPEC, {"title": ["x"]}, sent) is None


def test_rows_in_which_nothing_was_typed_are_not_filed() -> None:
    raw = {"uses.0.title": [""], "uses.0.states": [""], "uses.1.title": ["b"], "title": ["x"]}
    assert without_empty_rows(SPEC, raw) == {"uses.0.title": ["b"], "title": ["x"]}


def test_a_file_of_the_draft_stays_until_another_comes_or_it_is_removed() -> None:
    earlier = {"declaration": [FILE], "uses.0.copy_id": [FILE], "uses.1.copy_id": ["other"]}
    sent = {"title": ["x"], "uses.0.title": ["a"]}
    kept = read_raw(SPEC, sent, earlier)
    assert kept["declaration"] == [FILE]
    assert kept["uses.0.copy_id"] == [FILE]
    assert "uses.1.copy_id" not in kept, "that row is gone from the page"
    assert read_raw(SPEC, {"declaration": ["new"]}, earlier)["declaration"] == ["new"]
    removed = press(SPEC, kept, {"_remove": "declaration"})
    assert removed is not None
    assert "declaration" not in decode(SPEC, read_raw(SPEC, sent, removed))


@pytest.mark.parametrize("name", ["title", "provider.name", "representative.mail", "uses.0.title", "uses.1.copy_id"])
def test_pydantic_names_a_fault_by_the_pointer_of_its_input(name: str) -> None:
    field = SPEC.find(location_from_name(name))
    assert field is not None
    raw = {"uses.0.title": ["a"], "uses.1.title": ["b"], name: ["far too long for any of these fields"]}
    with pytest.raises(Invalid) as refusal:
        parse(Example, decode(SPEC, raw), on=TODAY)
    assert field.pointer in {error.pointer for error in refusal.value.errors}
