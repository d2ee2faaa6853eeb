"""What is read of clocks. Called inside `acting`."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from aioffice.kernel.clocks.models import LIVE, Clock, Standing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.policy import policy


def clocks_of(case: Case) -> list[Clock]:
    """The clocks of a case that the reader may see: those that run by their ends, then those that are settled."""
    found = (
        Clock.objects.filter(case=case).select_related("settled_by", "round_place__addressee").order_by("due_at", "id")
    )
    return sorted(found, key=lambda clock: clock.state not in LIVE)


def due_next(actor: Actor, *, size: int) -> list[Clock]:
    """The clocks that wait for the acting organisation, the nearest end first, those without a day last."""
    return list(_waiting(actor).order_by(F("due_at").asc(nulls_last=True), "id")[:size])


def for_feed(actor: Actor, *, at: datetime, size: int = 1000) -> list[Clock]:
    """What the calendar feed of an organisation shows: its clocks with a day to come, never those of the secure section (49(4))."""
    return list(_waiting(actor).filter(due_at__gt=at, case__secure=False).order_by("due_at", "id")[:size])


def _waiting(actor: Actor) -> QuerySet[Clock]:
    # The indexed condition narrows; row-level security and the case's own policy say who may see.
    return Clock.objects.filter(
        state=Standing.RUNNING, concerned__overlap=actor.audience_names(), case__in=policy.visible_to(actor)
    ).select_related("case__organisation", "round_place__addressee")
