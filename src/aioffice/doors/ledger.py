"""The public log as files below `/ledger/`: checkpoint, tiles, entries, publications, key, and the program that checks them all.

Any client of tlog-tiles reads it as it would a static folder. Addresses have no language; nothing here knows who asks.
"""

from __future__ import annotations

from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from aioffice.doors.web.public_caching import keep, live
from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.store import SITE

FOREVER = "public, max-age=31536000, immutable"
"""For tiles: their width is in their path, so that what lies there never changes."""
TEXT, BYTES, LINES = "text/plain; charset=utf-8", "application/octet-stream", "application/jsonl; charset=utf-8"


def _answer(body: bytes | None, content_type: str) -> HttpResponse:
    if body is None:
        raise Http404
    # Checkers that run in a browser, on a page of somebody else, may read it too: there is nothing here that is not everyone's.
    return HttpResponse(body, content_type=content_type, headers={"Access-Control-Allow-Origin": "*"})


@live
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint; 404 while the log is empty."""
    return _answer(SITE.newest(), TEXT)


@keep(FOREVER)
def tile(request: HttpRequest, place: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries, full or partial; 404 for what is not there and for what is no path of tlog-tiles."""
    return _answer(SITE.fetch(f"tile/{place}"), BYTES)


@live
def key(request: HttpRequest) -> HttpResponse:
    """The verifier key string of the log; 404 while the log is empty."""
    found = site.log_key()
    return _answer(f"{found}\n".encode() if found else None, TEXT)


@live
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier, to save and run."""
    response = _answer((files("aioffice.kernel.ledger") / "standalone.py").read_bytes(), "text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return response


@live
def _publications(request: HttpRequest) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*"}
    if request.method == "HEAD":
        return HttpResponse(content_type=LINES, headers=headers)
    return StreamingHttpResponse(  # type: ignore[return-value]  # a streaming response is a response
        site.publications(), content_type=LINES, headers=headers
    )


def publications(request: HttpRequest) -> HttpResponseBase:
    """Every public document as it is shown now with its salts, one JSON object a line, sent as it is read."""
    response = _publications(request)
    if request.method == "HEAD":
        # Nobody knows the length, and the tag of nothing is not the tag of what a GET brings.
        for name in ("Content-Length", "ETag"):
            response.headers.pop(name, None)
    return response
