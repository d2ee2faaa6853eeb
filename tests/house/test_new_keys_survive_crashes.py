"""SIGKILL while a log gets a new key: afterwards the log goes on, with the old key or with the new one, and the next try ends well."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.house.test_ledger_of_a_running_office import PATIENCE, assert_logs_whole
from tests.support.house import House
from tests.support.importing import finish, write_source

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LEDGER = ("-m", "aioffice.doors.cli", "ledger")


@pytest.fixture
def first(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The keys with which the logs began, once both hold something."""
    if not house.ask("select 1 from published.log_key where log = 'public'"):
        finish(house, *write_source(Path(tmp_path_factory.mktemp("source")), 800))
    settle(house)
    found = house.ask("select log, verifier from published.log_key where number = 0")
    return dict(found)


def settle(house: House) -> None:
    """Let a worker do what waits."""
    worker = house.start("-m", "aioffice.doors.cli", "jobs")
    try:
        end = time.monotonic() + 2 * PATIENCE
        while house.ask("select count(*) from office.ledger_pending") != [(0,)]:
            assert time.monotonic() < end, "what waits never came into the log"
            time.sleep(0.3)
    finally:
        worker.terminate()
        worker.communicate(timeout=PATIENCE)


def verified(house: House, key: str) -> dict[str, Any]:
    return dict(json.loads(house.do(*LEDGER, "verify", "--key", key, "--json")))


def kept(house: House) -> dict[str, str]:
    return dict(json.loads((house.data / "secrets.json").read_text()))


@pytest.mark.parametrize("log", ["public", "internal"])
@pytest.mark.parametrize("place", ["ledger.keyed", "ledger.entered", "ledger.signed", "ledger.rotated"])
def test_a_change_of_keys_that_dies_leaves_a_log_that_goes_on(
    house: House,
    first: dict[str, str],
    place: str,
    log: str,
) -> None:
    count = house.ask("select count(*) from published.log_key where log = %s", log)[0][0]
    died = house.start(*LEDGER, "rotate-key", "--log", log, AIOFFICE_FAIL_POINT=place)
    died.communicate(timeout=PATIENCE)
    assert died.returncode == -signal.SIGKILL
    assert_logs_whole(house)
    changed = place == "ledger.rotated"
    assert house.ask("select count(*) from published.log_key where log = %s", log) == [(count + changed,)]
    # Whatever the folder of secrets calls the keys, the log is signed with the one that it names.
    house.do("-c", NOTE_SOMETHING)
    settle(house)
    assert_logs_whole(house)
    assert verified(house, first["public"])["fits"]
    done = json.loads(house.do(*LEDGER, "rotate-key", "--log", log, "--json"))
    settle(house)
    assert_logs_whole(house)
    keys = json.loads(house.do(*LEDGER, "key", "--json"))
    assert keys[log] == done["new"]
    assert len(keys["history"][log]) == count + changed + 1
    for key in (first["public"], keys["public"]):
        found = verified(house, key)
        assert found["fits"], found["findings"]
    assert not [name for name in kept(house) if name.endswith("_next")]
    # Both the new key and the old one are kept, and nothing else.
    assert len([name for name in kept(house) if name.startswith("ledger_")]) <= 5


NOTE_SOMETHING = """
import django
django.setup()
from django.utils import timezone
from aioffice.kernel.ledger.sequencer import anchor
anchor(timezone.now())
"""
