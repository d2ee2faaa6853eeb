"""Sections A, B and C of Annex VIII as forms, and the same with the particulars of a change.

What is asked of a given system follows from `act` (Article 49(4)); a test holds every field here against `act.annex_viii`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import EmailStr, Field, HttpUrl

from aioffice.act import annex_iii, annex_viii
from aioffice.kernel.procedures.ask import Ask, Asking, Form, Widget, code
from aioffice.kernel.procedures.errors import FieldError
from aioffice.register import asking
from aioffice.register import vocabulary as v
from aioffice.register.forms.parts import (
    Certificate,
    Change,
    DeployerRouting,
    Party,
    Person,
    ProviderRouting,
    Short,
    annex_field,
)

STATUS_HELP = _(
    "The Annex has no word for a system that is not there yet: who registers beforehand says “on the market, or in service”."
)
PUBLISHED_HELP = _("Published with the entry, as Annex VIII asks: name, address and contact details.")
PLACES: dict[str, dict[str, int]] = {
    "A": {
        "provider": 1,
        "submitter": 2,
        "representative": 3,
        "trade_name": 4,
        "intended_purpose": 5,
        "information_and_logic": 6,
        "status": 7,
        "certificate": 8,
        "certificate_copy": 9,
        "member_states": 10,
        "declaration_of_conformity": 11,
        "instructions_for_use": 12,
        "more_information": 13,
    },
    "B": {
        "provider": 1,
        "submitter": 2,
        "representative": 3,
        "trade_name": 4,
        "intended_purpose": 5,
        "conditions": 6,
        "status": 8,
    },
    "C": {
        "deployer": 1,
        "submitter": 2,
        "provider_entry": 3,
        "rights_assessment": 4,
        "data_protection_assessment": 5,
    },
}
"""Which field of a form answers which point of its section of Annex VIII."""


class Registration(Form):
    """What is common to the three sections: asked and needed follow from the route of Article 49(4)."""

    def section(self) -> str:
        """The section of Annex VIII."""
        raise AttributeError("each section says which it is")

    def places(self) -> dict[str, int]:
        """Which field of the form answers which point of the section."""
        raise AttributeError("each section lists its fields")

    def faults_of_route(self, *, secure: bool, on: date) -> Iterable[FieldError]:
        """Fields that are needed and missing, or sent although this route does not ask them."""
        section = self.section()
        asked = {field.number for field in annex_viii.asked_fields(section, secure=secure, on=on)}
        needed = {field.number for field in annex_viii.required_fields(section, secure=secure, on=on)}
        for name, number in self.places().items():
            empty = getattr(self, name) in (None, "", [], ())
            if number in needed and empty:
                yield FieldError(f"/{name}", _now("This is needed and was left out."), "missing")
            elif number not in asked and not empty:
                message = _now("This is not asked of systems in the secure section (Article 49(4)): leave it out.")
                yield FieldError(f"/{name}", message, "not-asked")


class ProviderSection(Registration):
    """What Sections A and B begin with; the route follows from the routing facts alone."""

    routing: Annotated[ProviderRouting, Ask(_("Where this registration belongs"), not_annex_viii=True, stays=True)]

    def route(self, on: date) -> annex_iii.Route:
        """Where the registration belongs (Article 49(1) to (5))."""
        return annex_iii.registration_route(self.routing.annex_iii_point, self.routing.area_of_use, on)

    def faults(self, on: date) -> Iterable[FieldError]:
        route = self.route(on)
        if route.problem_key:
            yield FieldError(f"/routing/{route.fact_at_fault}", v.words(route.problem_key), "route")
        yield from self.faults_of_route(secure=route.secure, on=on)


class SectionA(ProviderSection):
    """High-risk systems listed in Annex III, registered by the provider (Article 49(1), Annex VIII Section A)."""

    provider: Annotated[Party, annex_field("A", 1)]
    submitter: Annotated[Person | None, annex_field("A", 2, help=PUBLISHED_HELP)] = None
    representative: Annotated[Party | None, annex_field("A", 3)] = None
    trade_name: Annotated[Short, annex_field("A", 4)]
    intended_purpose: Annotated[str, Field(min_length=1, max_length=4000), annex_field("A", 5, widget=Widget.LONG_TEXT)]
    information_and_logic: Annotated[
        str | None, Field(min_length=1, max_length=4000), annex_field("A", 6, widget=Widget.LONG_TEXT)
    ] = None
    status: Annotated[
        str,
        code(v.system_statuses),
        annex_field("A", 7, widget=Widget.RADIOS, choices=v.system_statuses, help=STATUS_HELP),
    ]
    certificate: Annotated[Certificate | None, annex_field("A", 8)] = None
    certificate_copy: Annotated[UUID | None, annex_field("A", 9, widget=Widget.FILE)] = None
    member_states: Annotated[
        list[Annotated[str, code(v.states)]],
        Field(min_length=1, max_length=27),
        annex_field(
            "A",
            10,
            widget=Widget.CHECKBOXES,
            choices=v.states,
            help=_(
                "Before it is on the market: those in which it will be. A State named once stays among those concerned."
            ),
        ),
    ]
    declaration_of_conformity: Annotated[UUID | None, annex_field("A", 11, widget=Widget.FILE)] = None
    instructions_for_use: Annotated[UUID | None, annex_field("A", 12, widget=Widget.FILE)] = None
    more_information: Annotated[HttpUrl | None, Field(max_length=2048), annex_field("A", 13)] = None

    def section(self) -> str:
        return "A"

    def places(self) -> dict[str, int]:
        return PLACES["A"]

    @classmethod
    def asking(cls, answers: Mapping[str, Any], on: date) -> Asking:
        return asking.of_provider("A", PLACES["A"], answers, on)

    def faults(self, on: date) -> Iterable[FieldError]:
        yield from super().faults(on)
        if len(set(self.member_states)) != len(self.member_states):
            yield FieldError("/member_states", _now("A Member State is named twice."), "repeated")
        if self.certificate_copy and not self.certificate:
            message = _now("A copy of a certificate needs the certificate's particulars (point 8).")
            yield FieldError("/certificate", message, "missing")
        if self.certificate and not self.certificate_copy:
            message = _now("The certificate of point 8 is copied in point 9: add the file.")
            yield FieldError("/certificate_copy", message, "missing")


class SectionB(ProviderSection):
    """Systems that the provider holds not to be high-risk under Article 6(3) (Article 49(2), Annex VIII Section B)."""

    provider: Annotated[Party, annex_field("B", 1)]
    submitter: Annotated[Person | None, annex_field("B", 2, help=PUBLISHED_HELP)] = None
    representative: Annotated[Party | None, annex_field("B", 3)] = None
    trade_name: Annotated[Short, annex_field("B", 4)]
    intended_purpose: Annotated[str, Field(min_length=1, max_length=4000), annex_field("B", 5, widget=Widget.LONG_TEXT)]
    conditions: Annotated[
        list[Annotated[str, code(v.conditions)]] | None,
        Field(min_length=1, max_length=4),
        annex_field(
            "B",
            6,
            widget=Widget.CHECKBOXES,
            choices=v.conditions,
            help=_(
                "A system that profiles natural persons is always high-risk (Article 6(3), last subparagraph): use Section A."
            ),
        ),
    ] = None
    status: Annotated[
        str,
        code(v.system_statuses),
        annex_field("B", 8, widget=Widget.RADIOS, choices=v.system_statuses, help=STATUS_HELP),
    ]

    def section(self) -> str:
        return "B"

    def places(self) -> dict[str, int]:
        return PLACES["B"]

    @classmethod
    def asking(cls, answers: Mapping[str, Any], on: date) -> Asking:
        return asking.of_provider("B", PLACES["B"], answers, on)


Assessment = Annotated[str | None, Field(min_length=1, max_length=10_000)]
RightsAssessment = Annotated[Assessment, annex_field("C", 4, widget=Widget.LONG_TEXT)]
DataProtectionAssessment = Annotated[Assessment, annex_field("C", 5, widget=Widget.LONG_TEXT)]


class DeployerParts(Registration):
    """What every deployer says first, whether or not the provider's entry exists yet."""

    routing: Annotated[DeployerRouting, Ask(_("Where this registration belongs"), not_annex_viii=True, stays=True)]
    deployer: Annotated[Party, annex_field("C", 1)]
    submitter: Annotated[Person, annex_field("C", 2, help=PUBLISHED_HELP)]

    def section(self) -> str:
        return "C"

    def places(self) -> dict[str, int]:
        return {name: number for name, number in PLACES["C"].items() if name in type(self).model_fields}

    @classmethod
    def asking(cls, answers: Mapping[str, Any], on: date) -> Asking:
        return asking.of_deployer(
            {name: number for name, number in PLACES["C"].items() if name in cls.model_fields}, answers, on
        )

    def faults(self, on: date) -> Iterable[FieldError]:
        if self.routing.filer_capacity == v.FilerCapacity.ON_BEHALF_OF_DEPLOYER and not self.routing.deployer_seat:
            yield FieldError(
                "/routing/deployer_seat", _now("Say where the deployer you file for has its seat."), "missing"
            )
        # In other areas the route follows from the provider's entry too: the step's effect looks at both.
        if self.routing.area_of_use == annex_iii.AreaOfUse.OTHER:
            yield from self.faults_of_route(secure=False, on=on)


