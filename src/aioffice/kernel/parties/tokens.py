"""API tokens: keys with which machines act for an organisation. A secret is shown once and never kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import token_digest
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import ApiToken
from aioffice.kernel.parties.services import organisation_administered_by
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed, NotFound

PREFIX = "aio_"
LONGEST = timedelta(days=366)
"""A token lives for a year at the most (366 days, so that one made on 29 February may end on 28 February or 1 March)."""
TOKEN_ROLES = frozenset({Role.READER, Role.EDITOR, Role.SIGNATORY, Role.AUDITOR})
"""A machine never manages people, roles or tokens."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, with the secret that is never shown again."""

    token: ApiToken
    secret: str


def create_token(name: str, roles: Collection[Role], *, expires_at: datetime, actor: Actor, at: datetime) -> NewToken:
    """Make a token of the acting organisation; return it with its secret.

    Only administrators; one that audits is made by an auditor alone. Raises `NotAllowed`, or `Invalid` for an empty name, roles a
    token cannot hold, or an end that has passed or lies more than a year ahead.
    """
    organisation = organisation_administered_by(actor)
    if Role.AUDITOR in roles and not actor.audits:
        raise NotAllowed(
            _("A token that audits is made by an administrator who is auditor too: give that person both roles.")
        )
    errors = []
    title = " ".join(name.split())
    if not title or len(title) > 100:
        errors.append(
            FieldError("/name", _("Give the token a name of up to 100 characters, such as the machine's."), "name")
        )
    if not roles or not set(roles) <= TOKEN_ROLES:
        errors.append(
            FieldError("/roles", _("A token holds the role of reader, editor, signatory or auditor."), "roles")
        )
    if not at < expires_at <= at + LONGEST:
        errors.append(
            FieldError(
                "/expires_at", _("A token ends within a year from now: choose an earlier or later day."), "expiry"
            )
        )
    if errors:
        raise Invalid(errors=errors)
    secret = PREFIX + secrets.token_urlsafe(32)
    with acting(actor, at):
        token = ApiToken.objects.create(
            organisation_id=organisation,
            name=title,
            digest=token_digest(secret),
            roles=sorted(role.value for role in set(roles)),
            created_by=actor.id,
            created_at=at,
            expires_at=expires_at,
        )
        detail = {"roles": token.roles, "expires_at": expires_at.isoformat()}
        audit(actor, "token.create", f"token:{token.pk}", detail, at)
    return NewToken(token, secret)


def token_roles_offered(actor: Actor) -> list[Role]:
    """The roles that the actor may give a token."""
    return [role for role in Role if role in TOKEN_ROLES and (actor.audits or role is not Role.AUDITOR)]


def list_tokens(*, actor: Actor) -> list[ApiToken]:
    """Return the tokens of the acting organisation, newest first, ended ones too. Only administrators; called inside `acting`."""
    organisation = organisation_administered_by(actor)
    return list(ApiToken.objects.filter(organisation=organisation).order_by("-created_at", "-id"))


def revoke_token(token_id: UUID, *, actor: Actor, at: datetime) -> ApiToken:
    """End a token now; one already revoked stays as it is. Only administrators. Raises `NotAllowed` or `NotFound`."""
    organisation = organisation_administered_by(actor)
    with acting(actor, at):
        token = ApiToken.objects.select_for_update().filter(pk=token_id, organisation=organisation).first()
        if token is None:
            raise NotFound(_("Your organisation has no such token."))
        if token.revoked_at is None:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            audit(actor, "token.revoke", f"token:{token.pk}", {}, at)
    return token
