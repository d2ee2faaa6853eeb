"""Organisations: the AI Office itself, founding one that nobody has admitted yet, and finding one by number or name."""

from __future__ import annotations

import contextlib
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting, serialise
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import CapacityGrant, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Refused


def office_organisation() -> Organisation:
    """Return the AI Office's own organisation; raise `Refused` before the reference data are loaded."""
    grant = (
        CapacityGrant.objects.filter(capacity=Capacity.AI_OFFICE, ended_at=None).select_related("organisation").first()
    )
    if grant is None:
        raise Refused(_("There is no AI Office yet: load the reference data first (`aioffice up`)."))
    return grant.organisation


def found_organisation(person: Person, *, name: str, country: str, actor: Actor, at: datetime) -> Organisation:
    """Make an organisation that is not admitted, with `person` in every role; return it.

    It can do nothing but ask for admission until that procedure has ended well. Whoever administers one like that already gets it
    back instead: nobody gathers half-made organisations, not by a double click either.
    """
    with acting(actor, at):
        serialise(f"founding:{person.pk}")
        if (half_made := unadmitted_organisation_of(person)) is not None:
            return half_made
        organisation = Organisation.objects.create(name=name, country=country, created_at=at)
        Membership.objects.create(
            person=person,
            organisation=organisation,
            roles=[Role.EDITOR.value, Role.SIGNATORY.value, Role.ADMINISTRATOR.value],
            since=at,
        )
        audit(actor, "organisation.found", f"organisation:{organisation.pk}", {"person": str(person.pk)}, at)
    return organisation


def unadmitted_organisation_of(person: Person) -> Organisation | None:
    """Return the organisation not admitted that the person founded or administers, newest first; None without one."""
    memberships = Membership.objects.filter(
        person=person, roles__contains=[Role.ADMINISTRATOR.value], organisation__admitted_at=None
    )
    membership = memberships.select_related("organisation").order_by("-since", "-id").first()
    return membership.organisation if membership else None


def admitted_named(text: str, *capacities: Capacity) -> QuerySet[Organisation]:
    """Return the admitted organisations whose official identifier, id or exact name (case aside) is `text`.

    With `capacities`, only those that hold one of them now.
    """
    wanted = text.strip()
    numbers = [wanted.upper(), "".join(wanted.split()).upper()]
    same = Q(name__iexact=wanted) | Q(identifiers__value__in=numbers)
    with contextlib.suppress(ValueError):
        same |= Q(pk=UUID(wanted))
    found = Organisation.objects.exclude(admitted_at=None).filter(same)
    if capacities:
        holders = CapacityGrant.objects.filter(ended_at=None, capacity__in=capacities)
        found = found.filter(pk__in=holders.values("organisation_id"))
    return found.distinct().order_by("name")
