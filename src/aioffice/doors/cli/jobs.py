"""`aioffice jobs` works on the job queue."""

from __future__ import annotations

import typer

from aioffice.doors.cli._office import office

app = typer.Typer()


@app.command()
def jobs(concurrency: int = typer.Option(2, min=1, max=32, help="Jobs at a time.")) -> None:
    """Work on the job queue until asked to stop: publishing, notices, sweeps."""
    with office():
        from django.core.management import call_command

        call_command("procrastinate", "worker", f"--concurrency={concurrency}", "--shutdown-graceful-timeout=8")
