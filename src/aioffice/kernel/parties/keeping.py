"""How long what is stored of organisations and people is kept."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.parties.models import (
    ApiToken,
    AuditEntry,
    CapacityGrant,
    Identifier,
    Invitation,
    Mandate,
    Membership,
    Organisation,
    Person,
)
from aioffice.kernel.retention.declaring import SILENT, End, Leaving, Retention, keep
from aioffice.kernel.retention.forgetting import forgetting, plainly

keep(
    Retention(
        "accounts",
        _("Accounts, and who acts for which organisation in which role"),
        (Person, Membership, EmailAddress, EmailConfirmation, Authenticator, SocialAccount, SocialToken),
        End.KEPT,
        _("They stay until the person or an administrator ends them; what was done under them stays explained."),
        "71(1), 71(5)",
    ),
    Retention(
        "organisations",
        _("Organisations, their identifiers, capacities and mandates"),
        (Organisation, Identifier, CapacityGrant, Mandate),
        End.KEPT,
        _("Entries of the register and records of steps name them."),
        "71(1)",
    ),
    Retention(
        "sign-in-attempts",
        _("Attempts to sign in, by address and account, and one-time codes that were used"),
        (),
        End.AUTOMATIC,
        _("They serve to slow guessing down, and expire after a day at the latest."),
        SILENT,
        days=1,
        counted_from=_("the attempt"),
        tables=("sign_in_cache",),
        job="parties.forget_attempts",
    ),
    Retention(
        "sessions",
        _("Sessions of people signed in"),
        (Session,),
        End.AUTOMATIC,
        _("One that has ended opens nothing any more."),
        SILENT,
        days=1,
        counted_from=_("the end of the session"),
        job="parties.forget_sessions",
    ),
    Retention(
        "invitations",
        _("Invitations that were answered or withdrawn"),
        (Invitation,),
        End.PROPOSED,
        _("Until then it can be seen who let whom in; afterwards the audit trail says so."),
        SILENT,
        days=365,
        counted_from=_("the answer or the withdrawal"),
        leaving=Leaving(
            rows=lambda before: Invitation.objects.filter(ended_at__lt=before),
            moment="ended_at",
            remove=plainly(Invitation),
        ),
    ),
    Retention(
        "tokens",
        _("API tokens that have ended"),
        (ApiToken,),
        End.PROPOSED,
        _("Only a hash of a dead secret, its name and its roles are left of it."),
        SILENT,
        days=1825,
        counted_from=_("the last day on which it could have worked"),
        leaving=Leaving(
            rows=lambda before: ApiToken.objects.filter(expires_at__lt=before),
            moment="expires_at",
            remove=plainly(ApiToken),
        ),
    ),
    Retention(
        "audit-trail",
        _("The audit trail: changes of roles, tokens, documents and settings, by whom and when"),
        (AuditEntry,),
        End.PROPOSED,
        _("It is evidence of who could act for whom. It holds codes and ids, no text."),
        SILENT,
        days=3650,
        counted_from=_("the change"),
        leaving=Leaving(
            rows=lambda before: AuditEntry.objects.filter(at__lt=before),
            moment="at",
            remove=forgetting("forget_audit"),
        ),
    ),
    Retention(
        "machinery",
        _("Tables of the software itself"),
        (ContentType, Permission, Group, Group.permissions.through, SocialApp),
        End.KEPT,
        _("They say nothing about anybody."),
        SILENT,
        tables=("django_migrations",),
    ),
)
