"""Ends worked out anew when a calendar has changed: later ones replace what was told, earlier ones wait for a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aioffice.act.clocks.changing import retold
from aioffice.kernel.clocks.computing import keep
from aioffice.kernel.clocks.deciding import ASKS, deciding_step
from aioffice.kernel.clocks.declaring import SWEEPER
from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.reminding import tell
from aioffice.kernel.clocks.running import recomputed
from aioffice.kernel.db import acting
from aioffice.kernel.notices.service import queue_notices
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.declaration import procedure
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.policy import policy

LATER = _("A time limit ends later than you were told")
BATCH = 200


@dataclass
class Recomputed:
    """What a recomputation found: how many clocks it looked at, and by case those that end later now, and those a person must look at."""

    looked_at: int = 0
    later: list[UUID] = field(default_factory=list)
    asks_person: list[UUID] = field(default_factory=list)


def recompute(*, at: datetime) -> Recomputed:
    """Work out every running clock anew by today's calendars.

    An end that comes later holds, and those who have to act are told. An end that comes earlier changes nothing that was told: it is
    kept in `earlier_end`, for a person to decide. A clock that has ended stays ended.
    """
    found, after = Recomputed(), UUID(int=0)
    while True:
        with acting(service(SWEEPER), at):
            running = Clock.objects.filter(state=Standing.RUNNING, due_at__gt=at, pk__gt=after).order_by("pk")
            some = list(running.values_list("pk", "case_id")[:BATCH])
            if not some:
                return found
            after = some[-1][0]
            # Cases first, as `perform` does, so that neither waits for the other in a circle.
            list(
                Case.objects.filter(pk__in={case for _clock, case in some})
                .order_by("pk")
                .select_for_update(of=("self",), no_key=True)
                .values_list("pk")
            )
            clocks = running.filter(pk__in=[clock for clock, _case in some]).select_related("case", "opened_by")
            for clock in clocks.select_for_update(of=("self",), no_key=True):
                _look_at(clock, found, at)


def _ask_to_decide(clock: Clock, at: datetime) -> None:
    """Tell those who may decide on an earlier end that there is one."""
    decides = deciding_step(procedure(clock.case.procedure))
    if decides is not None:
        queue_notices(
            case=clock.case,
            record_id=clock.pk,  # no step of anybody: the clock itself speaks
            organisations=sorted(policy.who_may(decides, clock.case)),
            step=clock.opened_by.step,
            title=ASKS,
            at=at,
        )


def _look_at(clock: Clock, found: Recomputed, at: datetime) -> None:
    found.looked_at += 1
    now = recomputed(clock)
    if now.legal is None or clock.legal_end is None or now.due is None or clock.due_at is None:
        return
    if retold(clock.legal_end, now.legal).asks_person:
        if clock.earlier_end != now.legal:
            clock.earlier_end = now.legal
            clock.save(update_fields=["earlier_end"])
            _ask_to_decide(clock, at)
        found.asks_person.append(clock.case_id)
        return
    if now.due == clock.due_at and now.calendar == clock.calendar and clock.earlier_end is None:
        return
    later = now.due > clock.due_at
    keep(clock, now)
    clock.earlier_end = None
    clock.save()
    if later:
        found.later.append(clock.case_id)
        tell(clock, LATER, at=at)
