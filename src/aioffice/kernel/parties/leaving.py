"""What people leave behind in an organisation: tokens that they made act for it, and go on when they do not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import ApiToken
from aioffice.kernel.parties.vocabulary import Role


def tokens_made_by(person: UUID, organisation: UUID, at: datetime) -> list[ApiToken]:
    """The tokens in force of an organisation that a person made, whose secrets they may still know. Called inside `acting`."""
    found = ApiToken.objects.filter(
        organisation=organisation, created_by=f"person:{person}", revoked_at=None, expires_at__gt=at
    )
    return list(found.order_by("created_at", "id"))


def end_auditing(person: UUID, organisation: UUID, *, actor: Actor, at: datetime) -> None:
    """End the tokens by which a person who is auditor no longer would go on reading who read what. Called inside `acting`."""
    for token in tokens_made_by(person, organisation, at):
        if Role.AUDITOR.value in token.roles:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            audit(actor, "token.revoke", f"token:{token.pk}", {"with": "auditor"}, at)
