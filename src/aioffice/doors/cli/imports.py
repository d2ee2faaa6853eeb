"""`aioffice import` takes over data from elsewhere, through the same procedures as any filing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aioffice.doors.cli._office import fail, office

app = typer.Typer(name="import", help="Take over data from elsewhere.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep the group even while there is only one source."""


@app.command("nl-algorithm-register")
def nl_algorithm_register(
    dump: Annotated[
        Path, typer.Argument(help="A copy of the register (JSON, or gzipped JSON).", exists=True, dir_okay=False)
    ],
    changes: Annotated[
        Path | None,
        typer.Option(help="Changes seen before the copy was made (JSON lines).", exists=True, dir_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Take the Dutch national algorithm register over into its reference collection.

    Nothing in the collection is a registration under Article 49. A second run changes nothing.
    Exit status: 0 when all records were taken over, 1 when the file cannot be read, 3 when some records could not be.

    Example: aioffice import nl-algorithm-register register.json --changes changes.jsonl
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.procedures.events import deliver_pending
        from aioffice.register.reference.nl_import import import_dutch_register
        from aioffice.register.reference.nl_source import Unreadable

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("Taking over", total=None)
            try:
                report = import_dutch_register(
                    dump,
                    changes,
                    at=timezone.now(),
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            except Unreadable as error:
                fail(str(error))
            publishing = bar.add_task("Publishing", total=None)
            published = deliver_pending(at=timezone.now())
            bar.update(publishing, completed=published, total=published)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        print(
            f"{report.records} records read: {report.taken_over} taken over, {report.changed} changes, "
            f"{report.withdrawn} withdrawn, {report.unchanged} steps known already, {len(report.problems)} problems."
        )
        print(f"{report.equal} of {report.records} records in the collection equal the copy on every field.")
        for rename in report.renames:
            print(f"Renamed: {rename['from']} -> {rename['to']} ({rename['records']} records).")
    raise SystemExit(3 if report.problems else 0)
