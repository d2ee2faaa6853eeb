"""SIGKILL of the importer, a worker, a web process or the database: nothing committed is lost, nothing is done twice.

Fail-points are named places in the code (`kernel.failpoints`); random moments are drawn from a fixed seed.
"""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from aioffice.kernel.failpoints import PLACES
from tests.support.filings import section_b
from tests.support.house import House, post
from tests.support.importing import RECORDS, finish, imports, write_source
from tests.support.office import Office

MOMENTS = 20

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def assert_whole(house: House, series: int) -> None:
    """Every record of the series is there once, with its history once, and public as it is."""
    like = f"NL-AR-{series}_____"
    cases = house.ask("select count(*), count(distinct number) from office.procedures_case where number like %s", like)
    assert cases == [(RECORDS, RECORDS)]
    steps = house.ask(
        "select r.step, count(*) from office.procedures_steprecord r join office.procedures_case c on c.id = r.case_id "
        "where c.number like %s group by 1 order by 1",
        like,
    )
    assert steps == [("nl-algorithm-register.change", 30), ("nl-algorithm-register.take_over", RECORDS)]
    versions = house.ask("select count(*) from published.version where number like %s", like)
    assert versions == [(RECORDS + 30,)]
    entries = house.ask(
        "select count(*), sum(n)::int from published.entry where number like %s and not withdrawn", like
    )
    assert entries == [(RECORDS, RECORDS + 30)]


@pytest.mark.parametrize("place", ["perform.recorded", "deliver.handled", "deliver.committed", "import.piece"])
def test_importer_dies_at_a_fail_point(house: House, place: str, tmp_path: Path) -> None:
    series = 100 + list(PLACES).index(place)
    dump, changes = write_source(tmp_path, series)
    process = imports(house, dump, changes, AIOFFICE_FAIL_POINT=place)
    process.communicate(timeout=180)
    assert process.returncode == -signal.SIGKILL
    report = finish(house, dump, changes)
    assert report["equal"] == RECORDS
    assert_whole(house, series)


@pytest.mark.timeout(3600)
def test_random_moments_of_an_import(house: House, tmp_path: Path) -> None:
    """Twenty moments from one seed: the importer or the database is killed in turn, then the import is run again."""
    dump, changes = write_source(tmp_path, 200)
    begin = time.monotonic()
    finish(house, dump, changes)
    whole = time.monotonic() - begin
    dice = random.Random(20261123)
    killed = 0
    for attempt in range(3 * MOMENTS):
        series = 201 + attempt
        dump, changes = write_source(tmp_path, series)
        begin = time.monotonic()
        process = imports(house, dump, changes)
        try:
            process.communicate(timeout=whole * dice.uniform(0.45, 0.95))
            # It was through before its moment came: the machine is faster now than when it was measured.
            whole = time.monotonic() - begin
        except subprocess.TimeoutExpired:
            if killed % 2:
                house.kill_database()
            else:
                process.kill()
            process.communicate(timeout=180)
            killed += 1
        report = finish(house, dump, changes)
        assert report["equal"] == RECORDS
        assert_whole(house, series)
        if killed == MOMENTS:
            return
    raise AssertionError(f"only {killed} of {MOMENTS} moments hit a running import")


@pytest.mark.parametrize("place", ["deliver.handled", "deliver.committed"])
def test_worker_dies_and_another_finishes(house: House, place: str, tmp_path: Path) -> None:
    """The importer dies before it has published; a worker takes over, dies too, and the next one finishes."""
    series = 300 + list(PLACES).index(place)
    dump, changes = write_source(tmp_path, series)
    process = imports(house, dump, changes, AIOFFICE_FAIL_POINT="import.piece:2")
    process.communicate(timeout=180)
    assert process.returncode == -signal.SIGKILL
    worker = house.start("-m", "aioffice.doors.cli", "jobs", AIOFFICE_FAIL_POINT=place)
    worker.communicate(timeout=180)
    assert worker.returncode == -signal.SIGKILL
    worker = house.start("-m", "aioffice.doors.cli", "jobs")
    try:
        # The job of the worker that was killed is queued again once it has been silent for half a minute.
        end = time.monotonic() + 300
        like = f"NL-AR-{series}_____"
        while house.ask("select count(*) from published.version where number like %s", like) != [(RECORDS + 30,)]:
            assert time.monotonic() < end, "what was committed never became public"
            time.sleep(0.3)
    finally:
        worker.terminate()
        worker.communicate(timeout=60)
    assert_whole(house, series)


@pytest.mark.parametrize("place", ["perform.recorded", "perform.committed"])
def test_web_process_dies_while_a_filing_comes_in(house: House, place: str) -> None:
    """The filer hears nothing, sends again with the same key, and has filed once."""
    key = f"crash-{place}"
    armed = Office(house.data, AIOFFICE_FAIL_POINT=place, AIOFFICE_DATABASE_NAME="aioffice")
    armed.until("Ctrl-C closes it.")
    try:
        status, _body = post(armed.port, section_b(trade_name=key), key)
        assert status == 0
    finally:
        armed.end()
    calm = Office(house.data)
    calm.until("Ctrl-C closes it.")
    try:
        first, body = post(calm.port, section_b(trade_name=key), key)
        again, same = post(calm.port, section_b(trade_name=key), key)
    finally:
        calm.end()
    assert first in (200, 201)
    assert again in (200, 201)
    assert body["case"]["number"] == same["case"]["number"]
    rows = house.ask("select count(*) from office.procedures_case where subject = %s", key)
    assert rows == [(1,)]
