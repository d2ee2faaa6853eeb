"""SIGKILL of the importer, a worker, a web process or the database: nothing committed is lost, nothing is done twice.

Fail-points are named places in the code (`kernel.failpoints`); random moments are drawn from a fixed seed.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aioffice.kernel.failpoints import PLACES
from tests.support.filings import section_b
from tests.support.house import House, new_house
from tests.support.office import Office

RECORDS = 120
MOMENTS = 20

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def imports(house: House, dump: Path, changes: Path, **more: str) -> subprocess.Popen[str]:
    """Start an import."""
    return house.start(
        "-m", "aioffice.doors.cli", "import", "nl-algorithm-register", str(dump), "--changes", str(changes), "--json", **more
    )  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A house of its own, with an AI Office and a provider."""
    with new_house() as made:
        made.do("-m", "tests.support.seeding")
        yield made


def write_source(folder: Path, series: int) -> tuple[Path, Path]:
    """A small fictional dump with changes; every series has record ids of its own."""

    def record(number: int, purpose: str) -> dict[str, str]:
        return {
            "id": f"{series}{number:05d}",
            "title": f"Verzonnen algoritme {number}",
            "organisatie": "Gemeente Verzonnen",
            "doel": purpose,
            "status": "in_gebruik",
            "impactassessment": "Nee",
            "juridische_basis": "",
            "geregistreerd": "2026-01-05",
            "url": f"https://algoritmes.overheid.nl/nl/algoritme/{series}{number:05d}",
            "toegevoegd": "2026-05-13",
        }

    dump = {"algoritmes": [record(n, "Nieuwe tekst" if n < 30 else "Tekst") for n in range(RECORDS)], "count": RECORDS}
    events = [
        {
            "at": "2026-06-08T19:00:48Z",
            "op": "changed",
            "id": f"{series}{n:05d}",
            "diff": {"doel": ["Tekst", "Nieuwe tekst"]},
        }
        for n in range(30)
    ]
    dump_path, changes_path = folder / f"dump{series}.json", folder / f"changes{series}.jsonl"
    dump_path.write_text(json.dumps(dump))
    changes_path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return dump_path, changes_path


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


def finish(house: House, dump: Path, changes: Path) -> dict[str, Any]:
    """Run the import again, to its end."""
    process = imports(house, dump, changes)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    return dict(json.loads(out))


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


def post(port: int, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    """File over the API with an idempotency key; status 0 when the connection broke."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/procedures/exempt-registration/file",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer aio_crash", "Idempotency-Key": key},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, {}


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
