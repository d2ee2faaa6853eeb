"""Being asked to close: whoever was answered has filed once, nobody has filed half, jobs are done or go back, and it ends in time."""

from __future__ import annotations

import json
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster
from tests.support.filings import section_b
from tests.support.house import House, post
from tests.support.office import Office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MOMENTS = (0.0, 0.03, 0.11, 0.27)
"""Seconds into a crowd of filings at which the signal comes."""


class Crowd:
    """Several callers who file one thing after the other until nobody answers."""

    def __init__(self, port: int, name: str, callers: int = 3) -> None:
        self.port, self.name = port, name
        self.answered: dict[str, int] = {}
        self.asked: set[str] = set()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._file, args=(number,)) for number in range(callers)]
        for thread in self.threads:
            thread.start()

    def _file(self, caller: int) -> None:
        number = 0
        while not self.over.is_set():
            key = f"{self.name}-{caller}-{number}"
            self.asked.add(key)
            self.answered[key], _body = post(self.port, section_b(trade_name=key), key)
            if self.answered[key] == 0:
                return
            number += 1

    def until(self, filings: int) -> None:
        """Wait until so many were answered."""
        end = time.monotonic() + 60
        while sum(1 for status in [*self.answered.values()] if status in (200, 201)) < filings:
            assert time.monotonic() < end, self.answered
            time.sleep(0.005)

    def go_home(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)


def once_and_whole(its: House, name: str) -> dict[str, int]:
    """How often each key is filed; asserts that none is filed in part."""
    rows = its.ask(
        "select c.subject, count(*), count(r.id), count(p.record_id), "
        "count(*) filter (where exists (select from office.ledger_pending l where l.record_id = r.id) "
        "or exists (select from office.ledger_entry e where e.record_id = r.id)) "
        "from office.procedures_case c left join office.procedures_steprecord r on r.case_id = c.id "
        "left join office.procedures_steppayload p on p.record_id = r.id where c.subject like %s group by 1",
        f"{name}-%",
    )
    for key, cases, records, payloads, leaves in rows:
        assert cases == records == payloads == leaves == 1, (key, cases, records, payloads, leaves)
    return {key: cases for key, cases, *_ in rows}


def assert_kept(its: House, crowd: Crowd) -> None:
    filed = once_and_whole(its, crowd.name)
    acknowledged = {key for key, status in crowd.answered.items() if status in (200, 201)}
    assert acknowledged, crowd.answered
    assert set(crowd.answered.values()) <= {0, 200, 201, 503}, crowd.answered
    assert acknowledged <= set(filed)
    assert set(filed) <= crowd.asked


def test_filings_while_the_office_closes(house: House) -> None:
    for moment in MOMENTS:
        office = Office(house.data)
        office.until("Ctrl-C closes it.")
        crowd = Crowd(office.port, f"closing{moment:g}".replace(".", "-"))
        crowd.until(5)
        time.sleep(moment)
        begin = time.monotonic()
        assert office.end(signal.SIGTERM) == 0, office.said
        assert time.monotonic() - begin < 30
        crowd.go_home()
        assert_kept(house, crowd)
        assert "database system was not properly shut down" not in _log_of_database(house)
        # Whoever heard nothing sends it again with the same key, and has filed once.
        unheard = [key for key, status in crowd.answered.items() if status not in (200, 201)]
        again = Office(house.data)
        again.until("Ctrl-C closes it.")
        try:
            for key in unheard:
                assert post(again.port, section_b(trade_name=key), key)[0] in (200, 201)
        finally:
            again.end()
        assert set(once_and_whole(house, crowd.name)) == crowd.asked


def _log_of_database(its: House) -> str:
    folder = Cluster(its.data, durable=False).files / "log"
    newest = max(folder.glob("*.log"), key=lambda file: file.stat().st_mtime)
    return newest.read_text(errors="replace").rpartition("starting PostgreSQL")[2]


