"""What an operator says of itself, and how it proves that it is the one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.desks.admission import vocabulary as v
from aioffice.desks.admission.forms.common import Line, Name
from aioffice.kernel.parties.identifiers import IdentifierError, check_identifier
from aioffice.kernel.parties.vocabulary import IdentifierScheme
from aioffice.kernel.procedures.ask import Ask, Form, Widget, code
from aioffice.kernel.procedures.errors import FieldError

Number = Annotated[str, Field(max_length=60)]
Capacities = Annotated[
    list[Annotated[str, code(v.operator_capacities)]],
    Field(min_length=1, max_length=5),
    Ask(
        _("What your organisation is"),
        help=_("Everything that fits. You can add to this later."),
        provision="3(3) to 3(8)",
        widget=Widget.CHECKBOXES,
        choices=v.operator_capacities,
    ),
]
PublicBody = Annotated[
    bool,
    Ask(
        _("Is it a public authority, or a Union institution, body, office or agency?"),
        help=_("Public bodies register the high-risk systems they use (Article 49(3))."),
        provision="49(3)",
        widget=Widget.RADIOS,
    ),
]
Contact = Annotated[
    Line, Ask(_("Contact details"), help=_("E-mail address, telephone number or web form"), public=False)
]


class LegalRepresentative(Form):
    """The person who may bind the organisation by law or statutes."""

    name: Annotated[Name, Ask(_("Name"), public=False, autocomplete="name")]
    position: Annotated[Name, Ask(_("Position"), help=_("For example managing director"), public=False)]


class Particulars(Form):
    """Checks that an organisation's own statements share: capacities and seat, identifiers."""

    def capacity_faults(self, capacities: list[str], country: str, public_body: bool) -> Iterable[FieldError]:
        """What contradicts the definitions of Article 3."""
        if len(set(capacities)) != len(capacities):
            yield FieldError("/capacities", _now("One of these is named twice."), "repeated")
        abroad = [c for c in v.SEATED_IN_UNION if c.value in capacities]
        if abroad and country != v.UNION and not v.state_of_seat(country):
            names = ", ".join(str(c.label) for c in sorted(abroad))
            message = _now("%(names)s: the Act means somebody established in the Union (Article 3(5) and (6)).") % {
                "names": names
            }
            yield FieldError("/capacities", message, "seat-outside-union")
        if country == v.UNION and not public_body:
            message = _now(
                "The Union as seat is for its institutions, bodies, offices and agencies: answer yes here, or choose a country."
            )
            yield FieldError("/public_body", message, "union-body")


class Application(Particulars):
    """Who the organisation is. An identifier is not needed, but two organisations never share one."""

    name: Annotated[
        Name, Ask(_("Name"), help=_("As it stands in the business register or statutes"), autocomplete="organization")
    ]
    country: Annotated[str, code(v.countries), Ask(_("Country of the seat"), widget=Widget.SELECT, choices=v.countries)]
    address: Annotated[
        Line,
        Ask(
            _("Registered address"),
            help=_("Street, postcode, town, country. A letter with a code goes there to prove that it is really you."),
            autocomplete="street-address",
        ),
    ]
    contact: Contact
    legal_representative: Annotated[LegalRepresentative, Ask(_("Legal representative"), public=False)]
    capacities: Capacities
    public_body: PublicBody
    lei: Annotated[Number, Ask(_("Legal Entity Identifier (LEI)"), help=_("20 letters and digits, if it has one"))] = ""
    vat: Annotated[
        Number, Ask(_("VAT identification number"), help=_("With the two letters of the Member State, if it has one"))
    ] = ""
    euid: Annotated[
        Number, Ask(_("European Unique Identifier (EUID)"), help=_("From the business register, if it has one"))
    ] = ""

    def faults(self, on: date) -> Iterable[FieldError]:
        yield from self.capacity_faults(self.capacities, self.country, self.public_body)
        for scheme in IdentifierScheme:
            try:
                self.identifier(scheme)
            except IdentifierError as error:
                yield FieldError(f"/{scheme.value}", str(error), "identifier")

    def identifier(self, scheme: IdentifierScheme) -> str:
        """The identifier of that scheme in its one way of writing, empty without one; raises `IdentifierError`."""
        said = str(getattr(self, scheme.value))
        return check_identifier(scheme, said) if said else ""

    def identifiers(self) -> dict[IdentifierScheme, str]:
        """Every identifier that was given, in its one way of writing."""
        given = {scheme: self.identifier(scheme) for scheme in IdentifierScheme}
        return {scheme: value for scheme, value in given.items() if value}


class Amendment(Particulars):
    """What an admitted operator changes without proving again who it is."""

    contact: Contact
    capacities: Capacities
    public_body: PublicBody


class EnteredCode(Form):
    """The code from the letter. It is checked and not kept."""

    code: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Ask(
            _("Code from the letter"),
            help=_("Twelve letters and digits. Dashes, blanks and small letters do not matter."),
            public=False,
            autocomplete="one-time-code",
            secret=True,
        ),
    ]


class SealedStatement(Form):
    """A document under the organisation's qualified electronic seal that names this application."""

    document: Annotated[
        UUID,
        Ask(
            _("Sealed document"),
            help=_(
                "A PDF with the number of this application in it, under your organisation's qualified electronic seal."
            ),
            public=False,
            widget=Widget.FILE,
        ),
    ]


class Signature(Form):
    """The first signatory signs for the organisation."""

    name: Annotated[Name, Ask(_("Your name"), public=False, autocomplete="name")]
    position: Annotated[Name, Ask(_("Your position in the organisation"), public=False)]
    declaration: Annotated[
        bool,
        Ask(
            _("I may bind this organisation, and what it stated here is true"),
            help=_("Whoever signs has the legal authority to represent the organisation (Article 71(5))."),
            public=False,
            widget=Widget.RADIOS,
        ),
    ]

    def faults(self, on: date) -> Iterable[FieldError]:
        """Whoever does not declare it does not sign."""
        if not self.declaration:
            message = _now(
                "Without this declaration nobody can sign. If it does not hold for you, let the right person sign."
            )
            yield FieldError("/declaration", message, "not-declared")
