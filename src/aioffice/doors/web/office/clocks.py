"""The clocks of cases as pages show them, and the calendar of an organisation: its secret address and its feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from aioffice.act.clocks.wording import provision_words
from aioffice.act.periods import Unit
from aioffice.act.text import text
from aioffice.act.time_limits import time_limit
from aioffice.doors import icalendar
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.public_deadline import shown
from aioffice.doors.web.templatetags._names import labelled
from aioffice.kernel.clocks.computing import deadline_of
from aioffice.kernel.clocks.feeds import actor_for_feed, address_of, end_address, new_address
from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.queries import for_feed
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import procedure
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.settings import settings


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock in words. `answer` is what the page of its time limit shows; `yours` tells that the reader's organisation has to act.

    `ends` is the day it ends, or the moment where it runs in hours. `addressee` is whose it is in a round; empty for a clock of the case.
    """

    clock: Clock
    title: str
    who: str
    provision: str
    standing: str
    running: bool
    yours: bool
    answer: dict[str, Any]
    ends: date | datetime | None
    left: str
    earlier_end: date | None
    addressee: str

    @property
    def about(self) -> str:
        """What the reasons are reasons of, told apart from those of other addressees."""
        return f"{self.title} ({self.addressee})" if self.addressee else self.title


def line_of(clock: Clock, actor: Actor) -> ClockLine:
    """A clock in the language in force."""
    language = get_language() or "en"
    limit, found = time_limit(clock.limit), deadline_of(clock)
    answer = shown(found, language, of=limit)
    left = ""
    if clock.state == Standing.SUSPENDED:
        answer["words"] = ""
        left = ngettext("%(n)s day is left.", "%(n)s days are left.", clock.left or 0) % {"n": clock.left}
    return ClockLine(
        clock=clock,
        title=capfirst(text(limit.action_key, language)),
        who=capfirst(text(limit.actor_key, language)),
        provision=provision_words(limit.basis, language),
        standing=str(Standing(clock.state).label),
        running=clock.state == Standing.RUNNING,
        yours=bool(set(clock.concerned) & set(actor.audience_names())),
        answer=answer,
        ends=clock.due_at if limit.unit is Unit.HOUR else clock.legal_end,
        left=left,
        earlier_end=clock.earlier_end,
        addressee=clock.round_place.addressee.name if clock.round_place is not None else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def calendar(visit: Visit) -> HttpResponseBase:
    """The secret address of the organisation's calendar: made anew, shown once, ended. For administrators."""
    address, replaced = "", False
    if visit.request.method == "POST":
        if "end" in visit.request.POST:
            end_address(actor=visit.actor, at=visit.at)
            return HttpResponseRedirect(reverse("office_calendar"))
        replaced = address_of(visit.actor) is not None
        secret = new_address(actor=visit.actor, at=visit.at)
        address = settings().base_url + feed_url(secret, get_language() or "en")
    return visit.render(
        "office/calendar.html",
        working=address_of(visit.actor),
        address=address,
        replaced=replaced,
        waiting=len(for_feed(visit.actor, at=visit.at)),
    )


def feed_url(secret: str, language: str) -> str:
    """Where the calendar with that secret is read, in a language; entries are in it."""
    with override(language):
        return reverse("office_calendar_feed", args=[secret])


@csrf_exempt
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar of whoever's secret stands in the address. It names no subject of a case, and no case of the secure section."""
    at = timezone.now()
    actor = actor_for_feed(key)
    if actor is None:
        return HttpResponseNotFound(
            _("There is no calendar at this address."), content_type="text/plain; charset=utf-8"
        )
    with acting(actor, at):
        entries = [_entry(clock, clock.case) for clock in for_feed(actor, at=at)]
    name = _("Time limits: %(name)s") % {"name": actor.organisation_name}
    response = HttpResponse(icalendar.written(name, entries, at=at), content_type=icalendar.MEDIA_TYPE)
    # The address is a secret: a link followed from a calendar must not carry it on.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _entry(clock: Clock, case: Case) -> icalendar.Entry:
    language = get_language() or "en"
    limit = time_limit(clock.limit)
    answer = shown(deadline_of(clock), language, of=limit)
    title = capfirst(text(limit.action_key, language))
    number = case.number or str(procedure(case.procedure).noun)
    link = settings().base_url + reverse("office_case", args=[case.pk])
    assert clock.due_at is not None, "the feed shows what has a day"
    assert clock.legal_end is not None
    when: date | datetime = clock.due_at if limit.unit is Unit.HOUR else clock.legal_end
    lines = [f"{answer['label']} {answer['due']}", provision_words(limit.basis, language), answer["silence"], link]
    if answer["target"]:
        lines.insert(0, labelled(_("Work towards"), answer["target"]))
    return icalendar.Entry(
        uid=f"{clock.pk}@{settings().base_url.partition('://')[2].partition('/')[0].partition(':')[0]}",
        when=when,
        summary=f"{title} ({number})",
        description="\n".join(line for line in lines if line),
        url=link,
        sequence=len(clock.changes),
    )
