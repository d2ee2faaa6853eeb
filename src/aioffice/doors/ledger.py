"""The public log as files below `/ledger/`: checkpoint, tiles, entries, publications, keys, and the program that checks them all.

Any client of tlog-tiles reads it as it would a static folder. Addresses have no language; nothing here knows who asks. Two addresses take
something in, of whoever holds a key that the settings name: checkpoints of other logs to be witnessed, and cosignatures of ours.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from aioffice.doors.api import limits
from aioffice.doors.api.problems import Problem
from aioffice.doors.web.public_caching import keep, live
from aioffice.kernel.ledger import being_a_witness, cosignatures, site
from aioffice.kernel.ledger.add_checkpoint import MOST_BYTES
from aioffice.kernel.ledger.errors import MalformedNote, NotSigned, SplitView
from aioffice.kernel.ledger.periods import write_periods
from aioffice.kernel.ledger.signing import INTERNAL
from aioffice.kernel.ledger.store import SITE

FOREVER = "public, max-age=31536000, immutable"
"""For tiles: their width is in their path, so that what lies there never changes."""
TEXT, BYTES, LINES = "text/plain; charset=utf-8", "application/octet-stream", "application/jsonl; charset=utf-8"
OPEN = {"Access-Control-Allow-Origin": "*"}
"""Checkers that run in a browser, on a page of somebody else, may read it too: there is nothing here that is not everyone's."""


def counted[**P](
    count: Callable[[HttpRequest], None],
) -> Callable[[Callable[P, HttpResponseBase]], Callable[P, HttpResponseBase]]:
    """Count each request of an address, and answer 429 with the seconds to wait where it asks too often."""

    def decorate(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
        @functools.wraps(view)
        def within(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request = args[0]
            assert isinstance(request, HttpRequest)
            try:
                count(request)
            except Problem as problem:
                return _said(429, problem.detail, **problem.headers)
            return view(*args, **kwargs)

        return within

    return decorate


asked = counted(limits.count_address)
"""For answers that are worked out: as often as the API may be asked."""
fetched = counted(limits.count_file)
"""For tiles, of which a check reads many."""


def _said(status: int, words: str, **headers: str) -> HttpResponse:
    return HttpResponse(
        f"{words}\n", status=status, content_type=TEXT, headers={"Cache-Control": "no-store", **OPEN, **headers}
    )


def _answer(body: bytes | None, content_type: str) -> HttpResponse:
    if body is None:
        raise Http404
    return HttpResponse(body, content_type=content_type, headers=OPEN)


@asked
@live
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint, with the cosignatures of witnesses; 404 while the log is empty."""
    return _answer(SITE.newest(), TEXT)


@fetched
@keep(FOREVER)
def tile(request: HttpRequest, place: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries, full or partial; 404 for what is not there and for what is no path of tlog-tiles."""
    return _answer(SITE.fetch(f"tile/{place}"), BYTES)


@asked
@live
def key(request: HttpRequest) -> HttpResponse:
    """The keys of this log, the one that signs now first, then those of the internal log; 404 while the log is empty."""
    found = site.log_keys()
    return _answer(write_periods([*found, *site.log_keys(INTERNAL)]) if found else None, TEXT)


@asked
@live
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier, to save and run."""
    response = _answer((files("aioffice.kernel.ledger") / "standalone.py").read_bytes(), "text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return response


@live
def _publications(request: HttpRequest) -> HttpResponse:
    asked_for = request.GET.get("size", "")
    if asked_for and not (asked_for.isascii() and asked_for.isdecimal() and len(asked_for) < 20):
        return _said(400, "size is the number of entries of a checkpoint.")
    size = int(asked_for) if asked_for else site.newest_size()
    if asked_for and size and not site.has_checkpoint(size):
        return _said(404, f"The log signed no checkpoint at {size} entries.")
    try:
        lines = site.publications(size)
    except site.TooOld:
        return _said(
            409,
            f"What was public at {size} entries cannot be told any more: it is long ago, or something of it was withheld since. "
            "Take a newer checkpoint.",
        )
    if request.method == "HEAD":
        return HttpResponse(content_type=LINES, headers=OPEN)
    return StreamingHttpResponse(lines, content_type=LINES, headers=OPEN)  # type: ignore[return-value]  # a streaming response is a response


@asked
def publications(request: HttpRequest) -> HttpResponseBase:
    """Every document public as of the checkpoint of that size (`?size=`), else the newest one, with its salts: one JSON object a line."""
    response = _publications(request)
    if request.method == "HEAD":
        # Nobody knows the length, and the tag of nothing is not the tag of what a GET brings.
        for name in ("Content-Length", "ETag"):
            response.headers.pop(name, None)
    return response


def _short(view: Callable[[bytes], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view of what is sent, which is not long."""

    @functools.wraps(view)
    def read(request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return _said(413, f"At most {MOST_BYTES} bytes are taken here.")
        return view(request.body)

    return require_POST(asked(read))


@_short
def add_checkpoint(body: bytes) -> HttpResponse:
    """Witness a checkpoint of a log that the settings name (C2SP tlog-witness): the cosignature, or why there is none."""
    found = being_a_witness.add_checkpoint(body, timezone.now())
    return HttpResponse(found.body, status=found.status, content_type=found.kind, headers={"Cache-Control": "no-store"})


@_short
def take_cosignatures(body: bytes) -> HttpResponse:
    """Take in a cosigned checkpoint of this log: 400 for what is none, 403 for cosignatures of nobody known here, 409 for another log."""
    try:
        taken = cosignatures.take(body, timezone.now())
    except MalformedNote as error:
        return _said(400, str(error))
    except NotSigned as error:
        return _said(403, str(error))
    except SplitView as error:
        return _said(409, str(error))
    return _said(200, "\n".join(f"Taken: {one.witness} at {one.size} entries, {one.at.isoformat()}" for one in taken))
