"""An input's name, a Pydantic location and a JSON pointer are three ways of writing one thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.procedures.pointers import (
    location_from_name,
    location_from_pointer,
    name_from_location,
    pointer_from_location,
    pointer_from_name,
)

field_names = st.from_regex(r"[a-z_][a-z0-9_]{0,12}", fullmatch=True)
locations = st.lists(st.one_of(field_names, st.integers(0, 10_000)), min_size=1, max_size=4).map(tuple)
any_key = st.text(min_size=1).filter(lambda key: not key.isdecimal())


@given(locations)
def test_names_and_pointers_lead_back_to_the_location(location: tuple[str | int, ...]) -> None:
    assert location_from_name(name_from_location(location)) == location
    assert location_from_pointer(pointer_from_location(location)) == location
    assert pointer_from_name(name_from_location(location)) == pointer_from_location(location)


@given(locations, locations)
def test_two_locations_never_share_a_name_or_a_pointer(
    one: tuple[str | int, ...], other: tuple[str | int, ...]
) -> None:
    same = one == other
    assert (name_from_location(one) == name_from_location(other)) is same
    assert (pointer_from_location(one) == pointer_from_location(other)) is same


@given(st.lists(any_key, max_size=4).map(tuple))
def test_pointers_escape_whatever_key_somebody_sent(location: tuple[str, ...]) -> None:
    assert location_from_pointer(pointer_from_location(location)) == location


@given(st.text())
def test_whatever_name_or_pointer_comes_in_is_read_without_an_error(text: str) -> None:
    assert isinstance(location_from_name(text), tuple)
    assert isinstance(location_from_pointer(text), tuple)


@pytest.mark.parametrize("text", ["007", "²", "٣", "-1", "1e3"])
def test_what_only_looks_like_a_number_is_no_row_number(text: str) -> None:
    assert location_from_name(f"uses.{text}.title") == ("uses", text, "title")


def test_an_example_of_each() -> None:
    assert name_from_location(("uses", 0, "title")) == "uses.0.title"
    assert pointer_from_location(("uses", 0, "title")) == "/uses/0/title"
    assert location_from_name("") == ()
    assert location_from_pointer("") == ()
