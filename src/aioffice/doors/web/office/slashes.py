"""Addresses of the office that are none: with a slash too few they lead on, all others are told in words."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.kernel.procedures.errors import NotFound


@require_safe
@office_page
def elsewhere(visit: Visit, rest: str) -> HttpResponseBase:
    """Letters and e-mails may lose the slash at the end of an address."""
    request = visit.request
    if not rest.endswith("/"):
        try:
            found = resolve(f"{request.path_info}/").view_name
        except Resolver404:
            found = "office_elsewhere"
        if found != "office_elsewhere":
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"{request.path_info}/" + (f"?{query}" if query else ""))
    raise NotFound(_("There is no such page. Begin at Today, or look under Cases."))
