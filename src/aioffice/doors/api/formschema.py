"""JSON Schema of the steps' forms: what Pydantic says, with the labels, codes and provisions that people are shown on pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from aioffice.kernel.parties.tokens import TOKEN_ROLES
from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.declaration import Step, procedures
from aioffice.kernel.procedures.spec import FieldSpec, Shape, spec_of

REFERENCE = "#/components/schemas/{model}"


def offered_steps() -> Iterator[Step]:
    """Every step of every procedure that a token may take. What services do, or administrators in person, is not offered."""
    for procedure in procedures():
        for step in procedure.steps.values():
            if any(not who.service and who.roles & TOKEN_ROLES for who in step.by):
                yield step


@cache
def _schemas() -> tuple[dict[type[Form], dict[str, Any]], dict[str, Any]]:
    forms = dict.fromkeys(step.asks for step in offered_steps() if step.asks is not None)
    found, whole = models_json_schema([(form, "validation") for form in forms], ref_template=REFERENCE)
    definitions: dict[str, Any] = whole.get("$defs", {})
    references = {form: found[form, "validation"] for form in forms}
    for form in forms:
        _label(definitions, references[form], spec_of(form).fields)
        _resolve(definitions, references[form])["title"] = form.__name__
    return references, definitions


def reference(form: type[Form]) -> dict[str, Any]:
    """The schema that stands for a form in a request body."""
    return dict(_schemas()[0][form])


def components() -> dict[str, Any]:
    """The schemas that forms refer to, by name."""
    return _schemas()[1]


def _resolve(definitions: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The object a schema stands for: through a reference, an `anyOf` with null, or the items of a list."""
    while True:
        if "$ref" in schema:
            schema = definitions[schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        elif schema.get("type") == "array":
            schema = schema["items"]
        else:
            return schema


def _label(definitions: dict[str, Any], schema: dict[str, Any], fields: tuple[FieldSpec, ...]) -> None:
    properties = _resolve(definitions, schema)["properties"]
    for field in fields:
        place = properties[field.key]
        place |= _words(field)
        if field.choices is not None and field.shape is not Shape.YES_NO:
            codes = [code for code, _label in field.choices()]
            _resolve(definitions, place).setdefault("enum", codes)
        for inner in (field.children, field.row):
            if inner:
                _label(definitions, place, inner)


def _words(field: FieldSpec) -> dict[str, Any]:
    help_text, provision = str(field.help), field.provision
    described = " ".join(part for part in (help_text, f"({provision})" if provision else "") if part)
    words: dict[str, Any] = {"title": str(field.label)}
    if described:
        words["description"] = described
    if field.not_annex_viii:
        words["x-not-annex-viii"] = True
    if not field.public:
        words["x-public"] = False
    return words
