"""Holds: while a case is held, nothing of it is deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.keys import AI_OFFICE, SECURE_COMMISSION, audience_keys
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed, NotFound
from aioffice.kernel.retention.models import Hold

LONGEST_REASON = 1000


def held_cases() -> QuerySet[Hold, UUID]:
    """The ids of the cases held now, as the asker may know of them; the keeper knows of all."""
    return Hold.objects.filter(lifted_at=None).values_list("case_id", flat=True)


def holds(actor: Actor) -> list[Hold]:
    """The holds in force that staff of the Office may see, newest first. Called inside `acting`; `NotAllowed`."""
    check_staff(actor)
    return list(Hold.objects.filter(lifted_at=None, audience__overlap=list(actor.keys)).select_related("case"))


def check_staff(actor: Actor) -> None:
    """Raise `NotAllowed` for whoever does not work for the Office."""
    if Capacity.AI_OFFICE not in actor.capacities or not actor.roles:
        raise NotAllowed(_("How long records are kept is looked after by staff of the AI Office."))


def check_decides(actor: Actor) -> None:
    """Raise `NotAllowed` for whoever is no person who signs for the Office."""
    check_staff(actor)
    if Role.SIGNATORY not in actor.roles or actor.person is None:
        raise NotAllowed(_("What is deleted or kept longer is decided by a signatory of the AI Office, in person."))


def audience_of(*, restricted: bool) -> list[int]:
    """The keys of those who may see a proposal or a hold."""
    return audience_keys([SECURE_COMMISSION if restricted else AI_OFFICE])


def checked_reason(reason: str) -> str:
    """The reason without blanks around it; raise `Invalid` where there is none, or one too long."""
    text = reason.replace("\0", "").strip()
    if not text or len(text) > LONGEST_REASON:
        message = _("Give a reason, of up to %(n)s characters.") % {"n": LONGEST_REASON}
        raise Invalid(errors=[FieldError("/reason", message, "reason")])
    return text


def place_hold(case: UUID | str, reason: str, *, actor: Actor, at: datetime) -> Hold:
    """Hold a case, by its id or number; one that is held stays as it is. Raises `NotAllowed`, `NotFound` or `Invalid`."""
    check_decides(actor)
    text = checked_reason(reason)
    with acting(actor, at):
        found = visible_case(case, actor=actor, door=None)
        hold, fresh = Hold.objects.get_or_create(
            case=found,
            lifted_at=None,
            defaults={
                "reason": text,
                "placed_by": actor.id,
                "placed_at": at,
                "audience": audience_of(restricted=found.secure),
            },
        )
        if fresh:
            audit(actor, "hold.place", f"case:{found.pk}", {}, at)
    return hold


def lift_hold(hold_id: UUID, *, actor: Actor, at: datetime) -> Hold:
    """End a hold. Raises `NotAllowed` or `NotFound`."""
    check_decides(actor)
    with acting(actor, at):
        hold = Hold.objects.select_for_update().filter(pk=hold_id, audience__overlap=list(actor.keys)).first()
        if hold is None:
            raise NotFound(_("There is no such hold."))
        if hold.lifted_at is None:
            hold.lifted_by, hold.lifted_at = actor.id, at
            hold.save(update_fields=["lifted_by", "lifted_at"])
            audit(actor, "hold.lift", f"case:{hold.case_id}", {}, at)
    return hold
