"""The frame of every office page: somebody is signed in, acts in one transaction, and is told in words what could not be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aioffice.doors.middleware import actor_of
from aioffice.kernel.db import acting
from aioffice.kernel.notices.queries import unread_count
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.queries import Workplace, workplaces
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, ProcedureError
from aioffice.kernel.watching.rights import may_operate


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signed in. Pages draw themselves with `render`."""

    request: HttpRequest
    actor: Actor
    at: datetime

    @cached_property
    def workplaces(self) -> list[Workplace]:
        """The organisations that the person may act for."""
        return workplaces(self.actor.person) if self.actor.person else []

    def render(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """Draw a page of the office. Called inside `acting`."""
        frame = {
            "actor": self.actor,
            "workplaces": self.workplaces,
            "unread": unread_count(self.actor),
            "at": self.at,
            "administers": Role.ADMINISTRATOR in self.actor.roles,
            "operates": may_operate(self.actor),
            "looks_after_keeping": Capacity.AI_OFFICE in self.actor.capacities and bool(self.actor.roles),
        }
        return render(self.request, template, {**frame, **context}, status=status)


type Page[**P] = Callable[Concatenate[Visit, P], HttpResponseBase]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def office_page[**P](page: Page[P]) -> View[P]:
    """Let a page be seen by people signed in alone, inside `acting`; a `ProcedureError` becomes a page that says it in words."""

    @wraps(page)
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visit = visit_of(request)
        if visit is None:
            return to_sign_in(request)
        if any("\0" in text for texts in request.POST.lists() for text in texts[1]):
            raise BadRequest("a field holds the sign NUL")
        try:
            with acting(visit.actor, visit.at):
                return private(page(visit, *args, **kwargs))
        except ProcedureError as error:
            return private(refusal(visit, error))

    return view


def visit_of(request: HttpRequest) -> Visit | None:
    """Return the visit of whoever is signed in, None for nobody."""
    actor = actor_of(request)
    return Visit(request, actor, timezone.now()) if actor.person is not None else None


def private[R: HttpResponseBase](response: R) -> R:
    """Let no cache between here and the reader keep a page, and no reader's own cache show it after signing out."""
    response.headers.setdefault("Cache-Control", "no-store, private")
    return response


def to_sign_in(request: HttpRequest, back_to: str = "") -> HttpResponse:
    """Send somebody to the sign-in page, and from there back."""
    target = back_to or (request.get_full_path() if request.method in ("GET", "HEAD") else request.path)
    return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': target})}")


_STATUS = {"not-found": 404, "not-allowed": 403, "invalid": 422}


def refusal(visit: Visit, error: ProcedureError) -> HttpResponse:
    """Draw a page that says what could not be done, why, and where to go on."""
    with acting(visit.actor, visit.at):
        return visit.render(
            "office/refusal.html", status=_STATUS.get(error.code, 409), heading=_heading(error), reasons=reasons(error)
        )


def reasons(error: ProcedureError) -> list[str]:
    """What an error says, one sentence each."""
    return [fault.message for fault in error.errors] if isinstance(error, Invalid) else [error.message]


def _heading(error: ProcedureError) -> str:
    if isinstance(error, NotFound):
        return _("Not found")
    if isinstance(error, NotAllowed):
        return _("This is not yours to do")
    return _("This could not be done")
