"""`aioffice migrate` brings the tables up to date, or says what that would do."""

from __future__ import annotations

from typing import Annotated

import typer

from aioffice.doors.cli._office import fail, office
from aioffice.doors.cli._printing import AsJson, note, print_json

app = typer.Typer()


@app.command()
def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be done and which tables it locks.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Do nothing; exit status 1 when something is to be done.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the tables up to date with this version, as `aioffice up` does at its start.

    A migration waits for its locks no longer than AIOFFICE_LOCK_SECONDS, so that nobody waits behind it; it is tried AIOFFICE_MIGRATE_TRIES
    times. Exit status: 0 done, or nothing to do; 1 it could not be done, or there is something to do (--check).

    Example: aioffice migrate --plan
    """
    with office() as found:
        from django.db import connections

        from aioffice.doors import migrating

        if "owner" not in connections.settings:
            fail("This process may not change tables: it was given no address of the owner (AIOFFICE_OWNER_URL).")
        if not plan and not check:
            try:
                done = migrating.migrate(found)
            except migrating.NotMigrated as error:
                fail(str(error))
            print_json({"done": done}) if as_json else print(f"{done} migrations run.")
            return
        planned = migrating.plan()
    if as_json:
        print_json(
            [
                {
                    "migration": one.name,
                    "locks": [
                        {"table": lock.table, "blocks": lock.blocks, "long": lock.long, "reason": lock.reason, "dangerous": lock.dangerous}
                        for lock in one.locks
                    ],
                    "sql": list(one.sql),
                }
                for one in planned
            ]
        )  # fmt: skip
    else:
        for one in planned:
            print(one.name)
            for lock in one.locks:
                who = "everybody" if lock.blocks == "all" else "whoever writes"
                length = "while it works through the whole table" if lock.long else "for a moment"
                print(
                    f"  {'! ' if lock.dangerous else '  '}{lock.table}: keeps {who} waiting {length}; it {lock.reason}"
                )
        note(f"{len(planned)} migrations to run." if planned else "The tables are up to date.")
    if check and planned:
        raise SystemExit(1)
