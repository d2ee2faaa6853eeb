"""What granting and ending a capacity does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.desks.admission.effects.admitting import end_admission_without_capacity
from aioffice.desks.admission.effects.common import find_one, invalid, number, passing
from aioffice.desks.admission.forms.grants import Grant
from aioffice.desks.admission.vocabulary import BY_CONTACT_POINT, SINGLE_HOLDER, state_of_seat
from aioffice.kernel.parties.models import CapacityGrant, Organisation
from aioffice.kernel.parties.services import invite_first_administrator
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, Capacity
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, ProcedureError, Refused
from aioffice.kernel.procedures.work import Work


def grant(works: Sequence[Work]) -> None:
    """Give a capacity to an organisation, which is made and admitted where it is new."""
    for work in works:
        if fault := _overreach(work) or _held_elsewhere(work):
            work.fail(fault)
    number(passing(works))
    for work in passing(works):
        try:
            organisation = _receiver(work)
        except ProcedureError as error:
            work.fail(error)
            continue
        _give(work, organisation)


def _grant(work: Work) -> tuple[Grant, Capacity, str]:
    assert isinstance(work.form, Grant), "only grants come here"
    return work.form, Capacity(work.form.capacity), work.form.member_state or ""


def _overreach(work: Work) -> NotAllowed | None:
    """A single point of contact grants national capacities of its own State; its own capacity comes from the AI Office."""
    _form, capacity, state = _grant(work)
    if Capacity.AI_OFFICE in work.actor.capacities:
        return None
    if capacity not in BY_CONTACT_POINT:
        return NotAllowed(_("This capacity is granted by the AI Office."))
    if (Capacity.SINGLE_POINT_OF_CONTACT, state) not in work.actor.capacity_states:
        return NotAllowed(_("A single point of contact grants capacities of its own Member State only."))
    return None


def _held_elsewhere(work: Work) -> Refused | None:
    _form, capacity, state = _grant(work)
    if capacity not in SINGLE_HOLDER:
        return None
    holder = (
        CapacityGrant.objects.filter(capacity=capacity, member_state=state, ended_at=None)
        .select_related("organisation")
        .first()
    )
    if holder is None:
        return None
    return Refused(
        _("%(capacity)s is one organisation alone, at present %(holder)s: end that first.")
        % {"capacity": capacity.label, "holder": holder.organisation.name}
    )


def _receiver(work: Work) -> Organisation:
    """Find the organisation, or make it with its first administrator; raises `Invalid` or `Refused`."""
    form, capacity, state = _grant(work)
    if form.organisation is None:
        found = find_one(form.receiver, "/receiver")
        if isinstance(found, Invalid):
            raise found
        _check_receiver(found, capacity, state)
        if found.pk == work.actor.organisation:
            raise Refused(_("Nobody grants a capacity to itself: the AI Office does it for a single point of contact."))
        return found
    if capacity is Capacity.SINGLE_POINT_OF_CONTACT:
        raise _no_authority()
    assert form.administrator is not None, "the form asks for one with every new organisation"
    described = form.organisation
    organisation = Organisation.objects.create(
        name=described.name,
        address=described.address,
        contact=described.contact,
        country=described.country,
        member_state=state_of_seat(described.country),
        public_body=capacity not in (Capacity.NOTIFIED_BODY, Capacity.SAFETY_ALLIANCE_ASSESSOR),
        admitted_at=work.at,
        created_at=work.at,
    )
    invite_first_administrator(
        organisation,
        form.administrator.email,
        name=form.administrator.name,
        language=(get_language() or "en").partition("-")[0],
        pointer="/administrator/email",
        actor=work.actor,
        at=work.at,
    )
    return organisation


def _check_receiver(organisation: Organisation, capacity: Capacity, state: str) -> None:
    held = CapacityGrant.objects.filter(organisation=organisation, ended_at=None)
    if held.filter(capacity=capacity, member_state=state).exists():
        raise invalid("/receiver", _("This organisation holds the capacity already."), "held-already")
    if capacity in NATIONAL_CAPACITIES and organisation.country != state:
        raise invalid(
            "/receiver",
            _("An authority or body of a Member State has its seat there; this one has not."),
            "other-state",
        )
    msa = held.filter(capacity=Capacity.MARKET_SURVEILLANCE_AUTHORITY, member_state=state)
    if capacity is Capacity.SINGLE_POINT_OF_CONTACT and not msa.exists():
        raise _no_authority()


def _no_authority() -> Refused:
    return Refused(
        _(
            "A Member State designates one of its market surveillance authorities as single point of contact (Article 70(2)): grant "
            "that capacity first."
        )
    )


def _give(work: Work, organisation: Organisation) -> None:
    form, capacity, state = _grant(work)
    CapacityGrant.objects.create(
        organisation=organisation, capacity=capacity, member_state=state, granted_by=work.actor.id, granted_at=work.at
    )
    case = work.case
    case.subject = organisation.name
    case.counterpart_id = organisation.pk
    case.member_states = [state] if state else []
    case.facts = {"capacity": form.capacity, "member_state": state}


def end(works: Sequence[Work]) -> None:
    """End the capacity at once; who holds no other is no longer admitted."""
    for work in works:
        facts: dict[str, Any] = work.case.facts
        office = Capacity.AI_OFFICE in work.actor.capacities
        if not office and Capacity(facts["capacity"]) not in BY_CONTACT_POINT:
            work.fail(NotAllowed(_("This capacity is granted and ended by the AI Office.")))
            continue
        if not office and work.case.counterpart_id == work.actor.organisation:
            work.fail(Refused(_("Nobody ends its own capacity: the AI Office does it for a single point of contact.")))
            continue
        of_receiver = CapacityGrant.objects.filter(
            organisation=work.case.counterpart_id, member_state=facts["member_state"], ended_at=None
        )
        if (
            facts["capacity"] == Capacity.MARKET_SURVEILLANCE_AUTHORITY
            and of_receiver.filter(capacity=Capacity.SINGLE_POINT_OF_CONTACT).exists()
        ):
            message = _(
                "It is the single point of contact too, which only a market surveillance authority can be (Article 70(2)): end "
                "that capacity first."
            )
            work.fail(Refused(message))
            continue
        held = of_receiver.filter(capacity=facts["capacity"])
        held.update(ended_at=work.at)
        work.case.facts = {**facts, "reason": work.data["reason"]}
        assert work.case.counterpart_id is not None, "a grant names its receiver"
        end_admission_without_capacity(work.case.counterpart_id)
