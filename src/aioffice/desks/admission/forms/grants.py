"""What is asked when capacities, secure access and clearance are granted and ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import EmailStr, Field

from aioffice.desks.admission import vocabulary as v
from aioffice.desks.admission.forms.common import Line, Name, Words
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, Capacity
from aioffice.kernel.procedures.ask import Ask, Form, Widget, code
from aioffice.kernel.procedures.errors import FieldError

_NATIONAL_CODES = tuple(c.value for c in Capacity if c in NATIONAL_CAPACITIES)
HERE_ALREADY = _("Its official identifier or its exact name.")
MemberState = Annotated[str, code(v.states)]


class NewOrganisation(Form):
    """An authority or body that is not here yet."""

    name: Annotated[Name, Ask(_("Name"), autocomplete="organization")]
    address: Annotated[Line, Ask(_("Address"), autocomplete="street-address")]
    contact: Annotated[Line, Ask(_("Contact details"), help=_("How the public reaches it, Article 70(2)"))]
    country: Annotated[str, code(v.countries), Ask(_("Country of the seat"), widget=Widget.SELECT, choices=v.countries)]


class FirstAdministrator(Form):
    """Who will act for it first, and let others in."""

    name: Annotated[Name, Ask(_("Name"), public=False, autocomplete="name")]
    email: Annotated[
        EmailStr, Ask(_("E-mail address"), help=_("An invitation goes there."), public=False, autocomplete="email")
    ]


class Grant(Form):
    """Which capacity goes to whom."""

    capacity: Annotated[
        str, code(v.granted_capacities), Ask(_("Capacity"), widget=Widget.SELECT, choices=v.granted_capacities)
    ]
    member_state: Annotated[
        MemberState | None,
        Ask(
            _("Member State"),
            help=_("The State for which the authority or body was designated."),
            widget=Widget.SELECT,
            choices=v.states,
            relevant_when=(("capacity", _NATIONAL_CODES),),
        ),
    ] = None
    receiver: Annotated[
        str, Field(max_length=300), Ask(_("Organisation, if it is here already"), help=HERE_ALREADY)
    ] = ""
    organisation: Annotated[NewOrganisation | None, Ask(_("Organisation, if it is new here"))] = None
    administrator: Annotated[
        FirstAdministrator | None, Ask(_("First administrator of a new organisation"), public=False)
    ] = None
    designation: Annotated[
        Words,
        Ask(
            _("Designation"),
            help=_("The act, notification or decision that this capacity rests on, with its date."),
            provision="28, 30, 70(2), 74(8), 77(2)",
            widget=Widget.LONG_TEXT,
            public=False,
        ),
    ]

    def faults(self, on: date) -> Iterable[FieldError]:
        """Contradictions between capacity, State and organisation."""
        national = Capacity(self.capacity) in NATIONAL_CAPACITIES
        if national and not self.member_state:
            yield FieldError("/member_state", _now("This capacity is held for one Member State: choose it."), "missing")
        if not national and self.member_state:
            message = _now("This capacity is not held for a Member State: leave this out.")
            yield FieldError("/member_state", message, "not-national")
        if bool(self.receiver) == (self.organisation is not None):
            message = _now("Name an organisation that is here already, or describe a new one: one of the two.")
            yield FieldError("/receiver", message, "one-of-two")
        if (self.organisation is None) != (self.administrator is None):
            message = _now("A new organisation needs a first administrator; one that is here already has its own.")
            yield FieldError("/administrator", message, "first-administrator")
        if (
            national
            and self.organisation is not None
            and self.member_state
            and self.organisation.country != self.member_state
        ):
            message = _now("An authority or body of a Member State has its seat there.")
            yield FieldError("/organisation/country", message, "other-state")


class End(Form):
    """Why what was granted ends."""

    reason: Annotated[
        str,
        code(lambda: v.EndReason.choices),
        Ask(_("Reason"), widget=Widget.RADIOS, choices=lambda: v.EndReason.choices),
    ]
    explanation: Annotated[Words, Ask(_("Explanation"), widget=Widget.LONG_TEXT, public=False)]


class EndOfAccess(Form):
    """Why access to the secure section ends: never for a reason of the Office's own (Article 49(4))."""

    reason: Annotated[
        str,
        code(v.ends_of_access),
        Ask(_("Reason"), widget=Widget.RADIOS, choices=v.ends_of_access),
    ]
    explanation: Annotated[Words, Ask(_("Explanation"), widget=Widget.LONG_TEXT, public=False)]


class SecureGrant(Form):
    """Who gets access to the secure section."""

    receiver: Annotated[Name, Ask(_("Authority"), help=HERE_ALREADY)]
    member_state: Annotated[
        MemberState | None,
        Ask(
            _("Member State"),
            help=_(
                "Its authority under Article 74(8) sees the secure section of that State only. Leave it out for the "
                "European Data Protection Supervisor."
            ),
            provision="49(4), 74(8)",
            widget=Widget.SELECT,
            choices=v.states,
        ),
    ] = None
    reasons: Annotated[Words, Ask(_("Reasons"), widget=Widget.LONG_TEXT, public=False)]


class Clearance(Form):
    """Which member of the Office's staff is cleared, and on what ground."""

    email: Annotated[EmailStr, Ask(_("E-mail address of the member of staff"), public=False)]
    ground: Annotated[
        Words,
        Ask(
            _("Ground"),
            help=_("Why this person needs to see the secure section, and the clearance held."),
            widget=Widget.LONG_TEXT,
            public=False,
        ),
    ]
