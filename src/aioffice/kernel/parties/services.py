"""Who belongs to an organisation, in which roles. Administrators alone change it, and never so that nobody is left to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.administering import (
    codes_of,
    lock_organisation,
    organisation_administered_by,
    role_errors,
)
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.inviting import invite_first_administrator, invite_member
from aioffice.kernel.parties.leaving import end_auditing
from aioffice.kernel.parties.models import Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused

__all__ = [
    "change_roles",
    "invite_first_administrator",
    "invite_member",
    "members",
    "organisation_administered_by",
    "remove_member",
    "set_clearance",
]


def members(*, actor: Actor) -> list[Membership]:
    """Return the people of the acting organisation, longest-standing first. Called inside `acting`."""
    if actor.organisation is None or not actor.roles:
        return []
    found = Membership.objects.filter(organisation=actor.organisation).select_related("person")
    return list(found.order_by("since", "id"))


def change_roles(membership_id: UUID, roles: Collection[Role], *, actor: Actor, at: datetime) -> Membership:
    """Give a member other roles; return the membership.

    Raises `NotAllowed`, `NotFound`, `Invalid`, or `Refused` when nobody would be left to administer the organisation or, once it is
    admitted, to sign for it.
    """
    organisation = organisation_administered_by(actor)
    if errors := role_errors(roles, actor):
        raise Invalid(errors=errors)
    with acting(actor, at):
        owner = lock_organisation(organisation)
        membership = _membership(organisation, membership_id)
        before = membership.roles
        membership.roles = codes_of(roles)
        if membership.person_id == actor.person and Role.AUDITOR in roles and Role.AUDITOR.value not in before:
            raise NotAllowed(_("Nobody makes themselves auditor: ask another administrator of your organisation."))
        if membership.roles != before:
            membership.save(update_fields=["roles"])
            _somebody_remains(owner)
            detail = {"person": str(membership.person_id), "before": before, "after": membership.roles}
            audit(actor, "membership.change", f"membership:{membership.pk}", detail, at)
            if Role.AUDITOR not in roles:
                end_auditing(membership.person_id, organisation, actor=actor, at=at)
    return membership


def remove_member(membership_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End a membership: any by an administrator, one's own by anybody. Raises as `change_roles`.

    With a place in the AI Office's staff ends the clearance for the secure section that went with it, and with an auditor the tokens that
    read the log of reads. Other tokens are the organisation's and go on: `leaving.tokens_made_by` names them.
    """
    if actor.organisation is None:
        raise NotAllowed(_("This is done by an administrator of the organisation."))
    with acting(actor, at):
        owner = lock_organisation(actor.organisation)
        membership = _membership(actor.organisation, membership_id)
        if membership.person_id != actor.person:
            organisation_administered_by(actor)
        detail = {"person": str(membership.person_id), "before": membership.roles}
        membership.delete()
        _somebody_remains(owner)
        audit(actor, "membership.remove", f"membership:{membership_id}", detail, at)
        end_auditing(membership.person_id, actor.organisation, actor=actor, at=at)
        if membership.person.cleared_at is not None and Capacity.AI_OFFICE in actor.capacities:
            _set_clearance(membership.person, None, actor, at)


def set_clearance(person_id: UUID, *, cleared: bool, actor: Actor, at: datetime) -> Person:
    """Clear a named member of the Commission's staff for the secure section (AI Act, Article 49(4)), or take that back.

    Only administrators of the AI Office, and nobody clears themselves. Raises `NotAllowed` or `NotFound`.
    """
    organisation = organisation_administered_by(actor)
    if Capacity.AI_OFFICE not in actor.capacities:
        raise NotAllowed(_("Clearance for the secure section is given by an administrator of the AI Office."))
    if cleared and person_id == actor.person:
        raise NotAllowed(_("Nobody clears themselves: ask another administrator of the AI Office."))
    with acting(actor, at):
        members = Membership.objects.filter(organisation=organisation)
        person = Person.objects.select_for_update().filter(pk=person_id, memberships__in=members).first()
        if person is None:
            raise NotFound(_("There is no such member of the AI Office's staff."))
        if cleared != (person.cleared_at is not None):
            _set_clearance(person, at if cleared else None, actor, at)
    return person


def _set_clearance(person: Person, since: datetime | None, actor: Actor, at: datetime) -> None:
    person.cleared_at = since
    person.save(update_fields=["cleared_at"])
    audit(actor, "person.clear" if since else "person.end_clearance", f"person:{person.pk}", {}, at)


def _membership(organisation: UUID, membership_id: UUID) -> Membership:
    found = Membership.objects.select_related("person").filter(pk=membership_id, organisation=organisation).first()
    if found is None:
        raise NotFound(_("Your organisation has no such member."))
    return found


def _somebody_remains(organisation: Organisation) -> None:
    """Refuse what would leave nobody able to act; raising undoes what was done."""
    left = {
        role
        for roles in Membership.objects.filter(organisation=organisation, person__is_active=True).values_list(
            "roles", flat=True
        )
        for role in roles
    }
    if Role.ADMINISTRATOR.value not in left:
        raise Refused(_("An organisation keeps at least one administrator. Make somebody else administrator first."))
    if organisation.admitted_at is not None and Role.SIGNATORY.value not in left:
        raise Refused(_("An admitted organisation keeps at least one signatory. Make somebody else signatory first."))
