"""`aioffice clocks` settles what ended, works ends out anew when a calendar has changed, and makes the address of a calendar feed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from aioffice.doors.cli._acting import Email, OfOrganisation, Password, refusals, sign_in
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, note, print_json, quiet

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


@app.command(epilog=EXITS)
def address(
    email: Email,
    password: Password,
    organisation: OfOrganisation = "",
    *,
    language: Annotated[str, typer.Option(help="Language of the entries: en or fr.")] = "en",
    end: Annotated[bool, typer.Option("--end", help="Let the address work no longer, and make none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the secret address at which calendar programs read the organisation's time limits; the one before it stops working.

    It is printed this once. Whoever has it reads which time limits end when.

    Example: aioffice clocks address --email ana@example.com
    """
    with office() as settings, refusals():
        from django.utils import timezone

        from aioffice.doors.web.office.clocks import feed_url
        from aioffice.kernel.clocks.feeds import address_of, end_address, new_address
        from aioffice.kernel.db import acting

        at = timezone.now()
        actor = sign_in(email, password, organisation)
        with acting(actor, at):
            replaced = not end and address_of(actor) is not None
        if end:
            ended = end_address(actor=actor, at=at)
            secret = ""
        else:
            ended, secret = replaced, new_address(actor=actor, at=at)
        found = settings.base_url + feed_url(secret, language) if secret else ""
    if as_json:
        print_json({"address": found or None, "ended": ended})
    elif end:
        print("The address works no longer." if ended else "There was no address.")
    else:
        if replaced:
            note("The address before it works no longer.")
        note("Keep the address; it is not shown again.")
        print(found)