def test_filings_while_the_web_server_alone_is_asked_to_stop(house: House) -> None:
    office = Office(house.data)
    office.until("Ctrl-C closes it.")
    try:
        crowd = Crowd(office.port, "web-stops")
        crowd.until(5)
        (head, *_workers) = office.children("granian")
        head.send_signal(signal.SIGTERM)
        for thread in crowd.threads:
            thread.join(60)
        crowd.go_home()
        assert_kept(house, crowd)
        assert office.health()["status"] == "ok", "the office starts it again"
    finally:
        office.end()


def health(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status, json.load(answer)["status"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["status"]


def test_it_says_that_it_is_not_ready_while_it_still_serves(house: House) -> None:
    office = Office(house.data, AIOFFICE_DRAIN_SECONDS="4")
    office.until("Ctrl-C closes it.")
    assert health(office.port) == (200, "ok")
    office.process.send_signal(signal.SIGTERM)
    office.until("Not ready any more")
    assert health(office.port) == (503, "draining")
    with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/health/live", timeout=5) as answer:
        assert answer.status == 200
    assert post(office.port, section_b(trade_name="drained"), "drained")[0] == 201
    rest, _ = office.process.communicate(timeout=60)
    assert office.process.returncode == 0, rest
    again = Office(house.data)
    again.until("Ctrl-C closes it.")
    assert health(again.port) == (200, "ok")
    again.end()


def test_a_second_signal_hastens_it(house: House) -> None:
    office = Office(house.data, AIOFFICE_DRAIN_SECONDS="300", AIOFFICE_CLOSING_SECONDS="300")
    office.until("Ctrl-C closes it.")
    office.process.send_signal(signal.SIGTERM)
    office.until("Not ready any more")
    begin = time.monotonic()
    assert office.end(signal.SIGTERM) == 0
    assert time.monotonic() - begin < 30
    assert Cluster(house.data).postmaster() is None
    assert "database system is shut down" in _log_of_database(house)


@contextmanager
def log_held(its: House) -> Iterator[None]:
    """Somebody holds the turn of the public log, so that the job which writes it cannot end."""
    cluster = Cluster(its.data, durable=False)
    cluster.start()
    with psycopg.connect(**cluster.conninfo("aioffice"), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtextextended('ledger:public', 0))")
        yield


@pytest.mark.parametrize(("grace", "signals"), [("2", 1), ("300", 2)])
def test_a_job_that_does_not_end_in_time_goes_back_to_the_queue(house: House, grace: str, signals: int) -> None:
    cluster = Cluster(house.data, durable=False)
    cluster.start()
    with psycopg.connect(**cluster.conninfo("aioffice"), autocommit=True) as connection:
        connection.execute("set search_path = office")
        ((job,),) = connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status) "
            "values ('ledger', 'ledger.sequence', '{\"log\": \"public\"}', 'todo') returning id"
        ).fetchall()
    with log_held(house):
        worker = house.start(
            "-m", "aioffice.doors.cli", "jobs", AIOFFICE_CLOSING_SECONDS=grace, AIOFFICE_LOCK_SECONDS="300"
        )
        _until(house, job, "doing")
        begin = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        if signals > 1:
            time.sleep(1)
            assert worker.poll() is None, "it waits for what it has begun"
            worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
        assert worker.returncode == 0
        assert time.monotonic() - begin < 15
        ((status, owner),) = house.ask("select status, worker_id from office.procrastinate_jobs where id = %s", job)
        assert (status, owner) == ("doing", None), "nobody's: the next worker queues it again"
    worker = house.start("-m", "aioffice.doors.cli", "jobs")
    try:
        _until(house, job, "succeeded")
    finally:
        worker.terminate()
        worker.communicate(timeout=60)


def _until(its: House, job: int, wanted: str) -> None:
    end = time.monotonic() + 150
    while its.ask("select status from office.procrastinate_jobs where id = %s", job) != [(wanted,)]:
        assert time.monotonic() < end, f"the job never came to be {wanted}"
        time.sleep(0.2)
