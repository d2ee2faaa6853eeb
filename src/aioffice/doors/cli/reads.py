"""`aioffice reads` shows who read confidential files, to an auditor's token."""

from __future__ import annotations

from typing import Annotated

import typer

from aioffice.doors.cli._acting import Token, actor_of, refusals
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, note, print_json, print_table

app = typer.Typer()


@app.command(epilog=EXITS)
def reads(
    *,
    token: Token,
    case: Annotated[str, typer.Option(help="Number or id of a case: who read it.")] = "",
    person: Annotated[str, typer.Option(help="Part of a name, or an e-mail address: what they read.")] = "",
    day: Annotated[str, typer.Option(help="Day in Brussels, such as 2027-05-31.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines to show, newest first.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="Show every line.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who read what of others' confidential files. For tokens of auditors; asking is written down too.

    Example: aioffice reads --case EU-A-2026-000001
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.doors.api.reads import line_data
        from aioffice.kernel.db import acting
        from aioffice.kernel.reading.queries import every_reading, list_readings, wanted_of
        from aioffice.kernel.reading.vocabulary import Door

        at = timezone.now()
        actor = actor_of(token, at)
        wanted = wanted_of(case, person, day)
        with acting(actor, at):
            if everything:
                lines, more = [*every_reading(actor, wanted, door=Door.CLI)], False
            else:
                page = list_readings(actor, wanted, door=Door.CLI, size=limit)
                lines, more = [*page.lines], page.after is not None
            found = [line_data(line) for line in lines]
    if as_json:
        print_json({"items": found, "complete": not more})
    else:
        rows = [
            (
                f"{one['at']:%Y-%m-%d %H:%M}",
                one["name"],
                one["organisation"],
                one["thing"],
                ", ".join(one["numbers"] or map(str, one["cases"])) or one["document"] or "",
                ", ".join(one["rights"]),
                one["door"],
            )
            for one in found
        ]
        print_table(("When", "Who", "Organisation", "What", "Case", "Right", "Door"), rows)
    if more:
        note(f"{len(found)} shown; --all shows every one.")
