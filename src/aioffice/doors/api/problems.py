"""Problem details (RFC 9457): the one shape in which this API says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from aioffice.kernel.procedures.errors import FieldError
from aioffice.kernel.settings import settings

MEDIA_TYPE = "application/problem+json"
BASE = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its code (the last part of its `type`), status, title, and what a caller does about it."""

    code: str
    status: int
    title: str
    remedy: str

    @property
    def type(self) -> str:
        """The URI of the kind; it answers with what is said here."""
        return f"{settings().base_url}{BASE}{self.code}"


KINDS = {
    kind.code: kind
    for kind in (
        Kind("bad-request", 400, "The request cannot be read",
             "Mend the request as `detail` says and send it again."),
        Kind("unknown-parameter", 400, "Unknown parameter",
             "Leave the parameter out or mend its name; nothing is ignored in silence."),
        Kind("bad-parameter", 400, "A parameter has no meaning here",
             "Mend the parameters named in `errors`."),
        Kind("bad-cursor", 400, "The cursor belongs to no such list",
             "Begin the list again without a cursor, and follow `next`."),
        Kind("malformed-json", 400, "The body is not JSON",
             "Send one JSON object in UTF-8."),
        Kind("token-needed", 401, "A token is needed",
             "Send `Authorization: Bearer aio_…`; administrators of an organisation make tokens."),
        Kind("token-unknown", 401, "The token is not in force",
             "The token is unknown, revoked or past its end: make a new one."),
        Kind("not-allowed", 403, "Not allowed",
             "`detail` says who may do this; act with a token that holds such a role."),
        Kind("not-found", 404, "There is nothing here",
             "Check the address. What does not concern a caller looks the same as what does not exist."),
        Kind("method-not-allowed", 405, "This address does not take that method",
             "Use a method named in the header `Allow`."),
        Kind("wrong-state", 409, "The case is in another state",
             "`states` lists the states the step is taken from; look at the case's `steps`."),
        Kind("conflict", 409, "Somebody moved the case in the same moment",
             "Read the case and send the step again."),
        Kind("idempotency-mismatch", 409, "The idempotency key was used for another content",
             "Use a new key, or send the first content again; `errors` names what differs."),
        Kind("case-moved", 412, "The case has moved on",
             "`changes` lists what happened since the version you named; read the case and decide again."),
        Kind("too-large", 413, "The body is too large",
             "Send less; texts have lengths, files go to /api/v1/documents."),
        Kind("unsupported-media-type", 415, "The body has another media type",
             "Send the media type named in `detail`."),
        Kind("invalid", 422, "The data do not fit",
             "`errors` names each field by JSON pointer with what would be right."),
        Kind("refused", 422, "The law does not let this happen here",
             "`detail` gives the reason and where to go instead."),
        Kind("version-needed", 428, "The case's version is needed",
             "Send `If-Match` with the `ETag` of the case as you read it, or `*` for whatever it is now."),
        Kind("too-many-requests", 429, "Too many requests",
             "Wait for as many seconds as `Retry-After` says."),
        Kind("internal", 500, "Something went wrong here",
             "The fault is ours and was written down. Nothing was changed; send the request again later."),
        Kind("not-yet-in-log", 503, "It does not stand in the log yet",
             "It was published or done a moment ago, or the log is held, as `detail` says. Wait as many seconds as `Retry-After` says."),
        Kind("cannot-sign", 503, "This process of the office has no key to sign with",
             "Ask for the result without a signature (`Accept: application/json`), or tell the office."),
        Kind("busy", 503, "Somebody else is working on the same thing",
             "Nothing was done. Wait for as many seconds as `Retry-After` says and send the request again, with the same idempotency key."),
        Kind("unavailable", 503, "The database does not answer",
             "Wait for as many seconds as `Retry-After` says. Writes with an idempotency key may be repeated."),
    )
}  # fmt: skip
"""Every kind of problem, by code."""


class Problem(Exception):
    """Raised anywhere in the API: ends the request with a problem document.

    `errors` name places in the body by JSON pointer; `parameters` name query parameters or headers with what is wrong.
    `extra` are further members of the document, `headers` those of the response.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        parameters: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = KINDS[code]
        super().__init__(detail or self.kind.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.parameters = dict(parameters or {})
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response to that request."""
    document = {**document_of(problem), "instance": escape_uri_path(request.path)}
    response = HttpResponse(msgspec.json.encode(document), status=problem.kind.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def document_of(problem: Problem) -> dict[str, Any]:
    """The problem as a document, without the address at which it happened."""
    errors: list[dict[str, str]] = [
        {"pointer": error.pointer, "message": error.message, "code": error.code} for error in problem.errors
    ]
    errors += [
        {"pointer": "", "parameter": name, "message": message, "code": problem.kind.code}
        for name, message in problem.parameters.items()
    ]
    return {
        "type": problem.kind.type,
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail or problem.kind.remedy,
        "errors": errors,
        **problem.extra,
    }
