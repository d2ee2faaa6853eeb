"""For whom a registration is made: the filer's capacity, and the mandates under which authorised representatives file (Article 22)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aioffice.act.registration import duty
from aioffice.kernel.days import office_day
from aioffice.kernel.parties.models import Mandate
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import FieldError, Invalid, ProcedureError, Refused
from aioffice.kernel.procedures.work import Work
from aioffice.register.vocabulary import FilerCapacity


def in_force() -> QuerySet[Mandate]:
    """Mandates that both sides have confirmed and nobody has ended."""
    confirmed = Mandate.objects.filter(ended_at=None, provider_confirmed_at__isnull=False)
    return confirmed.exclude(representative_confirmed_at=None).select_related("provider", "representative")


def filed_under_mandate(work: Work) -> bool:
    """Whether the filing is made as authorised representative."""
    return bool(work.data["routing"]["filer_capacity"] == FilerCapacity.AUTHORISED_REPRESENTATIVE)


def mandate_of(work: Work) -> Mandate | None:
    """The mandate under which a representative files for the provider that field 1 names; none where several have that name.

    An update stays with the provider of its entry, whoever else has taken its name since.
    """
    named = work.data["provider"]["name"]
    held = in_force().filter(representative_id=work.actor.organisation, provider__name__iexact=named)
    if not work.step.opens_case:
        held = held.filter(provider_id=work.case.counterpart_id)
    return _only(list(held[:2]))


def _same_provider(work: Work) -> bool:
    provider = work.case.counterpart
    return provider is not None and provider.name.casefold() == str(work.data["provider"]["name"]).casefold()


def _only(found: list[Mandate]) -> Mandate | None:
    return found[0] if len(found) == 1 else None


def standing_fault(work: Work) -> ProcedureError | None:
    """What is wrong when the filer does not have the capacity it files in: providers register themselves, or their representative does."""
    by_provider_itself = not work.step.opens_case and work.actor.organisation != work.case.organisation_id
    if by_provider_itself or not filed_under_mandate(work):
        if Capacity.PROVIDER in work.actor.capacities:
            return None
        message = _(
            "Your organisation is not recorded as a provider: file as authorised representative, or amend your admission."
        )
        return Invalid(errors=[FieldError("/routing/filer_capacity", message, "capacity")])
    if not work.data.get("representative"):
        message = _("Where the authorised representative files, its own name, address and contact details are needed.")
        return Invalid(errors=[FieldError("/representative", message, "missing")])
    if not work.data.get("submitter"):
        message = _("Who submits this for the provider is named here, with address and contact details (point 2).")
        return Invalid(errors=[FieldError("/submitter", message, "missing")])
    if not work.step.opens_case and not _same_provider(work):
        message = _("An entry stays with its provider. For a system of another provider, register anew.")
        return Invalid(errors=[FieldError("/provider/name", message, "provider-changed")])
    if mandate_of(work) is not None:
        return None
    names = list(in_force().filter(representative_id=work.actor.organisation).values_list("provider__name", flat=True))
    if sum(name.casefold() == str(work.data["provider"]["name"]).casefold() for name in names) > 1:
        return Refused(
            _("You hold mandates of several providers of this name: have the Office tell them apart before you file."),
            pointer="/provider/name",
        )
    return Refused(
        _(
            "An authorised representative registers under a mandate that both sides have confirmed (Articles 3(5) and 22). "
            "Providers whose mandate you hold: %(names)s."
        )
        % {"names": ", ".join(sorted(names)) or _("none")},
        pointer="/provider/name",
    )


def seat_fault(work: Work) -> Invalid | None:
    """A provider outside the Union appoints an authorised representative first (22(1)), once that Article applies (113, point (c)(i))."""
    if office_day(work.at) < duty("A").classified_from:
        return None
    filer = work.case.organisation
    if work.data.get("representative") or filer.member_state or filer.country == "EU":
        return None
    message = _("A provider established outside the Union names its authorised representative (Article 22(1)).")
    return Invalid(errors=[FieldError("/representative", message, "missing")])


def counterpart_of(work: Work) -> UUID | None:
    """The other organisation of the filing: the provider, where its representative files; else the representative field 3 names."""
    if filed_under_mandate(work):
        mandate = mandate_of(work)
        return mandate.provider_id if mandate else None
    named = work.data.get("representative")
    if not named:
        return None
    named_so = in_force().filter(provider_id=work.case.organisation_id, representative__name__iexact=named["name"])
    held = _only(list(named_so[:2]))
    return held.representative_id if held else None
