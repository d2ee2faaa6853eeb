"""API tokens of an organisation: made, shown once, ended. For administrators."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, chosen_roles, field, roles_field, with_errors
from aioffice.doors.web.templatetags._dates import BRUSSELS
from aioffice.kernel.days import office_day
from aioffice.kernel.parties.models import ApiToken
from aioffice.kernel.parties.services import organisation_administered_by
from aioffice.kernel.parties.tokens import create_token, list_tokens, revoke_token, token_roles_offered
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.errors import FieldError, Invalid

_USUAL = timedelta(days=180)


@require_safe
@office_page
def tokens(visit: Visit) -> HttpResponseBase:
    """The tokens, newest first, ended ones too."""
    found = list_tokens(actor=visit.actor)
    return visit.render(
        "office/tokens.html",
        tokens=[(token, _standing(token, visit.at)) for token in found],
        role_labels=dict(Role.choices),
    )


def _standing(token: ApiToken, at: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "ended" if token.expires_at <= at else "works"


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def create(visit: Visit) -> HttpResponseBase:
    """Make a token; its secret is shown on the answer and never again."""
    organisation_administered_by(visit.actor)
    if visit.request.method != "POST":
        return _form(visit, [])
    sent = visit.request.POST
    try:
        expires_at = _end_of(sent.get("expires_at", ""))
        made = create_token(
            sent.get("name", "").replace("\0", ""),
            chosen_roles(sent.getlist("roles")),
            expires_at=expires_at,
            actor=visit.actor,
            at=visit.at,
        )
    except Invalid as error:
        return _form(visit, with_errors(_fields(visit), error.errors))
    last_day = office_day(made.token.expires_at - timedelta(seconds=1))
    return visit.render("office/token.html", token=made.token, secret=made.secret, last_day=last_day)


def _end_of(text: str) -> datetime:
    """The end of a day in Brussels; raises `Invalid`."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day + timedelta(days=1), time.min, BRUSSELS)
    except (ValueError, OverflowError):
        message = _("Write a date as year-month-day, for example 2027-05-31.")
        raise Invalid(errors=[FieldError("/expires_at", message, "date")]) from None


def _fields(visit: Visit) -> list[Field]:
    sent = visit.request.POST
    usual = (visit.at + _USUAL).date().isoformat()
    return [
        field(
            "name",
            _("Name"),
            value=sent.get("name", ""),
            help=_("Such as the machine's or the program's"),
            autocomplete="off",
        ),
        roles_field(
            _("Roles"),
            sent.getlist("roles"),
            token_roles_offered(visit.actor),
            _("No more than the machine needs. A machine never manages people."),
        ),
        field(
            "expires_at",
            _("Last day on which it works"),
            value=sent.get("expires_at", usual),
            widget="date",
            help=_("A year from now at the latest"),
        ),
    ]


def _form(visit: Visit, wrong: list[Field]) -> HttpResponseBase:
    return visit.render(
        "office/token_new.html",
        status=422 if wrong else 200,
        form_fields=wrong or _fields(visit),
        form_errors=bool(wrong),
    )


@require_POST
@office_page
def revoke(visit: Visit, token_id: UUID) -> HttpResponseBase:
    """End a token now."""
    token = revoke_token(token_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The token “%(name)s” no longer works.") % {"name": token.name})
    return HttpResponseRedirect(reverse("office_tokens"))
