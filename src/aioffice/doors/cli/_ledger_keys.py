"""`aioffice ledger key` and `rotate-key`: with which keys this office's logs are signed, and a new one in place of another."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from aioffice.doors.cli._logs import own_key
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, Exit, note, print_json, stop


class Which(StrEnum):
    """The two logs."""

    PUBLIC = "public"
    INTERNAL = "internal"


def show_keys(*, as_json: AsJson = False) -> None:
    """Show the keys with which this office's logs are checked: give them to whoever wants to check.

    With --json also those of before, with the times at which they began and ended, and the key with which it witnesses other logs. Exit
    status: 0 done, 1 there is no office here.

    Example: aioffice ledger key --json
    """
    with office():
        from aioffice.kernel.ledger import site
        from aioffice.kernel.ledger.signing import LOGS, WITNESS

        public, internal = own_key("public"), own_key("internal")
        if as_json:
            history = {
                log: [
                    {"key": str(one.key), "since": one.since, "until": one.until, "entry": one.entry}
                    for one in site.log_keys(log)
                ]
                for log in LOGS
            }
            print_json(
                {"public": str(public), "internal": str(internal), "witness": str(own_key(WITNESS)), "history": history}
            )
            return
    print(public)
    print(internal)
    note("The first is of the public log; the second of the log of all steps, for receipts.")


def rotate_key(
    *,
    log: Annotated[Which, typer.Option(help="The log that gets a new key.")] = Which.PUBLIC,
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once", help="Throw the old key away now: nothing is signed with both for the days of grace."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new key for a log. The log itself records it, signed with the old and the new one, and goes on with the new one.

    Whoever knows the old key is led to the new one by the log. Where keys are set in the environment, the command prints the new one
    to set, and does nothing until it is set for every process of the office. Make a backup of the data folder afterwards: the keys are in
    it. Exit status: 0 done, 1 there is no office here, or the new key has to be set first.

    Example: aioffice ledger rotate-key --log internal
    """
    with office():
        from django.utils import timezone

        from aioffice.kernel.ledger.changing_keys import KeyToSet, UnfitKey, change_key
        from aioffice.kernel.ledger.sequencer import StaleRotation
        from aioffice.kernel.ledger.signing import BEFORE, NAMES, NEXT, NoKey, from_environment
        from aioffice.kernel.parties.actor import service

        try:
            changed = change_key(log.value, actor=service("operator"), at=timezone.now(), grace=not at_once)
        except KeyToSet as to_set:
            stop(
                Exit.FAILED,
                "The keys of this office are set in the environment, and nothing was changed. Set this for every process of the office, "
                "start them anew, and run the command again:",
                "",
                f"{to_set.variable}={to_set.key.secret}",
            )
        except (UnfitKey, StaleRotation, NoKey) as error:
            stop(Exit.FAILED, str(error))
        in_environment = from_environment(log.value)
    if as_json:
        print_json(
            {"log": log.value, "old": str(changed.old), "new": str(changed.new), "both_until": changed.both_until}
        )
    else:
        print(changed.new)
        note(f"The {log.value} log is signed with this key from here on; before, it was {changed.old}.")
        if changed.both_until:
            note(f"Until {changed.both_until:%Y-%m-%d} the old key signs too, for whoever knows that one alone.")
        note(
            "Keep the new key where you keep the old one, apart from the database."
            if in_environment
            else "Back secrets.json up again: the new key is in no backup yet, and without it the log cannot go on."
        )
    if in_environment:
        name = f"AIOFFICE_{NAMES[log.value].upper()}"
        note(
            f"Now set {name} to what {name}{NEXT.upper()} is, and that one to nothing"
            + (
                "."
                if at_once
                else f"; and {name}{BEFORE.upper()} to what {name} was, until the old key need not sign any more."
            )
        )
