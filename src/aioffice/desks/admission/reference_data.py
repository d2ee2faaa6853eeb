"""What the Office needs before anybody comes in: its own organisation, and its first administrator."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from aioffice.desks.admission.vocabulary import UNION
from aioffice.kernel.db import acting, serialise
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import CapacityGrant, Invitation, Membership, Organisation
from aioffice.kernel.parties.services import invite_first_administrator
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Refused

REGISTRAR = service("registrar")


def load(at: datetime) -> Organisation:
    """Make the AI Office's organisation where there is none, and return it; loading again changes nothing."""
    with acting(REGISTRAR, at):
        serialise("reference-data")
        grant = (
            CapacityGrant.objects.filter(capacity=Capacity.AI_OFFICE, ended_at=None)
            .select_related("organisation")
            .first()
        )
        if grant is not None:
            return grant.organisation
        office = Organisation.objects.create(
            name="AI Office", country=UNION, public_body=True, admitted_at=at, created_at=at
        )
        CapacityGrant.objects.create(
            organisation=office, capacity=Capacity.AI_OFFICE, granted_by=REGISTRAR.id, granted_at=at
        )
        audit(REGISTRAR, "organisation.load", f"organisation:{office.pk}", {"capacity": Capacity.AI_OFFICE.value}, at)
        return office


def has_people(at: datetime) -> bool:
    """Whether anybody acts for any organisation here, or is asked to: then no demo belongs here any more."""
    with acting(REGISTRAR, at):
        return Membership.objects.exists() or Invitation.objects.exists()


def appoint_first_administrator(email: str, *, name: str, at: datetime) -> Invitation:
    """Invite the AI Office's first administrator, who lets everybody else in; return the invitation.

    Raises `Refused` when the AI Office has members already, `Invalid` for an address that is none.
    """
    with acting(REGISTRAR, at):
        office = load(at)
        if Membership.objects.filter(organisation=office).exists():
            raise Refused(_("The AI Office has people already: its administrators let others in."))
        return invite_first_administrator(
            office, email, name=name, language="en", pointer="/email", actor=REGISTRAR, at=at
        )
