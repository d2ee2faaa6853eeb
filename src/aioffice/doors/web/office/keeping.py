"""How long records are kept: the schedule, what waits for a decision, what was decided, and which cases are held."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, field, with_errors
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotFound
from aioffice.kernel.retention.deciding import accept, keep_longer, proposal_of, proposals
from aioffice.kernel.retention.declaring import End, retention
from aioffice.kernel.retention.holding import check_staff, holds, lift_hold, place_hold
from aioffice.kernel.retention.models import Proposal, Standing
from aioffice.kernel.retention.wording import lines


@require_safe
@office_page
def keeping(visit: Visit) -> HttpResponseBase:
    """What waits for a decision, what is held, what was decided, and the schedule."""
    return _overview(visit, _hold_fields(visit))


def _overview(visit: Visit, hold_fields: list[Field], *, status: int = 200) -> HttpResponseBase:
    check_staff(visit.actor)
    return visit.render(
        "office/keeping.html",
        status=status,
        waiting=[(one, title_of(one)) for one in proposals(visit.actor)],
        decided=[(one, title_of(one)) for one in proposals(visit.actor, decided=True, size=25)],
        holds=holds(visit.actor),
        decides=Role.SIGNATORY in visit.actor.roles,
        form_fields=hold_fields,
        form_errors=status != 200,
        headings=[_("What"), _("How long"), _("Then"), _("Why"), _("Basis")],
        rows=[[line.title, line.period, line.end, line.why, provision_words(line.basis)] for line in lines()],
    )


def title_of(proposal: Proposal) -> str:
    """The kind in words."""
    title = str(retention(proposal.kind).title)
    return _("%(title)s: secure section") % {"title": title} if proposal.restricted else title


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def proposal(visit: Visit, proposal_id: UUID) -> HttpResponseBase:
    """One proposal with its list, and the decision."""
    found = proposal_of(proposal_id, actor=visit.actor)
    if visit.request.method != "POST":
        return _proposal(visit, found, _keep_fields(visit))
    sent = visit.request.POST
    if "accept" in sent:
        accept(found.pk, cutoff=_cutoff(sent.get("cutoff", "")), actor=visit.actor, at=visit.at)
        messages.success(visit.request, _("Accepted. It is being deleted, batch by batch."))
        return HttpResponseRedirect(reverse("office_keeping"))
    try:
        kept = keep_longer(
            found.pk,
            cutoff=_cutoff(sent.get("cutoff", "")),
            reason=sent.get("reason", ""),
            until=_day(sent.get("until", "")),
            actor=visit.actor,
            at=visit.at,
        )
    except Invalid as error:
        return _proposal(visit, found, with_errors(_keep_fields(visit), error.errors), status=422)
    messages.success(visit.request, _("Kept until %(day)s.") % {"day": long_date(kept.until)})
    return HttpResponseRedirect(reverse("office_keeping"))


def _proposal(visit: Visit, found: Proposal, fields: list[Field], *, status: int = 200) -> HttpResponseBase:
    one = retention(found.kind)
    by_step = one.end is End.BY_STEP
    return visit.render(
        "office/keeping_proposal.html",
        status=status,
        proposal=found,
        title=title_of(found),
        why=one.why,
        basis=provision_words(one.basis),
        by_step=by_step,
        waits=found.state == Standing.OPEN,
        decides=Role.SIGNATORY in visit.actor.roles,
        form_fields=fields,
        form_errors=status != 200,
        headings=[_("Number or id"), _("Since")],
        rows=[[_name(row, by_step=by_step), long_date(datetime.fromisoformat(row["since"]))] for row in found.sample],
    )


def _name(row: dict[str, str], *, by_step: bool) -> object:
    text = row["number"] or row["id"]
    return {"text": text, "url": reverse("office_case", args=[row["id"]])} if by_step else text


def _keep_fields(visit: Visit) -> list[Field]:
    sent = visit.request.POST
    return [
        field("reason", _("Why it is kept longer"), value=sent.get("reason", ""), widget="longtext"),
        field("until", _("Until"), value=sent.get("until", ""), widget="date"),
    ]


def _hold_fields(visit: Visit) -> list[Field]:
    sent = visit.request.POST
    return [
        field("case", _("Number or id of the case"), value=sent.get("case", ""), autocomplete="off"),
        field(
            "reason",
            _("Reason"),
            value=sent.get("reason", ""),
            help=_("Such as a dispute before a court"),
            widget="longtext",
        ),
    ]


def _cutoff(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NotFound(_("There is no such proposal.")) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = _("Write a date as year-month-day, for example 2027-05-31.")
        raise Invalid(errors=[FieldError("/until", message, "date")]) from None


@require_POST
@office_page
def hold(visit: Visit) -> HttpResponseBase:
    """Hold a case."""
    sent = visit.request.POST
    text = sent.get("case", "").replace("\0", "").strip()[:60]
    try:
        place_hold(_case(text), sent.get("reason", ""), actor=visit.actor, at=visit.at)
    except Invalid as error:
        return _overview(visit, with_errors(_hold_fields(visit), error.errors), status=422)
    except NotFound as error:
        wrong = [FieldError("/case", error.message, "not-found")]
        return _overview(visit, with_errors(_hold_fields(visit), wrong), status=422)
    messages.success(visit.request, _("The case is held: nothing of it is deleted."))
    return HttpResponseRedirect(reverse("office_keeping"))


def _case(text: str) -> UUID | str:
    try:
        return UUID(text)
    except ValueError:
        return text


@require_POST
@office_page
def lift(visit: Visit, hold_id: UUID) -> HttpResponseBase:
    """End a hold."""
    lift_hold(hold_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The case is no longer held."))
    return HttpResponseRedirect(reverse("office_keeping"))
