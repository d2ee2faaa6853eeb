"""What a form field needs beside its own data before a template can draw it.

A field is any object or mapping with these members, all but ``name`` and ``label`` optional:

``name``        input name, e.g. ``provider.name``
``id``          HTML id; derived from the name when left out
``label``, ``help``, ``provision``    what is asked, why, and where the law asks it
``required``, ``readonly``            flags
``widget``      one of :data:`WIDGETS`; ``text`` when left out
``value``       the raw text as typed, a list of texts, or a stored file (``name``, ``url``, ``size``)
``choices``     triples (value, label, selected)
``error``       what is wrong and what would be right, in plain words
``max_length``  characters a text may have
``lang``        language of the text, when it is not the page's
``children``    fields of a group
``rows``        rows of a repeatable group: each with ``name``, ``label`` and ``fields``
``add_label``, ``remove_label``       words on the buttons of a repeatable group
``may_add``     false takes the button for another row away
``public``      false tells the filer that the answer is not published
``if_applicable``    true says “where applicable” in place of “optional”
``not_annex_viii``   true tells that Annex VIII does not ask this
``relevant_when``    pairs (name, values): with JavaScript the field shows only when all named fields hold such a value
``accept``, ``autocomplete``, ``inputmode``   as in HTML
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

WIDGETS = frozenset({
    "text", "email", "url", "tel", "number", "password", "date", "datetime-local", "hidden",
    "longtext", "select", "radios", "checkboxes", "checkbox", "tristate", "file", "group", "rows",
})  # fmt: skip
"""The widgets that ``components/field.html`` can draw."""

_INPUTS = frozenset({"text", "email", "url", "tel", "number", "password", "date", "datetime-local"})
_FIELDSETS = frozenset({"radios", "checkboxes", "tristate", "group", "rows"})


def part(thing: object, name: str, default: object = None) -> object:
    """A member of an object or an item of a mapping; ``default`` when it has neither."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)


def field_id(field: object) -> str:
    """The HTML id of a field: its own, or ``f-`` and its name with everything but letters and digits as ``-``."""
    own = part(field, "id")
    if own:
        return str(own)
    return "f-" + re.sub(r"[^a-zA-Z0-9]+", "-", str(part(field, "name", ""))).strip("-")


def drawing(field: object) -> dict[str, object]:
    """The context of ``components/field.html``: the field, its id, its template and what describes it.

    Raises ``ValueError`` for a widget that does not exist, so that a typing error shows in the first test.
    """
    widget = str(part(field, "widget") or "text")
    if widget not in WIDGETS:
        raise ValueError(f"{part(field, 'name')}: no widget named {widget!r}; there are {', '.join(sorted(WIDGETS))}")
    own = field_id(field)
    remarks = part(field, "public") is False or bool(part(field, "not_annex_viii"))
    described = [
        f"{own}-{suffix}"
        for suffix, present in (
            ("help", part(field, "help") or part(field, "provision") or remarks),
            ("budget", part(field, "max_length") and widget == "longtext"),
            ("error", part(field, "error")),
        )
        if present
    ]
    template = "input" if widget in _INPUTS else widget
    return {
        "f": field,
        "id": own,
        "widget": widget,
        "widget_template": f"components/widgets/{template}.html",
        "is_fieldset": widget in _FIELDSETS,
        "described": " ".join(described),
        "relevant_when": _relevance(field),
    }


def _relevance(field: object) -> str:
    """The conditions of a field for the script of the page; none for a field with an error, which must be seen."""
    if part(field, "error"):
        return ""
    conditions = cast("Iterable[tuple[str, Iterable[str]]]", part(field, "relevant_when") or ())
    pairs = [[name, list(values)] for name, values in conditions]
    return json.dumps(pairs) if pairs else ""


def errors_of(fields: Iterable[object]) -> Iterator[dict[str, str]]:
    """Every error in the fields, their children and their rows, in the order of the page."""
    for field in fields:
        error = part(field, "error")
        if error:
            yield {"id": field_id(field), "label": str(part(field, "label", "")), "message": str(error)}
        yield from errors_of(_iterable(part(field, "children")))
        for row in _iterable(part(field, "rows")):
            yield from errors_of(_iterable(part(row, "fields")))


def _iterable(value: object) -> Iterable[object]:
    # A text area may carry its height as ``rows``: a number is no list of rows.
    return value if isinstance(value, Iterable) and not isinstance(value, str | bytes) else ()
