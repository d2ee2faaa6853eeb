"""The sweep: every minute, what ended is settled, and whoever has to act is reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import F

from aioffice.kernel.clocks.declaring import SWEEPER
from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.reminding import remind
from aioffice.kernel.clocks.settling import settle
from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.models import Case

log = structlog.get_logger(__name__)
BATCH = 500
"""Cases settled in one transaction."""
MOST_EXPIRED = 2000
"""Clocks marked as ended in one transaction."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: cases in which silence had its effect, clocks that ended, reminders sent."""

    lapsed: int
    expired: int
    reminded: int


def sweep(*, at: datetime, patience: timedelta = timedelta(0)) -> Swept:
    """Settle every clock that ended by `at`, and send the reminders that are due; repeated, it does nothing twice.

    `patience` is left to those who came before the end and still wait for their turn. A case that cannot be settled is left for the
    next sweep and logged; it keeps no other waiting.
    """
    lapsed = _settle_all(at - patience, at)
    expired = _expire(at - patience)
    reach("clocks.swept")
    return Swept(lapsed, expired, remind(at=at))


def _settle_all(ended_by: datetime, at: datetime) -> int:
    done, after = 0, UUID(int=0)
    while True:
        with acting(service(SWEEPER), at):
            ended = Clock.objects.filter(state=Standing.RUNNING, due_at__lte=ended_by, case_id__gt=after).exclude(
                tacit_step=""
            )
            ids = list(ended.order_by("case_id").values_list("case_id", flat=True).distinct()[:BATCH])
        if not ids:
            return done
        after = ids[-1]
        try:
            done += _settle(ids, ended_by, at)
        except Exception:  # one case with a fault must not keep the others waiting
            log.exception("clocks.batch_failed", cases=len(ids))
            done += sum(_settle_alone(one, ended_by, at) for one in ids)


def _settle(ids: list[UUID], ended_by: datetime, at: datetime) -> int:
    with acting(service(SWEEPER), at):
        # A case that somebody is working on is settled by them, or by the next sweep.
        free = (
            Case.objects.filter(pk__in=ids)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True, skip_locked=True)
        )
        held = list(free.values_list("pk", flat=True))
        return len(held) if settle(held, at=at, ended_by=ended_by) else 0


def _settle_alone(case_id: UUID, ended_by: datetime, at: datetime) -> int:
    try:
        return _settle([case_id], ended_by, at)
    except Exception:  # logged and left, so that the sweep goes on
        log.exception("clocks.case_failed", case=str(case_id))
        return 0


def _expire(ended_by: datetime) -> int:
    """Mark what ended without any effect by itself. A clock that somebody is working on is theirs to settle, or the next sweep's."""
    done = 0
    while True:
        with acting(service(SWEEPER), ended_by):
            ended = Clock.objects.filter(state=Standing.RUNNING, due_at__lte=ended_by, tacit_step="").order_by(
                "due_at", "id"
            )
            free = ended.select_for_update(of=("self",), skip_locked=True, no_key=True)
            some = list(free.values_list("pk", flat=True)[:MOST_EXPIRED])
            done += Clock.objects.filter(pk__in=some).update(state=Standing.EXPIRED, settled_at=F("due_at"))
        if len(some) < MOST_EXPIRED:
            return done
