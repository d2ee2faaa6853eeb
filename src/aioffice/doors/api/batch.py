"""Filing many registrations in one request: lines in, lines out."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO, Any

import msgspec
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from aioffice.doors.api.answers import PRIVATE
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.batching import LONGEST_LINE, MOST_LINES, STATUSES, Filing, file_all, read_filing
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.formschema import reference
from aioffice.doors.api.problems import Problem
from aioffice.kernel.parties.actor import Actor
from aioffice.register.opening import OPENINGS

router = Router(tags=["Register"], auth=OrganisationToken())
NDJSON = "application/x-ndjson"
PIECE = 1 << 16
RETRY_AFTER = "5"
_LINE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["section", "data"],
    "properties": {
        "section": {
            "enum": [*OPENINGS],
            "description": "What is filed; `hold` is C while there is no provider's entry.",
        },
        "key": {
            "type": "string",
            "pattern": "^[!-~]{1,200}$",
            "description": "Idempotency key of this line. With it, lines may be sent again: what was filed is not filed twice.",
        },
        "data": {"oneOf": [reference(step.asks) for step in OPENINGS.values() if step.asks is not None]},
    },
}
_ANSWER: dict[str, Any] = {
    "type": "object",
    "description": "One a line, in their order; the last has `end` and counts how many ended how.",
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "key": {"type": ["string", "null"]},
        "status": {
            "enum": [*STATUSES],
            "description": "`registered`; `checked` (a dry run: it would be); `repeated`: the first answer to this key; `refused`: correct "
            "it; `failed`: nothing is wrong with it, send it again.",
        },
        "number": {"type": ["string", "null"]},
        "case": {"type": "object"},
        "problem": {"$ref": "#/components/schemas/Problem"},
        "end": {"const": True},
    },
}
_BODY = {"required": True, "content": {NDJSON: {"schema": _LINE}}}
_at_work: set[str] = set()
_lock = threading.Lock()


class BatchAsked(Schema):
    """How the lines are taken."""

    dry_run: bool = Field(False, description="Check every line as if it were filed, and file nothing.")


@router.post(
    "/batch",
    operation_id="file_batch",
    summary="File many registrations",
    description=f"Up to {MOST_LINES:,} lines of JSON, each a filing. Each line stands for itself: those that fit are registered, a hundred "
    "at a time, while the rest is still being read; a line that does not is refused alone. If the connection breaks, send the same lines "
    "with the same keys again. A token sends one batch at a time.",
    openapi_extra=describe(401, 403, 413, 415, body=_BODY)
    | {
        "responses": {
            **describe(401, 403, 413, 415)["responses"],
            200: {"description": "A line of JSON for each line.", "content": {NDJSON: {"schema": _ANSWER}}},
        }
    },
)
def file_batch(request: HttpRequest, asked: Query[BatchAsked]) -> StreamingHttpResponse:
    actor = actor_of(request)
    with _AtATime(actor):
        answers = Kept(file_all(_filings(request), actor=actor, dry_run=asked.dry_run))
    response = StreamingHttpResponse(answers.pieces(), content_type=NDJSON)
    response.headers["Cache-Control"] = PRIVATE
    return response


class Kept:
    """Answers, kept until the last line has been read: few clients read while they send, and one that does not would wait for ever.

    They are packed and stay in memory, since what was filed may be confidential: about a twentieth of their size.
    """

    def __init__(self, answers: Iterable[dict[str, Any]]) -> None:
        packer = zlib.compressobj(1)
        self._packed = BytesIO()
        for answer in answers:
            self._packed.write(packer.compress(msgspec.json.encode(answer) + b"\n"))
        self._packed.write(packer.flush())

    def pieces(self) -> Iterator[bytes]:
        """The lines, in pieces."""
        unpacker = zlib.decompressobj()
        self._packed.seek(0)
        while piece := self._packed.read(PIECE):
            yield unpacker.decompress(piece)
        yield unpacker.flush()


class _AtATime:
    """One batch of a token at a time in this process: a second one would only slow the first."""

    def __init__(self, actor: Actor) -> None:
        self._who = actor.id

    def __enter__(self) -> None:
        with _lock:
            if self._who in _at_work:
                raise Problem(
                    "too-many-requests", "A batch of this token is being filed.", headers={"Retry-After": RETRY_AFTER}
                )
            _at_work.add(self._who)

    def __exit__(self, *what: object) -> None:
        with _lock:
            _at_work.discard(self._who)


def _filings(request: HttpRequest) -> Iterator[Filing]:
    for number, content in enumerate(lines_of(_stream(request)), start=1):
        if number > MOST_LINES:
            message = f"A batch has at most {MOST_LINES:,} lines: this one and those after it were not read."
            yield Filing(number, problem=Problem("too-large", message))
            return
        if content.strip():
            yield read_filing(number, content)


def _stream(request: HttpRequest) -> IO[bytes]:
    """The body as it comes. Django reads as much as `Content-Length` says; a client that does not know the length sends pieces."""
    source: Any = request if request.META.get("CONTENT_LENGTH") else request.environ["wsgi.input"]  # type: ignore[attr-defined]  # of WSGI
    stream: IO[bytes] = source
    return stream


def lines_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines, without their ends. Of one that is too long, no more than shows it; the rest is passed over.

    Read in pieces: `readline` of the web server's stream ends at its first line.
    """
    rest, passing_over = b"", False
    while piece := stream.read(PIECE):
        *ended, rest = (rest + piece).split(b"\n")
        for line in ended:
            if not passing_over:
                yield line[: LONGEST_LINE + 1]
            passing_over = False
        if passing_over:
            rest = b""
        elif len(rest) > LONGEST_LINE:
            yield rest[: LONGEST_LINE + 1]
            rest, passing_over = b"", True
    if rest:
        yield rest
