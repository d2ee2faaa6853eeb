"""How an operator proves that it is the one it says: by the code in a letter, or by a qualified electronic seal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.desks.admission import letters, ports
from aioffice.desks.admission.codes import matches
from aioffice.desks.admission.documents import check_document, keep_document
from aioffice.desks.admission.effects.applying import send
from aioffice.desks.admission.effects.common import invalid
from aioffice.desks.admission.forms import admission as forms
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.ports.errors import NotConnected, SealInvalid
from aioffice.desks.admission.queries import application_of
from aioffice.kernel.documents.rules import PDF_ONLY
from aioffice.kernel.documents.service import open_document
from aioffice.kernel.procedures.errors import Invalid, ProcedureError, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.work import Work


def send_again(works: Sequence[Work]) -> None:
    """Send a new code to the same address; the earlier one no longer works."""
    for work in works:
        last = LetterCode.objects.filter(case=work.case).first()
        if last is None:
            work.fail(Refused(_("No letter has gone out in this case.")))
        else:
            send(work, last.addressee, last.address)


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
    opened = open_document(UUID(work.data["document"]), actor=work.actor, at=work.at, door=None)
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


def close(works: Sequence[Work]) -> None:
    """End the application: its code works no more."""
    for work in works:
        letters.end_codes(work.case, work.at)
