"""`aioffice retention` shows what has reached its end, proposes it, and takes the decision of a person of the Office."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from aioffice.doors.cli._acting import OfOrganisation, Password, refusals, sign_in
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, Exit, note, print_json, print_table, quiet, stop

if TYPE_CHECKING:
    from aioffice.kernel.retention.models import Proposal

Email = Annotated[str, typer.Option(help="Yours: list is for staff of the Office, decide for its signatories.")]

app = typer.Typer(name="retention", help="How long records are kept, and what may go.", no_args_is_help=True)


def _line(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "restricted": one.restricted,
        "state": one.state,
        "count": one.count,
        "oldest": one.oldest,
        "cutoff": one.cutoff,
        "removed": one.removed,
        "until": one.until,
        "reason": one.reason,
    }


@app.command("list", epilog=EXITS)
def list_all(
    email: Email, password: Password, organisation: OfOrganisation = "", decided: bool = False, as_json: AsJson = False
) -> None:
    """List what waits for a decision; with --decided, what was decided. For staff of the Office.

    Example: aioffice retention list --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.db import acting
        from aioffice.kernel.retention.deciding import proposals

        actor = sign_in(email, password, organisation)
        with acting(actor, timezone.now()):
            found = [_line(one) for one in proposals(actor, decided=decided)]
    if as_json:
        print_json({"items": found, "complete": len(found) < 100})
        return
    rows = [
        (
            one["id"],
            one["kind"],
            "secure section" if one["restricted"] else "",
            one["state"],
            one["count"],
            f"{one['oldest']:%Y-%m-%d}",
        )
        for one in found
    ]
    print_table(("Id", "Kind", "", "State", "Rows", "Oldest"), rows)
    if not found:
        note("Nothing waits." if not decided else "Nothing was decided.")


@app.command()
def propose(as_json: AsJson = False) -> None:
    """Count what has reached its end and propose it, as the job worker does every night. Deletes nothing.

    Exit status: 0 done, 1 failed.

    Example: aioffice retention propose
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.retention.proposing import propose as propose_all

        quiet()
        # Counts of the secure section are for those who may know of it: here nobody has said who they are.
        found = [one for one in propose_all(at=timezone.now()) if not one.restricted]
    if as_json:
        print_json({"items": [_line(one) for one in found]})
    else:
        for one in found:
            print(f"{one.kind}: {one.count}, the oldest of {one.oldest:%Y-%m-%d}")
        # not a word on whether anything of the secure section waits
        note(
            "A signatory of the Office decides: aioffice retention list, then decide."
            if found
            else "Nothing outside the secure section has reached its end."
        )


@app.command(epilog=EXITS)
def decide(
    proposal: Annotated[UUID, typer.Argument(help="Its id, as `retention list` shows it.")],
    *,
    email: Email,
    password: Password,
    organisation: OfOrganisation = "",
    accept: Annotated[bool, typer.Option("--accept", help="Let it be deleted, for good.")] = False,
    until: Annotated[str, typer.Option(help="Keep it until this day, such as 2030-01-31.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is kept longer.")] = "",
    as_json: AsJson = False,
) -> None:
    """Accept a proposal, or keep what it names until a day for a reason. For signatories of the Office.

    Example: aioffice retention decide 0193a000-0000-7000-8000-000000000000 --email ana@example.com --until 2030-01-31 --reason "Dispute"
    """
    if accept == bool(until):
        stop(Exit.MISREAD, "Say either --accept, or --until with --reason.")
    try:
        day = datetime.strptime(until, "%Y-%m-%d").date() if until else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        stop(Exit.MISREAD, "--until: write a day as year-month-day, for example 2030-01-31.")
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.db import acting
        from aioffice.kernel.retention import deciding

        quiet()
        actor, at = sign_in(email, password, organisation), timezone.now()
        with acting(actor, at):
            seen = deciding.proposal_of(proposal, actor=actor)
        if day is None:
            done = deciding.accept(proposal, cutoff=seen.cutoff, actor=actor, at=at)
        else:
            done = deciding.keep_longer(proposal, cutoff=seen.cutoff, reason=reason, until=day, actor=actor, at=at)
    if as_json:
        print_json(_line(done))
    else:
        print(f"{done.kind}: {'being deleted' if day is None else f'kept until {day}'}.")
