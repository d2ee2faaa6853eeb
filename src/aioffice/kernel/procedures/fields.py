"""What is known of one field of a form, and of the form as a tree of them; `spec` works them out of a Pydantic model."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from aioffice.kernel.procedures.ask import Choices, Widget
from aioffice.kernel.procedures.pointers import Location, name_from_location, pointer_from_location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aioffice.kernel.procedures.ask import Asking

ROW = "*"
"""Stands for the row's number in the locations of a row's fields."""


class SpecError(TypeError):
    """A form has a field of a shape that no page can ask."""


class Shape(StrEnum):
    """What a field holds, as plain JSON."""

    TEXT = "text"
    WHOLE_NUMBER = "whole_number"
    YES_NO = "yes_no"
    SEVERAL = "several"
    GROUP = "group"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a form.

    `location`, `name`, `pointer` and `id` say the same for Pydantic, for an input, for JSON and for HTML. `needed` is what the form
    itself says, `required` whether a page may insist on it: not inside an optional group, not where it may be irrelevant.
    `input_type` is the HTML type of a one-line input. `children` are a group's fields, `row` those of each row, with `*` for its number.
    A `secret` answer is checked and not kept, by drafts neither; one that `stays` is not erased by itself.
    """

    location: Location
    label: Any
    shape: Shape
    widget: Widget
    help: Any = ""
    provision: str = ""
    public: bool = True
    not_annex_viii: bool = False
    if_applicable: bool = False
    needed: bool = False
    required: bool = False
    input_type: str = "text"
    choices: Choices | None = None
    choices_for: str = ""
    max_length: int | None = None
    max_items: int | None = None
    children: tuple[FieldSpec, ...] = ()
    row: tuple[FieldSpec, ...] = ()
    relevant_when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    autocomplete: str = ""
    secret: bool = False
    stays: bool = False

    @property
    def key(self) -> str:
        """The field's own name in its form, group or row."""
        return str(self.location[-1])

    @property
    def name(self) -> str:
        """Name of the input."""
        return name_from_location(self.location)

    @property
    def pointer(self) -> str:
        """JSON pointer of the value."""
        return pointer_from_location(self.location)

    @property
    def id(self) -> str:
        """HTML id."""
        return "f-" + "-".join(str(part) for part in self.location)

    def in_row(self, number: int) -> tuple[FieldSpec, ...]:
        """The fields of the row with that number."""
        return tuple(dataclasses.replace(field, location=(*self.location, number, field.key)) for field in self.row)


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form as a tree of fields, in the order in which it asks."""

    form: type[BaseModel]
    fields: tuple[FieldSpec, ...]

    def find(self, location: Sequence[str | int]) -> FieldSpec | None:
        """The field at a location, None when the form asks nothing there."""
        fields, found, rest = self.fields, None, list(location)
        while rest:
            if found is not None and found.shape is Shape.ROWS:
                number = rest.pop(0)
                if not isinstance(number, int) or not rest:
                    return None
                fields = found.in_row(number)
            key = rest.pop(0)
            found = next((field for field in fields if field.key == key), None)
            if found is None:
                return None
            fields = found.children
        return found

    def narrowed(self, asking: Asking) -> FormSpec:
        """The form as it asks after the answers given so far: without what is left out, insisting on what is needed then."""
        kept = [field for field in self.fields if field.key not in asking.left_out]
        return FormSpec(self.form, tuple(_insisting(one) if one.key in asking.needed else one for one in kept))

    def walk(self) -> Iterator[FieldSpec]:
        """Every field, groups and lists of rows before what is in them (rows with `*` for their number)."""
        for field in self.fields:
            yield field
            yield from field.children
            yield from field.row


def _insisting(field: FieldSpec) -> FieldSpec:
    """The field as one that must be filled, and with it whatever a group needs."""
    children = tuple(_insisting(child) if child.needed else child for child in field.children)
    required = not field.relevant_when and field.shape is not Shape.ROWS
    return dataclasses.replace(field, needed=True, required=required, children=children)
