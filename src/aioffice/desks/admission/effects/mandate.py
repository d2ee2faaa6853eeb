"""What the steps of a mandate do to it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from aioffice.desks.admission.documents import check_document, keep_document
from aioffice.desks.admission.effects.common import find_one, invalid, number
from aioffice.kernel.documents.rules import PDF_ONLY
from aioffice.kernel.parties.models import Mandate
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.work import Work


def propose(works: Sequence[Work]) -> None:
    """Write the mandate down, confirmed by the provider alone."""
    for work in works:
        found = find_one(work.data["representative"], "/representative", Capacity.AUTHORISED_REPRESENTATIVE)
        if isinstance(found, Invalid):
            work.fail(found)
            continue
        if found.pk == work.case.organisation_id:
            message = _("An authorised representative is somebody else than the provider.")
            work.fail(invalid("/representative", message, "own-organisation"))
            continue
        if fault := check_document(work, "mandate_copy", PDF_ONLY):
            work.fail(fault)
            continue
        case = work.case
        case.subject = f"{case.organisation.name} – {found.name}"
        case.counterpart_id = found.pk
        case.member_states = [found.member_state] if found.member_state else []
        number([work])
        Mandate.objects.create(
            case_id=case.pk,
            provider_id=case.organisation_id,
            representative=found,
            scope=work.data["scope"],
            provider_confirmed_at=work.at,
        )
        keep_document(work, "mandate_copy")


def confirm(works: Sequence[Work]) -> None:
    """The representative confirms: from now on the mandate is in force."""
    for work in works:
        Mandate.objects.filter(case_id=work.case.pk).update(representative_confirmed_at=work.at)


def end(works: Sequence[Work]) -> None:
    """End the mandate, or the proposal of one."""
    for work in works:
        Mandate.objects.filter(case_id=work.case.pk).update(ended_at=work.at)


def terminate(works: Sequence[Work]) -> None:
    """End the mandate because the provider acts contrary to its obligations; authorities are told with the reasons."""
    for work in works:
        if named := work.data["notified_body"]:
            found = find_one(named, "/notified_body", Capacity.NOTIFIED_BODY)
            if isinstance(found, Invalid):
                work.fail(found)
                continue
            work.case.facts = {**work.case.facts, "notified_body": str(found.pk)}
        Mandate.objects.filter(case_id=work.case.pk).update(ended_at=work.at)
