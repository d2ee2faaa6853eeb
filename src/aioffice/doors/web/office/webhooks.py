"""Webhooks of an organisation: registered, changed, tested, with what was sent to them. For administrators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, field, with_errors
from aioffice.doors.web.office.presenting import Fact
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.webhooks import service
from aioffice.kernel.webhooks.models import Webhook
from aioffice.kernel.webhooks.signing import OLD_WORKS_FOR


def _standing(found: Webhook) -> str:
    if found.switched_off_at is not None and not found.active:
        return "switched_off"
    if not found.active:
        return "off"
    return "fails" if found.failing_since else "works"


@require_safe
@office_page
def webhooks(visit: Visit) -> HttpResponseBase:
    """The webhooks, newest first."""
    found = service.list_webhooks(actor=visit.actor)
    return visit.render("office/webhooks.html", webhooks=[(one, _standing(one)) for one in found])


@require_safe
@office_page
def webhook(visit: Visit, webhook_id: UUID) -> HttpResponseBase:
    """One webhook, and the latest that was sent to it."""
    found = service.webhook_of(webhook_id, actor=visit.actor)
    return visit.render(
        "office/webhook.html",
        webhook=found,
        standing=_standing(found),
        facts=_facts(found),
        deliveries=service.deliveries_of(found),
    )


def _facts(found: Webhook) -> list[Fact]:
    titles = {kind.slug: str(kind.title) for kind in service.told_of()}
    facts: list[Fact] = [{"label": _("Address"), "value": found.url}]
    if found.procedures:
        facts.append({"label": _("Is told of"), "texts": [titles.get(slug, slug) for slug in found.procedures]})
    else:
        facts.append({"label": _("Is told of"), "value": _("Everything that your inbox is told")})
    facts.append({"label": _("Added"), "date": found.created_at})
    if found.rotated_at is not None:
        facts.append({"label": _("Secret renewed"), "date": found.rotated_at})
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def create(visit: Visit) -> HttpResponseBase:
    """Register an address; its secret is shown on the answer and never again."""
    service.organisation_managed_by(visit.actor)
    sent = visit.request.POST
    if visit.request.method != "POST":
        return _form(visit, _fields("", "", []))
    name, url, slugs = _typed(visit)
    try:
        made = service.add_webhook(name, url, slugs, actor=visit.actor, at=visit.at)
    except Invalid as error:
        return _form(visit, with_errors(_fields(sent.get("name", ""), url, slugs), error.errors), wrong=True)
    return visit.render("office/webhook_secret.html", webhook=made.webhook, secret=made.secret, both_until=None)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def change(visit: Visit, webhook_id: UUID) -> HttpResponseBase:
    """Change a webhook, or switch it on or off."""
    found = service.webhook_of(webhook_id, actor=visit.actor)
    if visit.request.method != "POST":
        shown = _fields(found.name, found.url, found.procedures, active=found.active)
        return _form(visit, shown, of=found)
    name, url, slugs = _typed(visit)
    active = visit.request.POST.get("active") == "true"
    try:
        service.change_webhook(found.pk, name=name, url=url, slugs=slugs, active=active, actor=visit.actor, at=visit.at)
    except Invalid as error:
        return _form(visit, with_errors(_fields(name, url, slugs, active=active), error.errors), of=found, wrong=True)
    messages.success(visit.request, _("The webhook was changed."))
    return HttpResponseRedirect(reverse("office_webhook", args=[found.pk]))


def _typed(visit: Visit) -> tuple[str, str, list[str]]:
    sent = visit.request.POST
    return sent.get("name", ""), sent.get("url", "").strip(), sent.getlist("procedures")


def _fields(name: str, url: str, slugs: list[str], active: bool | None = None) -> list[Field]:
    choices = [(kind.slug, str(kind.title), kind.slug in slugs) for kind in service.told_of()]
    found = [
        field("name", _("Name"), value=name, help=_("Such as that of your system"), autocomplete="off"),
        field(
            "url",
            _("Address"),
            value=url,
            widget="url",
            help=_("It begins with https:// and leads to a machine on the public internet."),
            autocomplete="off",
        ),
        field(
            "procedures",
            _("What it is told of"),
            widget="checkboxes",
            required=False,
            choices=choices,
            help=_(
                "Tick nothing to tell it of everything. Matters of the secure section are told only then, without content."
            ),
        ),
    ]
    if active is not None:
        on = field("active", _("It is switched on"), widget="checkbox", required=False, on_value="true")
        found.append({**on, "value": active})
    return found


def _form(visit: Visit, shown: list[Field], *, of: Webhook | None = None, wrong: bool = False) -> HttpResponseBase:
    return visit.render("office/webhook_form.html", status=422 if wrong else 200, form_fields=shown, webhook=of)


@require_POST
@office_page
def rotate(visit: Visit, webhook_id: UUID) -> HttpResponseBase:
    """Make a new secret, shown on the answer; the old one works a day longer."""
    made = service.new_secret(webhook_id, actor=visit.actor, at=visit.at)
    return visit.render(
        "office/webhook_secret.html", webhook=made.webhook, secret=made.secret, both_until=visit.at + OLD_WORKS_FOR
    )


@require_POST
@office_page
def test(visit: Visit, webhook_id: UUID) -> HttpResponseBase:
    """Send a test."""
    service.send_test(webhook_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("A test is on its way. What came of it stands below in a few seconds."))
    return HttpResponseRedirect(reverse("office_webhook", args=[webhook_id]))


@require_POST
@office_page
def send_again(visit: Visit, webhook_id: UUID, delivery_id: UUID) -> HttpResponseBase:
    """Send a message once more."""
    service.send_again(webhook_id, delivery_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The message is sent once more, under the same id."))
    return HttpResponseRedirect(reverse("office_webhook", args=[webhook_id]))


@require_POST
@office_page
def remove(visit: Visit, webhook_id: UUID) -> HttpResponseBase:
    """Remove a webhook."""
    gone = service.remove_webhook(webhook_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The webhook “%(name)s” was removed.") % {"name": gone.name})
    return HttpResponseRedirect(reverse("office_webhooks"))
