"""`aioffice first-administrator` lets the first person into an office that has nobody yet."""

from __future__ import annotations

from typing import Annotated

import typer

from aioffice.doors.cli._acting import refusals
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, print_facts, print_json

app = typer.Typer()


@app.command("first-administrator", epilog=EXITS)
def first_administrator(
    email: Annotated[str, typer.Argument(help="E-mail address; an invitation goes there.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make somebody the AI Office's first administrator. Everybody after that is let in on the organisation's page.

    Example: aioffice first-administrator head@office.example --name "Hanna Vogel"
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.desks.admission.reference_data import appoint_first_administrator

        invitation = appoint_first_administrator(email, name=name, at=timezone.now())
        result = {"person": invitation.email, "roles": invitation.roles}
    print_json(result) if as_json else print_facts(result)
