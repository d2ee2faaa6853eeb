"""How somebody comes to act for an organisation: an administrator asks, and who has an account already says yes or no.

Somebody new gets an account without a password and belongs to the organisation at once: nothing can be done with that account before
they have set a password by the link in the e-mail. Whoever has an account is asked: until they say yes they are no member, and the
organisation learns nothing of the account but the address it wrote itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.administering import (
    codes_of,
    lock_organisation,
    organisation_administered_by,
    role_errors,
)
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import Invitation, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotFound, Refused
from aioffice.kernel.settings import settings

SENT_AGAIN_AFTER = timedelta(hours=1)
"""So long nobody is written to a second time by one organisation."""
COUNTED_FOR = timedelta(days=1)
"""So long an invitation counts that has ended: else any number could be written to by asking and withdrawing."""


def organisation_inviting_by(actor: Actor) -> UUID:
    """Return the organisation for which the actor may let people in; raise `NotAllowed`, or `Refused` before it is admitted.

    An organisation that nobody has looked at could else have the Office write to anybody under any name.
    """
    organisation = organisation_administered_by(actor)
    if not actor.admitted:
        raise Refused(_("Your organisation lets people in once it is admitted."))
    return organisation


def invite_member(
    email: str, roles: Collection[Role], *, name: str = "", language: str = "en", actor: Actor, at: datetime
) -> Invitation:
    """Ask the person with that e-mail address to act for the acting organisation, and write to them; return the invitation.

    Asked again, somebody who has not answered is written to again at most once an hour, and the roles are those asked for last. Raises
    `NotAllowed`, `Refused` when the organisation is not admitted or has asked too many, or `Invalid` for an address that is none,
    roles that are none, or a person who is a member already.
    """
    organisation = organisation_inviting_by(actor)
    errors = role_errors(roles, actor) + _address_errors(email, "/email")
    if errors:
        raise Invalid(errors=errors)
    with acting(actor, at):
        return _invite(lock_organisation(organisation), email, roles, name=name, language=language, actor=actor, at=at)


def invite_first_administrator(
    organisation: Organisation, email: str, *, name: str, language: str, pointer: str, actor: Actor, at: datetime
) -> Invitation:
    """Ask somebody to act in every role for an organisation that others brought in and that has nobody yet; return the invitation.

    Called by what brings organisations in (a step's effect, the reference data), which has checked who may. Raises `Invalid` at
    `pointer` for an address that is none, `Refused` when the organisation has people, or somebody is asked already.
    """
    if errors := _address_errors(email, pointer):
        raise Invalid(errors=errors)
    with acting(actor, at):
        lock_organisation(organisation.pk)
        asked = Invitation.objects.filter(organisation=organisation, ended_at=None)
        if Membership.objects.filter(organisation=organisation).exists() or asked.exists():
            raise Refused(_("This organisation has people already: its administrators let others in."))
        everything = (Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR)
        return _invite(organisation, email, everything, name=name, language=language, actor=actor, at=at)


def open_invitations(*, actor: Actor) -> list[Invitation]:
    """Return whom the acting organisation has asked and who has not answered, the first first. Called inside `acting`."""
    if actor.organisation is None or not actor.roles:
        return []
    return list(Invitation.objects.filter(organisation=actor.organisation, ended_at=None).order_by("invited_at", "id"))


def invitations_to(actor: Actor) -> list[Invitation]:
    """Return what the acting person is asked and has not answered, the first first. Called inside `acting`."""
    if actor.person is None:
        return []
    found = Invitation.objects.filter(person=actor.person, ended_at=None).select_related("organisation")
    return list(found.order_by("invited_at", "id"))


def accept_invitation(invitation_id: UUID, *, actor: Actor, at: datetime) -> Membership:
    """Act for the organisation from now on; return the membership. Raises `NotFound` for what the person is not asked."""
    with acting(actor, at):
        invitation = _answered(invitation_id, "accepted", actor, at)
        return _join(invitation, replace(actor, organisation=invitation.organisation_id), at)


def decline_invitation(invitation_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Say no. Raises `NotFound` for what the person is not asked."""
    with acting(actor, at):
        invitation = _answered(invitation_id, "declined", actor, at)
        _audit(invitation, "invitation.decline", replace(actor, organisation=invitation.organisation_id), at)


def withdraw_invitation(invitation_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Ask somebody no longer. Raises `NotAllowed`, or `NotFound` for an invitation of others or one that was answered."""
    organisation = organisation_administered_by(actor)
    with acting(actor, at):
        invitation = _open(invitation_id, Q(organisation=organisation))
        _end(invitation, "withdrawn", at)
        _audit(invitation, "invitation.withdraw", actor, at)


def _invite(
    organisation: Organisation,
    email: str,
    roles: Collection[Role],
    *,
    name: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> Invitation:
    from aioffice.kernel.parties.jobs import send_invitation

    address = _address(email)
    person = Person.objects.filter(email__iexact=address).first()
    if person is not None and Membership.objects.filter(person=person, organisation=organisation).exists():
        message = _("This person is a member already. Change their roles instead.")
        raise Invalid(errors=[FieldError("/email", message, "member-already")])
    earlier = Invitation.objects.filter(organisation=organisation, person=person).order_by("-invited_at", "-id").first()
    if person is not None and earlier is not None and earlier.ended_at is None:
        earlier.roles = codes_of(roles)
        write = _is_due(earlier, at)
        earlier.sent_at = at if write else earlier.sent_at
        earlier.save(update_fields=["roles", "sent_at"])
        _audit(earlier, "invitation.change", actor, at)
        if write:
            send_invitation.defer(invitation_id=str(earlier.pk))
        return earlier
    _refuse_too_many(organisation, at)
    fresh = person is None or not _confirmed(person)
    if person is not None and fresh:
        # Somebody wrote this address down and never showed that it is theirs: whatever password they chose opens nothing from now on.
        person.set_unusable_password()
        person.save(update_fields=["password"])
        audit(actor, "person.take_password", f"person:{person.pk}", {}, at)
    if person is None:
        person = Person.objects.create_user(address, name=" ".join(name.split())[:200], language=language)
        audit(actor, "person.create", f"person:{person.pk}", {}, at)
    write = _is_due(earlier, at)
    invitation = Invitation.objects.create(
        organisation=organisation,
        person=person,
        email=address,
        roles=codes_of(roles),
        invited_by=actor.id,
        invited_at=at,
        sent_at=at if write else earlier.sent_at if earlier else None,
        ended_at=at if fresh else None,
        outcome="joined" if fresh else "",
    )
    if fresh:
        _join(invitation, actor, at)
    else:
        _audit(invitation, "invitation.make", actor, at)
    if write:
        send_invitation.defer(invitation_id=str(invitation.pk))
    return invitation


def _confirmed(person: Person) -> bool:
    """Whether the person has shown that the address is theirs, or has been let in by somebody before."""
    from allauth.account.models import EmailAddress

    shown = EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True).exists()
    return (
        shown
        or Membership.objects.filter(person=person).exists()
        or not EmailAddress.objects.filter(user=person).exists()
    )


def _refuse_too_many(organisation: Organisation, at: datetime) -> None:
    most = settings().open_invitations
    counted = Q(ended_at=None) | Q(invited_at__gt=at - COUNTED_FOR)
    if Invitation.objects.filter(counted, organisation=organisation).count() >= most:
        message = ngettext(
            "Your organisation has asked %(n)s person who has not answered, or was asked today: that is as many as may be.",
            "Your organisation has asked %(n)s people who have not answered, or were asked today: that is as many as may be.",
            most,
        )
        raise Refused(message % {"n": most})


def _is_due(earlier: Invitation | None, at: datetime) -> bool:
    """Whether to write to somebody: not when one e-mail of that organisation went to them within the hour."""
    return earlier is None or earlier.sent_at is None or earlier.sent_at <= at - SENT_AGAIN_AFTER


def _join(invitation: Invitation, actor: Actor, at: datetime) -> Membership:
    membership = Membership.objects.create(
        person_id=invitation.person_id, organisation_id=invitation.organisation_id, roles=invitation.roles, since=at
    )
    detail = {"person": str(membership.person_id), "after": membership.roles, "invited_by": invitation.invited_by}
    audit(actor, "membership.add", f"membership:{membership.pk}", detail, at)
    return membership


def _answered(invitation_id: UUID, outcome: str, actor: Actor, at: datetime) -> Invitation:
    invitation = _open(invitation_id, Q(person=actor.person))
    _end(invitation, outcome, at)
    return invitation


def _open(invitation_id: UUID, whose: Q) -> Invitation:
    found = Invitation.objects.select_for_update().filter(whose, pk=invitation_id, ended_at=None).first()
    if found is None:
        raise NotFound(_("There is no such invitation, or it was answered or withdrawn."))
    return found


def _end(invitation: Invitation, outcome: str, at: datetime) -> None:
    invitation.ended_at, invitation.outcome = at, outcome
    invitation.save(update_fields=["ended_at", "outcome"])


def _audit(invitation: Invitation, action: str, actor: Actor, at: datetime) -> None:
    detail = {"person": str(invitation.person_id), "roles": invitation.roles}
    audit(actor, action, f"invitation:{invitation.pk}", detail, at)


def _address(email: str) -> str:
    return str(Person.objects.normalize_email(email.strip())).lower()


def _address_errors(email: str, pointer: str) -> list[FieldError]:
    try:
        validate_email(_address(email))
    except ValidationError:
        return [FieldError(pointer, _("Write an e-mail address, for example ana@example.eu."), "email")]
    return []
