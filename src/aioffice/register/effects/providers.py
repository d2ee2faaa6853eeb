"""Registrations of providers: Sections A and B."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from aioffice.kernel.days import office_day
from aioffice.kernel.procedures.errors import FieldError, Invalid, ProcedureError
from aioffice.kernel.procedures.work import Work
from aioffice.register import forms
from aioffice.register.documents import check_attachments
from aioffice.register.effects.entering import filer_of, register, states_concerned, supersede
from aioffice.register.mandates import counterpart_of, seat_fault, standing_fault
from aioffice.register.vocabulary import FilerCapacity


def _is_secure(work: Work) -> bool:
    assert isinstance(work.form, forms.ProviderSection), "only providers' registrations come here"
    return work.form.route(office_day(work.at)).secure


def _fault(work: Work) -> ProcedureError | None:
    fault = standing_fault(work)
    if fault is None and work.step.procedure.series == "EU-A" and work.step.opens_case:
        # Article 22 speaks of high-risk systems, Section A, before they are made available. Who has lost its representative since
        # must still be able to say that the system is no longer on the market.
        fault = seat_fault(work)
    return fault or check_attachments(work)


def _concern(work: Work) -> None:
    """Write down whom the case concerns: the other organisation, and the States of both seats and of the text."""
    case = work.case
    if work.actor.organisation == case.organisation_id:
        case.counterpart_id = counterpart_of(work)
    seats = (
        [case.counterpart.member_state]
        if case.counterpart and case.facts["filer_capacity"] != FilerCapacity.PROVIDER
        else []
    )
    # A State in which the system "has been" made available (A 10) stays concerned, whatever a later version names.
    named = [*case.member_states, *seats, *work.data.get("member_states", [])]
    case.member_states = states_concerned(filer_of(work), named)


def file(works: Sequence[Work]) -> None:
    """Register systems of providers: each gets its number, its entry and its first version."""
    for work in works:
        if fault := _fault(work):
            work.fail(fault)
            continue
        case, data = work.case, work.data
        case.subject = data["trade_name"]
        case.secure = _is_secure(work)
        case.facts = {"section": work.step.procedure.series[-1], **data["routing"]}
        _concern(work)
    register([work for work in works if work.error is None])


def update(works: Sequence[Work]) -> None:
    """Add a version to each entry; the one before is superseded. The route of an entry never changes."""
    for work in works:
        if fault := _fault(work):
            work.fail(fault)
            continue
        if (
            _is_secure(work) != work.case.secure
            or work.data["routing"]["annex_iii_point"] != work.case.facts["annex_iii_point"]
        ):
            message = _("An entry keeps its use case and its section. For another use, register the system anew.")
            work.fail(Invalid(errors=[FieldError("/routing/annex_iii_point", message, "route-changed")]))
            continue
        case, data = work.case, work.data
        filed_as = case.facts["filer_capacity"]
        if work.actor.organisation == case.organisation_id and data["routing"]["filer_capacity"] != filed_as:
            message = _("An entry keeps the capacity in which it was filed.")
            work.fail(Invalid(errors=[FieldError("/routing/filer_capacity", message, "capacity-changed")]))
            continue
        case.subject = data["trade_name"]
        # The provider itself may update what its representative filed: the entry goes on saying in which capacity it was filed.
        data["routing"] = {**data["routing"], "filer_capacity": filed_as}
        case.facts = {**case.facts, **data["routing"]}
        _concern(work)
        supersede(work, work.data["change"])
