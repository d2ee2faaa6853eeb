"""Reminders: who has to act is told before a time limit ends and when it has ended, once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.clocks.declaring import SWEEPER
from aioffice.kernel.clocks.models import EXPLAINED, Clock
from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.notices.service import Message, queue_messages
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.actors import organisations_in
from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from uuid import UUID

REMINDERS: Mapping[int, Any] = {
    30: _("A time limit ends in 30 days"),
    14: _("A time limit ends in 14 days"),
    7: _("A time limit ends in 7 days"),
    3: _("A time limit ends in 3 days"),
    2: _("A time limit ends in 2 days"),
    1: _("A time limit ends in a day"),
    0: _("A time limit has ended"),
}
"""What can be reminded of, by days before the end. The setting `reminders` says which are sent."""
BATCH = 500

_DUE = """
with near as (
  select id, due_at, started_at, state from office.clocks_clock
   where state = 'running' and due_at > %(since)s and due_at <= %(until)s and cardinality(concerned) > 0
  union all
  select id, due_at, started_at, state from office.clocks_clock
   where state in ('expired', 'lapsed') and due_at > %(since)s and due_at <= %(at)s and cardinality(concerned) > 0
)
insert into office.clocks_reminder (clock_id, days, due_at, sent_at)
select found.id, found.days, found.due_at, %(at)s from (
  select distinct on (c.id) c.id, d.days, c.due_at from near c
    join unnest(%(days)s::int[]) d(days) on c.due_at - make_interval(days => d.days) <= %(at)s
   where (c.state = 'running' or d.days = 0) and c.started_at < c.due_at - make_interval(days => d.days)
   order by c.id, d.days
) found
 where not exists (select from office.clocks_reminder r
                    where r.clock_id = found.id and r.due_at = found.due_at and r.days <= found.days)
 limit %(batch)s
on conflict (clock_id, days, due_at) do nothing
returning clock_id, days
"""


def remind(*, at: datetime) -> int:
    """Send every reminder that is due at `at` and was not sent; return how many clocks were reminded of.

    Of several that fell due since the last time, the nearest to the end alone is sent; of what ended more than a week ago, none.
    """
    done = 0
    while found := _batch(at):
        done += found
    return done


def _batch(at: datetime) -> int:
    with acting(service(SWEEPER), at):
        with connection.cursor() as cursor:
            days = list(settings().reminders)
            until = at + timedelta(days=max(days, default=0))
            bounds: dict[str, Any] = {
                "at": at,
                "since": at - timedelta(days=7),
                "until": until,
                "days": days,
                "batch": BATCH,
            }
            cursor.execute(_DUE, bounds)
            due = dict(cursor.fetchall())
        clocks = Clock.objects.filter(pk__in=due).select_related("case", "opened_by").defer(*EXPLAINED).order_by("id")
        _tell([(clock, REMINDERS[due[clock.pk]]) for clock in clocks], at)
        if due:
            reach("clocks.reminded")
        return len(due)


def tell(clock: Clock, title: Any, *, at: datetime) -> None:
    """Write a notice about a clock to the organisations that have to act. Called inside `acting`."""
    _tell([(clock, title)], at)


def _tell(told: Sequence[tuple[Clock, Any]], at: datetime) -> None:
    known: dict[tuple[str, ...], list[UUID]] = {}
    messages = []
    for clock, title in told:
        names = tuple(clock.concerned)
        if names not in known:
            known[names] = sorted(organisations_in(names))
        # No step of anybody: the clock itself speaks.
        messages.append(Message(clock.case, clock.pk, known[names], clock.opened_by.step, title))
    queue_messages(messages, at=at)
