"""`aioffice announce` tells everybody of maintenance to come, or of an incident: a banner on every page, and the status page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from aioffice.doors.cli._acting import refusals
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, Exit, note, print_json, print_table, stop

app = typer.Typer(name="announce", help="Tell everybody of maintenance or an incident.", no_args_is_help=True)


@app.command(epilog=EXITS)
def post(
    kind: Annotated[str, typer.Argument(help="maintenance or incident.")],
    text: Annotated[str, typer.Argument(help="What readers should know, in English.")],
    fr: Annotated[str, typer.Option(help="The same in French; left out, French pages show the English text.")] = "",
    start: Annotated[
        str, typer.Option("--from", help="When it begins (2027-03-12T22:00+01:00); now if left out.")
    ] = "",
    end: Annotated[
        str, typer.Option("--until", help="When it should be over. An incident ends with `announce end` alone.")
    ] = "",
) -> None:
    """Show a notice on every page and on the status page, within some seconds; print its id.

    Example: aioffice announce post maintenance "Filing stops for an hour." --from 2027-03-12T22:00+01:00 --until 2027-03-12T23:00+01:00
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.watching.announcements import post as announce
        from aioffice.kernel.watching.rights import OPERATOR

        at = timezone.now()
        made = announce(
            kind,
            {"en": text, "fr": fr},
            starts_at=_moment(start, "--from") or at,
            ends_at=_moment(end, "--until"),
            actor=OPERATOR,
            at=at,
        )
    if "fr" not in made.texts:
        note("French pages show the English text: --fr gives it in French.")
    print(made.id)


@app.command("end", epilog=EXITS)
def end_one(announcement: Annotated[UUID, typer.Argument(help="Its id, as `announce list` shows it.")]) -> None:
    """Say that it is over, or cancel what has not begun: the banner goes, the status page tells of it for 90 days.

    Example: aioffice announce end 0193a000-0000-7000-8000-000000000000
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.watching.announcements import end
        from aioffice.kernel.watching.rights import OPERATOR

        ended = end(announcement, actor=OPERATOR, at=timezone.now())
    note("It is cancelled." if ended.cancelled else "It is over.")


_STAGES = {"to-come": "to come", "now": "now", "over": "over", "cancelled": "cancelled"}


@app.command("list", epilog=EXITS)
def list_all(as_json: AsJson = False) -> None:
    """List what is announced and what was over lately.

    Example: aioffice announce list
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.watching.announcements import newest

        at = timezone.now()
        found = newest(at)
    if as_json:
        print_json([{**asdict(one), "stands": one.stands(at), "stage": one.stage(at)} for one in found])
        return
    rows: list[tuple[Any, ...]] = [
        (
            one.id,
            one.kind,
            _STAGES[one.stage(at)],
            f"{one.starts_at:%Y-%m-%d %H:%M %Z}",
            one.texts["en"],
        )
        for one in found
    ]
    print_table(("Id", "Kind", "", "From", "Text"), rows)


def _moment(text: str, option: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        stop(Exit.MISREAD, f"{option}: {text!r} is no time such as 2027-03-12T22:00+01:00.")
    if found.tzinfo is None:
        stop(Exit.MISREAD, f"{option}: say in which zone, such as {text}+01:00.")
    return found
