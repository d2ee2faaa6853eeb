"""The audit trail of what people change outside procedures: roles, tokens, drafts, documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aioffice.kernel.parties.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aioffice.kernel.parties.actor import Actor


def audit(actor: Actor, action: str, target: str, detail: Mapping[str, Any], at: datetime) -> AuditEntry:
    """Write one entry in the current transaction and return it.

    `action` is `thing.verb` (`token.create`), `target` is `thing:<id>`; `detail` holds codes and ids, never secrets or free text.
    """
    return AuditEntry.objects.create(
        actor=actor.id, organisation_id=actor.organisation, action=action, target=target, detail=dict(detail), at=at
    )
