"""What access to the secure section and clearance for it do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.desks.admission.effects.common import find_one, invalid, number
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import CapacityGrant, Membership, Person
from aioffice.kernel.parties.services import set_clearance
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid, ProcedureError, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.work import Work
from aioffice.kernel.settings import settings


def open_section(works: Sequence[Work]) -> None:
    """Let an authority under Article 74(8) see its State's part of the secure section, or the EDPS that of Union bodies."""
    for work in works:
        state = work.data["member_state"] or ""
        capacity = Capacity.ARTICLE_74_8_AUTHORITY if state else Capacity.EDPS
        found = find_one(work.data["receiver"], "/receiver", capacity)
        if isinstance(found, Invalid):
            work.fail(found)
            continue
        if capacity is Capacity.EDPS and not settings().edps_reads_secure_section:
            message = _(
                "This office reads Article 49(4) as opening the secure section to national authorities alone. The setting "
                "AIOFFICE_EDPS_READS_SECURE_SECTION opens it to the European Data Protection Supervisor."
            )
            work.fail(Refused(message, pointer="/member_state"))
            continue
        held = CapacityGrant.objects.select_for_update().filter(
            organisation=found, capacity=capacity, member_state=state, ended_at=None
        )
        grant = held.first()
        if grant is None:
            message = _("This authority does not hold the capacity of Article 74(8) for that Member State.")
            work.fail(invalid("/member_state", message, "other-state"))
        elif grant.secure_access:
            work.fail(invalid("/receiver", _("This authority has the access already."), "held-already"))
        else:
            held.update(secure_access=True)
            case = work.case
            case.subject = found.name
            case.counterpart_id = found.pk
            case.member_states = [state] if state else []
            case.facts = {"capacity": capacity.value, "member_state": state}
            number([work])


def close_section(works: Sequence[Work]) -> None:
    """End the access; the capacity itself, where it is still held, stays."""
    for work in works:
        facts = work.case.facts
        CapacityGrant.objects.filter(
            organisation=work.case.counterpart_id,
            capacity=facts.get("capacity", ""),
            member_state=facts.get("member_state", ""),
            ended_at=None,
        ).update(secure_access=False)
        work.case.facts = {**facts, "reason": work.data.get("reason", "capacity_ended")}


def clear(works: Sequence[Work]) -> None:
    """Clear a named member of the Office's staff."""
    for work in works:
        person = Person.objects.filter(
            email__iexact=work.data["email"], memberships__organisation=work.actor.organisation
        ).first()
        if person is None:
            work.fail(
                invalid("/email", _("No member of the AI Office's staff has this e-mail address."), "no-such-person")
            )
            continue
        if person.cleared_at is not None:
            work.fail(invalid("/email", _("This person is cleared already."), "cleared-already"))
            continue
        try:
            set_clearance(person.pk, cleared=True, actor=work.actor, at=work.at)
        except ProcedureError as error:
            work.fail(error)
            continue
        work.case.subject = person.get_full_name()
        work.case.facts = {"person": str(person.pk)}
        number([work])


def end_clearance(works: Sequence[Work]) -> None:
    """Take the clearance back, also from somebody who has left the Office."""
    for work in works:
        person = _person(work.case)
        if Membership.objects.filter(person=person, organisation=work.actor.organisation).exists():
            set_clearance(person, cleared=False, actor=work.actor, at=work.at)
        else:
            Person.objects.filter(pk=person).update(cleared_at=None)
            audit(work.actor, "person.end_clearance", f"person:{person}", {}, work.at)


def _person(case: Case) -> UUID:
    return UUID(case.facts["person"])
