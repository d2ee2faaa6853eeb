"""`aioffice clocks` settles what ended, and works ends out anew when a calendar has changed."""

from __future__ import annotations

from dataclasses import asdict

import typer

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, print_json, quiet

app = typer.Typer(name="clocks", help="The time limits of cases.", no_args_is_help=True)


@app.command()
def sweep(as_json: AsJson = False) -> None:
    """Settle the time limits that have ended and send the reminders that are due, as the job worker does every minute.

    Exit status: 0 done, 1 failed.

    Example: aioffice clocks sweep
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.clocks.sweeping import sweep as sweep_all

        quiet()
        done = sweep_all(at=timezone.now())
    if as_json:
        print_json(asdict(done))
    else:
        print(
            f"{done.lapsed} cases moved by silence. {done.expired} time limits ended. {done.reminded} reminders sent."
        )


@app.command()
def recompute(as_json: AsJson = False) -> None:
    """Work out every running time limit anew by today's calendars.

    An end that comes later holds, and whoever has to act is told. An end that comes earlier changes nothing that was told: the case is
    listed, for a person to decide. Exit status: 0 done, 1 failed.

    Example: aioffice clocks recompute
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.clocks.recomputing import recompute as recompute_all

        quiet()
        found = recompute_all(at=timezone.now())
    if as_json:
        print_json(asdict(found))
        return
    print(f"{found.looked_at} time limits worked out anew. {len(found.later)} end later than told.")
    for case in found.asks_person:
        print(f"Would end earlier than told; a person decides (accept_earlier_end): case {case}")
