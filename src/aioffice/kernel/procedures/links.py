"""Relations between cases: parallel or following cases are linked, never merged."""

from __future__ import annotations

from datetime import datetime

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.models import Case, CaseLink


def link(case: Case, relation: str, other: Case, *, actor: Actor, at: datetime) -> CaseLink:
    """Link `case` to `other` and return the link; the same link again is the same row. Called inside `acting`.

    Whoever may see `case` sees the link; who sees only `other` does not learn of it.
    """
    found, _new = CaseLink.objects.get_or_create(
        case=case,
        relation=relation,
        other=other,
        defaults={
            "linked_at": at,
            "linked_by": actor.id,
            "organisation_id": case.organisation_id,
            "audience": list(case.audience),
        },
    )
    return found
