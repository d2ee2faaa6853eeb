"""The secret address at which an organisation's calendar is read: made, ended, and told apart from any other text."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from aioffice.kernel.clocks.models import FeedAddress
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_organisation, token_digest
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.services import organisation_administered_by
from aioffice.kernel.parties.vocabulary import Role


def new_address(*, actor: Actor, at: datetime) -> str:
    """Make the organisation's address anew and return its secret, which is never shown again; the one before it stops working.

    Only administrators. Raises `NotAllowed`.
    """
    organisation = organisation_administered_by(actor)
    secret = secrets.token_urlsafe(32)
    with acting(actor, at):
        Organisation.objects.select_for_update().get(pk=organisation)  # two at once make one after the other
        _end(actor, at)
        made = FeedAddress.objects.create(
            organisation_id=organisation, digest=token_digest(secret), created_by=actor.id, created_at=at
        )
        audit(actor, "feed.create", f"feed:{made.pk}", {}, at)
    return secret


def end_address(*, actor: Actor, at: datetime) -> bool:
    """Let the organisation's address work no longer; return whether there was one. Only administrators. Raises `NotAllowed`."""
    organisation_administered_by(actor)
    with acting(actor, at):
        return _end(actor, at)


def _end(actor: Actor, at: datetime) -> bool:
    working = address_of(actor)
    if working is None:
        return False
    working.ended_at = at
    working.save(update_fields=["ended_at"])
    audit(actor, "feed.end", f"feed:{working.pk}", {}, at)
    return True


def address_of(actor: Actor) -> FeedAddress | None:
    """The address of the acting organisation that works; None where it has none. Only administrators. Called inside `acting`."""
    organisation = organisation_administered_by(actor)
    return FeedAddress.objects.filter(organisation=organisation, ended_at=None).first()


def made_by(person: UUID, organisation: UUID) -> bool:
    """Whether a person made the address at which the organisation's calendar is read now, and so may know it. Inside `acting`."""
    return FeedAddress.objects.filter(organisation=organisation, created_by=f"person:{person}", ended_at=None).exists()


def actor_for_feed(secret: str) -> Actor | None:
    """Who reads with the secret of a feed: its organisation, as a reader without access to the secure section. None for others."""
    found = (
        FeedAddress.objects.filter(digest=token_digest(secret), ended_at=None).select_related("organisation").first()
    )
    if found is None:
        return None
    reader = actor_for_organisation(
        actor_id=f"feed:{found.pk}", name="Calendar feed", organisation=found.organisation, roles=[Role.READER]
    )
    return replace(reader, secure_access=False, secure_capacities=frozenset())
