"""`aioffice case` works on the cases that concern an organisation, with its token."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aioffice.doors.cli._acting import Token, actor_of, find_case, read_data, refusals, send_in_files, step_taken
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, Exit, note, print_facts, print_json, print_table, stop

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Step

app = typer.Typer(name="case", help="Work on the cases that concern your organisation.", no_args_is_help=True)


@app.command("list", epilog=EXITS)
def list_cases(
    *,
    token: Token,
    procedure: Annotated[str, typer.Option(help="Cases of one procedure, by its slug.")] = "",
    state: Annotated[str, typer.Option(help="Cases in one state, by its name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Cases to show, last opened first.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="Show every case.")] = False,
    as_json: AsJson = False,
) -> None:
    """List your cases, last opened first.

    Example: aioffice case list --state registered
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.doors.api import casefile
        from aioffice.kernel.db import acting
        from aioffice.kernel.procedures.policy import policy

        at = timezone.now()
        actor = actor_of(token, at)
        with acting(actor, at):
            found = policy.visible_to(actor).select_related("organisation").order_by("-id")
            found = found.filter(
                **{name: value for name, value in (("procedure", procedure), ("state", state)) if value}
            )
            total = found.count()
            cases = [casefile.summary(case) for case in (found if everything else found[:limit])]
    if as_json:
        print_json({"items": cases, "total": total, "complete": len(cases) == total})
    elif cases:
        headings = ("Number", "Procedure", "Subject", "State", "Version", "Moved")
        rows = [[case[name] for name in ("procedure", "subject", "state", "version")] for case in cases]
        rows = [
            [case["number"] or case["id"], *row, _day(case["updated_at"])]
            for case, row in zip(cases, rows, strict=True)
        ]
        print_table(headings, rows)
    if len(cases) < total:
        note(f"{len(cases)} shown of {total}; --all shows every one.")
    if not cases:
        note("No case concerns your organisation here.")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


@app.command(epilog=EXITS)
def show(
    case: Annotated[str, typer.Argument(help="Its number or id.")],
    token: Token,
    as_json: AsJson = False,
) -> None:
    """Show a case: its state, what you may do now, and everything that was done.

    Example: aioffice case show EU-A-2026-000001
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.doors.api import casefile
        from aioffice.kernel.db import acting

        at = timezone.now()
        actor = actor_of(token, at)
        with acting(actor, at):
            detail = casefile.detail(find_case(case, actor, shown=True), actor)
    if as_json:
        print_json(detail)
        return
    steps = {offered["step"]: offered["title"] for offered in detail.pop("steps")}
    timeline = detail.pop("timeline")
    print_facts({**detail, "you may do now": steps})
    print("what was done:")
    for record in timeline:
        print(
            f"  {record['recorded_at']:%Y-%m-%d %H:%M} {record['title']} ({record['organisation'] or record['by']}; {record['basis']})"
        )


@app.command("open", epilog=EXITS)
def open_case(
    step: Annotated[str, typer.Argument(help="What opens the case: procedure and step, such as mandate.propose.")],
    data: Annotated[
        Path | None, typer.Argument(help="JSON or YAML file with what the step asks.", exists=True, dir_okay=False)
    ] = None,
    *,
    token: Token,
    key: Annotated[str | None, typer.Option(help="Idempotency key: repeating the command repeats the answer.")] = None,
    as_json: AsJson = False,
) -> None:
    """Open a case of any procedure. A field that asks for a file may name one beside the data.

    Example: aioffice case open mandate.propose mandate.yaml
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.procedures.performing import perform

        at = timezone.now()
        actor = actor_of(token, at)
        taken = _opening_step(step)
        sent = send_in_files(taken, read_data(data), data.parent if data else Path(), actor=actor, at=at)
        record = perform(taken, None, actor=actor, data=sent, at=at, idempotency_key=key)
        result = step_taken(record, actor, at)
    tell(result, as_json=as_json)


def _opening_step(name: str) -> Step:
    from aioffice.doors.api.formschema import offered_steps

    known = {step.key: step for step in offered_steps() if step.opens_case}
    if name not in known:
        stop(Exit.MISREAD, f"No step “{name}” opens a case. These do: {', '.join(known)}.")
    return known[name]


@app.command("do", epilog=EXITS)
def do(
    step: Annotated[str, typer.Argument(help="Name of the step, as `case show` lists it.")],
    case: Annotated[str, typer.Argument(help="Number or id of the case.")],
    data: Annotated[
        Path | None, typer.Argument(help="JSON or YAML file with what the step asks.", exists=True, dir_okay=False)
    ] = None,
    *,
    token: Token,
    version: Annotated[int | None, typer.Option(min=1, help="Only if the case is still at this version.")] = None,
    key: Annotated[str | None, typer.Option(help="Idempotency key: repeating the command repeats the answer.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take a step on a case. A field that asks for a file may name one beside the data.

    Example: aioffice case do update EU-B-2026-000001 changed.yaml --version 1
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.db import acting
        from aioffice.kernel.procedures.performing import perform

        at = timezone.now()
        actor = actor_of(token, at)
        with acting(actor, at):
            found = find_case(case, actor, shown=False)
        taken = _step(found.procedure, step)
        sent = send_in_files(taken, read_data(data), data.parent if data else Path(), actor=actor, at=at)
        record = perform(taken, found.pk, actor=actor, data=sent, at=at, expected_version=version, idempotency_key=key)
        result = step_taken(record, actor, at)
    tell(result, as_json=as_json)


def _step(slug: str, name: str) -> Step:
    from aioffice.kernel.procedures.declaration import procedure

    steps = procedure(slug).steps
    wanted = name.rpartition(".")[2].replace("-", "_")
    if wanted not in steps or steps[wanted].opens_case:
        listed = ", ".join(known for known, one in steps.items() if not one.opens_case)
        stop(Exit.MISREAD, f"There is no step “{name}” in {slug}. Its steps: {listed}.")
    return steps[wanted]


def tell(result: dict[str, Any], *, as_json: bool) -> None:
    """Print what a step led to."""
    if as_json:
        print_json(result)
        return
    case = result["case"]
    again = " (the answer to an earlier request with this key)" if result["replayed"] else ""
    print(f"{case['number'] or case['id']}  {case['state_title']}, version {case['version']}{again}")
    if case["links"]["entry"]:
        print(case["links"]["entry"])
