"""Once a day, what has reached its end is counted and proposed, kind by kind; nothing is deleted here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting, serialise
from aioffice.kernel.parties.actor import service
from aioffice.kernel.retention.declaring import KEEPER, End, Retention, schedule
from aioffice.kernel.retention.holding import audience_of
from aioffice.kernel.retention.models import Proposal, Standing

LISTED = 100
"""So many rows, the oldest, are listed to be looked at."""


def propose(*, at: datetime) -> list[Proposal]:
    """Bring the proposals up to date and return those that wait for a decision.

    One that was accepted is left alone until it is done; what is kept longer is not proposed before the day that was named.
    """
    with acting(service(KEEPER), at):
        serialise("retention.propose")
        found = [
            _proposed(one, restricted, at)
            for one in schedule()
            if one.end in (End.PROPOSED, End.BY_STEP)
            for restricted in (False, True)
            if not restricted or (one.leaving and one.leaving.restricted is not None)
        ]
    return [one for one in found if one is not None]


def due(one: Retention, cutoff: datetime, *, restricted: bool) -> QuerySet[Any]:
    """The rows of a kind that count from before `cutoff`, of the secure section or apart from it. As the keeper, inside `acting`."""
    assert one.leaving is not None, "only what is proposed says how it is found"
    rows = one.leaving.rows(cutoff)
    if one.leaving.restricted is None:
        return rows
    return rows.filter(one.leaving.restricted if restricted else ~Q(one.leaving.restricted))


def _proposed(one: Retention, restricted: bool, at: datetime) -> Proposal | None:
    of_kind = Proposal.objects.filter(kind=one.kind, restricted=restricted)
    if of_kind.filter(state=Standing.ACCEPTED).exists():
        return None
    if of_kind.filter(state=Standing.KEPT, until__gt=office_day(at)).exists():
        return None
    assert one.leaving is not None
    cutoff, moment = one.cutoff(at), one.leaving.moment
    rows = due(one, cutoff, restricted=restricted)
    oldest = list(rows.order_by(moment, "pk")[:LISTED])
    waiting = of_kind.filter(state=Standing.OPEN)
    if not oldest:
        waiting.update(state=Standing.LAPSED, done_at=at)
        return None
    proposal, _fresh = waiting.update_or_create(
        defaults={
            "kind": one.kind,
            "restricted": restricted,
            "cutoff": cutoff,
            "count": rows.count(),
            "oldest": getattr(oldest[0], moment),
            "sample": [_line(row, moment) for row in oldest],
            "proposed_at": at,
            "audience": audience_of(restricted=restricted),
        }
    )
    return proposal


def _line(row: Any, moment: str) -> dict[str, str]:
    pk, number = row.pk, getattr(row, "number", None)
    return {"id": str(pk), "since": getattr(row, moment).isoformat(), "number": number or ""}
