"""What the forms of the register already hold when they are opened, and the choices that only an entry can give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.spec import FieldSpec, Shape, spec_of
from aioffice.register import forms
from aioffice.register.models import Entry, EntryVersion
from aioffice.register.vocabulary import FilerCapacity

FORMS: dict[str, type[Form]] = {"A": forms.SectionA, "B": forms.SectionB, "C": forms.SectionC}
"""The form of each section of Annex VIII."""


def by_provider(actor: Actor, case: Case | None) -> Mapping[str, Any]:
    """The filer as provider; an organisation that is an authorised representative alone names itself in point 3 instead."""
    party = _own_party(actor)
    if Capacity.PROVIDER not in actor.capacities and Capacity.AUTHORISED_REPRESENTATIVE in actor.capacities:
        routing = {"filer_capacity": FilerCapacity.AUTHORISED_REPRESENTATIVE.value, "language": _language()}
        return {"routing": routing, "representative": party, "submitter": _own_person(actor)}
    return {
        "routing": {"filer_capacity": FilerCapacity.PROVIDER.value, "language": _language()},
        "provider": party,
    }


def by_deployer(actor: Actor, case: Case | None) -> Mapping[str, Any]:
    """The filer as deployer, and the acting person as who submits."""
    routing = {"filer_capacity": FilerCapacity.DEPLOYER.value, "language": _language()}
    return {"routing": routing, "deployer": _own_party(actor), "submitter": _own_person(actor)}


def as_it_stands(actor: Actor, case: Case | None) -> Mapping[str, Any]:
    """What the entry says now: an update starts from there."""
    version = EntryVersion.objects.filter(entry_id=case.pk).order_by("-n").first() if case is not None else None
    return {**version.content, "routing": version.routing} if version is not None else {}


def shown_fields(case: Case) -> Sequence[tuple[str, Any]]:
    """The fields that some version of the entry fills and that are not withheld, as (name, label)."""
    entry = Entry.objects.filter(pk=case.pk).first()
    if entry is None or entry.section not in FORMS:
        return ()
    held: set[str] = set()
    for content in EntryVersion.objects.filter(entry=entry).values_list("content", flat=True):
        for head, value in content.items():
            held.add(head)
            if isinstance(value, dict):
                held.update(f"{head}.{tail}" for tail in value)
    return [(name, label) for name, label in labels(entry.section) if name in held and name not in entry.withheld]


def withheld_fields(case: Case) -> Sequence[tuple[str, Any]]:
    """The fields of the entry that are withheld now, as (name, label)."""
    entry = Entry.objects.filter(pk=case.pk).first()
    if entry is None or entry.section not in FORMS:
        return ()
    return [(name, label) for name, label in labels(entry.section) if name in entry.withheld]


def labels(section: str) -> list[tuple[str, str]]:
    """Names and labels of a section's fields in their order, parts of a group after the group."""
    found = []
    for field in spec_of(FORMS[section]).fields:
        if field.name == "routing":
            continue
        found.append((field.name, str(field.label)))
        found += [(child.name, f"{field.label}: {child.label}") for child in _parts(field)]
    return found


def _parts(field: FieldSpec) -> tuple[FieldSpec, ...]:
    return field.children if field.shape is Shape.GROUP else ()


def _own_party(actor: Actor) -> dict[str, str]:
    organisation = _organisation(actor)
    if organisation is None:
        return {}
    return {"name": organisation.name, "address": organisation.address, "contact": organisation.contact}


def _own_person(actor: Actor) -> dict[str, str]:
    person = Person.objects.filter(pk=actor.person).first() if actor.person else None
    organisation = _organisation(actor)
    if person is None or organisation is None:
        return {}
    return {"name": person.name, "address": organisation.address, "contact": person.email}


def _organisation(actor: Actor) -> Organisation | None:
    return Organisation.objects.filter(pk=actor.organisation).first() if actor.organisation else None


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
