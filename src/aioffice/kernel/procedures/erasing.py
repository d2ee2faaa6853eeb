"""Erasing what was sent with a step: values go, the record and its salted digests stay (Regulation (EU) 2018/1725, Article 19).

This module says what can be erased of a step and what an erasing step asks; `copies` lists where values lie; `erasures` does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.kernel.canonical import leaves
from aioffice.kernel.procedures.ask import Ask, Form, Widget
from aioffice.kernel.procedures.pointers import location_from_pointer
from aioffice.kernel.procedures.spec import FieldSpec, Shape, spec_of

SENT_VALUES = "sent-values"
"""What `choices_for` calls the values of a step: only the case can give them."""


class Erasure(Form):
    """Which values of which step are erased, and why. Asked by every step declared with `erases`."""

    sequence: Annotated[
        int,
        Field(ge=1, le=1_000_000_000),
        Ask(_("Number of the step"), help=_("As it stands in the case's timeline."), public=False, stays=True),
    ]
    pointers: Annotated[
        list[Annotated[str, Field(max_length=300)]],
        Field(max_length=500),
        Ask(
            _("Values to erase"),
            help=_("JSON pointers of what was sent with the step, such as /provider/name. None: everything."),
            public=False,
            stays=True,
            choices_for=SENT_VALUES,
        ),
    ] = []
    reason: Annotated[
        str,
        Field(min_length=1, max_length=1000),
        Ask(
            _("Reason"),
            help=_("Do not repeat here what is to be erased."),
            widget=Widget.LONG_TEXT,
            public=False,
        ),
    ]


@dataclass(frozen=True, slots=True)
class SentValue:
    """A value that was sent with a step and can be erased: its JSON pointer, its label, and whether it names an uploaded file."""

    pointer: str
    label: Any
    value: Any
    field: FieldSpec | None = None
    group: Any = ""


def sent_values(form: type[Form] | None, data: Mapping[str, Any]) -> tuple[list[SentValue], list[str]]:
    """What can be erased of the data sent to a form, in its order, and the pointers of what stays because the case rests on it.

    What the form no longer asks is named by its pointer alone. Several choices are one value; empty answers are none.
    """
    found: list[SentValue] = []
    stays: list[str] = []
    known: set[str] = set()
    if form is not None:
        for field in spec_of(form).fields:
            known.add(field.key)
            if field.key not in data:
                continue
            for one in _of_field(field, data[field.key], ""):
                if field.stays or (one.field is not None and one.field.stays):
                    stays.append(one.pointer)
                else:
                    found.append(one)
    rest = {name: value for name, value in data.items() if name not in known}
    found += [SentValue(pointer, pointer, value) for pointer, value in leaves(rest) if pointer and not _empty(value)]
    return found, stays


def _of_field(field: FieldSpec, value: Any, group: Any) -> Iterator[SentValue]:
    if _empty(value):
        return
    if field.shape is Shape.GROUP and isinstance(value, Mapping):
        for child in field.children:
            if child.key in value:
                yield from _of_field(child, value[child.key], field.label)
    elif field.shape is Shape.ROWS and isinstance(value, Sequence) and not isinstance(value, str):
        for number, row in enumerate(value):
            for cell in field.in_row(number):
                if isinstance(row, Mapping) and cell.key in row:
                    yield from _of_field(cell, row[cell.key], _in_row(field.label, number))
    else:
        yield SentValue(field.pointer, field.label, value, field, group)


def _empty(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_empty(one) for one in value.values())
    if isinstance(value, list):
        return all(_empty(one) for one in value)
    return value is None or value == ""


def within(pointer: str, named: str) -> bool:
    """Whether a pointer is the one named, or lies in what it names."""
    return pointer == named or pointer.startswith(f"{named}/")


def value_at(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer; None where there is none."""
    for part in location_from_pointer(pointer):
        if isinstance(data, Mapping):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def label_of(form: type[Form] | None, pointer: str) -> str:
    """What a value is called, with its group or row; the pointer itself where the form knows it no longer, empty for an empty one."""
    if form is None or not pointer:
        return pointer
    location = location_from_pointer(pointer)
    spec = spec_of(form)
    field, above = spec.find(location), spec.find(location[:1])
    if field is None:
        return pointer
    if above is None or len(location) == 1:
        return str(field.label)
    number = location[1] if isinstance(location[1], int) else None
    return f"{_in_row(above.label, number)}: {field.label}"


def _in_row(label: Any, number: int | None) -> str:
    return str(label) if number is None else _now("%(group)s, row %(number)s") % {"group": label, "number": number + 1}
