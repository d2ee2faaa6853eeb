"""What was sent to a form, as the facts that `{% facts %}` draws: labels, words for codes, files to open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._names import labelled
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.documents.models import Document
from aioffice.kernel.procedures.ask import Form, Widget
from aioffice.kernel.procedures.spec import FieldSpec, Shape, spec_of

type Fact = dict[str, Any]


def facts_of(
    form: type[Form] | None,
    data: Mapping[str, Any],
    documents: Iterable[Document] = (),
    *,
    language: str = "",
    withheld: Mapping[str, str] | None = None,
    without: Iterable[str] = (),
) -> list[Fact]:
    """The facts of data in the order of the form. What the form no longer asks stands at the end, under the name it was sent with.

    `withheld` maps names of fields to the ground on which the public does not see them; `without` leaves fields out.
    """
    files = {str(document.pk): document for document in documents}
    left = {name: value for name, value in data.items() if name not in set(without)}
    found: list[Fact] = []
    if form is not None:
        for field in spec_of(form).fields:
            if field.key in left:
                found += _facts(field, left.pop(field.key), files, language, withheld or {})
    found += [{"label": name.replace("_", " "), "value": _plain(value)} for name, value in left.items()]
    return found


def _facts(
    field: FieldSpec, value: Any, files: Mapping[str, Document], language: str, withheld: Mapping[str, str]
) -> Iterator[Fact]:
    if value in (None, "", [], {}):
        return
    fact: Fact = {"label": field.label, "provision": provision_words(field.provision)}
    if ground := withheld.get(field.name):
        fact["help"] = _("Withheld from the public: %(ground)s") % {"ground": ground}
    if field.shape is Shape.GROUP and isinstance(value, Mapping):
        lines = [
            labelled(child.label, words(child, value[child.key])) + _mark(withheld.get(child.name))
            for child in field.children
            if value.get(child.key) not in (None, "")
        ]
        yield {**fact, "texts": lines}
    elif field.shape is Shape.ROWS and isinstance(value, list):
        yield {**fact, "texts": [_row(field, row) for row in value]}
    elif field.widget is Widget.FILE:
        file = files.get(str(value))
        name = file.filename if file else _("File that is no longer here")
        yield {**fact, "value": name, "url": reverse("office_document", args=[UUID(str(value))]) if file else ""}
    elif field.shape is Shape.SEVERAL and isinstance(value, list):
        labels = dict(field.choices()) if field.choices else {}
        yield {**fact, "texts": [str(labels.get(item, item)) for item in value]}
    elif field.input_type == "url":
        yield {**fact, "value": str(value), "url": str(value)}
    else:
        free = language and field.choices is None and field.input_type == "text"
        yield {**fact, "value": words(field, value), **({"lang": language} if free else {})}


def _mark(ground: str | None) -> str:
    return f" ({labelled(_('withheld from the public'), ground)})" if ground else ""


def _row(field: FieldSpec, row: Mapping[str, Any]) -> str:
    cells = [
        labelled(cell.label, words(cell, row[cell.key])) for cell in field.row if row.get(cell.key) not in (None, "")
    ]
    return "; ".join(cells)


def words(field: FieldSpec, value: Any) -> str:
    """A single value as people read it."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if field.choices is not None:
        return str(dict(field.choices()).get(value, value))
    if field.widget is Widget.DATE:
        return _date(str(value))
    return str(value)


def _date(text: str) -> str:
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)
