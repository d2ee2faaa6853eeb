"""Registrations of uses by public deployers: Section C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import ValidationError

from aioffice.act.annex_iii import AreaOfUse
from aioffice.kernel.days import office_day
from aioffice.kernel.procedures.errors import FieldError, Invalid, Refused
from aioffice.kernel.procedures.models import Case, StepPayload
from aioffice.kernel.procedures.work import Work
from aioffice.register import forms
from aioffice.register.effects.entering import filer_of, register, states_concerned, supersede
from aioffice.register.models import Entry
from aioffice.register.selecting import no_such_entry, route_of_use, select_provider_entry
from aioffice.register.vocabulary import UNION, FilerCapacity

_ASSESSMENTS = ("rights_assessment", "data_protection_assessment")


def file_use(works: Sequence[Work]) -> None:
    """Register uses by public deployers; each selects the provider's entry (field C 3)."""
    chosen: dict[Any, Entry] = {}
    for work in works:
        selected = _select(work)
        if selected is not None:
            chosen[work.case.pk] = selected
    register([work for work in works if work.error is None], provider_entries=chosen)


def _select(work: Work, *, kept: UUID | None = None) -> Entry | None:
    """Find the entry field C 3 names and take its routing over; fail the work where it does not fit."""
    if fault := _public_body_fault(work):
        work.fail(fault)
        return None
    selected = select_provider_entry(work.data["provider_entry"], kept=kept)
    if selected is None:
        work.fail(no_such_entry(work.data["provider_entry"]))
        return None
    on = office_day(work.at)
    route = route_of_use(selected, work.data["routing"]["area_of_use"], on)
    if isinstance(route, Invalid):
        work.fail(route)
        return None
    if selected.secure and not route.secure:
        work.fail(_secure_alone())
        return None
    assert isinstance(work.form, forms.DeployerParts), "only deployers' registrations come here"
    if faults := list(work.form.faults_of_route(secure=route.secure, on=on)):
        work.fail(Invalid(errors=faults))
        return None
    case = work.case
    # However it was written, as a number or an address: the register keeps the number, and every door makes its address of it.
    work.data = {**work.data, "provider_entry": selected.number}
    case.subject = selected.name
    case.secure = route.secure
    case.facts = {**case.facts, "section": "C", "annex_iii_point": selected.annex_iii_point, **work.data["routing"]}
    case.member_states = _states(work)
    return Entry(case_id=selected.case_id)


def _states(work: Work) -> list[str]:
    """The deployer's own seat: that of the filer, or of the body for which it files."""
    routing = work.data["routing"]
    if routing["filer_capacity"] == FilerCapacity.ON_BEHALF_OF_DEPLOYER:
        return sorted({routing["deployer_seat"]} - {UNION})
    return states_concerned(filer_of(work), [])


def _secure_alone() -> Invalid:
    """A public entry would show the number and the name of what Article 49(4) keeps from the public."""
    message = _(
        "The provider registered this system for law enforcement, migration, asylum or border control only, in the section that the "
        "public cannot see. A use in another area needs an entry of the provider for that area: write to the provider."
    )
    return Invalid(errors=[FieldError("/routing/area_of_use", message, "route")])


def _public_body_fault(work: Work) -> Refused | None:
    if filer_of(work).public_body or work.data["routing"]["filer_capacity"] == FilerCapacity.ON_BEHALF_OF_DEPLOYER:
        return None
    return Refused(
        _(
            "Section C is for deployers that are public authorities, Union institutions, bodies, offices or agencies, or who act on "
            "their behalf (Article 49(3)). Your organisation is not recorded as one: ask your administrator to have that changed."
        )
    )


def hold_use(works: Sequence[Work]) -> None:
    """Keep a use that cannot be registered yet; what was filled in waits with the case."""
    for work in works:
        if fault := _public_body_fault(work):
            work.fail(fault)
            continue
        case = work.case
        case.subject = work.data["system_name"]
        # Until the provider's entry tells its use case, a use in a restricted area is kept from everyone it might not concern.
        case.secure = work.data["routing"]["area_of_use"] != AreaOfUse.OTHER
        case.facts = {"section": "C", **work.data["routing"]}
        case.member_states = _states(work)


def complete_use(works: Sequence[Work]) -> None:
    """Register a held use, with what the deployer filled in when it was held."""
    chosen: dict[Any, Entry] = {}
    for work in works:
        held = _held_payload(work.case)
        if held is None:
            work.fail(_erased())
            continue
        kept = {name: value for name, value in held.items() if name in forms.SectionC.model_fields}
        added = {name: value for name, value in work.data.items() if value is not None}
        work.data = {**kept, **added}
        selected_entry = select_provider_entry(work.data["provider_entry"])
        if selected_entry is not None and selected_entry.secure:
            # Filled in before anyone knew that the secure section asks for neither.
            work.data = {name: value for name, value in work.data.items() if name not in _ASSESSMENTS}
        try:
            work.form = forms.SectionC.model_validate(work.data)
        except ValidationError:
            work.fail(_erased())
            continue
        selected = _select(work)
        if selected is not None:
            chosen[work.case.pk] = selected
    register([work for work in works if work.error is None], provider_entries=chosen)


def _held_payload(case: Case) -> dict[str, Any] | None:
    payload = StepPayload.objects.filter(record__case=case, record__sequence=1).first()
    return dict(payload.data) if payload is not None else None


def _erased() -> Refused:
    return Refused(
        _(
            "Something that the registration needs was erased from what you had filled in. Give this up and register the use anew."
        )
    )


def update_use(works: Sequence[Work]) -> None:
    """Add a version to a Section C entry. It stays the use of one system by one deployer: another use is registered anew."""
    for work in works:
        was, filed = work.case.secure, dict(work.case.facts)
        kept = Entry.objects.values_list("provider_entry_id", flat=True).get(pk=work.case.pk)
        if fault := _changed(work, filed):
            work.fail(fault)
            continue
        selected = _select(work, kept=kept)
        if selected is None:
            continue
        if selected.case_id != kept:
            message = _(
                "An entry stays with the system whose use it registers. For another system, register its use anew."
            )
            work.fail(Invalid(errors=[FieldError("/provider_entry", message, "system-changed")]))
            continue
        if work.case.secure != was:
            message = _("An entry keeps its section. For use in another area, register that use anew.")
            work.fail(Invalid(errors=[FieldError("/routing/area_of_use", message, "route-changed")]))
            continue
        supersede(work, work.data["change"])


def _changed(work: Work, filed: dict[str, Any]) -> Invalid | None:
    """What decides which authorities read the case does not change with an update."""
    for name in ("filer_capacity", "deployer_seat"):
        if (work.data["routing"].get(name) or "") != (filed.get(name) or ""):
            message = _("An entry keeps the capacity in which it was filed, and the deployer's seat.")
            return Invalid(errors=[FieldError(f"/routing/{name}", message, "capacity-changed")])
    return None
