"""The fields of a page: a form's tree with what was typed, what may be chosen and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from aioffice.kernel.procedures.ask import Widget
from aioffice.kernel.procedures.pointers import location_from_pointer, pointer_from_location
from aioffice.kernel.procedures.spec import FieldSpec, FormSpec, Shape

if TYPE_CHECKING:
    from aioffice.kernel.procedures.errors import FieldError

_WIDGETS = {Widget.LONG_TEXT: "longtext"}


@dataclass(frozen=True, slots=True)
class BoundRow:
    """One row of a list, `name` being what its remove button sends."""

    name: str
    fields: tuple[BoundField, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field as `components/field.html` draws it."""

    name: str
    pointer: str
    id: str
    label: Any
    widget: str
    help: Any = ""
    provision: str = ""
    public: bool = True
    not_annex_viii: bool = False
    if_applicable: bool = False
    required: bool = False
    value: Any = ""
    choices: tuple[tuple[str, Any, bool], ...] = ()
    error: str = ""
    max_length: int | None = None
    children: tuple[BoundField, ...] = ()
    rows: tuple[BoundRow, ...] = ()
    may_add: bool = False
    relevant_when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    autocomplete: str = ""
    accept: str = ""
    given: bool = False
    """Whether the case itself gave the choices."""
    in_optional_group: bool = False
    """Whether the group as a whole may be left out; then the group says so, not each of its fields."""


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One line of the summary of errors at the top of a page; without an id there is no field to jump to."""

    id: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class BoundForm:
    """All fields of a page, and the summary of what is wrong."""

    fields: tuple[BoundField, ...]
    summary: tuple[SummaryItem, ...]


@dataclass(frozen=True, slots=True)
class _Sources:
    raw: Mapping[str, Sequence[str]]
    messages: Mapping[str, str]
    choices: Mapping[str, Sequence[tuple[str, Any]]]
    files: Mapping[str, Any]
    accept: str = ""
    used: set[str] = field(default_factory=set)


def bind(
    spec: FormSpec,
    raw: Mapping[str, Sequence[str]],
    errors: Sequence[FieldError] = (),
    *,
    choices_for: Mapping[str, Sequence[tuple[str, Any]]] | None = None,
    files: Mapping[str, Any] | None = None,
    accept: str = "",
) -> BoundForm:
    """Return the fields of a page with what was typed, and the summary of errors.

    An error stands at the field of its pointer, or at the nearest field around it; one that has no field stands in the summary alone.
    `choices_for` fills the choices that only a case can give; `files` gives for a document's id what the page shows of it
    (`name`, `url`, `size`).
    """
    placed, homeless = _place(spec, raw, errors)
    sources = _Sources(raw, placed, choices_for or {}, files or {}, accept)
    fields = tuple(_bound(one, sources) for one in spec.fields)
    summary = [SummaryItem("", "", message) for message in homeless]
    return BoundForm(fields, (*_summary(fields), *summary))


def bound_fields(
    spec: FormSpec, raw: Mapping[str, Sequence[str]], errors: Sequence[FieldError] = (), **more: Any
) -> tuple[BoundField, ...]:
    """Return the fields of a page alone; see `bind`."""
    return bind(spec, raw, errors, **more).fields


def _place(
    spec: FormSpec, raw: Mapping[str, Sequence[str]], errors: Sequence[FieldError]
) -> tuple[dict[str, str], list[str]]:
    placed: dict[str, list[str]] = {}
    homeless: list[str] = []
    for error in errors:
        location = location_from_pointer(error.pointer)
        while location and not _on_page(spec, raw, location):
            location = location[:-1]
        home = placed.setdefault(pointer_from_location(location), []) if location else homeless
        if error.message not in home:
            home.append(error.message)
    return {pointer: " ".join(messages) for pointer, messages in placed.items()}, homeless


def _on_page(spec: FormSpec, raw: Mapping[str, Sequence[str]], location: tuple[str | int, ...]) -> bool:
    found = spec.find(location)
    if found is None or found.widget is Widget.HIDDEN:
        return False
    if len(location) > 2 and isinstance(location[1], int):
        return any(name.startswith(f"{location[0]}.{location[1]}.") for name in raw)
    return True


def _bound(one: FieldSpec, sources: _Sources) -> BoundField:
    typed = list(sources.raw.get(one.name, ()))
    bound = BoundField(
        name=one.name,
        pointer=one.pointer,
        id=one.id,
        label=one.label,
        help=one.help,
        provision=one.provision,
        public=one.public,
        not_annex_viii=one.not_annex_viii,
        if_applicable=one.if_applicable,
        required=one.required,
        widget=_widget(one),
        value=typed[-1] if typed else "",
        choices=_choices(one, typed, sources),
        error=sources.messages.get(one.pointer, ""),
        max_length=one.max_length,
        relevant_when=one.relevant_when,
        autocomplete=one.autocomplete,
        given=bool(one.choices_for and sources.choices.get(one.choices_for)),
    )
    if one.shape is Shape.GROUP:
        children = tuple(replace(_bound(child, sources), in_optional_group=not one.required) for child in one.children)
        return replace(bound, value=None, children=children)
    if one.shape is Shape.ROWS:
        numbers = _row_numbers(one, sources.raw)
        rows = tuple(
            BoundRow(f"{one.name}.{number}", tuple(_bound(cell, sources) for cell in one.in_row(number)))
            for number in numbers
        )
        return replace(bound, value=None, rows=rows, may_add=one.max_items is None or len(rows) < one.max_items)
    if one.shape is Shape.SEVERAL:
        return replace(bound, value=typed)
    if one.widget is Widget.FILE:
        return replace(bound, value=sources.files.get(bound.value) if bound.value else None, accept=sources.accept)
    return bound


def _row_numbers(one: FieldSpec, raw: Mapping[str, Any]) -> list[int]:
    from aioffice.kernel.procedures.decoding import row_numbers

    return row_numbers(one, raw)


def _widget(one: FieldSpec) -> str:
    if one.widget is Widget.TEXT:
        return one.input_type
    return _WIDGETS.get(one.widget) or str(one.widget.value)


def _choices(one: FieldSpec, typed: Sequence[str], sources: _Sources) -> tuple[tuple[str, Any, bool], ...]:
    given = sources.choices.get(one.choices_for, ()) if one.choices_for else one.choices() if one.choices else ()
    return tuple((code, label, code in typed) for code, label in given)


def _summary(fields: Iterable[BoundField]) -> Iterable[SummaryItem]:
    for one in fields:
        if one.error:
            yield SummaryItem(one.id, str(one.label), one.error)
        yield from _summary(one.children)
        for row in one.rows:
            yield from _summary(row.fields)
