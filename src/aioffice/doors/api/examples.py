"""Example bodies for the OpenAPI document. They run as they stand: on an organisation that may take the step, in a state that lets it.

Every form has one: written by hand where a filing has to make sense as a whole, else worked out from what the form asks, so that a new
procedure needs nothing here. Tests hold every example against its form and schema, and perform it.
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
_SUBMITTER = {"name": "Ana Exemplo", "address": "Rua Exemplo 1, Lisboa, Portugal", "contact": "ana@example.com"}
_ROUTING = {"filer_capacity": "provider", "annex_iii_point": "4(a)", "area_of_use": "other", "language": "en"}
_CHANGE = {"valid_from": "2026-11-01", "reason": "The system is now offered in Slovenia too."}
_SECTION_A: dict[str, Any] = {
    "routing": _ROUTING,
    "provider": _PARTY,
    "submitter": _SUBMITTER,
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
    "submitter": _SUBMITTER,
    "trade_name": "Essay Formatter",
    "intended_purpose": "Converts the layout of essays before a teacher marks them.",
    "conditions": ["a"],
    "status": "on_market_or_in_service",
}
_DEPLOYER: dict[str, Any] = {
    "routing": {"filer_capacity": "deployer", "area_of_use": "other", "language": "en"},
    "deployer": {**_PARTY, "name": "City of Example (fictional)"},
    "submitter": _SUBMITTER,
    "rights_assessment": "Applicants of every group are invited at the same rate; results are checked by a person.",
}
_APPLICATION: dict[str, Any] = {
    "name": "Example Systems Lda (fictional)",
    "country": "PT",
    "address": "Rua Exemplo 1, 1000-001 Lisboa, Portugal",
    "contact": "office@example.com",
    "legal_representative": {"name": "Ana Exemplo", "position": "Managing director"},
    "capacities": ["provider"],
    "public_body": False,
}
_BY_HAND: dict[str, dict[str, Any]] = {
    "register.SectionA": _SECTION_A,
    "register.UpdateA": {**_SECTION_A, "change": _CHANGE},
    "register.SectionB": _SECTION_B,
    "register.UpdateB": {**_SECTION_B, "change": _CHANGE},
    "register.SectionC": {**_DEPLOYER, "provider_entry": ENTRY},
    "register.UpdateC": {**_DEPLOYER, "provider_entry": ENTRY, "change": _CHANGE},
    "register.HeldSectionC": {
        **_DEPLOYER,
        "system_name": "CV Sorter 2",
        "provider_name": _PARTY["name"],
        "provider_email": "office@example.com",
    },
    "register.SelectEntry": {"provider_entry": ENTRY},
    "register.Withholding": {
        "field": "submitter.contact",
        "ground": "personal_data",
        "reason": "It is a private telephone number.",
    },
    "register.Release": {"field": "submitter.contact", "reason": "The filer has put an office number in."},
    "register.Reason": {"reason": "The system was never placed on the market."},
    "register.Question": {"text": "Which version of the instructions for use is meant?"},
    "register.Reply": {"text": "Version 2.1 of March 2026."},
    "register.Doubt": {"text": "The system was taken off the market in May; point 7 says otherwise."},
    "admission.Application": _APPLICATION,
    "admission.Amendment": {**{name: _APPLICATION[name] for name in ("contact", "public_body")}, "capacities": ["provider", "deployer"]},
    "admission.EnteredCode": {"code": "K7QP-3MXA-9TRD"},
    "admission.Signature": {"name": "Ana Exemplo", "position": "Managing director", "declaration": True},
    "admission.Grant": {
        "capacity": "market_surveillance_authority",
        "member_state": "PT",
        "organisation": {
            "name": "Market Surveillance of Example (fictional)",
            "address": "Rua Exemplo 2, Lisboa, Portugal",
            "contact": "https://www.example.com/ai",
            "country": "PT",
        },
        "administrator": {"name": "Rui Exemplo", "email": "rui@example.com"},
        "designation": "Decree 1/2026 of 2 January 2026 (fictional).",
    },
    "admission.SecureGrant": {
        "receiver": "Data Protection Authority of Example (fictional)",
        "member_state": "PT",
        "reasons": "Designated under Article 74(8) for law enforcement.",
    },
    "admission.Proposal": {
        "representative": "Example Representation Lda (fictional)",
        "scope": "All high-risk AI systems of the provider",
    },
    "admission.Report": {"filer": "EU-B-2026-000001", "reasons": "The company named as provider knows nothing of this entry."},
}  # fmt: skip


def example_of(form: type[Form], *, on: date) -> dict[str, Any]:
    """A body that the form takes on that day."""
    room = form.__module__.partition(".forms")[0].rpartition(".")[2]
    by_hand = _BY_HAND.get(f"{room}.{form.__name__}")
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
