"""`aioffice file` files a registration from a JSON or YAML file: made for a release pipeline."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aioffice.doors.cli._acting import Token, actor_of, read_data, refusals, send_in_files, step_taken
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, print_json
from aioffice.doors.cli.case import tell

if TYPE_CHECKING:
    from datetime import datetime

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.declaration import Step

app = typer.Typer()


class Section(StrEnum):
    """What is filed: a section of Annex VIII, or a use that waits for the provider's entry."""

    A = "A"
    B = "B"
    C = "C"
    HOLD = "hold"


@app.command(epilog=EXITS)
def file(
    section: Annotated[
        Section, typer.Argument(help="A, B or C of Annex VIII; hold: C, while there is no provider's entry.")
    ],
    data: Annotated[Path, typer.Argument(help="JSON or YAML file with the fields.", exists=True, dir_okay=False)],
    *,
    token: Token,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and file nothing.")] = False,
    key: Annotated[str | None, typer.Option(help="Idempotency key: repeating the command repeats the answer.")] = None,
    as_json: AsJson = False,
) -> None:
    """File a registration. What passes the checks is registered at once; nobody approves it.

    A field that asks for a file may name one beside the data (declaration_of_conformity: declaration.pdf); it is sent in first.

    Example: aioffice file A system.yaml --dry-run
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.register.opening import opening

        at = timezone.now()
        actor = actor_of(token, at)
        step = opening(section.value)
        result = _file(step, data, actor=actor, at=at, key=key, dry_run=dry_run)
    if result is not None:
        tell(result, as_json=as_json)
    elif as_json:
        print_json({"dry_run": True, "step": step.key, "errors": []})
    else:
        print("It would be registered. Nothing was filed.")


def _file(
    step: Step, path: Path, *, actor: Actor, at: datetime, key: str | None, dry_run: bool
) -> dict[str, Any] | None:
    from django.db import transaction

    from aioffice.kernel.db import acting
    from aioffice.kernel.procedures.performing import perform

    raw = read_data(path)
    if not dry_run:
        sent = send_in_files(step, raw, path.parent, actor=actor, at=at)
        record = perform(step, None, actor=actor, data=sent, at=at, idempotency_key=key)
        return step_taken(record, actor, at)
    with acting(actor, at):
        sent = send_in_files(step, raw, path.parent, actor=actor, at=at)
        perform(step, None, actor=actor, data=sent, at=at, idempotency_key=key)
        # The number taken, the entry, the documents: nothing of it stays.
        transaction.set_rollback(True)
    return None
