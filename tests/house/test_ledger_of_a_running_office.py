"""The logs of a really running office: checked over HTTP, receipts fetched and checked offline, and no kill loses or doubles an entry."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.filings import section_b
from tests.support.house import House, post
from tests.support.importing import finish, write_source
from tests.support.office import Office

pytestmark = pytest.mark.slow

LOGS = {"public": "published.log", "internal": "office.ledger"}
PATIENCE = 60


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    """An office with its web and its jobs, on a port of its own."""
    made = Office(house.data)
    made.until("Ctrl-C closes it.")
    yield made
    made.end()


def fetch(office: Office, path: str, token: str = "") -> bytes:
    """GET, again while the log does not hold it yet."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{office.port}{path}", headers=headers)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            if error.code not in (404, 503) or time.monotonic() > end:
                raise
        time.sleep(0.2)


def test_anyone_checks_it_over_http_and_a_filer_keeps_a_receipt(
    house: House,
    office: Office,
    tmp_path: Path,
) -> None:
    status, filed = post(office.port, section_b(trade_name="Log Keeper"), "log-keeper")
    assert status in (200, 201)
    case = filed["case"]
    receipt = fetch(office, f"/api/v1/cases/{case['id']}/records/1/receipt", "aio_crash")
    proof = fetch(office, f"/api/v1/register/entries/{case['number']}/versions/1/proof")
    key = fetch(office, "/ledger/key").decode().split()[0]
    keys = json.loads(house.do("-m", "aioffice.doors.cli", "ledger", "key", "--json"))
    assert keys["public"] == key
    for name, data, signed_with in (("receipt", receipt, keys["internal"]), ("proof", proof, key)):
        path = tmp_path / f"{name}.json"
        path.write_bytes(data)
        words = ("ledger", "check-receipt", str(path), "--key", signed_with, "--json")
        # Offline: with a data folder in which there is no office.
        checked = house.do("-m", "aioffice.doors.cli", *words, AIOFFICE_DATA_DIR=str(tmp_path / "nothing"))
        assert json.loads(checked)["holds"]
    url = f"http://127.0.0.1:{office.port}/ledger"
    found = json.loads(house.do("-m", "aioffice.doors.cli", "ledger", "verify", url, "--key", key, "--json"))
    assert found["fits"]
    assert found["documents"] >= 2
    program = tmp_path / "verifier.py"
    program.write_bytes(fetch(office, "/ledger/verifier.py"))
    said = subprocess.run(
        [sys.executable, "-I", str(program), url, "--key", key], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert "all fits" in said.stdout


@pytest.mark.parametrize("place", ["ledger.entered", "ledger.signed", "ledger.sequenced"])
def test_a_sequencer_that_dies_loses_and_doubles_no_entry(house: House, place: str, tmp_path: Path) -> None:
    series = 700 + ["ledger.entered", "ledger.signed", "ledger.sequenced"].index(place)
    dump, changes = write_source(tmp_path, series)
    finish(house, dump, changes)
    assert house.ask("select count(*) > 0 from office.ledger_pending") == [(True,)]
    worker = house.start("-m", "aioffice.doors.cli", "jobs", AIOFFICE_FAIL_POINT=place)
    worker.communicate(timeout=PATIENCE)
    assert worker.returncode == -signal.SIGKILL
    assert_logs_whole(house)
    worker = house.start("-m", "aioffice.doors.cli", "jobs")
    try:
        end = time.monotonic() + 2 * PATIENCE
        while house.ask("select count(*) from office.ledger_pending") != [(0,)]:
            assert time.monotonic() < end, "what waits never came into the log"
            time.sleep(0.3)
    finally:
        worker.terminate()
        worker.communicate(timeout=PATIENCE)
    assert_logs_whole(house)
    steps = house.ask("select count(*), count(distinct record_id) from office.ledger_entry where record_id is not null")
    recorded = house.ask("select count(*) from office.procedures_steprecord")[0][0]
    assert steps == [(recorded, recorded)]
    report: dict[str, Any] = json.loads(house.do("-m", "aioffice.doors.cli", "ledger", "verify", "--json"))
    assert report["fits"], report["findings"]
    assert report["documents"] == house.ask("select count(*) from published.statement")[0][0]


def assert_logs_whole(house: House) -> None:
    """The newest checkpoint of each log counts its very entries, without a gap."""
    for tables in LOGS.values():
        entries = house.ask(f"select count(*), coalesce(max(index) + 1, 0) from {tables}_entry")[0]
        size = house.ask(f"select coalesce(max(size), 0) from {tables}_checkpoint")[0][0]
        assert entries == (size, size), tables
