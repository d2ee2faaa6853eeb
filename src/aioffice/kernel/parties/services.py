"""Who belongs to an organisation, in which roles. Administrators alone change it, and never so that nobody is left to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed, NotFound, Refused


def organisation_administered_by(actor: Actor) -> UUID:
    """Return the organisation that the actor administers; raise `NotAllowed` when it administers none."""
    if actor.organisation is None or Role.ADMINISTRATOR not in actor.roles:
        raise NotAllowed(_("This is done by an administrator of the organisation."))
    return actor.organisation


def members(*, actor: Actor) -> list[Membership]:
    """Return the people of the acting organisation, longest-standing first. Called inside `acting`."""
    if actor.organisation is None or not actor.roles:
        return []
    found = Membership.objects.filter(organisation=actor.organisation).select_related("person")
    return list(found.order_by("since", "id"))


def invite_member(
    email: str, roles: Collection[Role], *, name: str = "", language: str = "en", actor: Actor, at: datetime
) -> Membership:
    """Let the person with that e-mail address act for the acting organisation, and write to them; return the membership.

    Somebody new gets an account without a password, which the e-mail tells how to set. Raises `NotAllowed`, or `Invalid` for an
    address that is none, roles that are none, or a person who is a member already.
    """
    organisation = organisation_administered_by(actor)
    errors = _role_errors(roles) + _address_errors(email, "/email")
    if errors:
        raise Invalid(errors=errors)
    with acting(actor, at):
        return _join(organisation, _person(email, name, language, actor, at), roles, actor, at)


def invite_first_administrator(
    organisation: Organisation, email: str, *, name: str, language: str, pointer: str, actor: Actor, at: datetime
) -> Membership:
    """Let somebody act in every role for an organisation that others brought in and that has nobody yet; return the membership.

    Called by what brings organisations in (a step's effect, the reference data), which has checked who may. Raises `Invalid` at
    `pointer` for an address that is none, `Refused` when the organisation has people.
    """
    if errors := _address_errors(email, pointer):
        raise Invalid(errors=errors)
    with acting(actor, at):
        _lock(organisation.pk)
        if Membership.objects.filter(organisation=organisation).exists():
            raise Refused(_("This organisation has people already: its administrators let others in."))
        everything = (Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR)
        return _join(organisation.pk, _person(email, name, language, actor, at), everything, actor, at)


def add_member(person_id: UUID, roles: Collection[Role], *, actor: Actor, at: datetime) -> Membership:
    """Let a person known to the Office act for the acting organisation; return the membership. Raises as `invite_member`."""
    organisation = organisation_administered_by(actor)
    if errors := _role_errors(roles):
        raise Invalid(errors=errors)
    with acting(actor, at):
        person = Person.objects.filter(pk=person_id, is_active=True).first()
        if person is None:
            raise NotFound(_("There is no such person."))
        return _join(organisation, person, roles, actor, at)


def change_roles(membership_id: UUID, roles: Collection[Role], *, actor: Actor, at: datetime) -> Membership:
    """Give a member other roles; return the membership.

    Raises `NotAllowed`, `NotFound`, `Invalid`, or `Refused` when nobody would be left to administer the organisation or, once it is
    admitted, to sign for it.
    """
    organisation = organisation_administered_by(actor)
    if errors := _role_errors(roles):
        raise Invalid(errors=errors)
    with acting(actor, at):
        owner = _lock(organisation)
        membership = _membership(organisation, membership_id)
        before = membership.roles
        membership.roles = _codes(roles)
        if membership.roles != before:
            membership.save(update_fields=["roles"])
            _somebody_remains(owner)
            detail = {"person": str(membership.person_id), "before": before, "after": membership.roles}
            audit(actor, "membership.change", f"membership:{membership.pk}", detail, at)
    return membership


def remove_member(membership_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End a membership: any by an administrator, one's own by anybody. Raises as `change_roles`."""
    if actor.organisation is None:
        raise NotAllowed(_("This is done by an administrator of the organisation."))
    with acting(actor, at):
        owner = _lock(actor.organisation)
        membership = _membership(actor.organisation, membership_id)
        if membership.person_id != actor.person:
            organisation_administered_by(actor)
        detail = {"person": str(membership.person_id), "before": membership.roles}
        membership.delete()
        _somebody_remains(owner)
        audit(actor, "membership.remove", f"membership:{membership_id}", detail, at)


def set_clearance(person_id: UUID, *, cleared: bool, actor: Actor, at: datetime) -> Person:
    """Clear a named member of the Commission's staff for the restricted section (AI Act, Article 49(4)), or take that back.

    Only administrators of the AI Office, and nobody clears themselves. Raises `NotAllowed` or `NotFound`.
    """
    organisation = organisation_administered_by(actor)
    if Capacity.AI_OFFICE not in actor.capacities:
        raise NotAllowed(_("Clearance for the restricted section is given by an administrator of the AI Office."))
    if cleared and person_id == actor.person:
        raise NotAllowed(_("Nobody clears themselves: ask another administrator of the AI Office."))
    with acting(actor, at):
        members = Membership.objects.filter(organisation=organisation)
        person = Person.objects.select_for_update().filter(pk=person_id, memberships__in=members).first()
        if person is None:
            raise NotFound(_("There is no such member of the AI Office's staff."))
        if cleared != (person.cleared_at is not None):
            person.cleared_at = at if cleared else None
            person.save(update_fields=["cleared_at"])
            audit(actor, "person.clear" if cleared else "person.end_clearance", f"person:{person.pk}", {}, at)
    return person


def _address(email: str) -> str:
    return str(Person.objects.normalize_email(email.strip())).lower()


def _address_errors(email: str, pointer: str) -> list[FieldError]:
    try:
        validate_email(_address(email))
    except ValidationError:
        return [FieldError(pointer, _("Write an e-mail address, for example ana@example.eu."), "email")]
    return []


def _person(email: str, name: str, language: str, actor: Actor, at: datetime) -> Person:
    """The person with that address; somebody new gets an account without a password."""
    address = _address(email)
    person = Person.objects.filter(email__iexact=address).first()
    if person is None:
        person = Person.objects.create_user(address, name=" ".join(name.split())[:200], language=language)
        audit(actor, "person.create", f"person:{person.pk}", {}, at)
    return person


def _codes(roles: Collection[Role]) -> list[str]:
    return [role.value for role in Role if role in set(roles)]


def _role_errors(roles: Collection[Role]) -> list[FieldError]:
    if roles and set(roles) <= set(Role):
        return []
    return [FieldError("/roles", _("Choose at least one role: reader, editor, signatory or administrator."), "roles")]


def _join(organisation: UUID, person: Person, roles: Collection[Role], actor: Actor, at: datetime) -> Membership:
    from aioffice.kernel.parties.jobs import send_invitation

    membership, fresh = Membership.objects.get_or_create(
        person=person, organisation_id=organisation, defaults={"roles": _codes(roles), "since": at}
    )
    if not fresh:
        message = _("This person is a member already. Change their roles instead.")
        raise Invalid(errors=[FieldError("/email", message, "member-already")])
    detail = {"person": str(person.pk), "after": membership.roles}
    audit(actor, "membership.add", f"membership:{membership.pk}", detail, at)
    send_invitation.defer(membership_id=str(membership.pk))
    return membership


def _lock(organisation: UUID) -> Organisation:
    """Hold the organisation, so that two administrators cannot remove each other in the same moment."""
    return Organisation.objects.select_for_update().get(pk=organisation)


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
