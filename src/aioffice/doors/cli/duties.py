"""`aioffice duties` lists what an operator has to do under the AI Act, and since when: from a file of facts alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aioffice.act.reasoning.expressions import Regime
from aioffice.doors.cli._law import asked_day, asked_law, read_or_stop
from aioffice.doors.cli._printing import AsJson, print_json

if TYPE_CHECKING:
    from datetime import date

    from aioffice.act.duties import DutyFound

app = typer.Typer()


@app.command()
def duties(
    facts: Annotated[Path, typer.Argument(help="YAML or JSON file with what is known.")],
    *,
    on: Annotated[str, typer.Option(metavar="DAY", help="The day asked about, 2027-12-02. Without it: today.")] = "",
    regime: Annotated[Regime, typer.Option(help="The text of the Act.")] = Regime.AMENDED,
    reading: Annotated[
        list[str] | None,
        typer.Option("--read", metavar="QUESTION=OPTION", help="How an open question is read; may be repeated."),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Show the reasons, down to the facts.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the duties that follow from what is known, and those that it leaves open, with provision, bearer and day.

    Exit status: 0 done, 2 the command was misread, 6 the file does not fit.

    Example: aioffice duties facts.yaml --on 2027-12-02
    """
    from aioffice.act.duties import duties, vocabulary

    found = duties(read_or_stop(facts, vocabulary()), asked_law(regime, reading or []))
    day = asked_day(on)
    if as_json:
        print_json(
            {"on": day, "regime": regime.value, "items": [_data(one, day) for one in found if one.value is not False]}
        )
    else:
        _print([one for one in found if one.value], [one for one in found if one.value is None], day, why=why)


def _print(binding: list[DutyFound], undecided: list[DutyFound], on: date, *, why: bool) -> None:
    from aioffice.act.answers_in_words import lines, since
    from aioffice.act.text import text

    if binding:
        print(f"{len(binding)} duties are certain:")
    else:
        print("No duty is certain yet: too little is known." if undecided else "No duty follows from what is known.")
    for one in binding:
        bearer = text(f"role.{one.duty.bearer}", "en")
        print(f"  {one.duty.provision:<18} {bearer}: {text(one.duty.key, 'en')}")
        print(f"  {'':<18} {since(one.application, on, 'en')} Shown by: {text(one.duty.shown_by_key, 'en')}.")
        if why:
            print("\n".join(f"      {line}" for line in lines(one.reason)))
    if undecided:
        print("Not excluded: " + ", ".join(one.duty.provision for one in undecided))


def _data(one: DutyFound, on: date) -> dict[str, object]:
    from aioffice.act.answers_in_words import since_data
    from aioffice.act.reasoning.telling import data
    from aioffice.act.text import text

    return {
        "provision": one.duty.provision,
        "bearer": one.duty.bearer.value,
        "binds": one.value,
        "what": text(one.duty.key, "en"),
        "shown_by": text(one.duty.shown_by_key, "en"),
        "in_application": one.application.on(on),
        "since": since_data(one.application),
        "reason": data(one.reason),
    }
