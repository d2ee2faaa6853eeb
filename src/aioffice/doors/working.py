"""The job worker: takes jobs until it is asked to stop, finishes what it has begun, and is gone within a bounded time.

What is not finished by then goes back to the queue: the worker signs itself out, its jobs belong to nobody, and the next
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
from typing import Any, NoReturn

import psycopg
import structlog
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app as office_app
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from aioffice.doors import measuring
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.settings import settings
from aioffice.kernel.watching import faults

log = structlog.get_logger(__name__)

SIGNS_OUT_WITHIN = 3
"""Seconds in which the worker gives its jobs back when its time is over; the database may be gone already."""


def work(*, concurrency: int, grace_seconds: float) -> None:
    """Take jobs until SIGTERM or SIGINT, then finish what was begun within `grace_seconds`; a second signal ends it at once."""
    connector: Any = office_app.connector
    with office_app.replace_connector(connector.get_worker_connector()):
        asyncio.run(_work(concurrency, grace_seconds))


async def _work(concurrency: int, grace_seconds: float) -> None:
    async with office_app.open_async() as app:
        app.perform_import_paths()  # type: ignore[no-untyped-call]
        await _Shift(app, concurrency).until_over(grace_seconds)


class _Shift:
    """One worker from its first job to its last."""

    def __init__(self, app: App, concurrency: int) -> None:
        self.worker = Worker(
            app=app, concurrency=concurrency, install_signal_handlers=False, worker_middleware=[_told_of]
        )
        self.asked = 0
        self.asked_again = asyncio.Event()

    def _on_signal(self) -> None:
        self.asked += 1
        if self.asked == 1:
            self.worker.stop()  # type: ignore[no-untyped-call]
        else:
            self.asked_again.set()

    async def until_over(self, grace_seconds: float) -> None:
        loop = asyncio.get_running_loop()
        for what in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(what, self._on_signal)
        running = asyncio.create_task(self.worker.run())  # type: ignore[no-untyped-call]
        stop = asyncio.create_task(self.worker._stop_event.wait())  # noqa: SLF001 - it has no other sign of having been asked
        await asyncio.wait({running, stop}, return_when=asyncio.FIRST_COMPLETED)
        again = asyncio.create_task(self.asked_again.wait())
        await asyncio.wait({running, again}, timeout=grace_seconds, return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        stop.cancel()
        if not running.done():
            self._leave_now()
        await running

    def _leave_now(self) -> NoReturn:
        """Give the jobs back and end: threads that still work on them cannot be stopped in another way."""
        number = self.worker.worker_id
        log.warning("jobs_given_back", jobs=[context.job.id for context in self.worker._running_jobs.values()])  # noqa: SLF001
        with contextlib.suppress(psycopg.Error):
            _sign_out(number)
        logging.shutdown()
        sys.stderr.flush()
        os._exit(0)


def _sign_out(worker: int | None) -> None:
    address = conninfo("office", settings())
    if worker is None or address is None:
        return
    limits = f"-c search_path=office -c statement_timeout={SIGNS_OUT_WITHIN}s"
    with psycopg.connect(**address, connect_timeout=SIGNS_OUT_WITHIN, options=limits) as connection:
        connection.execute("select procrastinate_unregister_worker_v1(%s)", [worker])


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
