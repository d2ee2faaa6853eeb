"""What waited for its place in the log when the backup was made is held against the statement that waits; what was altered is found."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster
from tests.support.house import House, command
from tests.support.importing import RECORDS, finish, write_source

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SEQUENCE = """
import django; django.setup()
from django.utils import timezone
from aioffice.kernel.ledger.sequencer import sequence
from aioffice.kernel.ledger.signing import LOGS
print([sequence(log, timezone.now()) for log in LOGS])
"""

WITHDRAW = """
import sys
import django; django.setup()
from django.db import connection
from django.utils import timezone
from aioffice.kernel.db import acting
from aioffice.kernel.ledger.writing import withdraw
from aioffice.kernel.parties.actor import service
from aioffice.register import public_rows
now, number = timezone.now(), sys.argv[1]
with acting(service("publisher"), now), connection.cursor() as cursor:
    cursor.execute("delete from published.entry where number = %s", [number])
    cursor.execute("delete from published.document where number = %s", [number])
    cursor.execute("delete from published.version where number = %s returning n", [number])
    versions = [public_rows.version_subject(number, n) for (n,) in cursor.fetchall()]
    withdraw([*versions, public_rows.entry_subject(number)], "house: no longer public", now)
"""


def alter(closed_house: House, sql: str) -> None:
    """Change the database by hand, as its superuser."""
    with psycopg.connect(**Cluster(closed_house.data, durable=False).conninfo("aioffice")) as database:
        assert database.execute(sql).rowcount == 1  # type: ignore[call-overload]


def replaced(number: str, one: str, other: str) -> str:
    """SQL that writes something else into what the public is shown of an entry."""
    return (
        f"update published.entry set body = convert_to(replace(convert_from(body, 'UTF8'), '{one}', '{other}'), 'UTF8') "
        f"where number = '{number}'"
    )


def test_documents_newer_than_the_log_are_checked_too(closed_house: House, tmp_path: Path) -> None:
    Cluster(closed_house.data, durable=False).start()
    closed_house.do("-c", SEQUENCE)
    dump, changes = write_source(tmp_path, 900)
    found = json.loads(dump.read_text())
    for record in found["algoritmes"][40:50]:
        record["doel"] = "Weer een andere tekst"
    dump.write_text(json.dumps(found))
    with changes.open("a") as file:
        for record in found["algoritmes"][40:50]:
            diff = {"doel": ["Tekst", record["doel"]]}
            file.write(
                json.dumps({"at": "2026-06-09T19:00:48Z", "op": "changed", "id": record["id"], "diff": diff}) + "\n"
            )
    finish(closed_house, dump, changes)
    waiting = closed_house.ask("select count(*) from office.ledger_pending where log = 'public'")[0][0]
    assert waiting
    target = tmp_path / "backups"
    assert command(closed_house.data, "backup", str(target)).returncode == 0
    done = command(tmp_path / "restored", "restore", str(target), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["logs"]["public"]
    assert said["waiting"]
    assert said["documents"] > RECORDS

    Cluster(closed_house.data, durable=False).start()
    names = {
        "waiting": closed_house.ask(
            "select e.number from published.entry e join published.statement s on s.subject::jsonb = jsonb_build_object('entry', e.number) "
            "join office.ledger_pending p on p.id = s.pending where s.index is not null limit 1"
        )[0][0],
        "settled": closed_house.ask(
            "select e.number from published.entry e join published.statement s on s.subject::jsonb = jsonb_build_object('entry', e.number) "
            "where not exists (select from office.ledger_pending p where p.id = s.pending) limit 1"
        )[0][0],
    }
    for which, number in names.items():
        alter(closed_house, replaced(number, "Verzonnen algoritme", "Echt algoritme"))
        again = tmp_path / f"backups-{which}"
        assert command(closed_house.data, "backup", str(again)).returncode == 0
        Cluster(closed_house.data, durable=False).start()
        alter(closed_house, replaced(number, "Echt algoritme", "Verzonnen algoritme"))
        done = command(tmp_path / which, "restore", str(again))
        assert done.returncode == 1, which
        assert f"public log: entry {number}" in done.stderr, done.stderr
        assert "no office opens on" in done.stderr


def test_what_is_withdrawn_and_waits_for_its_entry_does_not_stand_in_the_way(
    closed_house: House, tmp_path: Path
) -> None:
    dump, changes = write_source(tmp_path, 901)
    finish(closed_house, dump, changes)
    Cluster(closed_house.data, durable=False).start()  # the import opened the office for itself, and closed it
    closed_house.do("-c", SEQUENCE)
    closed_house.do("-c", WITHDRAW, "NL-AR-90100050")
    waiting = closed_house.ask("select count(*) from office.ledger_pending where log = 'public'")[0][0]
    assert waiting == 2
    target = tmp_path / "backups"
    assert command(closed_house.data, "backup", str(target)).returncode == 0
    done = command(tmp_path / "restored", "restore", str(target), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["logs"]["public"]
    assert said["documents"] == closed_house.ask("select count(*) from published.statement")[0][0]
