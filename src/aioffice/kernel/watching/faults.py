"""Faults of jobs: why one failed last, kept beside the queue, which does not know; and trying one again."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.watching.rights import WATCHMAN, must_see_queues

LONGEST = 300
"""Characters kept of what an error says."""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed for good. `error` is empty when nobody saw why: its worker was killed."""

    id: int
    task: str
    attempts: int
    failed_at: datetime | None
    error: str


_SAYS_NOTHING_FILED = (OSError, OperationalError, InterfaceError)
"""Errors whose message tells of files, networks and the database's own state: never of what somebody filed."""


def words_of(error: BaseException) -> str:
    """What failed and where in the code, in one line. A message is kept only of errors that cannot quote what people filed."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    lines = str(error).strip().splitlines() if isinstance(error, _SAYS_NOTHING_FILED) else []
    return f"{type(error).__name__}{place}{f': {lines[0]}' if lines else ''}"[:LONGEST]


def note(job_id: int, task: str, error: BaseException, at: datetime) -> None:
    """Keep why a job failed, in place of what was kept of it before."""
    with acting(WATCHMAN, at), connection.cursor() as cursor:
        cursor.execute(
            "insert into office.watching_jobfault (job_id, task, error, at) values (%s, %s, %s, %s) "
            "on conflict (job_id) do update set error = excluded.error, at = excluded.at",
            [job_id, task, words_of(error), at],
        )


def forget(at: datetime) -> int:
    """Drop what was kept of jobs that are gone from the queue or went well in the end; return how many those were."""
    with acting(WATCHMAN, at), connection.cursor() as cursor:
        cursor.execute(
            "delete from office.watching_jobfault f where not exists ("
            "select from office.procrastinate_jobs j where j.id = f.job_id and j.status in ('failed', 'todo', 'doing'))"
        )
        return int(cursor.rowcount)


_FAILED = """
select j.id, j.task_name, j.attempts, (select max(e.at) from office.procrastinate_events e where e.job_id = j.id), coalesce(f.error, '')
  from office.procrastinate_jobs j left join office.watching_jobfault f on f.job_id = j.id
 where j.status = 'failed' order by j.id desc limit %s
"""


def failed_jobs(*, actor: Actor, at: datetime, most: int = 100) -> list[FailedJob]:
    """Jobs that failed for good, the newest first. Raises `NotAllowed`."""
    must_see_queues(actor)
    with acting(WATCHMAN, at), connection.cursor() as cursor:
        cursor.execute(_FAILED, [most])
        return [FailedJob(*row) for row in cursor.fetchall()]


def retry(job_id: int, *, actor: Actor, at: datetime) -> None:
    """Queue a job that failed for good once more. Raises `NotAllowed`, or `NotFound` when it has not failed (any more)."""
    must_see_queues(actor)
    with acting(actor, at), connection.cursor() as cursor:
        cursor.execute(
            "select task_name, queueing_lock from office.procrastinate_jobs where id = %s and status = 'failed' for update",
            [job_id],
        )
        found = cursor.fetchone()
        if found is None:
            raise NotFound(_("There is no failed job with that number: it may have been tried again meanwhile."))
        task, lock = found
        cursor.execute(
            "select 1 from office.procrastinate_jobs where queueing_lock = %s and status = 'todo' for share", [lock]
        )
        if cursor.fetchone():
            raise NotFound(_("Another job of this kind is queued already and does the same work."))
        cursor.execute("select office.procrastinate_retry_job_v2(%s, %s, null, null, null)", [job_id, at])
        audit(actor, "job.retry", f"job:{job_id}", {"task": task}, at)
