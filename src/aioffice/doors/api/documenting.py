"""The OpenAPI document: what operations add to what Django Ninja draws up, and the document itself, made once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils import translation

from aioffice.doors.api.problems import KINDS, MEDIA_TYPE

if TYPE_CHECKING:
    from aioffice.doors.api.base import OfficeAPI

HTTP_TITLES = {
    304: "What you have is what there is",
    400: "The request, a parameter or the cursor has no meaning",
    401: "No token, or one that is not in force",
    403: "This token may not do that",
    404: "There is nothing here, or it does not concern the caller",
    409: "The case is in another state, or the idempotency key was used for another content",
    412: "The case has moved on since the version named",
    413: "The body is too large",
    415: "The body has another media type",
    422: "The data do not fit, or the law does not let it happen here",
    428: "The case's version is needed",
    429: "Too many requests; `Retry-After` says when to come back",
    503: "The database does not answer, or the log does not hold it yet; `Retry-After` says when to come back",
}
_SECONDS = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    429: {"Retry-After": _SECONDS},
    503: {"Retry-After": _SECONDS},
}
ETAG = {
    "description": "Names these bytes; send it back in `If-None-Match`.",
    "required": True,
    "schema": {"type": "string"},
}
LINK = {"description": '`rel="next"`: the next page.', "schema": {"type": "string"}}
PROBLEM = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Names the kind of problem and answers with what it means."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong this time, and what would be right."},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "message", "code"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body; empty for the whole."},
                    "message": {"type": "string"},
                    "code": {"type": "string", "description": "Stable; for programs."},
                    "parameter": {"type": "string", "description": "The query parameter or header, where it is one."},
                },
            },
        },
    },
}  # fmt: skip


def describe(
    *problems: int,
    etag: bool = False,
    ok: Mapping[str, Any] | None = None,
    status: int = 200,
    body: Mapping[str, Any] | None = None,
    parameters: Iterable[Mapping[str, Any]] = (),
    content: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what an operation adds to its own entry in the OpenAPI document.

    `problems` are the statuses it may answer beside 400, 429 and 503, which every operation may. `etag` tells that it answers 304.
    `ok` are headers of the answer with `status`; `body` is the request body, `parameters` headers that Ninja does not know of;
    `content` are further media types of the answer; `more` is added as it is.
    """
    responses: dict[int, Any] = {code: _problem(code) for code in sorted({400, 429, 503, *problems})}
    headers = {**({"ETag": ETAG} if etag else {}), **(ok or {})}
    if headers:
        responses[status] = {"headers": headers}
    if content:
        responses.setdefault(status, {})["content"] = dict(content)
    if etag:
        responses[304] = {"description": HTTP_TITLES[304], "headers": {"ETag": ETAG}}
    extra: dict[str, Any] = {"responses": responses, **(more or {})}
    if body is not None:
        extra["requestBody"] = dict(body)
    if parameters:
        extra["parameters"] = [dict(parameter) for parameter in parameters]
    return extra


def _problem(code: int) -> dict[str, Any]:
    return {
        "description": HTTP_TITLES[code],
        "headers": _HEADERS.get(code, {}),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def file_answer(description: str) -> dict[str, Any]:
    """The response entry of an operation that answers with a file."""
    return {
        "description": description,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}, "*/*": {}},
    }


def pdf_answer(description: str) -> dict[str, Any]:
    """The response entry of an operation that answers with a PDF."""
    return {
        "description": description,
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }


@cache
def document(api: OfficeAPI) -> tuple[bytes, str]:
    """The OpenAPI document as bytes of JSON, and its entity tag. In English: codes and names of fields are the same in all languages."""
    from aioffice.doors.api.formschema import components

    with translation.override("en"):
        schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
        schema["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
        told, told_parts = _webhook()
        schema["components"]["schemas"] |= {"Problem": PROBLEM, **components(), **told_parts}
        schema["webhooks"] = {"message": {"post": told}}
        schema["x-problems"] = {kind.code: {"status": kind.status, "title": kind.title} for kind in KINDS.values()}
        body = msgspec.json.encode(schema, enc_hook=str)
    return body, hashlib.sha256(body).hexdigest()[:32]


def _webhook() -> tuple[dict[str, Any], dict[str, Any]]:
    """What is sent to webhooks, as an operation of whoever receives it, and the schemas it refers to."""
    from aioffice.kernel.webhooks.payload import WebhookMessage

    whole = WebhookMessage.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    parts = {**whole.pop("$defs"), "WebhookMessage": whole}
    signed = "What was signed is `webhook-id`, a dot, `webhook-timestamp`, a dot and the body as it came (Standard Webhooks 1.0.0)."
    headers = {
        "webhook-id": "The same at every repetition: what you have seen, you leave out.",
        "webhook-timestamp": "When this request was sent, in seconds since 1970. Refuse what is older than five minutes.",
        "webhook-signature": f"`v1,` and an HMAC-SHA256 in Base64; several with blanks while two secrets work. {signed}",
    }
    operation = {
        "operationId": "told",
        "summary": "Your organisation is told something",
        "description": "Sent to the addresses registered at `/api/v1/webhooks`, at least once, in no promised order. Of a matter of the "
        "secure section (Article 49(4)) it says that there is a message, and nothing else.",
        "parameters": [
            {"in": "header", "name": name, "required": True, "description": words, "schema": {"type": "string"}}
            for name, words in headers.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/WebhookMessage"}}},
        },
        "responses": {
            "2XX": {
                "description": "Taken. The beginning of your answer is shown to your administrators, the rest is not read."
            },
            "410": {"description": "You want no more: the webhook is switched off."},
            "default": {"description": "Anything else, a redirect too: repeated over three days."},
        },
    }
    return operation, parts
