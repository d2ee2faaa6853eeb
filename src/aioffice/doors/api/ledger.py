"""Proofs that the public log states what the register shows, and receipts of steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from aioffice.doors.api import casefile
from aioffice.doors.api.answers import json_answer, tagged
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.documenting import describe, pdf_answer
from aioffice.doors.api.problems import Problem
from aioffice.doors.api.schemas_ledger import LedgerProof, StepReceipt
from aioffice.doors.printed_receipts import file_name, printed_receipt
from aioffice.doors.proofs import NotYet, proof_data, step_receipt
from aioffice.kernel.db import acting
from aioffice.kernel.ledger.holds import hold_of
from aioffice.kernel.ledger.receipts import erased_on, step_evidence
from aioffice.kernel.ledger.sequencer import SEQUENCER
from aioffice.kernel.ledger.signing import INTERNAL
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.reading.vocabulary import Door, Thing

proofs = Router(tags=["Register"])
receipts = Router(tags=["Cases"], auth=OrganisationToken())
_PRINTED = describe(401, 403, 404)
SEQUENCED_WITHIN = 1
"""Seconds after which to ask again for what the sequencer has not come to."""
HELD_FOR = 3600
"""Seconds after which to ask again while the log is held: a person has to settle that."""


@proofs.get(
    "/entries/{number}/proof",
    response=LedgerProof,
    operation_id="prove_entry",
    summary="Proof that the public log states an entry as it stands",
    description="503 for the second between a publication and its place in the log.",
    openapi_extra=describe(404, etag=True),
)
def prove_entry(request: HttpRequest, number: str) -> HttpResponse:
    return _proof(request, number, None, "The public register has no entry with this number.")


@proofs.get(
    "/entries/{number}/versions/{int:n}/proof",
    response=LedgerProof,
    operation_id="prove_version",
    summary="Proof that the public log states a version of an entry",
    description="503 for the second between a publication and its place in the log.",
    openapi_extra=describe(404, etag=True),
)
def prove_version(request: HttpRequest, number: str, n: int) -> HttpResponse:
    return _proof(request, number, n, "The public register has no such version.")


def _proof(request: HttpRequest, number: str, version: int | None, nothing: str) -> HttpResponse:
    try:
        data = proof_data(number, version)
    except NotYet as early:
        raise _not_yet(early.held_since) from None
    if data is None:
        raise Problem("not-found", nothing)
    return tagged(request, data)


def _not_yet(held_since: datetime | None) -> Problem:
    if held_since is None:
        return Problem("not-yet-in-log", headers={"Retry-After": str(SEQUENCED_WITHIN)})
    return Problem(
        "not-yet-in-log",
        f"Nothing has been added to the log since {held_since.isoformat()}: the Office is finding out whether entries of it are missing. "
        "This is settled by people.",
        headers={"Retry-After": str(HELD_FOR)},
    )


@receipts.get(
    "/cases/{uuid:case_id}/records/{int:sequence}/receipt",
    response=StepReceipt,
    operation_id="read_receipt",
    summary="The signed receipt of a step",
    description="Shows, without the Office and offline, that it recorded just what was sent, and when. `sequence` stands in the case's "
    "timeline. 503 until the sequencer has come to the step, which takes a second at most.",
    openapi_extra=describe(401, 403, 404),
)
def read_receipt(request: HttpRequest, case_id: UUID, sequence: int) -> HttpResponse:
    return json_answer({"digests": {}, **_receipt_of(request, case_id, sequence)[2]})


@receipts.get(
    "/cases/{uuid:case_id}/records/{int:sequence}/receipt.pdf",
    operation_id="print_receipt",
    summary="The signed receipt of a step, as PDF for people",
    description="Accessible (PDF/UA-1), in the caller's language, with the receipt that programs check attached as receipt.json. "
    "503 until the sequencer has come to the step, which takes a second at most.",
    openapi_extra=_PRINTED | {"responses": _PRINTED["responses"] | {200: pdf_answer("The receipt.")}},
)
def print_receipt(request: HttpRequest, case_id: UUID, sequence: int) -> HttpResponse:
    at = timezone.now()
    case, record, data = _receipt_of(request, case_id, sequence)
    with acting(actor_of(request), at):
        made = printed_receipt(data, case, record, at=at)
    name = file_name(case, record, "pdf")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _receipt_of(request: HttpRequest, case_id: UUID, sequence: int) -> tuple[Case, StepRecord, dict[str, Any]]:
    """The receipt, for whoever may see the case."""
    actor, at = actor_of(request), timezone.now()
    with acting(actor, at):
        thing, version = Thing.RECEIPT, min(sequence, casefile.MOST_STEPS)
        case = visible_case(case_id, actor=actor, door=Door.API, thing=thing, version=version)
        record = casefile.record_of(case, sequence)
        erased = erased_on(record)
    evidence = step_evidence(record, reader=actor, at=at)
    if evidence is None:
        hold = hold_of(INTERNAL, service=SEQUENCER, at=at)
        raise _not_yet(hold.since if hold else None)
    return case, record, step_receipt(evidence, erased)
