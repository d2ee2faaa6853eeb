"""Answers that go well: JSON bytes, entity tags, how long they may be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from aioffice.kernel.settings import settings

MEDIA_TYPE = "application/json"
FRESH = "public, max-age=0, must-revalidate"
"""For what changes with every filing, and for versions and files, of which text may be withheld or erased: keep it, but ask each time.

Asking costs a 304."""
LAW = "public, max-age=3600"
"""For what stands in the Act and its annexes."""
PRIVATE = "private, no-cache"
"""For what only the caller may see."""


def json_answer(
    data: Any,
    *,
    status: int = 200,
    etag: str = "",
    cache: str = PRIVATE,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The data as JSON. `etag` is the bare tag; without one there is none."""
    return bytes_answer(msgspec.json.encode(data), status=status, etag=etag, cache=cache, headers=headers)


def bytes_answer(
    body: bytes, *, status: int = 200, etag: str = "", cache: str = PRIVATE, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """JSON bytes as they are."""
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = cache
    if etag:
        response.headers["ETag"] = f'"{etag}"'
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def unchanged(request: HttpRequest, etag: str, *, cache: str = PRIVATE) -> HttpResponse | None:
    """A 304 when the caller says it has what bears this tag, else None (RFC 9110, 13.1.2)."""
    sent = request.headers.get("If-None-Match", "")
    if not sent or not (sent.strip() == "*" or f'"{etag}"' in {tag.removeprefix("W/") for tag in parse_etags(sent)}):
        return None
    return HttpResponseNotModified(headers={"ETag": f'"{etag}"', "Cache-Control": cache})


def address(request: HttpRequest, **changes: str) -> str:
    """The request's own address with some query parameters set otherwise."""
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name not in changes]
    query = urlencode([*kept, *changes.items()])
    return f"{settings().base_url}{request.path}" + (f"?{query}" if query else "")


def page(
    items: list[Any], following: str | None, request: HttpRequest, **more: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    """A page of a list and its headers. `complete` tells that this page reaches the end of the list; else `next` leads on."""
    onward = address(request, cursor=following) if following else None
    headers = {"Link": f'<{onward}>; rel="next"'} if onward else {}
    return {"items": items, "complete": onward is None, "next": onward, **more}, headers


def tagged(
    request: HttpRequest,
    data: Any,
    headers: Mapping[str, str] | None = None,
    *,
    cache: str = FRESH,
    version: str = "",
) -> HttpResponse:
    """The data with the hash of its bytes as entity tag, or a 304. A `version` stands before the hash."""
    body = msgspec.json.encode(data)
    etag = "-".join(filter(None, [version, hashlib.sha256(body).hexdigest()[:32]]))
    return unchanged(request, etag, cache=cache) or bytes_answer(body, etag=etag, cache=cache, headers=headers)
