"""What an operator states of itself: its application, checked and taken down, and the letter that goes out for it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.desks.admission import letters, ports
from aioffice.desks.admission.effects.common import invalid, number, passing
from aioffice.desks.admission.forms import admission as forms
from aioffice.desks.admission.ports.errors import NotConnected
from aioffice.desks.admission.queries import in_admission
from aioffice.desks.admission.vocabulary import state_of_seat
from aioffice.kernel.db import serialise
from aioffice.kernel.parties.models import Identifier, Organisation
from aioffice.kernel.parties.vocabulary import IdentifierScheme
from aioffice.kernel.procedures.errors import Invalid, Refused
from aioffice.kernel.procedures.work import Work


def apply(works: Sequence[Work]) -> None:
    """Open applications: one at a time for each organisation, and none for those already admitted as operators."""
    serialise(*(f"admission:{work.case.organisation_id}" for work in works))
    for work in works:
        if fault := _unwanted(work.case.organisation) or _other(work) or _taken(work):
            work.fail(fault)
    ready = passing(works)
    number(ready)
    for work in ready:
        _state(work)


def correct(works: Sequence[Work]) -> None:
    """Take the application anew: everything may change, so the proof starts again."""
    for work in works:
        if fault := _other(work) or _taken(work):
            work.fail(fault)
        else:
            _state(work)


def _unwanted(organisation: Organisation) -> Refused | None:
    if organisation.publications_frozen_at is not None:
        return Refused(
            _(
                "Publications of this organisation are stopped after a report of impersonation. Write to the AI Office before applying."
            )
        )
    standing = in_admission(organisation)
    if standing is None:
        return None
    if standing.state == "admitted":
        return Refused(
            _("Your organisation is admitted already: change its details or capacities in case %(n)s.")
            % {"n": standing}
        )
    return Refused(
        _("Your organisation has an application under way: %(n)s. Go on there, or give it up first.") % {"n": standing}
    )


def _form(work: Work) -> forms.Application:
    assert isinstance(work.form, forms.Application), "only applications come here"
    return work.form


def _other(work: Work) -> Invalid | None:
    """An authority or body that becomes an operator as well stays who it is."""
    form, organisation = _form(work), work.case.organisation
    if organisation.admitted_at is None or (form.name, form.country) == (organisation.name, organisation.country):
        return None
    message = _("Your organisation is here as “%(name)s”, country %(country)s: it applies under that name.")
    return invalid(
        "/name", message % {"name": organisation.name, "country": organisation.country}, "other-organisation"
    )


def _taken(work: Work) -> Invalid | None:
    """An official identifier stands for one organisation. Claims count from admission on, so nobody can block another's."""
    for scheme, value in _form(work).identifiers().items():
        owners = Identifier.objects.filter(scheme=scheme, value=value).exclude(organisation=work.case.organisation_id)
        if owners.exists():
            message = _(
                "An organisation with this identifier is admitted already. Ask its administrator to let you in."
            )
            return invalid(f"/{scheme.value}", message, "identifier-taken")
    return None


def _state(work: Work) -> None:
    form, case = _form(work), work.case
    address, check = form.address, "not_asked"
    if form.euid:
        found = _look_up(form)
        if isinstance(found, Invalid):
            work.fail(found)
            return
        address, check = found
    case.subject = form.name
    case.member_states = [state] if (state := state_of_seat(form.country)) else []
    case.facts = {
        "capacities": sorted(form.capacities),
        "country": form.country,
        "public_body": form.public_body,
        "business_register": check,
    }
    if case.organisation.admitted_at is None:
        fill_in(case.organisation, form)
    send(work, form.name, address)


def _look_up(form: forms.Application) -> tuple[str, str] | Invalid:
    """The address the letter goes to and how it was come by: as stated, unless a business register says."""
    register = ports.business_register()
    if not register.connected:
        return form.address, "not_connected"
    try:
        record = register.look_up(form.identifiers()[IdentifierScheme.EUID])
    except NotConnected:
        return form.address, "not_connected"
    if record is None:
        return invalid("/euid", _("The business register knows no organisation with this EUID."), "unknown-euid")
    if " ".join(record.name.casefold().split()) != " ".join(form.name.casefold().split()):
        message = _("In the business register this EUID belongs to “%(name)s”.") % {"name": record.name}
        return invalid("/name", message, "other-name")
    return record.registered_address, "confirmed"


def fill_in(organisation: Organisation, form: forms.Application) -> None:
    """Write down of the organisation what its application states."""
    organisation.name = form.name
    organisation.address = form.address
    organisation.contact = form.contact
    organisation.country = form.country
    organisation.member_state = state_of_seat(form.country)
    organisation.public_body = form.public_body
    organisation.save(update_fields=["name", "address", "contact", "country", "member_state", "public_body"])


def send(work: Work, addressee: str, address: str) -> None:
    """Have a letter with a new code go out, unless too many have."""
    language = (get_language() or "en").partition("-")[0]
    if letters.issue(work.case, addressee=addressee, address=address, language=language, at=work.at) is None:
        work.fail(
            Refused(
                _(
                    "%(n)s letters have gone out within thirty days, so no further one is sent now. Check the address, or write "
                    "to the AI Office."
                )
                % {"n": letters.MOST_LETTERS}
            )
        )
