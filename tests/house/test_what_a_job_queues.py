"""A job that queues another does so in its own transaction: the other starts when what it is about is there, or never."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import pytest
from django.db import connections, transaction
from procrastinate import App
from procrastinate.contrib.django import app as office_app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

from aioffice.doors.working import for_workers
from aioffice.kernel.db import plumbing

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "a_test"


class LostError(Exception):
    """The transaction of the first job ends without an effect."""


def seen_by_others() -> int:
    """How many of the second jobs another transaction sees."""
    with contextlib.closing(connections["default"].copy()) as other, other.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'tests.second'")
        (found,) = cursor.fetchone()
    return int(found)


class Line:
    """Two jobs: the first queues the second and ends well or not."""

    def __init__(self, app: App) -> None:
        self.seen: list[str] = []
        self.second = app.task(name="tests.second", queue=QUEUE)(self._second)
        self.first = app.task(name="tests.first", queue=QUEUE)(self._first)

    def _second(self, of: str) -> None:
        self.seen.append(of)

    def _first(self, well: bool) -> None:
        try:
            with plumbing(), transaction.atomic():
                self.second.defer(of="well" if well else "lost")
                self.seen.append(f"{seen_by_others()} before the end")
                if not well:
                    raise LostError
        finally:
            connections.close_all()  # those of this thread, which ends with the test


@pytest.fixture
def line() -> Iterator[Line]:
    with office_app.replace_connector(for_workers()):
        yield Line(office_app)
    for name in ("tests.first", "tests.second"):
        del office_app.tasks[name]


async def work() -> None:
    async with office_app.open_async() as app:
        await app.run_worker_async(queues=[QUEUE], wait=False, install_signal_handlers=False)


def queued(task: Task) -> int:  # type: ignore[type-arg]  # of any job
    with plumbing():
        return ProcrastinateJob.objects.filter(task_name=task.name).count()


def test_what_a_job_queues_starts_when_its_transaction_has_ended_well(line: Line) -> None:
    with plumbing():
        line.first.defer(well=True)
    asyncio.run(work())
    assert line.seen == ["0 before the end", "well"]


def test_what_a_job_queues_is_gone_with_its_transaction(line: Line) -> None:
    with plumbing():
        line.first.defer(well=False)
    asyncio.run(work())
    assert line.seen == ["0 before the end"]
    assert (queued(line.first), queued(line.second)) == (1, 0)
