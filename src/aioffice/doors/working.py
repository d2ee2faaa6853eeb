"""The job workers: they take jobs until asked to stop, finish what they have begun, and are gone within a bounded time.

What is not finished by then goes back to the queue: the workers sign themselves out, their jobs belong to nobody, and the next
`kernel.retry_stalled` queues them again. They have committed nothing; a second signal does the same at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import psycopg
import structlog
from django.utils import timezone
from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app as office_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from aioffice.doors import measuring
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.jobs import OUTSIDE, WITNESSES
from aioffice.kernel.settings import settings
from aioffice.kernel.watching import faults

log = structlog.get_logger(__name__)

SIGNS_OUT_WITHIN = 3
"""Seconds in which the worker gives its jobs back when its time is over; the database may be gone already."""


def work(*, concurrency: int, outside: int, grace_seconds: float) -> None:
    """Take jobs until SIGTERM or SIGINT, then finish what was begun within `grace_seconds`; a second signal ends it at once.

    `outside`: how many jobs at a time wait for machines of others, `concurrency`: how many of all others run at a time.
    """
    with office_app.replace_connector(for_workers()):
        asyncio.run(_work(concurrency, outside, grace_seconds))


def for_workers() -> PsycopgConnector:
    """The connector that takes jobs, by connections of its own; what a job queues goes into the transaction that the job is in."""
    asking: Any = office_app.connector

    class Connector(PsycopgConnector):
        def get_sync_connector(self) -> BaseConnector:
            queueing: BaseConnector = asking
            return queueing

    return Connector(kwargs=connector_params(asking.alias))


async def _work(concurrency: int, outside: int, grace_seconds: float) -> None:
    threads = ThreadPoolExecutor(max_workers=concurrency + outside + 4, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    async with office_app.open_async() as app:
        app.perform_import_paths()  # type: ignore[no-untyped-call]
        await _Shift(workers(app, concurrency, outside)).until_over(grace_seconds)


def workers(app: App, concurrency: int, outside: int) -> list[Worker]:
    """Two workers in one process: a receiver that takes its time holds up no publication, whatever the number of such receivers."""
    waiting = [OUTSIDE, WITNESSES]
    inside = sorted({task.queue for task in app.tasks.values()} - {*waiting})
    return [
        Worker(
            app=app,
            name=name,
            queues=queues,
            concurrency=places,
            install_signal_handlers=False,
            worker_middleware=[_told_of],
        )
        for name, queues, places in (("inside", inside, concurrency), ("outside", waiting, outside))
    ]


class _Shift:
    """The workers from their first job to their last."""

    def __init__(self, together: list[Worker]) -> None:
        self.workers = together
        self.asked = 0
        self.asked_to_stop = asyncio.Event()
        self.asked_again = asyncio.Event()

    def _on_signal(self) -> None:
        self.asked += 1
        if self.asked == 1:
            self.asked_to_stop.set()
        else:
            self.asked_again.set()

    async def until_over(self, grace_seconds: float) -> None:
        loop = asyncio.get_running_loop()
        for what in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(what, self._on_signal)
        running = [asyncio.create_task(worker.run()) for worker in self.workers]  # type: ignore[no-untyped-call]
        stop = asyncio.create_task(self.asked_to_stop.wait())
        again = asyncio.create_task(self.asked_again.wait())
        # When one of them ends by itself (the database went away), the other ends too, and whoever started us starts us again.
        await asyncio.wait([*running, stop], return_when=asyncio.FIRST_COMPLETED)
        for worker in self.workers:
            worker.stop()  # type: ignore[no-untyped-call]
        over = asyncio.create_task(_all(running))
        await asyncio.wait([over, again], timeout=grace_seconds, return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        stop.cancel()
        if not over.done():
            self._leave_now()
        for fault in over.result():
            if fault is not None:
                raise fault

    def _leave_now(self) -> NoReturn:
        """Give the jobs back and end: threads that still work on them cannot be stopped in another way."""
        numbers = [worker.worker_id for worker in self.workers]
        left = [context.job.id for worker in self.workers for context in worker._running_jobs.values()]  # noqa: SLF001 - no other list
        log.warning("jobs_given_back", jobs=left)
        with contextlib.suppress(psycopg.Error):
            _sign_out([number for number in numbers if number is not None])
        logging.shutdown()
        sys.stderr.flush()
        os._exit(0)


async def _all(running: list[asyncio.Task[None]]) -> list[BaseException | None]:
    """Wait for all of them; what each ended with."""
    return await asyncio.gather(*running, return_exceptions=True)


def _sign_out(numbers: list[int]) -> None:
    address = conninfo("office", settings())
    if address is None:
        return
    limits = f"-c search_path=office -c statement_timeout={SIGNS_OUT_WITHIN}s"
    with psycopg.connect(**address, connect_timeout=SIGNS_OUT_WITHIN, options=limits) as connection:
        for number in numbers:
            connection.execute("select procrastinate_unregister_worker_v1(%s)", [number])


async def _told_of(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Measure each job, and keep why it failed."""
    with measuring.job(context.job.task_name):
        try:
            return await call_next()
        except JobAborted:
            raise
        except Exception as error:
            await _keep(context, error)
            raise


async def _keep(context: JobContext, error: Exception) -> None:
    if context.job.id is None:
        return
    try:
        await asyncio.to_thread(faults.note, context.job.id, context.job.task_name, error, timezone.now())
    except Exception:  # the job's own fault is the one to tell
        log.warning("fault_not_kept", job=context.job.id, exc_info=True)
