"""What the steps of an operator's admission do: particulars, letters with codes, admission and its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.desks.admission import letters, ports
from aioffice.desks.admission.codes import matches
from aioffice.desks.admission.documents import check_document, keep_document
from aioffice.desks.admission.effects.common import invalid, number, passing
from aioffice.desks.admission.forms import admission as forms
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.ports.errors import NotConnected, SealInvalid
from aioffice.desks.admission.queries import application_of, in_admission
from aioffice.desks.admission.vocabulary import state_of_seat
from aioffice.kernel.documents.rules import PDF_ONLY
from aioffice.kernel.documents.service import open_document
from aioffice.kernel.parties.models import CapacityGrant, Identifier, Mandate, Organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES, Capacity, IdentifierScheme
from aioffice.kernel.procedures.errors import Invalid, ProcedureError, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.work import Work


def apply(works: Sequence[Work]) -> None:
    """Open applications: one at a time for each organisation, and none for those already admitted as operators."""
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
        _fill_in(case.organisation, form)
    _send(work, form.name, address)


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


def _fill_in(organisation: Organisation, form: forms.Application) -> None:
    organisation.name = form.name
    organisation.address = form.address
    organisation.contact = form.contact
    organisation.country = form.country
    organisation.member_state = state_of_seat(form.country)
    organisation.public_body = form.public_body
    organisation.save(update_fields=["name", "address", "contact", "country", "member_state", "public_body"])


def _send(work: Work, addressee: str, address: str) -> None:
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


def send_again(works: Sequence[Work]) -> None:
    """Send a new code to the same address; the earlier one no longer works."""
    for work in works:
        last = LetterCode.objects.filter(case=work.case).first()
        if last is None:
            work.fail(Refused(_("No letter has gone out in this case.")))
        else:
            _send(work, last.addressee, last.address)


def prove_by_code(works: Sequence[Work]) -> None:
    """Check the code. A wrong one is counted, and the count stays although the step is refused."""
    for work in works:
        assert isinstance(work.form, forms.EnteredCode), "only codes come here"
        row = LetterCode.objects.select_for_update().filter(case=work.case, ended_at=None).first()
        if row is None:
            work.fail(
                Refused(
                    _(
                        "There is no code that works: the last one was entered wrongly too often. Have a new letter sent."
                    )
                )
            )
        elif work.at >= row.expires_at:
            work.fail(Refused(_("The code in the letter has run out after thirty days. Have a new letter sent.")))
        elif matches(row.pk, row.digest, work.form.code):
            row.ended_at = work.at
            row.save(update_fields=["ended_at"])
            work.case.facts = {**work.case.facts, "proof": "letter"}
        else:
            work.fail(_count_wrong(row, work.at))


def _count_wrong(row: LetterCode, at: datetime) -> Invalid:
    row.attempts += 1
    left = letters.MOST_ATTEMPTS - row.attempts
    if left <= 0:
        row.ended_at = at
    row.save(update_fields=["attempts", "ended_at"])
    message = (
        _("This is not the code in the letter. Attempts left: %(n)s.") % {"n": left}
        if left > 0
        else _("This is not the code in the letter, and it was the last attempt. Have a new letter sent.")
    )
    error = invalid("/code", message, "wrong-code")
    error.lasting = True
    return error


def seals_are_checked(case: Case) -> str:
    """Need: a validation service for qualified seals is connected."""
    if ports.qualified_seal().connected:
        return ""
    return _("This office is not connected to a validation service for qualified seals. Use the code from the letter.")


def prove_by_seal(works: Sequence[Work]) -> None:
    """Accept a document that names the application, under a qualified seal of the organisation that applied."""
    for work in works:
        fault = check_document(work, "document", PDF_ONLY) or _seal_fault(work)
        if fault is not None:
            work.fail(fault)
            continue
        letters.end_codes(work.case, work.at)
        work.case.facts = {**work.case.facts, "proof": "qualified_seal"}
        keep_document(work, "document")


def _seal_fault(work: Work) -> ProcedureError | None:
    application = application_of(work.case)
    opened = open_document(UUID(work.data["document"]), actor=work.actor, at=work.at)
    with opened.file as file:
        try:
            seal = ports.qualified_seal().validate(file, naming=work.case.number or "", at=work.at)
        except NotConnected as error:
            return Refused(str(error))
        except SealInvalid as error:
            return invalid("/document", str(error), "seal-invalid")
    numbers = [value for value in application.identifiers().values() if value in seal.organisation_identifier.upper()]
    if numbers or seal.organisation_name.casefold().strip() == application.name.casefold():
        return None
    message = _("The seal is that of “%(name)s”, not of the organisation that applied.") % {
        "name": seal.organisation_name
    }
    return invalid("/document", message, "other-seal")


def admit(works: Sequence[Work]) -> None:
    """Admit: particulars as last stated, identifiers, and the capacities that were claimed."""
    for work in works:
        application, organisation = application_of(work.case), work.case.organisation
        taken = Identifier.objects.exclude(organisation=organisation)
        given = application.identifiers()
        if any(taken.filter(scheme=scheme, value=value).exists() for scheme, value in given.items()):
            work.fail(
                Refused(
                    _(
                        "Meanwhile another organisation was admitted under one of these identifiers. Write to the AI Office."
                    )
                )
            )
            continue
        _fill_in(organisation, application)
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


def close(works: Sequence[Work]) -> None:
    """End the application: its code works no more."""
    for work in works:
        letters.end_codes(work.case, work.at)


def withdraw(works: Sequence[Work]) -> None:
    """End the capacities it claimed; who holds no other is no longer admitted."""
    for work in works:
        _hold(work.case.organisation, [], work)
        end_admission_without_capacity(work.case.organisation_id)


def end_admission_without_capacity(organisation_id: UUID) -> None:
    """Take back the admission of an organisation that holds no capacity any more."""
    if not CapacityGrant.objects.filter(organisation=organisation_id, ended_at=None).exists():
        Organisation.objects.filter(pk=organisation_id).update(admitted_at=None)
