"""A form's Pydantic model says all there is to know about its fields, once."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, create_model

from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.ask import Ask, Asking, Form, Widget
from aioffice.kernel.procedures.spec import FieldSpec, Shape, SpecError, schema_hash, spec_of
from tests.kernel.example_form import Example, Party, Use


def spec(*location: str | int) -> FieldSpec:
    found = spec_of(Example).find(location)
    assert found is not None
    return found


def test_a_form_is_walked_once_and_kept() -> None:
    assert spec_of(Example) is spec_of(Example)


@pytest.mark.parametrize(
    ("name", "widget", "input_type"),
    [
        ("title", Widget.TEXT, "text"),
        ("purpose", Widget.LONG_TEXT, "text"),
        ("status", Widget.RADIOS, "text"),
        ("colour", Widget.SELECT, "text"),
        ("size", Widget.SELECT, "text"),
        ("member_states", Widget.CHECKBOXES, "text"),
        ("signed", Widget.RADIOS, "text"),
        ("certain", Widget.TRISTATE, "text"),
        ("count", Widget.TEXT, "number"),
        ("since", Widget.DATE, "date"),
        ("link", Widget.TEXT, "url"),
        ("declaration", Widget.FILE, "text"),
        ("case", Widget.SELECT, "text"),
        ("uses", Widget.ROWS, "text"),
        ("provider", Widget.GROUP, "text"),
    ],
)
def test_the_widget_follows_from_the_type_unless_the_form_says_otherwise(
    name: str, widget: Widget, input_type: str
) -> None:
    assert (spec(name).widget, spec(name).input_type) == (widget, input_type)


def test_what_the_ask_says_stands_in_the_field() -> None:
    assert (spec("provider").label, spec("provider").provision) == ("Provider", "49(1)")
    assert spec("title").help == "In a few words"
    assert not spec("purpose").public
    assert spec("status").not_annex_viii
    assert spec("provider", "name").autocomplete == "organization"
    assert spec("size").relevant_when == (("status", ("PT",)),)
    assert spec("case").choices_for == "cases"


def test_limits_are_found_through_aliases_and_none() -> None:
    assert spec("title").max_length == 20
    assert spec("purpose").max_length == 300
    assert spec("link").max_length == 60
    assert spec("uses").max_items == 3
    assert spec("member_states").max_items == 3


def test_a_page_insists_only_where_the_answer_is_needed_for_sure() -> None:
    assert spec("provider", "name").required
    assert spec("representative", "name").needed
    assert not spec("representative", "name").required, "the group may be left empty"
    assert not spec("purpose").required
    assert spec("uses", 0, "title").required, "a row that is there is filled in"


def test_rows_have_their_number_in_names_pointers_and_ids() -> None:
    title = spec("uses", 2, "title")
    assert (title.name, title.pointer, title.id) == ("uses.2.title", "/uses/2/title", "f-uses-2-title")


@pytest.mark.parametrize(
    "location", [("nothing",), ("title", "more"), ("uses", "title"), ("uses", 1), ("uses", 1, "nothing"), ()]
)
def test_what_the_form_does_not_ask_is_not_found(location: tuple[str | int, ...]) -> None:
    assert spec_of(Example).find(location) is None


def test_choices_come_from_the_type_when_the_ask_gives_none() -> None:
    codes = {name: [code for code, _label in spec(name).choices()] for name in ("colour", "size", "signed", "certain")}  # type: ignore[misc]
    assert codes == {
        "colour": ["red", "blue"],
        "size": ["small", "large"],
        "signed": ["yes", "no"],
        "certain": ["yes", "no", "not_known"],
    }


def test_what_is_asked_may_follow_from_the_answers() -> None:
    asking = Asking(left_out=frozenset({"title", "uses"}), needed=frozenset({"representative", "purpose", "size"}))
    narrowed = spec_of(Example).narrowed(asking)
    assert narrowed.find(("title",)) is None
    assert narrowed.find(("uses", 0, "title")) is None
    required = {field.name for field in narrowed.walk() if field.required}
    assert {"representative", "representative.name", "purpose", "provider.name", "status"} <= required
    assert not required & {"representative.mail", "size"}, "the one stays optional, the other may be irrelevant"
    assert not spec("purpose").required, "the form itself stays as it is"


class _Inner(Form):
    party: Annotated[Party, Ask("Party")]


@pytest.mark.parametrize(
    ("annotation", "says"),
    [
        (str, "has no Ask"),
        (Annotated[dict[str, str], Ask("x")], "no page can ask"),
        (Annotated[float, Ask("x")], "no page can ask"),
        (Annotated[list[str], Ask("x")], "a list is of rows or of choices"),
        (Annotated[_Inner, Ask("x")], "neither in a group nor in a row"),
        (Annotated[list[_Inner], Ask("x")], "neither in a group nor in a row"),
        (Annotated[str | int, Ask("x")], "no page can ask"),
    ],
)
def test_a_shape_that_no_page_can_ask_is_a_mistake_in_the_form(annotation: Any, says: str) -> None:
    form = create_model("Wrong", __base__=Form, wrong=(annotation, ...))
    with pytest.raises(SpecError, match=says):
        spec_of(form)


def test_the_hash_changes_with_what_is_asked_and_not_with_words() -> None:
    def form(label: str, **limits: Any) -> type[BaseModel]:
        from pydantic import Field

        return create_model("Changing", __base__=Form, text=(Annotated[str, Field(**limits), Ask(label)], ...))

    assert schema_hash(form("One", max_length=5)) == schema_hash(form("Other words", max_length=5))
    assert schema_hash(form("One", max_length=5)) != schema_hash(form("One", max_length=6))
    assert schema_hash(Party) != schema_hash(Use)


def test_every_form_of_every_procedure_can_be_asked_by_a_page() -> None:
    forms = {step.asks for one in declaration.procedures() for step in one.steps.values() if step.asks is not None}
    assert forms, "the procedures are declared when the applications are ready"
    for form in forms:
        ids = [field.id for field in spec_of(form).walk()]
        assert len(ids) == len(set(ids)), f"{form.__name__} has two fields with one HTML id"
        for field in spec_of(form).walk():
            assert str(field.label), f"{form.__name__}.{field.name} has no label"
            asks_choice = field.widget in {Widget.SELECT, Widget.RADIOS, Widget.CHECKBOXES, Widget.TRISTATE}
            assert not asks_choice or field.choices_for or (field.choices and field.choices()), field.name
            assert field.shape is not Shape.GROUP or field.children, field.name
