"""Receipts of steps, to be saved by whoever took them."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.doors.api.casefile import record_of
from aioffice.doors.proofs import receipt_data
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.kernel.ledger.receipts import step_evidence
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.procedures.case_view import visible_case


@require_safe
@office_page
def receipt(visit: Visit, case_id: UUID, sequence: int) -> HttpResponseBase:
    """The receipt of a step as a file, which holds without the Office; back to the case while the log does not hold the step yet."""
    case = visible_case(case_id, actor=visit.actor)
    evidence = step_evidence(record_of(case, sequence), reader=visit.actor, at=visit.at)
    if evidence is None:
        messages.info(visit.request, _("The receipt is being signed. It is there in a second: ask for it again."))
        return HttpResponseRedirect(reverse("office_case", args=[case_id]))
    body = msgspec.json.encode(receipt_data(evidence, verifier_key(INTERNAL)))
    response = HttpResponse(body, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{case.number or case.pk}-{sequence}.json"'
    return response
