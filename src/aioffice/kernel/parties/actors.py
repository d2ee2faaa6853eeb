"""From a signed-in person, or a token, to the actor that policies look at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import ApiToken, CapacityGrant, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES, Capacity, Role


def actor_for_organisation(
    *,
    actor_id: str,
    name: str,
    organisation: Organisation,
    roles: Iterable[str],
    person: Person | None = None,
    cleared: bool = False,
) -> Actor:
    """Return the actor with that id and name who acts for an organisation in these roles."""
    grants = list(CapacityGrant.objects.filter(organisation=organisation, ended_at=None))
    pairs = frozenset((Capacity(grant.capacity), grant.member_state) for grant in grants)
    capacities = frozenset(capacity for capacity, _ in pairs)
    if Capacity.AI_OFFICE in capacities:
        # In the Commission access is personal: named staff, never a token of the organisation.
        secure = frozenset(pair for pair in pairs if cleared and pair[0] is Capacity.AI_OFFICE)
    else:
        secure = frozenset((Capacity(grant.capacity), grant.member_state) for grant in grants if grant.secure_access)
    held = frozenset(Role(role) for role in roles)
    return Actor(
        id=actor_id,
        name=name,
        person=person.id if person else None,
        organisation=organisation.id,
        organisation_name=organisation.name,
        member_state=organisation.member_state,
        admitted=organisation.admitted_at is not None,
        capacities=capacities,
        capacity_states=pairs,
        roles=held - {Role.AUDITOR},
        # Never of operators: who reads their files is not theirs to know, and what they read of others the Office watches.
        audits=Role.AUDITOR in held and bool(capacities - OPERATOR_CAPACITIES),
        secure_access=bool(secure),
        secure_capacities=secure,
    )


def actor_for_person(person: Person, organisation_id: UUID | None = None) -> Actor:
    """Return the actor for a person, acting for the given organisation or, without one, for the first joined.

    A person without any membership acts for nobody; one who asks for an organisation it is no member of, likewise.
    """
    memberships = Membership.objects.filter(person=person).select_related("organisation").order_by("since", "id")
    if organisation_id is not None:
        memberships = memberships.filter(organisation_id=organisation_id)
    membership = memberships.first()
    if membership is None:
        return Actor(id=f"person:{person.id}", name=person.get_full_name(), person=person.id)
    return actor_for_organisation(
        actor_id=f"person:{person.id}",
        name=person.get_full_name(),
        organisation=membership.organisation,
        roles=membership.roles,
        person=person,
        # Cleared as the member of staff they are now: what was given before they left and came back does not come back with them.
        cleared=person.cleared_at is not None and person.cleared_at >= membership.since,
    )


def token_digest(secret: str) -> str:
    """The form in which a token's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_for_token(secret: str, at: datetime) -> Actor | None:
    """Return the actor of an API token that is in force at `at`, None for any other text."""
    token = (
        ApiToken.objects.filter(digest=token_digest(secret), revoked_at=None, expires_at__gt=at)
        .select_related("organisation")
        .first()
    )
    if token is None:
        return None
    # One write a minute at the most: a busy token must not queue behind its own row.
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at.replace(second=0, microsecond=0))
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
    return actor_for_organisation(
        actor_id=f"token:{token.id}", name=token.name, organisation=token.organisation, roles=token.roles
    )


def organisations_in(audience_names: Iterable[str]) -> set[UUID]:
    """Return the ids of the organisations that belong to any of the named audiences (see `parties.keys`)."""
    found: set[UUID] = set()
    wanted = Q(pk__in=[])
    by_capacity = False
    for name in audience_names:
        kind, _, place = name.partition(":")
        if kind == "org":
            found.add(UUID(place))
        elif name == "secure:commission":
            wanted |= Q(capacity=Capacity.AI_OFFICE)
        elif name == "secure:edps":
            wanted |= Q(capacity=Capacity.EDPS, secure_access=True)
        elif kind == "secure":
            wanted |= Q(capacity=Capacity.ARTICLE_74_8_AUTHORITY, member_state=place, secure_access=True)
        elif kind in Capacity.values:
            wanted |= Q(capacity=kind, member_state=place) if place else Q(capacity=kind)
        else:
            continue
        if kind != "org":
            by_capacity = True
    if not by_capacity:
        return found
    rows = CapacityGrant.objects.filter(wanted, ended_at=None).annotate(org=F("organisation_id"))
    found.update(rows.values_list("org", flat=True))
    return found
