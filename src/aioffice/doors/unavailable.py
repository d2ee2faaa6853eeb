"""What people see when a request fails: a fault of ours, others at the same thing, or a database that does not answer."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from aioffice.doors.api.refusals import RETRY_AFTER_FAILURE, RETRY_WHEN_BUSY
from aioffice.kernel.db import is_busy


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, called while the error is being handled: 503 with `Retry-After` where trying again will do, else 500.

    The pages ask nothing of the database, nor of the session: that may be what failed.
    """
    error = sys.exception()
    if is_busy(error):
        return _again("503_busy.html", RETRY_WHEN_BUSY)
    if isinstance(error, OperationalError | InterfaceError):
        return _again("503.html", RETRY_AFTER_FAILURE)
    return HttpResponseServerError(loader.get_template("500.html").render(), headers=_HEADERS)


_HEADERS = {"Cache-Control": "no-store"}


def _again(template: str, seconds: int) -> HttpResponse:
    page = loader.get_template(template).render()
    return HttpResponse(page, status=503, headers={**_HEADERS, "Retry-After": str(seconds)})
