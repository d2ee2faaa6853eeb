"""What is read about organisations and the people who act for them. Called inside `acting`, but where it says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import CapacityGrant, Identifier, Mandate, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, IdentifierScheme, Role
from aioffice.kernel.procedures.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation that a person may act for, and as what."""

    organisation: UUID
    name: str
    roles: tuple[Role, ...]


def workplaces(person: UUID) -> list[Workplace]:
    """Return the organisations a person belongs to, longest-standing first. Called in plumbing too."""
    rows = Membership.objects.filter(person_id=person).select_related("organisation").order_by("since", "id")
    return [
        Workplace(row.organisation_id, row.organisation.name, tuple(Role(code) for code in row.roles)) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class HeldCapacity:
    """A capacity that an organisation holds now; `member_state` is empty where it is not held for one."""

    title: Any
    member_state: str
    secure_access: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate as one side sees it. `given` tells that the organisation is the provider."""

    case_id: UUID
    other: str
    given: bool
    in_force: bool
    scope: str


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """Everything an organisation's own page shows of it."""

    organisation: Organisation
    capacities: tuple[HeldCapacity, ...]
    identifiers: tuple[tuple[Any, str], ...]
    mandates: tuple[MandateLine, ...]


def own_organisation(actor: Actor) -> OrganisationView | None:
    """Return the acting organisation with what it holds; None for a person without one."""
    if actor.organisation is None or not (actor.roles or actor.audits):
        return None
    organisation = Organisation.objects.get(pk=actor.organisation)
    grants = CapacityGrant.objects.filter(organisation=organisation, ended_at=None).order_by("granted_at", "id")
    identifiers = Identifier.objects.filter(organisation=organisation).order_by("scheme")
    mandates = (
        Mandate.objects.filter(Q(provider=organisation) | Q(representative=organisation), ended_at=None)
        .select_related("provider", "representative")
        .order_by("provider__name", "representative__name")
    )
    return OrganisationView(
        organisation=organisation,
        capacities=tuple(
            HeldCapacity(Capacity(grant.capacity).label, grant.member_state, grant.secure_access, grant.granted_at)
            for grant in grants
        ),
        identifiers=tuple((IdentifierScheme(row.scheme).label, row.value) for row in identifiers),
        mandates=tuple(_mandate(row, organisation) for row in mandates),
    )


def _mandate(row: Mandate, organisation: Organisation) -> MandateLine:
    given = row.provider_id == organisation.pk
    other = row.representative if given else row.provider
    return MandateLine(row.case_id, other.name, given, row.in_force, row.scope)


def people_with(actor: Actor, roles: Sequence[Role]) -> list[str]:
    """Return the names of the people of the acting organisation who hold one of the roles."""
    if actor.organisation is None or not actor.roles:
        return []
    rows = Membership.objects.filter(
        organisation=actor.organisation, roles__overlap=[role.value for role in roles], person__is_active=True
    )
    return [row.person.get_full_name() for row in rows.select_related("person").order_by("person__name", "id")]


def person_of(actor: Actor) -> Person:
    """Return the acting person; raise `NotAllowed` for machines and for nobody."""
    person = Person.objects.filter(pk=actor.person, is_active=True).first() if actor.person else None
    if person is None:
        raise NotAllowed(_("This is done by a person who is signed in."))
    return person
