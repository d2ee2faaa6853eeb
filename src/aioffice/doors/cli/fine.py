"""`aioffice fine` says how high a fine can be at most, from the command line alone."""

from __future__ import annotations

from typing import Annotated

import typer

from aioffice.act.fines import Fine, FineError, Offender, Size, Tier, maximum_fine, maximum_for
from aioffice.act.reasoning.expressions import Regime
from aioffice.doors.cli._law import asked_day
from aioffice.doors.cli._printing import AsJson, Exit, print_json, stop

app = typer.Typer()


@app.command()
def fine(
    provision: Annotated[
        str, typer.Argument(help=f"What was infringed, 50(1) or 5(1)(f); or a group: {', '.join(Tier)}.")
    ],
    *,
    turnover: Annotated[
        int | None,
        typer.Option(help="Total worldwide turnover of the preceding financial year, in whole euros.", min=0),
    ] = None,
    size: Annotated[Size, typer.Option(help="Of an undertaking: for some the lower of two maxima holds.")] = Size.LARGE,
    offender: Annotated[Offender, typer.Option(help="Whom it would be imposed on.")] = Offender.UNDERTAKING,
    on: Annotated[str, typer.Option(metavar="DAY", help="The day asked about, 2027-12-02. Without it: today.")] = "",
    regime: Annotated[Regime, typer.Option(help="The text of the Act.")] = Regime.AMENDED,
    as_json: AsJson = False,
) -> None:
    """Say how high a fine for one infringement can be at most (Articles 75c, 99, 100 and 101), and how that comes about.

    A maximum is no forecast: what is right in a case is a reasoned decision of people. Exit status: 0 done, 2 misread.

    Example: aioffice fine 50(1) --turnover 40000000 --size sme
    """
    try:
        day = asked_day(on)
        if provision in set(Tier):
            found = maximum_fine(
                Tier(provision), offender=offender, size=size, turnover=turnover, on=day, regime=regime
            )
        else:
            found = maximum_for(provision, offender=offender, size=size, turnover=turnover, on=day, regime=regime)
    except FineError as error:
        stop(Exit.MISREAD, str(error))
    if as_json:
        print_json(
            {"tier": found.tier, "amount_eur": found.amount, "basis": found.basis, "steps": found.steps, "by": found.by}
        )
    else:
        _print(found)


def _print(found: Fine) -> None:
    print("No one amount." if found.amount is None else f"At most EUR {found.amount:,} ({', '.join(found.basis)})")
    for step in found.steps:
        print(f"  {step}")
    print(f"  Imposed by: {found.by}")
