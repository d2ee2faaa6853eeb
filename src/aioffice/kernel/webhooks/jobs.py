"""Background jobs of the webhooks room. What waits for machines of others has the queue `outside` for itself, worked on apart."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from aioffice.kernel.db import plumbing
from aioffice.kernel.jobs import OUTSIDE, RETRY


@app.task(name="webhooks.tell", queue="notices", retry=RETRY, pass_context=False)
def tell(notice_ids: list[str]) -> int:
    """Queue these notices for the webhooks that take them, and set about sending; repeated, it adds nothing."""
    from aioffice.kernel.webhooks.queueing import queue

    found = queue([UUID(text) for text in notice_ids], at=timezone.now())
    wake(found)
    return len(found)


def queue_telling(notice_ids: list[str]) -> None:
    """Queue the job above for notices just written, in their transaction."""
    tell.defer(notice_ids=notice_ids)


@app.task(name="webhooks.deliver", queue=OUTSIDE, pass_context=True)
def deliver(context: JobContext, webhook_id: str) -> None:
    """Send what is due to one webhook. What fails is a row that is due later, not a job that is repeated."""
    from aioffice.kernel.webhooks.delivering import deliver as deliver_to

    if deliver_to(UUID(webhook_id), now=timezone.now, stop=context.should_abort):
        wake([UUID(webhook_id)])


@app.periodic(cron="* * * * *")
@app.task(name="webhooks.sweep", queue="notices", queueing_lock="webhooks.sweep")
def sweep(timestamp: int) -> int:
    """Once a minute, set about sending what is due: repetitions, and what a lost job left."""
    from aioffice.kernel.webhooks.queueing import due, queue

    now = timezone.now()
    queue(None, at=now)
    found = due(at=now)
    wake(found)
    return len(found)


@app.periodic(cron="53 3 * * *")
@app.task(name="webhooks.forget", queue="housekeeping", queueing_lock="webhooks.forget")
def forget(timestamp: int) -> int:
    """Every night, delete deliveries of long ago."""
    from aioffice.kernel.webhooks.delivering import forget as forget_old

    return forget_old(at=timezone.now())


def wake(webhook_ids: Iterable[UUID]) -> None:
    """Queue a job for each webhook unless one waits already. Called once what it is to send is committed.

    The lock lets one job at a time work for a webhook, so that a slow receiver takes one place of the queue at the most.
    """
    for webhook_id in webhook_ids:
        lock = lock_of(webhook_id)
        with contextlib.suppress(AlreadyEnqueued), plumbing(), transaction.atomic():
            deliver.configure(lock=lock, queueing_lock=lock).defer(webhook_id=str(webhook_id))


def lock_of(webhook_id: UUID) -> str:
    """What jobs for one webhook share."""
    return f"webhook:{webhook_id}"
