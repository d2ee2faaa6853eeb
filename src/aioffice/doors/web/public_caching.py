"""How public pages may be kept: by anyone, under an ETag, and never so long that a filing takes more than a second to show."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

LIVE = "public, max-age=0, s-maxage=1"
"""Browsers ask each time and mostly hear 304; a shared cache takes the load of a crowd for a second.

Versions and files too, though they hardly ever change: what is erased or withheld must be served by no cache any more."""

type View[**P] = Callable[P, HttpResponseBase]


def keep[**P](policy: str) -> Callable[[Callable[P, HttpResponse]], View[P]]:
    """Let what a view answers be kept under `policy`, or one that the view itself set, with an ETag of its bytes.

    Who has it already is answered 304.

    Only answers of 200 are kept: an address that holds nothing now may hold an entry within a second.
    """

    def decorate(view: Callable[P, HttpResponse]) -> View[P]:
        @functools.wraps(view)
        def kept(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request = args[0]
            assert isinstance(request, HttpRequest)
            response = view(*args, **kwargs)
            if response.status_code != 200:
                response.headers.setdefault("Cache-Control", "no-store")
                return response
            response.headers.setdefault("Cache-Control", policy)
            if not response.streaming:
                response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            answer = get_conditional_response(request, etag=response.headers.get("ETag"), response=response)
            if answer is not response:
                response.close()  # a file that was opened and is not sent
            return answer if answer is not None else response

        return require_safe(kept)

    return decorate


live = keep(LIVE)
