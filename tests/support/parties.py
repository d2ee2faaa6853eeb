"""Organisations and actors for tests: made directly, since admission has tests of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import CapacityGrant, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, Capacity, Role

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EVERY_ROLE = tuple(Role)


def organisation(
    name: str,
    *capacities: Capacity,
    state: str = "PT",
    country: str | None = None,
    admitted: bool = True,
    public_body: bool = False,
    secure_access: bool = False,
) -> Organisation:
    """Make an organisation with its seat in `state` (empty for none) and the given capacities."""
    with plumbing():
        made = Organisation.objects.create(
            name=name,
            address="Rua Exemplo 1",
            contact="office@example.test",
            country=country or state or "EU",
            member_state=state,
            public_body=public_body,
            admitted_at=NOW if admitted else None,
            created_at=NOW,
        )
        CapacityGrant.objects.bulk_create(
            CapacityGrant(
                organisation=made,
                capacity=capacity,
                member_state=state if capacity in NATIONAL_CAPACITIES else "",
                secure_access=secure_access,
                granted_by="test",
                granted_at=NOW,
            )
            for capacity in capacities
        )
    return made


def member(of: Organisation, *, roles: Iterable[Role] = EVERY_ROLE, email: str = "", cleared: bool = False) -> Person:
    """Make a person with roles in an organisation."""
    with plumbing():
        address = email or f"{of.id.hex[-12:]}-{'-'.join(sorted(roles))}@example.test"
        # No password: hashing one takes a tenth of a second, and these people never sign in.
        name = f"Somebody of {of.name}"
        person = Person.objects.create(email=address, password="!", name=name, cleared_at=NOW if cleared else None)
        Membership.objects.create(person=person, organisation=of, roles=list(roles), since=NOW)
    return person


def acting_for(of: Organisation, *, roles: Iterable[Role] = EVERY_ROLE, cleared: bool = False) -> Actor:
    """Make a person with roles in an organisation, and return the actor."""
    person = member(of, roles=roles, cleared=cleared)
    with plumbing():
        return actor_for_person(person, UUID(str(of.id)))
