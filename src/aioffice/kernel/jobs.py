"""Background jobs. They are queued in the transaction that needs them, and every one acts as a named service."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

MOST_ATTEMPTS = 12
OUTSIDE, WITNESSES = "outside", "witnesses"
"""The queues of what waits for machines of others, mail servers among them. A worker of its own takes from them, so that no time limit and
no publication waits behind a slow one."""
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=3)

SILENT = timedelta(seconds=30)
"""A worker that has given no sign of life for so long is dead, and what it had begun is taken up by others."""
FRESH = timedelta(seconds=20)
"""So long an event is left to its own job before the sweep looks at it."""
EVENTS_KEPT = timedelta(days=30)
"""So long an event is kept after it was recorded, once every handler has dealt with it."""
DONE_KEPT, FAILED_KEPT = timedelta(days=3), timedelta(days=30)
"""So long jobs are kept after they ended, well or not."""

log = structlog.get_logger(__name__)


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


@app.periodic(cron="* * * * *")
@app.task(name="kernel.retry_stalled", queue="housekeeping", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Once a minute, queue again what a worker had begun when it was killed; return how many jobs those were.

    A job that has ended its worker as often as others may fail is given up: it would end every worker there is.
    """
    manager = context.app.job_manager
    again = 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT.total_seconds()):
        if job.attempts < MOST_ATTEMPTS:
            try:
                await manager.retry_job(job)
            except UniqueViolation:  # its like was queued meanwhile, and there is a place for one
                await manager.finish_job(job, status=Status.ABORTED, delete_job=False)
            except ConnectorException as error:  # the database was busy or away: the next minute tries again
                log.warning(
                    "job_not_taken_up", task=job.task_name, job=job.id, reason=type(error.__cause__ or error).__name__
                )
            else:
                again += 1
        else:
            log.error("job_given_up", task=job.task_name, job=job.id, attempts=job.attempts)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    return again


@app.periodic(cron="41 3 * * *")
@app.task(name="kernel.forget_jobs", queue="housekeeping", queueing_lock="kernel.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Every night, delete jobs that ended some days ago; those that failed stay longer, for whoever looks into them."""
    await builtin_tasks.remove_old_jobs(
        context, max_hours=_hours(DONE_KEPT), remove_cancelled=True, remove_aborted=True
    )
    await builtin_tasks.remove_old_jobs(context, max_hours=_hours(FAILED_KEPT), remove_failed=True)


def _hours(period: timedelta) -> int:
    return int(period / timedelta(hours=1))


def queue_deliveries(event_name: str, handlers: Sequence[str], event_ids: Sequence[UUID]) -> None:
    """Queue one job per handler for a batch of events, in the current transaction."""
    texts = [str(event_id) for event_id in event_ids]
    for handler in handlers:
        deliver_events.defer(event_name=event_name, handler=handler, event_ids=texts)
