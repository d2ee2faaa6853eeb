"""Whoever checks an office over HTTP while it publishes without a pause is never told of a mismatch that is none."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_ledger_of_a_running_office import fetch
from tests.support.filings import section_b
from tests.support.house import House, post
from tests.support.office import Office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PUBLISH = """
import itertools, sys, uuid
import django
django.setup()
from django.utils import timezone
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actors import actor_for_token
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
with plumbing():
    provider = actor_for_token("aio_crash", timezone.now())
change = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}
for n in itertools.count():
    data = section_b(trade_name=f"Log Keeper {n}") | change
    perform(RegisterExempt.update, uuid.UUID(sys.argv[1]), actor=provider, data=data, at=timezone.now())
    deliver_pending(at=timezone.now())
    if n == 2:
        print("on its way", flush=True)
"""
TIMES = 8


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    # What it says is read at its end alone: it says little.
    made = Office(house.data, AIOFFICE_DATABASE_NAME="aioffice", AIOFFICE_LOG_LEVEL="ERROR")
    made.health()
    yield made
    made.end()


def test_constant_publishing_is_no_mismatch(house: House, office: Office, tmp_path: Path) -> None:
    status, filed = post(office.port, section_b(trade_name="Log Keeper"), "constant")
    assert status in (200, 201)
    fetch(office, f"/api/v1/register/entries/{filed['case']['number']}/versions/1/proof")
    key = fetch(office, "/ledger/key").decode().split()[0]
    program = tmp_path / "verifier.py"
    program.write_bytes(fetch(office, "/ledger/verifier.py"))
    url = f"http://127.0.0.1:{office.port}/ledger"
    publisher = house.start("-c", PUBLISH, filed["case"]["id"], AIOFFICE_DATABASE_NAME="aioffice")
    try:
        assert publisher.stdout is not None
        assert publisher.stdout.readline() == "on its way\n", publisher.communicate()
        seen: list[int] = []
        for turn in range(TIMES):
            assert publisher.poll() is None, publisher.communicate()
            if turn % 2:
                found = json.loads(
                    house.do("-m", "aioffice.doors.cli", "ledger", "verify", url, "--key", key, "--json")
                )
                assert found["fits"], found["findings"]
                seen.append(found["size"])
            else:
                kept = ["--save", str(tmp_path / "seen"), *(["--since", str(tmp_path / "seen")] if turn else [])]
                one = [sys.executable, "-I", str(program), url, "--key", key, *kept]
                said = subprocess.run(one, capture_output=True, text=True, check=False)
                assert said.returncode == 0, said.stderr
                assert "DOES NOT FIT" not in said.stderr
        assert len(set(seen)) == len(seen), "it grew all the while"
        # Without the patience of the program: one look at a pinned checkpoint is enough.
        for _ in range(TIMES):
            once = [sys.executable, "-c", ONCE, url, key]
            said = subprocess.run(once, capture_output=True, text=True, check=False, env=house.environment())
            assert (said.returncode, said.stdout.strip()) == (0, "[]"), said.stderr
    finally:
        publisher.kill()
        publisher.communicate()
    with urllib.request.urlopen(f"{url}/checkpoint", timeout=30) as answer:
        assert answer.status == 200


ONCE = """
import sys
from aioffice.kernel.ledger import standalone
report = standalone.verify(standalone.Website(sys.argv[1]), [standalone.Key.parse(sys.argv[2])])
assert report.documents > 3
print(report.findings)
"""
