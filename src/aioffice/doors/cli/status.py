"""`aioffice status` says how the office is doing, for whoever runs it."""

from __future__ import annotations

import typer

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, print_json
from aioffice.doors.cli._standing_words import lines

app = typer.Typer()


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say how the office is doing: what calls for somebody, then logs, queues, time limits, mail, disk and backup. --json for programs.

    It tells when something is filed in the secure section: it is for whoever runs the machine. Exit status: 0 well, 1 something urgent is
    wrong, or the office is not there.

    Example: aioffice status --json
    """
    with office():
        from django.utils import timezone

        from aioffice.doors.standing import document, standing
        from aioffice.kernel.watching.rights import OPERATOR

        found = standing(actor=OPERATOR, at=timezone.now())
        if as_json:
            print_json(document(found))
        else:
            print("\n".join(lines(found)))
    if not found.well:
        raise SystemExit(1)
