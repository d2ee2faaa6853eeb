"""The corner of every page that says who is signed in: a fragment of its own, so that the page around it can be cached by anyone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aioffice.doors.middleware import actor_of
from aioffice.kernel.db import acting
from aioffice.kernel.notices.queries import unread_count


@require_safe
def corner(request: HttpRequest) -> HttpResponse:
    """Name, unread messages and the way out for whoever is signed in; the way in for others."""
    actor = actor_of(request)
    unread = 0
    if actor.person is not None:
        with acting(actor, timezone.now()):
            unread = unread_count(actor)
    response = render(request, "account/corner.html", {"unread": unread})
    response.headers["Cache-Control"] = "no-store, private"
    return response
