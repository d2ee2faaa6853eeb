"""A step's form as a tree of fields that pages, documents and drafts can walk, worked out once from the Pydantic model.

Shapes: scalar, choice, several choices, yes/no, yes/no/not known, a group of scalars, a list of flat rows, a file (a document's id).
Anything else is a mistake in the form and raises `SpecError` when the form is first looked at.
"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AnyUrl, BaseModel, EmailStr
from pydantic.fields import FieldInfo

from aioffice.kernel.canonical import digest
from aioffice.kernel.procedures.ask import Ask, Choices, Widget, YesNoUnknown
from aioffice.kernel.procedures.fields import ROW, FieldSpec, FormSpec, Shape, SpecError
from aioffice.kernel.procedures.pointers import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ROW", "FieldSpec", "FormSpec", "Shape", "SpecError", "schema_hash", "spec_of"]


@cache
def spec_of(form: type[BaseModel]) -> FormSpec:
    """Return the tree of a form's fields; raise `SpecError` when a page could not ask one of them."""
    return FormSpec(form, _fields(form, (), insist=True, flat=False))


@cache
def schema_hash(form: type[BaseModel]) -> str:
    """Return the SHA-256 of what the form asks: names, shapes and what is needed; words may change without changing it."""
    tree = [
        [field.name, field.shape.value, field.widget.value, field.needed, field.max_length, field.max_items]
        for field in spec_of(form).walk()
    ]
    return digest(tree)


def _fields(form: type[BaseModel], above: Location, *, insist: bool, flat: bool) -> tuple[FieldSpec, ...]:
    return tuple(
        _field(form, (*above, name), info, insist=insist, flat=flat) for name, info in form.model_fields.items()
    )


def _field(form: type[BaseModel], location: Location, info: FieldInfo, *, insist: bool, flat: bool) -> FieldSpec:
    core, metadata, optional = _unwrap(info.annotation)
    metadata += info.metadata
    where = f"{form.__module__}.{form.__qualname__}.{location[-1]}"
    asks = [item for item in metadata if isinstance(item, Ask)]
    if not asks:
        raise SpecError(f"{where} has no Ask: say in Annotated what people are asked")
    ask = asks[-1]
    needed = info.is_required() and not optional
    insist = insist and needed and not ask.relevant_when
    spec = FieldSpec(
        location=location,
        label=ask.label,
        help=ask.help,
        provision=ask.provision,
        public=ask.public,
        not_annex_viii=ask.not_annex_viii,
        if_applicable=ask.if_applicable,
        needed=needed,
        required=insist,
        choices=ask.choices,
        choices_for=ask.choices_for,
        relevant_when=ask.relevant_when,
        autocomplete=ask.autocomplete,
        secret=ask.secret,
        stays=ask.stays,
        shape=Shape.TEXT,
        widget=ask.widget or Widget.TEXT,
    )
    if isinstance(core, type) and issubclass(core, BaseModel):
        if flat:
            raise SpecError(f"{where}: a group may stand neither in a group nor in a row")
        children = _fields(core, location, insist=insist, flat=True)
        return dataclasses.replace(spec, shape=Shape.GROUP, widget=Widget.GROUP, children=children)
    if get_origin(core) in (list, tuple, set, frozenset):
        return _many(spec, core, metadata, where=where, flat=flat)
    return _one(spec, core, metadata, chosen=ask.widget, where=where)


def _many(spec: FieldSpec, core: Any, metadata: list[Any], *, where: str, flat: bool) -> FieldSpec:
    inner, inner_metadata, _optional = _unwrap(get_args(core)[0])
    most = _longest(metadata)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        if flat:
            raise SpecError(f"{where}: rows may stand neither in a group nor in a row")
        row = _fields(inner, (*spec.location, ROW), insist=True, flat=True)
        return dataclasses.replace(spec, shape=Shape.ROWS, widget=Widget.ROWS, row=row, max_items=most, required=False)
    one = _one(spec, inner, inner_metadata, chosen=spec.widget, where=where)
    if one.choices is None and not one.choices_for:
        raise SpecError(f"{where}: a list is of rows or of choices; give its Ask choices")
    return dataclasses.replace(one, shape=Shape.SEVERAL, widget=Widget.CHECKBOXES, max_length=None, max_items=most)


def _one(spec: FieldSpec, core: Any, metadata: list[Any], *, chosen: Widget | None, where: str) -> FieldSpec:
    if core is int:
        return dataclasses.replace(spec, shape=Shape.WHOLE_NUMBER, input_type="number")
    choices = spec.choices or _own_choices(core)
    if choices is not None or spec.choices_for:
        shape = Shape.YES_NO if core is bool else Shape.TEXT
        usual = _CHOICE_WIDGETS.get(core, Widget.SELECT)
        return dataclasses.replace(spec, shape=shape, widget=chosen or usual, choices=choices)
    if core is UUID:
        if chosen not in {Widget.FILE, Widget.HIDDEN, Widget.TEXT}:
            raise SpecError(f"{where}: an id is asked as a file, a choice or a hidden input; give its Ask a widget")
        return spec
    input_type = _input_type(core)
    if input_type is None:
        raise SpecError(f"{where}: no page can ask for {core!r}")
    usual = Widget.DATE if core is date else Widget.TEXT
    return dataclasses.replace(spec, widget=chosen or usual, input_type=input_type, max_length=_longest(metadata))


_CHOICE_WIDGETS = {bool: Widget.RADIOS, YesNoUnknown: Widget.TRISTATE}


def _input_type(core: Any) -> str | None:
    """The HTML type of a one-line input for a type, None for a type that cannot be typed in one line."""
    if isinstance(core, type) and issubclass(core, AnyUrl):
        return "url"
    return {str: "text", Decimal: "text", datetime: "text", date: "date", EmailStr: "email"}.get(core)


def _unwrap(annotation: Any) -> tuple[Any, list[Any], bool]:
    """Return (type, metadata, whether None is allowed) of an annotation, looking through Annotated and `| None`."""
    metadata: list[Any] = []
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            for item in more:
                metadata += item.metadata if isinstance(item, FieldInfo) else [item]
        elif origin in (Union, UnionType):
            members = [member for member in get_args(annotation) if member is not NoneType]
            optional = optional or len(members) < len(get_args(annotation))
            if len(members) != 1:
                return annotation, metadata, optional
            annotation = members[0]
        elif (value := getattr(annotation, "__value__", None)) is not None:  # a `type` alias
            annotation = value
        else:
            return annotation, metadata, optional


def _longest(metadata: list[Any]) -> int | None:
    found = [limit for item in metadata if isinstance(limit := getattr(item, "max_length", None), int)]
    return min(found) if found else None


def _own_choices(core: Any) -> Choices | None:
    """The choices that a type itself gives: yes and no, an enumeration's members, a literal's values."""
    if core is bool:
        return _yes_no
    if core is YesNoUnknown:
        return _yes_no_unknown
    if isinstance(core, type) and issubclass(core, Enum):
        members = list(core)
        return lambda: [(str(member.value), getattr(member, "label", member.value)) for member in members]
    if get_origin(core) is Literal:
        values = get_args(core)
        return lambda: [(str(value), value) for value in values]
    return None


def _yes_no() -> Sequence[tuple[str, Any]]:
    return (("yes", _("Yes")), ("no", _("No")))


def _yes_no_unknown() -> Sequence[tuple[str, Any]]:
    return (
        (YesNoUnknown.YES.value, _("Yes")),
        (YesNoUnknown.NO.value, _("No")),
        (YesNoUnknown.NOT_KNOWN.value, _("Not known")),
    )
