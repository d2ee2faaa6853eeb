"""The e-mail to somebody who may now act for an organisation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.models import Membership
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.settings import settings

SIGN_IN, SET_PASSWORD = "/{language}/account/login/", "/{language}/account/password/reset/"


def compose(membership: Membership) -> EmailMessage:
    """Return the e-mail, in the person's language: to sign in, or for somebody new to set a password first."""
    person, organisation = membership.person, membership.organisation
    language = person.language or "en"
    new = not person.has_usable_password()
    link = settings().base_url + (SET_PASSWORD if new else SIGN_IN).format(language=language)
    with translation.override(language):
        roles = "\n".join(f"- {Role(code).label}" for code in membership.roles)
        lines = [
            _("You may now act for %(organisation)s at the AI Office:") % {"organisation": organisation.name},
            roles,
            _("Set a password for your account here: %(link)s") % {"link": link}
            if new
            else _("Sign in here: %(link)s") % {"link": link},
            _("If you do not know this organisation, do nothing and tell us."),
        ]
        subject = _("You may act for %(organisation)s") % {"organisation": organisation.name}
    return EmailMessage(
        subject=" ".join(subject.split())[:200],
        body="\n\n".join(lines) + "\n",
        to=[person.email],
        headers={"Message-ID": f"<membership-{membership.pk}@aioffice>", "Auto-Submitted": "auto-generated"},
    )


def send(membership_id: UUID, *, at: datetime) -> bool:
    """Send the e-mail; False when the membership has ended meanwhile."""
    with acting(service("notifier"), at):
        membership = Membership.objects.select_related("person", "organisation").filter(pk=membership_id).first()
    if membership is None:
        return False
    compose(membership).send()
    return True
