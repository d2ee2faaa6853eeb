"""What silence brings about: the steps that follow from time limits which ended unanswered, in the order in which they ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import F, QuerySet

from aioffice.kernel.clocks.declaring import SWEEPER
from aioffice.kernel.clocks.models import EXPLAINED, Clock, Standing
from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.declaration import Step, procedure
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.work import Item

log = structlog.get_logger(__name__)


def settle(case_ids: Sequence[UUID], *, at: datetime, ended_by: datetime | None = None) -> bool:
    """Let every clock of the cases that ended by `ended_by` (`at` if not given) in silence have its effect; return whether any had.

    Each effect is a step of the service `sweeper` that took place when the clock ended and is recorded now, so that whoever comes
    later meets what the law has made of the case. Called inside `acting`, with the cases locked.
    """
    ids, ended_by = list(case_ids), ended_by or at
    if not ids or not _ended(ids, ended_by).exists():
        return False
    with acting(service(SWEEPER), at):
        list(
            Case.objects.filter(pk__in=ids)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
            .values_list("pk")
        )
        # One clock of a case at a time, since the effect of the first may stop or start the next.
        while clocks := list(
            _ended(ids, ended_by).defer(*EXPLAINED).order_by("case_id", "due_at", "id").distinct("case_id")
        ):
            _let_lapse(clocks, at)
            reach("clocks.lapsed")
        reach("clocks.settled")
    return True


def _ended(ids: Sequence[UUID], ended_by: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(case__in=ids, state=Standing.RUNNING, due_at__lte=ended_by).exclude(tacit_step="")


def _let_lapse(clocks: Sequence[Clock], at: datetime) -> None:
    by_step: dict[Step | None, list[Clock]] = {}
    cases = dict(Case.objects.filter(pk__in=[clock.case_id for clock in clocks]).values_list("pk", "procedure"))
    for clock in clocks:
        by_step.setdefault(_step(cases[clock.case_id], clock.tacit_step), []).append(clock)
    for step, ended in by_step.items():
        if step is None:
            Clock.objects.filter(pk__in=[clock.pk for clock in ended]).update(
                state=Standing.EXPIRED, settled_at=F("due_at")
            )
        else:
            _take(step, ended, at)


def _step(slug: str, name: str) -> Step | None:
    """The step of that name; None where the office no longer has it."""
    try:
        return procedure(slug).steps.get(name)
    except KeyError:
        return None


def _take(step: Step, ended: Sequence[Clock], at: datetime) -> None:
    from aioffice.kernel.procedures.performing import perform_tacit

    # Settled before its effect is taken: a step that stops the same clock finds it ended.
    Clock.objects.filter(pk__in=[clock.pk for clock in ended]).update(state=Standing.LAPSED, settled_at=F("due_at"))
    items = [
        Item({}, clock.case_id, took_place_at=clock.due_at, place=clock.round_place_id if step.answers else None)
        for clock in ended
    ]
    outcomes = perform_tacit(step, items, actor=service(SWEEPER), at=at)
    rows = []
    for clock, outcome in zip(ended, outcomes, strict=True):
        if outcome.error is not None:
            # The case has gone where silence says nothing: the end is recorded, and a person sees it.
            log.warning("silence.without_effect", limit=clock.limit, case=str(clock.case_id), why=outcome.error.code)
        state = Standing.LAPSED if outcome.error is None else Standing.EXPIRED
        rows.append((clock.pk, outcome.record.pk if outcome.record else None, state.value))
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [list(column) for column in zip(*rows, strict=True)])


_SETTLED = """
update office.clocks_clock c set settled_by_id = r.record, state = r.state
  from unnest(%s::uuid[], %s::uuid[], %s::text[]) as r (id, record, state) where c.id = r.id
"""
