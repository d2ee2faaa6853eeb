"""The e-mail to somebody whom an organisation asks to act for it, or who may do so now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.models import Invitation, Membership
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.settings import settings

SIGN_IN, SET_PASSWORD = "/{language}/account/login/", "/{language}/account/password/reset/"


def compose(invitation: Invitation) -> EmailMessage:
    """Return the e-mail, in the person's language: to answer after signing in, or for somebody new to set a password first."""
    person, organisation = invitation.person, invitation.organisation
    language = person.language or "en"
    new = not person.has_usable_password()
    link = settings().base_url + (SET_PASSWORD if new else SIGN_IN).format(language=language)
    with translation.override(language):
        roles = "\n".join(f"- {Role(code).label}" for code in invitation.roles)
        lines = [
            _("%(organisation)s asks you to act for it at the AI Office:") % {"organisation": organisation.name}
            if invitation.ended_at is None
            else _("You may now act for %(organisation)s at the AI Office:") % {"organisation": organisation.name},
            roles,
            _("Set a password for your account here: %(link)s") % {"link": link}
            if new
            else _("Sign in here: %(link)s") % {"link": link},
            _("Say yes or no on the first page there. Until you say yes, nothing changes.")
            if invitation.ended_at is None
            else "",
            _("If you do not know this organisation, do nothing and tell us."),
        ]
        subject = _("Acting for %(organisation)s") % {"organisation": organisation.name}
    return EmailMessage(
        subject=" ".join(subject.split())[:200],
        body="\n\n".join(line for line in lines if line) + "\n",
        to=[person.email],
        headers={"Message-ID": f"<invitation-{invitation.pk}@aioffice>", "Auto-Submitted": "auto-generated"},
    )


def send(invitation_id: UUID, *, at: datetime) -> bool:
    """Send the e-mail; False when the invitation was answered or withdrawn meanwhile, or somebody new was removed again."""
    with acting(service("notifier"), at):
        invitation = Invitation.objects.select_related("person", "organisation").get(pk=invitation_id)
        member = Membership.objects.filter(
            person=invitation.person_id, organisation=invitation.organisation_id
        ).exists()
    if not (invitation.ended_at is None or (invitation.outcome == "joined" and member)):
        return False
    compose(invitation).send()
    return True
