"""`aioffice ledger` checks, proves, copies and witnesses public logs: this office's own, or any other's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aioffice.doors.cli._ledger_copies import export, witness
from aioffice.doors.cli._ledger_keys import rotate_key, show_keys
from aioffice.doors.cli._ledger_receipts import check_receipt, prove
from aioffice.doors.cli._ledger_saying import report_data, say
from aioffice.doors.cli._logs import Keys, Place, kept_before, keys_given, log_at, own_key
from aioffice.doors.cli._printing import AsJson, Exit, counted, print_json, stop

app = typer.Typer(name="ledger", help="Check, prove, copy and witness public logs.", no_args_is_help=True)


@app.command()
def verify(
    place: Place = "",
    *,
    key: Keys = None,
    witnesses: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="VKEY", help="A witness that must have cosigned; may be repeated."),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="A checkpoint kept from before, or a witness's state file.",
        ),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Keep the checkpoint here, if all fits.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a whole log: signature, every tile and entry, and every public document against the entry that states it.

    Reads this office's own log, or the one at an address or in a folder. Exit status: 0 all fits, 1 something does not (each named on
    stderr), 2 the command or the file of --since was misread, 3 the log could not be read, so that nobody knows whether it fits.

    Example: aioffice ledger verify https://office.example/ledger --key office.example/ledger+1a2b3c4d+AVS9… --save seen
    """
    earlier = kept_before(since) if since else None
    with log_at(place, key) as log:
        if not place and log.source.get("checkpoint") is None and since is None:
            _empty(as_json)
            return
        report = log.check(since=earlier, witnesses=keys_given(witnesses, option="--witness"))
    if as_json:
        print_json(report_data(report) | {"keys": [str(one) for one in log.keys], "keys_from": log.keys_from})
    say(report, as_json)
    if report.only_unread:
        stop(Exit.UNREADABLE, "Nothing is known of whether this log fits: ask again.")
    if report.findings:
        stop(
            Exit.FAILED,
            f"{counted(len(report.findings), 'finding')}: this log, or this copy of it, is not what was signed.",
        )
    if save:
        save.write_bytes(report.data)


def _empty(as_json: bool) -> None:
    if as_json:
        print_json({"fits": True, "log": str(own_key().name), "size": 0, "findings": []})
    else:
        print("The log is empty: nothing has been published yet.")


app.command("key")(show_keys)
app.command("rotate-key")(rotate_key)
app.command()(prove)
app.command("check-receipt")(check_receipt)
app.command()(export)
app.command()(witness)
