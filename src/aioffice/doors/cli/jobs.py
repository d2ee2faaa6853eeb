"""`aioffice jobs` works on the job queue."""

from __future__ import annotations

import typer

from aioffice.doors.cli._office import office

app = typer.Typer()


@app.command()
def jobs(
    concurrency: int = typer.Option(2, min=1, max=32, help="Jobs at a time."),
    outside: int = typer.Option(6, min=1, max=64, help="Jobs at a time that wait for machines of others: webhooks."),
) -> None:
    """Work on the job queue until asked to stop: publishing, notices, webhooks, sweeps.

    SIGTERM or Ctrl-C lets it finish what it has begun, for AIOFFICE_CLOSING_SECONDS at the most; a second one ends it at once. What was not
    finished goes back to the queue.
    """
    with office() as found:
        from aioffice.doors.working import work

        work(concurrency=concurrency, outside=outside, grace_seconds=found.closing_seconds)
