"""A job whose worker was killed is done by another; jobs that ended go after a while."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from aioffice.kernel import jobs
from aioffice.kernel.db import plumbing

pytestmark = pytest.mark.django_db(transaction=True)
AN_HOUR = timedelta(hours=1)


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Ask as the machinery does."""
    with plumbing(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def worker(*, silent_for: timedelta) -> int:
    """A worker that was last heard of so long ago."""
    ((number,),) = rows("select * from procrastinate_register_worker_v1()")
    rows("update procrastinate_workers set last_heartbeat = now() - %s where id = %s", silent_for, number)
    return int(number)


def begun(by: int, *, task: str = "kernel.deliver_events", lock: str | None = None, attempts: int = 0) -> int:
    """A job that this worker has taken and is doing."""
    ((job,),) = rows(
        "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, attempts, status) "
        "values ('events', %s, %s, %s, 'todo') returning id",
        task, lock, attempts,
    )  # fmt: skip
    ((taken,),) = rows("select id from procrastinate_fetch_job_v2(null, %s)", by)
    assert taken == job
    return int(job)


def run(task: Any) -> Any:
    """Run one of the periodic tasks as a worker would."""
    with plumbing():
        return async_to_sync(task.func)(SimpleNamespace(app=app), timestamp=0)


def state(job: int) -> str:
    """Where the job stands."""
    ((found,),) = rows("select status from procrastinate_jobs where id = %s", job)
    return str(found)


def test_a_job_of_a_dead_worker_is_queued_again_and_one_of_a_living_worker_is_left() -> None:
    dead, living = begun(worker(silent_for=AN_HOUR)), begun(worker(silent_for=timedelta(0)))
    assert (state(dead), state(living)) == ("doing", "doing")
    assert run(jobs.retry_stalled) == 1
    assert (state(dead), state(living)) == ("todo", "doing")


def test_a_job_whose_like_was_queued_meanwhile_is_not_queued_twice() -> None:
    dead = begun(worker(silent_for=AN_HOUR), lock="kernel.deliver_pending", task="kernel.deliver_pending")
    ((queued,),) = rows(
        "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, status) "
        "values ('events', 'kernel.deliver_pending', 'kernel.deliver_pending', 'todo') returning id"
    )
    assert run(jobs.retry_stalled) == 0
    assert (state(dead), state(queued)) == ("aborted", "todo")


def test_a_job_that_ends_every_worker_is_given_up() -> None:
    job = begun(worker(silent_for=AN_HOUR), attempts=jobs.MOST_ATTEMPTS)
    assert run(jobs.retry_stalled) == 0
    assert state(job) == "failed"


def test_jobs_that_ended_go_after_a_while_and_failed_ones_later() -> None:
    by = worker(silent_for=timedelta(0))
    ended = {}
    for days in (1, 5, 40):
        for status in ("succeeded", "failed"):
            job = begun(by)
            rows("select procrastinate_finish_job_v1(%s, %s, false)", job, status)
            rows("update procrastinate_events set at = now() - make_interval(days => %s) where job_id = %s", days, job)
            ended[job] = (days, status)
    waiting = begun(by)
    run(jobs.forget_jobs)
    left = {row[0] for row in rows("select id from procrastinate_jobs")}
    assert {ended[job] for job in left - {waiting}} == {(1, "succeeded"), (1, "failed"), (5, "failed")}
    assert waiting in left


def test_a_database_that_is_busy_loses_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = begun(worker(silent_for=AN_HOUR), task="admission.post_letter")

    async def busy(*_what: object, **_more: object) -> None:
        raise ConnectorException("canceling statement due to lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr(JobManager, "retry_job", busy)
        assert run(jobs.retry_stalled) == 0
    assert state(dead) == "doing"
    assert run(jobs.retry_stalled) == 1
    assert state(dead) == "todo"
