"""Admission itself, what an admitted operator changes, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.desks.admission.effects.applying import fill_in
from aioffice.desks.admission.effects.common import invalid
from aioffice.desks.admission.forms import admission as forms
from aioffice.desks.admission.queries import application_of
from aioffice.kernel.db import serialise
from aioffice.kernel.parties.models import CapacityGrant, Identifier, Mandate, Organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES, Capacity
from aioffice.kernel.procedures.errors import Invalid, Refused
from aioffice.kernel.procedures.work import Work


def admit(works: Sequence[Work]) -> None:
    """Admit: particulars as last stated, identifiers, and the capacities that were claimed."""
    applications = [application_of(work.case) for work in works]
    # Whoever asks for an identifier that another transaction is about to give away waits, and then finds it taken.
    serialise(*(f"identifier:{scheme}:{value}" for one in applications for scheme, value in one.identifiers().items()))
    for work, application in zip(works, applications, strict=True):
        organisation, given = work.case.organisation, application.identifiers()
        taken = Identifier.objects.exclude(organisation=organisation)
        if any(taken.filter(scheme=scheme, value=value).exists() for scheme, value in given.items()):
            work.fail(
                Refused(
                    _(
                        "Meanwhile another organisation was admitted under one of these identifiers. Write to the AI Office."
                    )
                )
            )
            continue
        fill_in(organisation, application)
        Identifier.objects.filter(organisation=organisation).delete()
        Identifier.objects.bulk_create(
            Identifier(organisation=organisation, scheme=scheme, value=value) for scheme, value in given.items()
        )
        organisation.admitted_at = organisation.admitted_at or work.at
        organisation.save(update_fields=["admitted_at"])
        _hold(organisation, application.capacities, work)


def _hold(organisation: Organisation, capacities: Sequence[str], work: Work) -> None:
    """Let the organisation hold exactly these operator capacities."""
    held = CapacityGrant.objects.filter(organisation=organisation, capacity__in=OPERATOR_CAPACITIES, ended_at=None)
    held.exclude(capacity__in=capacities).update(ended_at=work.at)
    missing = set(capacities) - set(held.values_list("capacity", flat=True))
    CapacityGrant.objects.bulk_create(
        CapacityGrant(organisation=organisation, capacity=capacity, granted_by=work.actor.id, granted_at=work.at)
        for capacity in sorted(missing)
    )


def amend(works: Sequence[Work]) -> None:
    """Change contact details, capacities and whether the organisation is a public body."""
    for work in works:
        form, organisation = work.form, work.case.organisation
        assert isinstance(form, forms.Amendment), "only amendments come here"
        faults = list(form.capacity_faults(form.capacities, organisation.country, form.public_body))
        if Capacity.AUTHORISED_REPRESENTATIVE not in form.capacities and _represents(organisation):
            message = _("Your organisation holds mandates as authorised representative: end them first.")
            faults += invalid("/capacities", message, "mandates-in-force").errors
        if faults:
            work.fail(Invalid(errors=faults))
            continue
        organisation.contact, organisation.public_body = form.contact, form.public_body
        organisation.save(update_fields=["contact", "public_body"])
        _hold(organisation, form.capacities, work)
        work.case.facts = {**work.case.facts, "capacities": sorted(form.capacities), "public_body": form.public_body}


def _represents(organisation: Organisation) -> bool:
    return (
        Mandate.objects.filter(representative=organisation, ended_at=None)
        .exclude(representative_confirmed_at=None)
        .exists()
    )


def withdraw(works: Sequence[Work]) -> None:
    """End the capacities it claimed; who holds no other is no longer admitted."""
    for work in works:
        _hold(work.case.organisation, [], work)
        end_admission_without_capacity(work.case.organisation_id)


def end_admission_without_capacity(organisation_id: UUID) -> None:
    """Take back the admission of an organisation that holds no capacity any more."""
    if not CapacityGrant.objects.filter(organisation=organisation_id, ended_at=None).exists():
        Organisation.objects.filter(pk=organisation_id).update(admitted_at=None)
