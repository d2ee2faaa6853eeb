"""The people of an organisation and their roles. Everybody sees them; administrators change them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aioffice.doors.middleware import choose_organisation
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, chosen_roles, field, roles_field, with_errors
from aioffice.kernel.clocks.feeds import made_by
from aioffice.kernel.parties.administering import offered_roles
from aioffice.kernel.parties.inviting import (
    accept_invitation,
    decline_invitation,
    invite_member,
    open_invitations,
    organisation_inviting_by,
    withdraw_invitation,
)
from aioffice.kernel.parties.leaving import tokens_made_by
from aioffice.kernel.parties.models import Membership
from aioffice.kernel.parties.services import change_roles, members, organisation_administered_by, remove_member
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, ProcedureError, Refused


@require_safe
@office_page
def people(visit: Visit) -> HttpResponseBase:
    """Who may act for the organisation, and in which roles."""
    if visit.actor.organisation is None:
        return HttpResponseRedirect(reverse("office_today"))
    return visit.render(
        "office/people.html", members=members(actor=visit.actor), invitations=open_invitations(actor=visit.actor)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def invite(visit: Visit) -> HttpResponseBase:
    """Ask somebody else to act for the organisation, and write to them."""
    organisation_inviting_by(visit.actor)
    sent = visit.request.POST
    if visit.request.method != "POST":
        return _invitation(visit, [])
    try:
        invitation = invite_member(
            sent.get("email", "").replace("\0", ""),
            chosen_roles(sent.getlist("roles")),
            name=sent.get("name", "").replace("\0", ""),
            language=(get_language() or "en")[:2],
            actor=visit.actor,
            at=visit.at,
        )
    except Invalid as error:
        return _invitation(visit, with_errors(_invitation_fields(visit), error.errors))
    messages.success(
        visit.request,
        _("%(address)s gets an e-mail about acting for your organisation.") % {"address": invitation.email},
    )
    return HttpResponseRedirect(reverse("office_people"))


def _invitation_fields(visit: Visit) -> list[Field]:
    sent = visit.request.POST
    return [
        field("email", _("E-mail address"), value=sent.get("email", ""), widget="email", autocomplete="off"),
        field(
            "name",
            _("Name"),
            value=sent.get("name", ""),
            required=False,
            help=_("For somebody who is not here yet"),
            autocomplete="off",
        ),
        roles_field(_("Roles"), sent.getlist("roles"), offered_roles(visit.actor)),
    ]


def _invitation(visit: Visit, wrong: list[Field]) -> HttpResponseBase:
    return visit.render(
        "office/invite.html",
        status=422 if wrong else 200,
        form_fields=wrong or _invitation_fields(visit),
        form_errors=bool(wrong),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def member(visit: Visit, membership_id: UUID) -> HttpResponseBase:
    """Change what somebody may do."""
    organisation_administered_by(visit.actor)
    found = _member(visit, membership_id)
    if visit.request.method != "POST":
        return _roles(visit, found, [roles_field(_("Roles"), found.roles, offered_roles(visit.actor))])
    wanted = visit.request.POST.getlist("roles")
    try:
        change_roles(membership_id, chosen_roles(wanted), actor=visit.actor, at=visit.at)
    except (Invalid, NotAllowed, Refused) as error:
        own = with_errors(
            [roles_field(_("Roles"), wanted, offered_roles(visit.actor))],
            error.errors if isinstance(error, Invalid) else (),
        )
        own[0]["error"] = own[0]["error"] or error.message
        return _roles(visit, found, own, status=422)
    messages.success(visit.request, _("Roles of %(name)s changed.") % {"name": found.person.get_full_name()})
    return HttpResponseRedirect(reverse("office_people"))


def _member(visit: Visit, membership_id: UUID) -> Membership:
    found = next((one for one in members(actor=visit.actor) if one.pk == membership_id), None)
    if found is None:
        raise NotFound(_("Your organisation has no such member."))
    return found


def _roles(visit: Visit, found: Membership, own: list[Field], status: int = 200) -> HttpResponseBase:
    return visit.render("office/member.html", status=status, member=found, form_fields=own, form_errors=status != 200)


@require_POST
@office_page
def remove(visit: Visit, membership_id: UUID) -> HttpResponseBase:
    """End a membership: anybody's by an administrator, one's own by oneself."""
    found = _member(visit, membership_id)
    try:
        remove_member(membership_id, actor=visit.actor, at=visit.at)
    except ProcedureError as error:
        messages.error(visit.request, error.message)
        return HttpResponseRedirect(reverse("office_people"))
    messages.success(
        visit.request, _("%(name)s no longer acts for your organisation.") % {"name": found.person.get_full_name()}
    )
    own = found.person_id == visit.actor.person
    if not own and (left := _left_by(visit, found)):
        messages.warning(
            visit.request,
            _("%(name)s made these and may still use them: %(what)s. End what should not go on.")
            % {"name": found.person.get_full_name(), "what": ", ".join(left)},
        )
    return HttpResponseRedirect(reverse("office_today" if own else "office_people"))


def _left_by(visit: Visit, gone: Membership) -> list[str]:
    """What goes on although whoever made it is gone, in words."""
    tokens = tokens_made_by(gone.person_id, gone.organisation_id, visit.at)
    words = [_("the token “%(name)s”") % {"name": token.name} for token in tokens]
    return [*words, *([_("the address of the calendar")] if made_by(gone.person_id, gone.organisation_id) else [])]


@require_POST
@office_page
def withdraw(visit: Visit, invitation_id: UUID) -> HttpResponseBase:
    """Ask somebody no longer who has not answered."""
    withdraw_invitation(invitation_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The invitation is withdrawn."))
    return HttpResponseRedirect(reverse("office_people"))


@require_POST
@office_page
def accept(visit: Visit, invitation_id: UUID) -> HttpResponseBase:
    """Say yes to an organisation that asks, and act for it from now on."""
    membership = accept_invitation(invitation_id, actor=visit.actor, at=visit.at)
    acting_for = choose_organisation(visit.request, membership.organisation_id)
    messages.success(visit.request, _("You now act for %(name)s.") % {"name": acting_for.organisation_name})
    return HttpResponseRedirect(reverse("office_today"))


@require_POST
@office_page
def decline(visit: Visit, invitation_id: UUID) -> HttpResponseBase:
    """Say no."""
    decline_invitation(invitation_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("You said no. Nothing has changed."))
    return HttpResponseRedirect(reverse("office_today"))
