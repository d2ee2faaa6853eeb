"""What everything shares that changes who acts for an organisation: who may, which roles there are, and one at a time."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES, Role
from aioffice.kernel.procedures.errors import FieldError, NotAllowed


def organisation_administered_by(actor: Actor) -> UUID:
    """Return the organisation that the actor administers; raise `NotAllowed` when it administers none."""
    if actor.organisation is None or Role.ADMINISTRATOR not in actor.roles:
        raise NotAllowed(_("This is done by an administrator of the organisation."))
    return actor.organisation


def lock_organisation(organisation: UUID) -> Organisation:
    """Hold the organisation, so that two administrators cannot remove each other in the same moment."""
    return Organisation.objects.select_for_update().get(pk=organisation)


def codes_of(roles: Collection[Role]) -> list[str]:
    """Roles as they are stored, in one order."""
    return [role.value for role in Role if role in set(roles)]


def role_errors(roles: Collection[Role], actor: Actor) -> list[FieldError]:
    """What is wrong with roles that somebody chose for a person of the acting organisation."""
    if not roles or not set(roles) <= set(Role):
        message = _("Choose at least one role: reader, editor, signatory or administrator.")
        return [FieldError("/roles", message, "roles")]
    if Role.AUDITOR in roles and Role.AUDITOR not in offered_roles(actor):
        message = _("Auditors are for authorities and the Office. Choose reader, editor, signatory or administrator.")
        return [FieldError("/roles", message, "roles")]
    return []


def offered_roles(actor: Actor) -> list[Role]:
    """The roles that the acting organisation gives to people: auditors are for those who read others' confidential files by law."""
    audited = bool(actor.capacities - OPERATOR_CAPACITIES)
    return [role for role in Role if audited or role is not Role.AUDITOR]
