"""Version 1 of the API, put together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from aioffice.doors.api import (
    act,
    batch,
    cases,
    classification,
    files,
    law,
    ledger,
    procedures,
    reads,
    register,
    schemas,
    time_limits,
    webhooks,
)
from aioffice.doors.api.answers import LAW, bytes_answer, tagged, unchanged
from aioffice.doors.api.base import OfficeAPI
from aioffice.doors.api.documenting import describe, document
from aioffice.doors.api.problems import KINDS, Problem
from aioffice.kernel.settings import settings

DESCRIPTION = """\
The office by machine: everything its pages show and do. Reading the public register needs no token.

Errors are problem details (RFC 9457) that name the field by JSON pointer. Lists lead to their very end by `next` and say with `complete`
whether a page reaches it. Unknown parameters and fields are refused, never passed over. A request that is repeated with its
`Idempotency-Key` is answered as the first time. Limits answer 429 with `Retry-After`.

Reference implementation, not a service of the European Commission.
"""

api = OfficeAPI(
    title="AI Office",
    version="1.0.0",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
    servers=[{"url": settings().base_url}],
    openapi_extra={
        "info": {"license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        "tags": [
            {"name": "Register", "description": "The public register. No token, but for filing."},
            {"name": "The Act", "description": "Provisions of the Act, and tables that filings speak in. No token."},
            {
                "name": "Classification",
                "description": "What a system is under the Act, and its duties. No token, nothing is kept.",
            },
            {"name": "Time limits", "description": "Time limits of the Act, and what they come to. No token."},
            {"name": "Cases", "description": "Cases that concern your organisation."},
            {
                "name": "Webhooks",
                "description": "Addresses at which your organisation is told what its inbox is told. With a token of a signatory.",
            },
            {"name": "Documents", "description": "Files that filings refer to."},
        ],
    },
)
about = Router(tags=["About this API"])


@about.get("/openapi.json", operation_id="read_openapi", include_in_schema=False)
def read_openapi(request: HttpRequest) -> HttpResponse:
    body, etag = document(api)
    return unchanged(request, etag, cache=LAW) or bytes_answer(body, etag=etag, cache=LAW)


@about.get(
    "/problems/{code}",
    response=schemas.ProblemKind,
    operation_id="read_problem_kind",
    summary="What a kind of problem means and what to do about it",
    openapi_extra=describe(404, etag=True),
)
def read_problem_kind(request: HttpRequest, code: str) -> HttpResponse:
    kind = KINDS.get(code)
    if kind is None:
        raise Problem("not-found", f"There is no such kind of problem. Known: {', '.join(KINDS)}.")
    data = {"code": kind.code, "status": kind.status, "title": kind.title, "remedy": kind.remedy}
    return tagged(request, data, cache=LAW)


procedures.add_operations()
api.add_router("", about)
api.add_router("/register", register.router)
api.add_router("/register", batch.router)
api.add_router("/register", ledger.proofs)
api.add_router("/register", law.fields_router)
api.add_router("/act", law.router)
api.add_router("/act", act.router)
api.add_router("", time_limits.router)
api.add_router("", classification.router)
api.add_router("", cases.router)
api.add_router("", ledger.receipts)
api.add_router("", files.router)
api.add_router("", webhooks.router)
api.add_router("", reads.router)
api.add_router("", procedures.router)
