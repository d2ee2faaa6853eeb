"""How the office is doing, for administrators of the AI Office: what calls for somebody, jobs that failed, announcements."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aioffice.doors.announcing import MEMORY
from aioffice.doors.standing import facts, standing
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, field, with_errors
from aioffice.doors.web.templatetags._dates import BRUSSELS, long_moment
from aioffice.doors.web.templatetags._names import file_size
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.watching import announcements, faults


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def operations(visit: Visit) -> HttpResponseBase:
    """Show everything the reader may know; POST announces something to everybody."""
    if visit.request.method != "POST":
        return _page(visit, _fields(visit, {}))
    sent = {name: value.replace("\0", "") for name, value in visit.request.POST.items() if isinstance(value, str)}
    try:
        announcements.post(
            sent.get("kind", ""),
            {"en": sent.get("en", ""), "fr": sent.get("fr", "")},
            starts_at=_moment(sent, "starts_at") or visit.at,
            ends_at=_moment(sent, "ends_at"),
            actor=visit.actor,
            at=visit.at,
        )
    except Invalid as error:
        at_fields = [FieldError(one.pointer.replace("/texts", ""), one.message, one.code) for one in error.errors]
        return _page(visit, with_errors(_fields(visit, sent), at_fields), status=422)
    MEMORY.forget()
    messages.success(visit.request, _("Announced. It stands on every page within some seconds."))
    return HttpResponseRedirect(reverse("office_operations"))


def _moment(sent: dict[str, str], name: str) -> datetime | None:
    """A moment in Brussels, None for nothing written; raises `Invalid`."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = _("Write day and hour in Brussels as 2027-05-31 22:00.")
        raise Invalid(errors=[FieldError(f"/{name}", message, "moment")]) from None
    return found.replace(tzinfo=BRUSSELS) if found.tzinfo is None else found


def _fields(visit: Visit, sent: dict[str, str]) -> list[Field]:
    kinds = [("maintenance", _("Maintenance")), ("incident", _("Something is not working"))]
    now = visit.at.astimezone(BRUSSELS).strftime("%Y-%m-%d %H:%M")
    hour = _("Day and hour in Brussels")
    return [
        field("kind", _("What it is"), widget="select",
              choices=[(code, words, sent.get("kind") == code) for code, words in kinds]),
        field("en", _("What readers should know, in English"), value=sent.get("en", ""), lang="en"),
        field("fr", _("The same in French"), value=sent.get("fr", ""), required=False, lang="fr",
              help=_("Left empty, French pages show the English text.")),
        field("starts_at", _("From"), value=sent.get("starts_at", now), required=False, help=hour),
        field("ends_at", _("Expected to be over"), value=sent.get("ends_at", ""), required=False, help=hour),
    ]  # fmt: skip


def _page(visit: Visit, form_fields: list[Field], status: int = 200) -> HttpResponseBase:
    found = standing(actor=visit.actor, at=visit.at)
    return visit.render(
        "office/operations.html",
        status=status,
        form_fields=form_fields,
        form_errors=status != 200,
        well=found.well,
        troubles=found.troubles,
        facts=[{"label": name, "value": _shown(name, value)} for name, value in facts(found)],
        failed=found.failed,
        sees_queues=found.failed is not None,
        announced=[one for one in announcements.newest(visit.at) if one.stands(visit.at)],
    )


def _shown(name: str, value: Any) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, datetime):
        return long_moment(value)
    return file_size(value) if name == _("Free on the disk") else str(value)


@require_POST
@office_page
def retry(visit: Visit, job_id: int) -> HttpResponseBase:
    """Queue a failed job once more."""
    faults.retry(job_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The job is queued again."))
    return HttpResponseRedirect(reverse("office_operations"))


@require_POST
@office_page
def end_announcement(visit: Visit, announcement_id: UUID) -> HttpResponseBase:
    """Say that what was announced is over."""
    ended = announcements.end(announcement_id, actor=visit.actor, at=visit.at)
    MEMORY.forget()
    cancelled, over = (
        _("It is cancelled: the banner goes within some seconds."),
        _("It is over: the banner goes within some seconds."),
    )
    messages.success(visit.request, cancelled if ended.cancelled else over)
    return HttpResponseRedirect(reverse("office_operations"))
