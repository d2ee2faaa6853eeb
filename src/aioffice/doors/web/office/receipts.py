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

from aioffice.doors.api.casefile import record_line, record_of
from aioffice.doors.proofs import receipt_data
from aioffice.doors.receipt_pdf import receipt_pdf
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.templatetags._dates import long_date, long_moment
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.ledger.receipts import erased_on, step_evidence
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.declaration import procedure
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.settings import settings


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
    url = settings().base_url + reverse("office_receipt", args=[case_id, sequence])
    made = receipt_pdf(data, _facts(case, record), url=url, at=visit.at)
    return _file(case, record, "pdf", made, "application/pdf")


def _receipt(visit: Visit, case_id: UUID, sequence: int) -> tuple[Case, StepRecord, dict[str, Any] | None]:
    case = visible_case(case_id, actor=visit.actor)
    record = record_of(case, sequence)
    evidence = step_evidence(record, reader=visit.actor, at=visit.at)
    if evidence is None:
        return case, record, None
    return case, record, receipt_data(evidence, verifier_key(INTERNAL), erased_on(record))


def _early(visit: Visit, case_id: UUID) -> HttpResponse:
    messages.info(visit.request, _("The receipt is being signed. It is there in a second: ask for it again."))
    return HttpResponseRedirect(reverse("office_case", args=[case_id]))


def _file(case: Case, record: StepRecord, kind: str, body: bytes, content_type: str) -> HttpResponse:
    name = f"receipt-{case.number or case.pk}-{record.sequence}.{kind}"
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _facts(case: Case, record: StepRecord) -> list[tuple[str, str]]:
    line = record_line(record)
    facts = [
        (_("Step"), f"{line['title']} ({record.sequence})"),
        (_("Procedure"), str(procedure(case.procedure).title)),
        (_("Case"), case.number or str(case.pk)),
        (_("Subject"), case.subject),
        (_("Organisation"), line["organisation"] or _("service of the Office")),
        (_("Took place"), long_moment(record.took_place_at)),
        (_("Recorded"), long_moment(record.recorded_at)),
        (_("Legal basis"), provision_words(record.basis)),
    ]
    facts += [(_("Erased"), _erased(pointer, day)) for pointer, day in erased_on(record).items()]
    return [(name, text) for name, text in facts if text]


def _erased(pointer: str, day: str) -> str:
    words = {"what": pointer, "day": long_date(day)}
    return _("%(what)s, on %(day)s") % words if pointer else _("everything that was sent, on %(day)s") % words
