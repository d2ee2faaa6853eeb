"""Registrations of providers: Sections A and B."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aioffice.kernel.days import office_day
from aioffice.kernel.parties.models import Mandate
from aioffice.kernel.procedures.errors import FieldError, Invalid, Refused
from aioffice.kernel.procedures.work import Work
from aioffice.register import forms
from aioffice.register.documents import check_attachments
from aioffice.register.effects.entering import filer_of, register, states_concerned, supersede
from aioffice.register.vocabulary import FilerCapacity


def _is_secure(work: Work) -> bool:
    assert isinstance(work.form, forms.ProviderSection), "only providers' registrations come here"
    return work.form.route(office_day(work.at)).secure


def file(works: Sequence[Work]) -> None:
    """Register systems of providers: each gets its number, its entry and its first version."""
    for work in works:
        if fault := _mandate_fault(work) or check_attachments(work):
            work.fail(fault)
            continue
        case, data = work.case, work.data
        case.subject = data["trade_name"]
        case.secure = _is_secure(work)
        case.facts = {"section": work.step.procedure.series[-1], **data["routing"]}
        case.member_states = states_concerned(filer_of(work), data.get("member_states", []))
        representative = _named_representative(work)
        if representative is not None:
            case.counterpart_id = representative
    register([work for work in works if work.error is None])


def _mandate_fault(work: Work) -> Refused | None:
    """A representative files under a mandate in force only (Article 22)."""
    if work.data["routing"]["filer_capacity"] != FilerCapacity.AUTHORISED_REPRESENTATIVE:
        return None
    provider = work.data["provider"]["name"].casefold()
    held = Mandate.objects.filter(
        representative_id=work.case.organisation_id, ended_at=None, provider_confirmed_at__isnull=False
    ).exclude(representative_confirmed_at=None)
    names = list(held.values_list("provider__name", flat=True))
    if provider in (name.casefold() for name in names):
        return None
    listed = ", ".join(sorted(names)) or "none"
    return Refused(
        "An authorised representative registers under a mandate that both sides have confirmed (Article 22). "
        f"Providers whose mandate you hold: {listed}.",
        pointer="/provider/name",
    )


def _named_representative(work: Work) -> Any:
    named = work.data.get("representative")
    if not named:
        return None
    held = Mandate.objects.filter(
        provider_id=work.case.organisation_id, ended_at=None, provider_confirmed_at__isnull=False
    ).exclude(representative_confirmed_at=None)
    match = held.filter(representative__name__iexact=named["name"]).first()
    return match.representative_id if match else None


def update(works: Sequence[Work]) -> None:
    """Add a version to each entry; the one before is superseded. The route of an entry never changes."""
    for work in works:
        if fault := _mandate_fault(work) or check_attachments(work):
            work.fail(fault)
            continue
        if (
            _is_secure(work) != work.case.secure
            or work.data["routing"]["annex_iii_point"] != work.case.facts["annex_iii_point"]
        ):
            message = "An entry keeps its use case and its section. For another use, register the system anew."
            work.fail(Invalid(errors=[FieldError("/routing/annex_iii_point", message, "route-changed")]))
            continue
        case, data = work.case, work.data
        case.subject = data["trade_name"]
        case.facts = {"section": case.facts["section"], **data["routing"]}
        case.member_states = states_concerned(filer_of(work), data.get("member_states", []))
        representative = _named_representative(work)
        if representative is not None:
            case.counterpart_id = representative
        supersede(work, work.data["change"])
