"""Filings for tests: complete data for each section, to be changed where a test needs it otherwise."""

from __future__ import annotations

from typing import Any

from aioffice.kernel.db import acting
from aioffice.kernel.documents.service import upload
from aioffice.kernel.parties.actor import Actor
from tests.support.parties import NOW

PARTY = {
    "name": "Example Systems Lda (fictional)",
    "address": "Rua Exemplo 1, Lisboa",
    "contact": "office@example.test",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(actor: Actor, name: str = "declaration.pdf") -> str:
    """Upload a small PDF for the actor's organisation; return its id."""
    import io

    with acting(actor, NOW):
        return str(upload(io.BytesIO(PDF), name, actor=actor, at=NOW).pk)


def section_a(actor: Actor | None = None, **changes: Any) -> dict[str, Any]:
    """A public Section A filing; with an actor its two files are uploaded and named."""
    files = (
        {"declaration_of_conformity": pdf(actor), "instructions_for_use": pdf(actor, "instructions.pdf")}
        if actor
        else {}
    )
    return {
        "routing": {"filer_capacity": "provider", "annex_iii_point": "4(a)", "area_of_use": "other", "language": "en"},
        "provider": PARTY,
        "trade_name": "CV Sorter 2",
        "intended_purpose": "Ranks applications for a vacancy by how well they match the advertisement.",
        "information_and_logic": "Reads the text of applications; a model compares it with the advertisement.",
        "status": "on_market_or_in_service",
        "member_states": ["PT", "SI"],
        **files,
        **changes,
    }


def secure_a(**changes: Any) -> dict[str, Any]:
    """A Section A filing of the secure section: only what Article 49(4)(a) names."""
    filing = section_a()
    del filing["information_and_logic"]
    filing["routing"] = {
        "filer_capacity": "provider",
        "annex_iii_point": "6(e)",
        "area_of_use": "law_enforcement",
        "language": "en",
    }
    return {**filing, "trade_name": "Zephyrine Lattice", **changes}


def section_b(**changes: Any) -> dict[str, Any]:
    """A public Section B filing."""
    return {
        "routing": {"filer_capacity": "provider", "annex_iii_point": "3(b)", "area_of_use": "other", "language": "en"},
        "provider": PARTY,
        "trade_name": "Essay Formatter",
        "intended_purpose": "Converts the layout of essays before a teacher marks them.",
        "conditions": ["a"],
        "status": "on_market_or_in_service",
        **changes,
    }


def section_c(provider_entry: str, **changes: Any) -> dict[str, Any]:
    """A public Section C filing."""
    return {
        "routing": {"filer_capacity": "deployer", "area_of_use": "other", "language": "en"},
        "deployer": PARTY,
        "submitter": PARTY,
        "provider_entry": provider_entry,
        "rights_assessment": "No group is affected more than others.",
        **changes,
    }
