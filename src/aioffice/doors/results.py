"""Results of classifications at the doors: signed by the Office, and the keys with which anyone checks that. Nothing signed is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from aioffice.doors.answer_pdf import answer_pdf
from aioffice.doors.api import limits
from aioffice.doors.ledger import OPEN, asked
from aioffice.doors.web.public_caching import live
from aioffice.kernel.results import signing
from aioffice.kernel.results.jws import MEDIA_TYPE
from aioffice.kernel.results.keys import key_set

KEY_SET = "application/jwk-set+json"
PDF = "application/pdf"
FILENAME = "classification"


@asked
@live
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of this office, the one that signs now first (RFC 7517); 404 where this process has none."""
    try:
        found = signing.checking_keys()
    except signing.NoKey:
        raise Http404 from None
    return JsonResponse(key_set(found), content_type=KEY_SET, headers=OPEN)


def signed_file(content: Mapping[str, Any], at: datetime) -> HttpResponse:
    """The result as a signed file to save. Raises NoKey where this process has no key."""
    return download(signing.sign(content, at).encode(), MEDIA_TYPE, f"{FILENAME}.jws")


def printed(request: HttpRequest, shown: Mapping[str, Any], content: Mapping[str, Any], at: datetime) -> HttpResponse:
    """The answer as a PDF in the language of the page, with the result attached, signed where this process has a key.

    `shown` is what the page of the answer shows. Counts as much as ten requests: raises Problem 429 for whoever asks too often.
    """
    limits.count_work(request)
    try:
        signed = signing.sign(content, at)
    except signing.NoKey:
        signed = ""
    return download(answer_pdf(shown, content, at=at, signed=signed), PDF, f"{FILENAME}.pdf")


def download(content: bytes, media_type: str, filename: str) -> HttpResponse:
    """A file that is made for whoever asks and kept by nobody."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
