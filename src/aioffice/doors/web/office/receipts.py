"""Receipts of steps, to be saved by whoever took them: as PDF for people, as JSON for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.doors.api.casefile import MOST_STEPS, record_of
from aioffice.doors.printed_receipts import file_name, printed_receipt
from aioffice.doors.proofs import step_receipt
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.templatetags._dates import long_moment
from aioffice.kernel.ledger.holds import hold_of
from aioffice.kernel.ledger.receipts import erased_on, step_evidence
from aioffice.kernel.ledger.sequencer import SEQUENCER
from aioffice.kernel.ledger.signing import INTERNAL
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.reading.vocabulary import Door, Thing


@require_safe
@office_page
def receipt(visit: Visit, case_id: UUID, sequence: int) -> HttpResponseBase:
    """The receipt of a step as a file, which holds without the Office; back to the case while the log does not hold the step yet."""
    case, record, data = _receipt(visit, case_id, sequence)
    if data is None:
        return _early(visit, case_id)
    return _file(case, record, "json", msgspec.json.encode(data), "application/json")


@require_safe
@office_page
def printed(visit: Visit, case_id: UUID, sequence: int) -> HttpResponseBase:
    """The receipt as a PDF that holds the same file; back to the case while the log does not hold the step yet."""
    case, record, data = _receipt(visit, case_id, sequence)
    if data is None:
        return _early(visit, case_id)
    return _file(case, record, "pdf", printed_receipt(data, case, record, at=visit.at), "application/pdf")


def _receipt(visit: Visit, case_id: UUID, sequence: int) -> tuple[Case, StepRecord, dict[str, Any] | None]:
    thing, version = Thing.RECEIPT, min(sequence, MOST_STEPS)
    case = visible_case(case_id, actor=visit.actor, door=Door.PAGE, thing=thing, version=version)
    record = record_of(case, sequence)
    evidence = step_evidence(record, reader=visit.actor, at=visit.at)
    if evidence is None:
        return case, record, None
    return case, record, step_receipt(evidence, erased_on(record))


def _early(visit: Visit, case_id: UUID) -> HttpResponse:
    hold = hold_of(INTERNAL, service=SEQUENCER, at=visit.at)
    if hold is None:
        messages.info(visit.request, _("The receipt is being signed. It is there in a second: ask for it again."))
    else:
        words = _(
            "The receipt cannot be signed now. Nothing has been added to the log of all steps since %(since)s: the Office is finding out "
            "whether entries of it are missing. The case keeps what you did."
        )
        messages.warning(visit.request, words % {"since": long_moment(hold.since)})
    return HttpResponseRedirect(reverse("office_case", args=[case_id]))


def _file(case: Case, record: StepRecord, kind: str, body: bytes, content_type: str) -> HttpResponse:
    name = file_name(case, record, kind)
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
