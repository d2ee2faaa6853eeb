"""`aioffice publish` brings the public register up to date with the cases."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, print_json, quiet

app = typer.Typer()


@app.command()
def publish(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make all published tables anew from the cases.")] = False,
    as_json: AsJson = False,
) -> None:
    """Publish what waits, as the job worker does; with --rebuild everything anew.

    The published tables are derived: rebuilding loses nothing, and readers see the old rows until the new ones are there.
    Exit status: 0 done, 1 failed.

    Example: aioffice publish --rebuild
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.procedures.events import deliver_pending
        from aioffice.register.publishing import rebuild as rebuild_all

        quiet()
        at = timezone.now()
        delivered = deliver_pending(at=at)
        entries = 0
        if rebuild:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            with Progress(*columns, console=Console(stderr=True)) as bar:
                task = bar.add_task("Publishing", total=None)
                for entries in rebuild_all(at=at):
                    bar.update(task, completed=entries)
                bar.update(task, completed=entries, total=entries)
    if as_json:
        print_json({"delivered": delivered, "rebuilt": rebuild, "entries": entries})
    else:
        print(f"{delivered} events delivered." + (f" {entries} entries published anew." if rebuild else ""))
