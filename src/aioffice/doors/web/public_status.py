"""The public status page: is the office working? It also answers while the database does not, and tells nothing of what is filed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

import aioffice
from aioffice.doors import health
from aioffice.doors.announcing import MEMORY
from aioffice.kernel.ledger.holds import public_held_since
from aioffice.kernel.watching import state
from aioffice.kernel.watching.announcements import Announcement
from aioffice.kernel.watching.state import State
from aioffice.register import public_queries

log = structlog.get_logger(__name__)

KEPT = "public, max-age=10"
"""By browsers and caches alike: a crowd that asks what is wrong must not make it worse."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the office as everybody may know it. `works` is None where it cannot be told; `since` where it is known."""

    code: str
    name: str | Promise
    works: bool | None
    since: datetime | None


class _Failing:
    """Since when this process has seen a part fail: there is no database to keep that in."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def note(self, part: str, works: bool, at: datetime) -> datetime | None:
        if works:
            self._since.pop(part, None)
            return None
        return self._since.setdefault(part, at)


FAILING = _Failing()


def parts(at: datetime) -> list[Part]:
    """Every part of the office. Those that fail name since when."""
    office, site = health.office_works(), health.site_works()
    open_for_filing = office and not health.draining()
    told = _told() if site else None
    return [
        _live("site", _("The public register"), site, at),
        _live("search", pgettext_lazy("a part of the office", "Search"), site and _search_works(), at),
        _live("filing", _("Filing and the signed-in office"), open_for_filing, at),
        _log(site),
        _by_jobs("publication", _("Publication of what is filed"), state.PUBLICATION, told, at),
        _by_jobs("mail", _("E-mail"), state.MAIL, told, at),
    ]


def _live(code: str, name: Promise, works: bool, at: datetime) -> Part:
    return Part(code, name, works, FAILING.note(code, works, at))


def _log(site: bool) -> Part:
    """The public log goes on unless it is held; whether the jobs keep up with it belongs to publication."""
    name = _("The public log")
    since = _unless_database(lambda: [public_held_since()]) if site else None
    return Part("log", name, None, None) if since is None else Part("log", name, since[0] is None, since[0])


def _by_jobs(code: str, name: Promise, part: str, told: Mapping[str, State] | None, at: datetime) -> Part:
    """A part that the job workers look at once a minute; when nobody has looked for long, they do not work, and neither does it."""
    if told is None:
        return Part(code, name, None, None)
    found = told.get(part)
    if found is None:
        return Part(code, name, None, None)  # an office that has only just been opened
    if at - found.looked_at > state.SILENT:
        return Part(code, name, False, found.looked_at)
    return Part(code, name, found.works, None if found.works else found.since)


def _told() -> Mapping[str, State] | None:
    return _unless_database(state.seen_by_site)


def _search_works() -> bool:
    return _unless_database(lambda: public_queries.search(text="ai", limit=1)) is not None


def _unless_database[T](ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Error:
        log.exception("status_not_read")
        return None


def _verdict(found: Sequence[Part], announced: Sequence[Announcement], at: datetime) -> str:
    """`failing` where a part does not work; `incident` where every part does and the operator says that something does not; `ok`."""
    if any(part.works is False for part in found):
        return "failing"
    return "incident" if any(one.kind == "incident" and one.stage(at) == "now" for one in announced) else "ok"


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The page for people."""
    at = timezone.now()
    found = parts(at)
    announced = MEMORY.all(at)
    response = render(
        request,
        "public/status.html",
        {
            "parts": found,
            "verdict": _verdict(found, announced, at),
            "held": any(part.code == "log" and part.works is False for part in found),
            "at": at,
            "announced_here": [one for one in announced if one.stands(at)],
            "over": [one for one in announced if not one.stands(at)],
        },
    )
    response.headers["Cache-Control"] = KEPT
    return response


@require_safe
def status_json(request: HttpRequest) -> JsonResponse:
    """The same for programs."""
    at = timezone.now()
    found = parts(at)
    announced = MEMORY.all(at)
    body = {
        "status": _verdict(found, announced, at),
        "at": at.isoformat(),
        "version": aioffice.__version__,
        "parts": {part.code: {"works": part.works, "since": _iso(part.since)} for part in found},
        "announcements": [_line(one, at) for one in announced],
    }
    return JsonResponse(body, headers={"Cache-Control": KEPT, "Access-Control-Allow-Origin": "*"})


def _line(one: Announcement, at: datetime) -> dict[str, object]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "stands": one.stands(at),
        "stage": one.stage(at),
        "texts": dict(one.texts),
        "starts_at": _iso(one.starts_at),
        "ends_at": _iso(one.ends_at),
        "ended_at": _iso(one.ended_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
