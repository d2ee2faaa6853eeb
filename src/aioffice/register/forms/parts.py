"""Parts that several forms of the register share: parties, the certificate, the routing facts, the particulars of a change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.act import ENTRY_INTO_FORCE, annex_viii
from aioffice.kernel.procedures.ask import Ask, Choices, Form, Widget, code
from aioffice.kernel.procedures.errors import FieldError
from aioffice.register import vocabulary as v

Short = Annotated[str, Field(min_length=1, max_length=500)]


def annex_field(section: str, number: int, **more: Any) -> Ask:
    """The `Ask` of a field of Annex VIII: label and provision come from `act`."""
    field = annex_viii.field(section, number)
    return Ask(
        label=v.lazy_field_label(section, number),
        provision=f"Annex VIII, Section {section}, point {number}",
        public=field.public,
        if_applicable=field.mandatory is annex_viii.Mandatory.IF_APPLICABLE,
        **more,
    )


class Party(Form):
    """Name, address and contact details of an organisation."""

    name: Annotated[Short, Ask(_("Name"), autocomplete="organization")]
    address: Annotated[Short, Ask(_("Address"), help=_("Street, town, country"), autocomplete="street-address")]
    contact: Annotated[Short, Ask(_("Contact details"), help=_("E-mail address, telephone number or web form"))]


class Person(Form):
    """Name, address and contact details of a person."""

    name: Annotated[Short, Ask(_("Name"), autocomplete="name")]
    address: Annotated[Short, Ask(_("Address"), autocomplete="street-address")]
    contact: Annotated[Short, Ask(_("Contact details"), help=_("E-mail address or telephone number"))]


class Certificate(Form):
    """Particulars of the certificate of a notified body."""

    kind: Annotated[str, Field(min_length=1, max_length=200), Ask(_("Type of certificate"))]
    number: Annotated[str, Field(min_length=1, max_length=200), Ask(_("Certificate number"))]
    expires: Annotated[date, Ask(_("Expiry date"), widget=Widget.DATE)]
    notified_body: Annotated[
        str, Field(min_length=1, max_length=200), Ask(_("Notified body"), help=_("Its name or identification number"))
    ]


Language = Annotated[
    str,
    code(v.text_languages),
    Ask(_("Language of your text"), not_annex_viii=True, widget=Widget.SELECT, choices=v.text_languages),
]
AreaOfUse = Annotated[
    str,
    code(v.areas_of_use),
    Ask(
        _("Area of use"),
        help=_(
            "Systems of Annex III points 1, 6 and 7 used in law enforcement, migration, asylum or border control "
            "are registered in the secure section that the public cannot see."
        ),
        provision="49(4)",
        not_annex_viii=True,
        widget=Widget.RADIOS,
        choices=v.areas_of_use,
    ),
]


def _filing_as(choices: Choices) -> Ask:
    return Ask(_("You file as"), not_annex_viii=True, widget=Widget.RADIOS, choices=choices)


class DeployerRouting(Form):
    """What decides where a deployer's registration goes. None of it is a field of Annex VIII."""

    filer_capacity: Annotated[str, code(v.deployer_capacities), _filing_as(v.deployer_capacities)]
    area_of_use: AreaOfUse
    language: Language
    deployer_seat: Annotated[
        str | None,
        code(v.deployer_seats, optional=True),
        Ask(
            _("Seat of the deployer"),
            help=_(
                "Where you file on behalf of a deployer: its Member State, or the Union. The authority there is the one that sees it."
            ),
            not_annex_viii=True,
            widget=Widget.SELECT,
            choices=v.deployer_seats,
        ),
    ] = None


class ProviderRouting(Form):
    """What decides where a provider's registration goes. None of it is a field of Annex VIII."""

    filer_capacity: Annotated[str, code(v.provider_capacities), _filing_as(v.provider_capacities)]
    annex_iii_point: Annotated[
        str,
        code(v.annex_iii_points),
        Ask(
            _("Use case of Annex III"),
            help=_("The point of Annex III under which the system falls, or would fall without Article 6(3)."),
            provision="Annex III",
            not_annex_viii=True,
            widget=Widget.SELECT,
            choices=v.annex_iii_points,
        ),
    ]
    area_of_use: AreaOfUse
    language: Language


class Change(Form):
    """Since when an updated text is true, and why it changed."""

    valid_from: Annotated[
        date,
        Ask(
            _("True since"),
            help=_("The day from which the new text describes the system."),
            widget=Widget.DATE,
            stays=True,
        ),
    ]
    reason: Annotated[str, Field(min_length=1, max_length=1000), Ask(_("Why it changes"), widget=Widget.LONG_TEXT)]

    def faults(self, on: date) -> Iterable[FieldError]:
        """A change that lies ahead is filed when it has come."""
        if self.valid_from > on:
            message = _now("This day lies in the future: file the change when it has taken place.")
            yield FieldError("/change/valid_from", message, "in-the-future")
        if self.valid_from < ENTRY_INTO_FORCE:
            message = _now("The Act entered into force on 1 August 2024: nothing here is true since a day before that.")
            yield FieldError("/change/valid_from", message, "before-the-act")