class SectionC(DeployerParts):
    """Use of a high-risk system by a public authority or Union body (Article 49(3), Annex VIII Section C)."""

    provider_entry: Annotated[
        str,
        Field(min_length=1, max_length=2048),
        annex_field(
            "C", 3, stays=True, help=_("Number or address of the provider's entry, for example EU-A-2026-000001.")
        ),
    ]
    rights_assessment: RightsAssessment = None
    data_protection_assessment: DataProtectionAssessment = None


class HeldSectionC(DeployerParts):
    """The same where the provider has not registered the system yet: the filing waits, and the provider is written to (26(8))."""

    system_name: Annotated[Short, Ask(_("Name of the system"), not_annex_viii=True)]
    provider_name: Annotated[Short, Ask(_("Name of the provider"), not_annex_viii=True)]
    provider_email: Annotated[EmailStr, Ask(_("E-mail address of the provider"), not_annex_viii=True)]
    rights_assessment: RightsAssessment = None
    data_protection_assessment: DataProtectionAssessment = None


class SelectEntry(Form):
    """The provider's entry, once there is one, and what only its use case shows to be asked; what was filled in before stays."""

    provider_entry: Annotated[
        str,
        Field(min_length=1, max_length=2048),
        annex_field(
            "C", 3, stays=True, help=_("Number or address of the provider's entry, for example EU-A-2026-000001.")
        ),
    ]
    rights_assessment: RightsAssessment = None
    data_protection_assessment: DataProtectionAssessment = None


class UpdateA(SectionA):
    """Section A, kept up to date."""

    change: Annotated[Change, Ask(_("About this change"), not_annex_viii=True)]

    def faults(self, on: date) -> Iterable[FieldError]:
        yield from super().faults(on)
        yield from self.change.faults(on)


class UpdateB(SectionB):
    """Section B, kept up to date."""

    change: Annotated[Change, Ask(_("About this change"), not_annex_viii=True)]

    def faults(self, on: date) -> Iterable[FieldError]:
        yield from super().faults(on)
        yield from self.change.faults(on)


class UpdateC(SectionC):
    """Section C, kept up to date."""

    change: Annotated[Change, Ask(_("About this change"), not_annex_viii=True)]

    def faults(self, on: date) -> Iterable[FieldError]:
        yield from super().faults(on)
        yield from self.change.faults(on)
