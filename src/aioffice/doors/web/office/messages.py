"""The inbox: what the Office told the organisation, and who has read it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.sheet import read_id
from aioffice.kernel.notices.queries import inbox
from aioffice.kernel.notices.service import mark_all_read, mark_read
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.errors import NotFound


@require_safe
@office_page
def messages(visit: Visit) -> HttpResponseBase:
    """A page of the inbox, newest first; `?unread=1` leaves out what the reader has read."""
    unread_only = visit.request.GET.get("unread") == "1"
    after = read_id(visit.request.GET.get("after", ""))
    page = inbox(visit.actor, after=after, unread_only=unread_only, size=25)
    return visit.render("office/messages.html", page=page, unread_only=unread_only, later_page=after is not None)


@require_safe
@office_page
def message(visit: Visit, notice_id: UUID, case_id: UUID) -> HttpResponseBase:
    """Open the case that a message is about, and mark the message as read."""
    mark_read([notice_id], actor=visit.actor, at=visit.at)
    try:
        visible_case(case_id, actor=visit.actor, door=None)
    except NotFound:
        raise NotFound(_("The message is marked as read. The case itself does not concern you any more.")) from None
    return HttpResponseRedirect(reverse("office_case", args=[case_id]))


@require_POST
@office_page
def read_all(visit: Visit) -> HttpResponseBase:
    """Mark everything as read."""
    count = mark_all_read(actor=visit.actor, at=visit.at)
    flash.success(visit.request, _("%(n)s messages marked as read.") % {"n": count})
    return HttpResponseRedirect(reverse("office_messages"))
