"""What somebody had typed when their sign-in ended: kept beside the new, empty session until the same person is back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from aioffice.doors.web.office.sheet import SALT, plain_values
from aioffice.kernel.procedures.drafts import LARGEST

if TYPE_CHECKING:
    from aioffice.doors.web.office.frame import Visit

KEY = "interrupted"
_FORMS = re.compile(r"/[a-z]{2}/office/(file/[^/]+/[^/]+|cases/[0-9a-f-]{36}/[^/]+)/")


def keep(request: HttpRequest) -> None:
    """Keep what was sent to a form by somebody no longer signed in; files and the form's own token are not kept.

    Only from a page that this office showed to somebody: nobody else gets to store anything here.
    """
    if request.method != "POST" or not _FORMS.fullmatch(request.path):
        return
    values = plain_values(request.POST)
    values.pop("csrfmiddlewaretoken", None)
    if _shown_to(values) and len(json.dumps(values, ensure_ascii=False)) <= LARGEST:
        request.session[KEY] = {"path": request.path, "values": values}


def take(visit: Visit, path: str) -> dict[str, list[str]]:
    """Return what was kept for the form at `path`, once, and only to whom the page had been shown; empty for everyone else."""
    found = visit.request.session.get(KEY)
    if not found or found["path"] != path:
        return {}
    del visit.request.session[KEY]
    values: dict[str, list[str]] = found["values"]
    return values if _shown_to(values) == str(visit.actor.person) else {}


def _shown_to(values: dict[str, list[str]]) -> str:
    """The person to whom the page was shown, empty for a page that is none of ours or lay open longer than a session lives."""
    try:
        return str(signing.loads((values.get("_for") or [""])[-1], salt=SALT, max_age=settings.SESSION_COOKIE_AGE))
    except signing.BadSignature:
        return ""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is no longer good, as after signing in anew in another tab: back to the form, with what was typed."""
    if _FORMS.fullmatch(request.path) and request.method == "POST":
        keep(request)
        return HttpResponseRedirect(request.path)
    return render(request, "403_csrf.html", status=403)
