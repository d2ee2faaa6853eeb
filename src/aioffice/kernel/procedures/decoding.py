"""Between what a page sends and what a form takes: names and strings on one side, JSON-like data on the other.

Raw values are strings as typed, by input name; drafts keep them. Nothing is judged here: `parse` does that with the data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from aioffice.kernel.procedures.ask import Widget
from aioffice.kernel.procedures.binding import BoundField, BoundForm, BoundRow, SummaryItem, bind, bound_fields
from aioffice.kernel.procedures.pointers import location_from_name, name_from_location
from aioffice.kernel.procedures.spec import FieldSpec, FormSpec, Shape

__all__ = [
    "BoundField",
    "BoundForm",
    "BoundRow",
    "Raw",
    "SummaryItem",
    "bind",
    "bound_fields",
    "decode",
    "encode",
    "press",
    "read_raw",
    "row_numbers",
    "without_empty_rows",
]

type Raw = dict[str, list[str]]
"""Input name -> values as typed. One-valued inputs have a list of one."""

ADD, REMOVE = "_add", "_remove"


class MultiValues(Protocol):
    """What Django's QueryDict offers of a submitted form."""

    def keys(self) -> Iterable[str]: ...
    def getlist(self, key: str) -> Sequence[Any]: ...


def read_raw(spec: FormSpec, sent: MultiValues | Mapping[str, Sequence[str]], earlier: Raw | None = None) -> Raw:
    """Return the raw values a page sent: known names alone, rows numbered from 0 without gaps, line ends as one sign.

    Files come as document ids; where none was sent, the one in `earlier` (the draft) stays.
    """
    values: Raw = {}
    for name in sent.keys():  # noqa: SIM118 - a QueryDict is asked for its keys, it is no mapping of lists
        field = spec.find(location_from_name(name))
        if field is not None and field.shape not in (Shape.GROUP, Shape.ROWS):
            got = sent[name] if isinstance(sent, Mapping) and not hasattr(sent, "getlist") else sent.getlist(name)
            values[name] = [str(value).replace("\r\n", "\n").replace("\r", "\n") for value in got]
    for name, kept in (earlier or {}).items():
        field = spec.find(location_from_name(name))
        if field is not None and field.widget is Widget.FILE and not any(values.get(name, ())):
            location = location_from_name(name)
            if len(location) < 3 or any(other.startswith(f"{location[0]}.{location[1]}.") for other in values):
                values[name] = list(kept)
    return _renumbered(spec, values)


def press(spec: FormSpec, raw: Raw, sent: Mapping[str, Any]) -> Raw | None:
    """Return the raw values after the button that adds or removes a row (or removes a file); None when none was pressed."""
    if added := str(sent.get(ADD) or ""):
        return _with_row(spec.find(location_from_name(added)), raw)
    if removed := str(sent.get(REMOVE) or ""):
        return _without(spec, removed, raw)
    return None


def _with_row(rows: FieldSpec | None, raw: Raw) -> Raw | None:
    if rows is None or rows.shape is not Shape.ROWS:
        return None
    numbers = row_numbers(rows, raw)
    if rows.max_items is not None and len(numbers) >= rows.max_items:
        return dict(raw)
    fresh = rows.in_row(max(numbers, default=-1) + 1)
    return {**raw, **{cell.name: [""] for cell in fresh}}


def _without(spec: FormSpec, removed: str, raw: Raw) -> Raw | None:
    location = location_from_name(removed)
    field, rows = spec.find(location), spec.find(location[:-1])
    if field is not None and field.widget is Widget.FILE:
        # An empty value, not none at all: the draft's file must not come back with the next save.
        return {**raw, removed: [""]}
    if rows is None or rows.shape is not Shape.ROWS:
        return None
    return _renumbered(spec, {name: values for name, values in raw.items() if not name.startswith(f"{removed}.")})


def without_empty_rows(spec: FormSpec, raw: Raw) -> Raw:
    """Return the raw values without rows in which nothing was typed, the others numbered anew: what is filed, and shown with errors."""
    dropped = [
        f"{field.name}.{number}."
        for field in spec.fields
        if field.shape is Shape.ROWS
        for number in row_numbers(field, raw)
        if not any(_typed(raw, cell) for cell in field.in_row(number))
    ]
    return _renumbered(spec, {name: values for name, values in raw.items() if not name.startswith(tuple(dropped))})


def row_numbers(field: FieldSpec, raw: Mapping[str, Any]) -> list[int]:
    """The numbers of the rows of a list that raw values have anything for."""
    pattern = re.compile(re.escape(field.name) + r"\.(0|[1-9][0-9]*)\.")
    return sorted({int(found[1]) for name in raw if (found := pattern.match(name))})


def decode(spec: FormSpec, raw: Raw) -> dict[str, Any]:
    """Return the data of raw values: what was left empty is absent, but a needed group or list is there to name what it misses."""
    return _group(spec.fields, raw)


def encode(spec: FormSpec, data: Mapping[str, Any]) -> Raw:
    """Return the raw values of data, to edit what was filed: the way back of `decode`. What the form does not ask is left out."""
    raw: Raw = {}
    for field in spec.fields:
        value = data.get(field.key)
        if field.shape is Shape.GROUP and isinstance(value, Mapping):
            for child in field.children:
                _write(raw, child, value.get(child.key))
        elif field.shape is Shape.ROWS and isinstance(value, Sequence):
            for number, row in enumerate(value):
                for cell in field.in_row(number):
                    raw[cell.name] = [""]
                    _write(raw, cell, row.get(cell.key))
        else:
            _write(raw, field, value)
    return raw


def _write(raw: Raw, field: FieldSpec, value: Any) -> None:
    if value is None:
        return
    if field.shape is Shape.SEVERAL:
        raw[field.name] = [str(item) for item in value]
    elif field.shape is Shape.YES_NO:
        raw[field.name] = ["yes" if value else "no"]
    else:
        raw[field.name] = [str(value)]


def _group(fields: Iterable[FieldSpec], raw: Raw) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in fields:
        if field.shape is Shape.GROUP:
            value: Any = _group(field.children, raw)
        elif field.shape is Shape.ROWS:
            value = [_group(field.in_row(number), raw) for number in row_numbers(field, raw)]
        else:
            value = _value(field, raw)
        if value in (None, [], {}) and (not field.needed or value is None):
            continue
        data[field.key] = value
    return data


def _value(field: FieldSpec, raw: Raw) -> Any:
    typed = _typed(raw, field)
    if field.shape is Shape.SEVERAL:
        return typed
    if not typed:
        return None
    text = typed[-1]
    if field.shape is Shape.YES_NO:
        return {"yes": True, "true": True, "on": True, "no": False, "false": False}.get(text.lower(), text)
    if field.shape is Shape.WHOLE_NUMBER and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    return text


def _typed(raw: Raw, field: FieldSpec) -> list[str]:
    return [text for value in raw.get(field.name, ()) if (text := value.strip())]


def _renumbered(spec: FormSpec, raw: Raw) -> Raw:
    """Close the gaps between the numbers of rows, keeping their order."""
    places: dict[str, dict[int, int]] = defaultdict(dict)
    for field in spec.fields:
        if field.shape is Shape.ROWS:
            places[field.key] = {old: new for new, old in enumerate(row_numbers(field, raw))}
    closed: Raw = {}
    for name, values in raw.items():
        location = location_from_name(name)
        if len(location) > 1 and isinstance(location[1], int):
            location = (location[0], places[str(location[0])][location[1]], *location[2:])
        closed[name_from_location(location)] = values
    return closed
