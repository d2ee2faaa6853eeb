"""What forms of an operator's admission hold when they are opened. Called inside `acting`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioffice.desks.admission.queries import application_of
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import CapacityGrant, Organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES
from aioffice.kernel.procedures.models import Case


def application(actor: Actor, case: Case | None) -> Mapping[str, Any]:
    """What was last stated; for an organisation that only just began, what it is called and where its seat is."""
    if case is not None:
        return application_of(case).model_dump(mode="json")
    organisation = Organisation.objects.filter(pk=actor.organisation).first() if actor.organisation else None
    return {"name": organisation.name, "country": organisation.country} if organisation else {}


def signature(actor: Actor, case: Case | None) -> Mapping[str, Any]:
    """The name of whoever signs."""
    return {"name": actor.name} if actor.person else {}


def amendment(actor: Actor, case: Case | None) -> Mapping[str, Any]:
    """What holds now."""
    if case is None:
        return {}
    organisation = case.organisation
    held = CapacityGrant.objects.filter(organisation=organisation, capacity__in=OPERATOR_CAPACITIES, ended_at=None)
    return {
        "contact": organisation.contact,
        "capacities": sorted(held.values_list("capacity", flat=True)),
        "public_body": organisation.public_body,
    }
