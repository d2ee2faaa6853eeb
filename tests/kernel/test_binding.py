"""A page shows each field with what was typed, what may be chosen, and what is wrong where it is wrong."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Template

from aioffice.kernel.procedures.decoding import BoundField, bind, bound_fields
from aioffice.kernel.procedures.errors import FieldError
from aioffice.kernel.procedures.spec import spec_of
from tests.kernel.example_form import Example

SPEC = spec_of(Example)


def one(name: str, fields: tuple[BoundField, ...]) -> BoundField:
    flat = [
        field for top in fields for field in (top, *top.children, *(cell for row in top.rows for cell in row.fields))
    ]
    return next(field for field in flat if field.name == name)


def error(pointer: str, message: str = "Wrong.") -> FieldError:
    return FieldError(pointer, message, "wrong")


def test_what_was_typed_stands_in_the_fields() -> None:
    raw = {"title": ["<b>"], "member_states": ["PT", "MT"], "provider.name": ["Ana"], "uses.0.title": ["a"]}
    fields = bound_fields(SPEC, raw)
    assert one("title", fields).value == "<b>"
    assert one("provider.name", fields).value == "Ana"
    assert one("uses.0.title", fields).value == "a"
    assert one("member_states", fields).choices == (
        ("PT", "Portugal", True),
        ("SI", "Slovenia", False),
        ("MT", "Malta", True),
    )


def test_choices_that_only_the_case_can_give_are_filled_in() -> None:
    fields = bound_fields(SPEC, {"case": ["b"]}, choices_for={"cases": [("a", "Case A"), ("b", "Case B")]})
    assert one("case", fields).choices == (("a", "Case A", False), ("b", "Case B", True))


def test_a_stored_file_is_shown_by_its_name() -> None:
    stored = SimpleNamespace(name="a.pdf", url="/x", size=3)
    fields = bound_fields(SPEC, {"declaration": ["id"]}, files={"id": stored}, accept=".pdf")
    assert one("declaration", fields).value is stored
    assert one("declaration", fields).accept == ".pdf"
    assert one("declaration", bound_fields(SPEC, {})).value is None


@pytest.mark.parametrize(
    ("pointer", "home"),
    [
        ("/title", "title"),
        ("/provider/name", "provider.name"),
        ("/representative", "representative"),
        ("/member_states/1", "member_states"),
        ("/uses/0/title", "uses.0.title"),
        ("/uses/0/states/2", "uses.0.states"),
        ("/uses/7/title", "uses"),
        ("/provider/phone", "provider"),
    ],
)
def test_an_error_stands_at_its_field_or_the_nearest_around_it(pointer: str, home: str) -> None:
    form = bind(SPEC, {"uses.0.title": ["a"]}, [error(pointer)])
    assert one(home, form.fields).error == "Wrong."
    assert [(item.id, item.message) for item in form.summary] == [(one(home, form.fields).id, "Wrong.")]


@pytest.mark.parametrize("pointer", ["", "/nothing", "/nothing/0/deep"])
def test_an_error_without_a_field_still_shows_in_the_summary(pointer: str) -> None:
    form = bind(SPEC, {}, [error("/title", "Needed."), error(pointer)])
    assert [(item.id, item.message) for item in form.summary] == [("f-title", "Needed."), ("", "Wrong.")]


def test_two_errors_of_one_field_are_both_told_and_none_twice() -> None:
    form = bind(SPEC, {}, [error("/title", "Too long."), error("/title", "Not Latin."), error("/title", "Too long.")])
    assert [item.message for item in form.summary] == ["Too long. Not Latin."]


def test_no_more_rows_can_be_added_than_the_form_takes() -> None:
    assert one("uses", bound_fields(SPEC, {"uses.0.title": [""]})).may_add
    assert not one("uses", bound_fields(SPEC, {f"uses.{n}.title": [""] for n in range(3)})).may_add


def test_the_templates_draw_every_shape() -> None:
    raw = {"title": ["typed"], "uses.0.title": ["row"], "purpose": ["long"], "member_states": ["SI"], "signed": ["yes"]}
    fields = bound_fields(SPEC, raw, [error("/provider/name", "Write a name.")])
    html = Template("{% load office_ui %}{% fields fields %}").render(Context({"fields": fields}))
    assert 'name="uses.0.title"' in html
    assert 'name="_remove"' in html
    assert 'value="uses.0"' in html
    assert "Write a name." in html
    assert html.count("<textarea") == 1
    for field in fields:
        assert f'id="{field.id}' in html, field.name
