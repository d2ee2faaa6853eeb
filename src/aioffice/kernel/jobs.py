"""Background jobs. They are queued in the transaction that needs them, and every one acts as a named service."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

MOST_ATTEMPTS = 12
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=3)

FRESH = timedelta(minutes=1)
"""So long an event is left to its own job before the sweep looks at it."""
EVENTS_KEPT = timedelta(days=30)
"""So long an event is kept after it was recorded, once every handler has dealt with it."""


@app.task(name="kernel.deliver_events", queue="events", retry=RETRY, pass_context=False)
def deliver_events(event_name: str, handler: str, event_ids: list[str]) -> int:
    """Deliver a batch of events to one handler."""
    from aioffice.kernel.procedures.events import deliver

    return deliver(event_name, handler, [UUID(text) for text in event_ids], at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="kernel.deliver_pending", queue="events", queueing_lock="kernel.deliver_pending")
def deliver_what_was_left(timestamp: int) -> int:
    """Once a minute, deliver events whose job was lost (a crash between two attempts, a restored backup)."""
    from aioffice.kernel.procedures.events import NotDelivered, deliver_pending

    # Those that fail are in the log, and their own jobs fail visibly; the next minute tries them again.
    with contextlib.suppress(NotDelivered):
        return deliver_pending(at=timezone.now(), older_than=FRESH)
    return 0


@app.periodic(cron="29 3 * * *")
@app.task(name="kernel.forget_events", queue="housekeeping", queueing_lock="kernel.forget_events")
def forget_events(timestamp: int) -> int:
    """Every night, delete events of long ago that every handler has dealt with."""
    from aioffice.kernel.procedures.events import forget_delivered

    now = timezone.now()
    return forget_delivered(before=now - EVENTS_KEPT, at=now)


def queue_deliveries(event_name: str, handlers: Sequence[str], event_ids: Sequence[UUID]) -> None:
    """Queue one job per handler for a batch of events, in the current transaction."""
    texts = [str(event_id) for event_id in event_ids]
    for handler in handlers:
        deliver_events.defer(event_name=event_name, handler=handler, event_ids=texts)
