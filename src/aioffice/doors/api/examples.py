"""Example bodies for the OpenAPI document. They run as they stand: on an organisation that may take the step, in a state that lets it.

Every form has one. The forms of the register have theirs by hand, because a registration has to make sense as a whole; every other
form's is worked out from what it asks, so that a new procedure needs nothing here. A test performs the check of every example.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import EmailStr
from pydantic_core import PydanticUndefined

from aioffice.kernel.procedures.ask import Form, Widget
from aioffice.kernel.procedures.spec import FieldSpec, Shape, spec_of

DECLARATION = "0193a000-0000-7000-8000-000000000011"
INSTRUCTIONS = "0193a000-0000-7000-8000-000000000012"
"""Documents that the examples refer to. Upload yours first (`POST /api/v1/documents`) and put their ids in."""
ENTRY = "EU-A-2026-000001"
"""Number of the entry that the examples of Section C select."""

_PARTY = {
    "name": "Example Systems Lda (fictional)",
    "address": "Rua Exemplo 1, Lisboa, Portugal",
    "contact": "office@example.com",
}
_ROUTING = {"filer_capacity": "provider", "annex_iii_point": "4(a)", "area_of_use": "other", "language": "en"}
_CHANGE = {"valid_from": "2026-11-01", "reason": "The system is now offered in Slovenia too."}
_SECTION_A: dict[str, Any] = {
    "routing": _ROUTING,
    "provider": _PARTY,
    "trade_name": "CV Sorter 2",
    "intended_purpose": "Ranks applications for a vacancy by how well they match the advertisement.",
    "information_and_logic": "Reads the text of applications; a model compares it with the advertisement.",
    "status": "on_market_or_in_service",
    "member_states": ["PT", "SI"],
    "declaration_of_conformity": DECLARATION,
    "instructions_for_use": INSTRUCTIONS,
}
_SECTION_B: dict[str, Any] = {
    "routing": {**_ROUTING, "annex_iii_point": "3(b)"},
    "provider": _PARTY,
    "trade_name": "Essay Formatter",
    "intended_purpose": "Converts the layout of essays before a teacher marks them.",
    "conditions": ["a"],
    "status": "on_market_or_in_service",
}
_DEPLOYER: dict[str, Any] = {
    "routing": {"filer_capacity": "deployer", "area_of_use": "other", "language": "en"},
    "deployer": {**_PARTY, "name": "City of Example (fictional)"},
    "submitter": {**_PARTY, "name": "Ana Exemplo"},
    "rights_assessment": "Applicants of every group are invited at the same rate; results are checked by a person.",
}
_BY_HAND: dict[str, dict[str, Any]] = {
    "SectionA": _SECTION_A,
    "UpdateA": {**_SECTION_A, "change": _CHANGE},
    "SectionB": _SECTION_B,
    "UpdateB": {**_SECTION_B, "change": _CHANGE},
    "SectionC": {**_DEPLOYER, "provider_entry": ENTRY},
    "UpdateC": {**_DEPLOYER, "provider_entry": ENTRY, "change": _CHANGE},
    "HeldSectionC": {
        **_DEPLOYER,
        "system_name": "CV Sorter 2",
        "provider_name": _PARTY["name"],
        "provider_email": "office@example.com",
    },
    "SelectEntry": {"provider_entry": ENTRY},
    "Withholding": {"field": "provider.contact", "ground": "personal_data", "reason": "It is a private telephone number."},
    "Release": {"field": "provider.contact", "reason": "The provider has put an office number in."},
    "Reason": {"reason": "The system was never placed on the market."},
    "Statement": {"text": "Which version of the instructions for use is meant?"},
}  # fmt: skip


def example_of(form: type[Form], *, on: date) -> dict[str, Any]:
    """A body that the form takes on that day."""
    by_hand = _BY_HAND.get(form.__name__) if form.__module__ == "aioffice.register.forms" else None
    return by_hand if by_hand is not None else _example(spec_of(form).fields, form, on)


def _example(fields: tuple[FieldSpec, ...], form: type[Any], on: date) -> dict[str, Any]:
    """Every field that is needed, and every choice: an example shows what may be said."""
    return {field.key: _value(field, form, on) for field in fields if field.needed}


def _value(field: FieldSpec, form: type[Any], on: date) -> Any:
    info = form.model_fields[field.key]
    given = (info.examples or [PydanticUndefined])[0]
    if given is not PydanticUndefined:
        return given
    if field.shape is Shape.GROUP:
        return _example(field.children, _model(info.annotation), on)
    if field.shape is Shape.ROWS:
        return [_example(field.row, _model(info.annotation), on)]
    codes = [code for code, _label in field.choices()] if field.choices is not None else []
    match field.shape:
        case Shape.YES_NO:
            return True
        case Shape.SEVERAL:
            return codes[:1]
        case Shape.WHOLE_NUMBER:
            return 1
    if codes:
        return codes[0]
    if field.widget is Widget.FILE:
        return DECLARATION
    if field.widget is Widget.DATE:
        return (on - timedelta(days=7)).isoformat()
    return _text(field, info.annotation)


def _text(field: FieldSpec, annotation: Any) -> str:
    if annotation is EmailStr or field.input_type == "email":
        return "office@example.com"
    if field.input_type == "url":
        return "https://www.example.test/"
    return str(field.label)[: field.max_length]


def _model(annotation: Any) -> type[Any]:
    """The model of a group, or of the rows of a list, behind Annotated and `| None`."""
    while True:
        inner = [one for one in getattr(annotation, "__args__", ()) if one is not type(None)]
        if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
            return annotation
        annotation = inner[0]
