"""`aioffice jobs` works on the job queue."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import typer

from aioffice.doors.cli._office import office

if TYPE_CHECKING:
    from procrastinate import App

app = typer.Typer()
GRACE = 8.0
"""Seconds that jobs under way get to finish when the worker is asked to stop."""


@app.command()
def jobs(
    concurrency: int = typer.Option(2, min=1, max=32, help="Jobs at a time."),
    outside: int = typer.Option(6, min=1, max=64, help="Jobs at a time that wait for machines of others: webhooks."),
) -> None:
    """Work on the job queue until asked to stop: publishing, notices, webhooks, sweeps."""
    with office():
        from procrastinate.contrib.django import app as queue

        with queue.replace_connector(queue.connector.get_worker_connector()):  # type: ignore[attr-defined]  # Django's has it
            asyncio.run(_work(queue, concurrency, outside))


async def _work(queue: App, concurrency: int, outside: int) -> None:
    """Two workers in one process: a receiver that takes its time holds up no publication, whatever the number of such receivers."""
    from aioffice.kernel.jobs import OUTSIDE

    queue.perform_import_paths()  # type: ignore[no-untyped-call]
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=concurrency + outside + 4, thread_name_prefix="job"))
    inside = sorted({task.queue for task in queue.tasks.values()} - {OUTSIDE})
    async with queue.open_async():
        workers = [
            asyncio.create_task(
                queue.run_worker_async(
                    queues=queues,
                    concurrency=places,
                    name=name,
                    shutdown_graceful_timeout=GRACE,
                    install_signal_handlers=False,
                )
            )
            for name, queues, places in (("inside", inside, concurrency), ("outside", [OUTSIDE], outside))
        ]

        def stop() -> None:
            # Asked twice, a worker would drop what it is finishing.
            for worker in workers:
                if not worker.cancelling():
                    worker.cancel()

        for what in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(what, stop)
        # When one of them ends by itself (the database went away), the other ends too, and whoever started us starts us again.
        done, _others = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        stop()
        await asyncio.gather(*workers, return_exceptions=True)
        for worker in done:
            if not worker.cancelled() and (fault := worker.exception()):
                raise fault
