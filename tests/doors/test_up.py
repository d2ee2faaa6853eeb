"""`aioffice up`, from nothing, as people run it: a real process, a real port, a real database."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from aioffice.doors.cli._closing import closing_on_signals
from aioffice.doors.cli.up import _step
from aioffice.doors.logs import configuration
from aioffice.kernel.postgres import Cluster
from aioffice.kernel.settings import settings
from tests.support.office import PATIENCE, Office, free_port


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    Cluster(tmp_path / "data").stop()


def _living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=15)[1]


def test_up_opens_the_office_and_ctrl_c_closes_all_of_it(data_dir: Path) -> None:
    begin = time.monotonic()
    office = Office(data_dir)
    office.until("Ctrl-C closes it.")
    first = time.monotonic() - begin
    assert f"http://localhost:{office.port}" in office.said
    assert str(data_dir) in office.said
    assert office.health()["status"] == "ok"
    below = psutil.Process(office.process.pid).children(recursive=True)
    assert office.end(signal.SIGINT) == 0, office.said
    assert _living(below) == []
    assert Cluster(data_dir).postmaster() is None

    begin = time.monotonic()
    again = Office(data_dir)
    again.until("Ctrl-C closes it.")
    assert time.monotonic() - begin < first, "what was set up is not set up again"
    assert again.end() == 0, again.said
    assert Cluster(data_dir).postmaster() is None


def test_static_files_are_served_under_names_that_carry_their_hash(data_dir: Path) -> None:
    office = Office(data_dir)
    office.until("Ctrl-C closes it.")
    try:
        root = data_dir / "static"
        manifest = json.loads((root / "staticfiles.json").read_text())["paths"]
        name = manifest["vendor/htmx/htmx.min.js"]
        assert name != "vendor/htmx/htmx.min.js"
        with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/static/{name}", timeout=5) as answer:
            assert answer.headers["Cache-Control"] == "max-age=31536000"
            assert b"htmx" in answer.read()
    finally:
        office.end()


def test_a_taken_port_is_one_sentence_that_names_another(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        office = Office(data_dir, port)
        said, _ = office.process.communicate(timeout=PATIENCE)
    assert office.process.returncode == 1
    assert said.strip() == f"Port {port} is taken: choose another one with PORT={port + 1}."
    assert not (data_dir / "postgres").exists()


def test_a_second_up_on_the_same_data_is_one_sentence_that_says_where_the_first_is(data_dir: Path) -> None:
    first = Office(data_dir)
    first.until("Ctrl-C closes it.")
    second = Office(data_dir)
    said, _ = second.process.communicate(timeout=PATIENCE)
    assert second.process.returncode == 1
    assert said.strip() == (
        f"An office is already open on {data_dir}: http://localhost:{first.port} (process {first.process.pid})."
    )
    assert first.health()["status"] == "ok"
    first.end()


def test_killed_workers_and_a_killed_database_come_back(data_dir: Path) -> None:
    office = Office(data_dir)
    office.until("Ctrl-C closes it.")
    try:
        for words in ("granian", "jobs"):
            victims = office.children(words)
            assert victims
            for victim in victims:
                victim.kill()
            psutil.wait_procs(victims, timeout=15)
            end = time.monotonic() + PATIENCE
            while not office.children(words) and time.monotonic() < end:
                time.sleep(0.1)
            assert office.children(words)
            assert office.health()["status"] == "ok"
        postmaster = Cluster(data_dir).postmaster()
        assert postmaster is not None
        os.kill(postmaster.pid, signal.SIGKILL)
        time.sleep(0.5)
        assert office.health()["status"] == "ok"
    finally:
        office.end()
    assert Cluster(data_dir).postmaster() is None


def test_when_up_itself_is_killed_its_workers_go_and_the_next_up_takes_over(data_dir: Path) -> None:
    office = Office(data_dir)
    office.until("Ctrl-C closes it.")
    below = office.children("granian") + office.children("jobs")
    office.end(signal.SIGKILL)
    assert _living(below) == []
    again = Office(data_dir, office.port)
    again.until("Ctrl-C closes it.")
    assert again.health()["status"] == "ok"
    assert again.end() == 0
    assert Cluster(data_dir).postmaster() is None


def test_a_server_that_someone_else_runs_is_used_and_left_running_without_a_demo_in_it(
    data_dir: Path, tmp_path: Path
) -> None:
    server = Cluster(tmp_path / "elsewhere", durable=False)
    server.start()
    try:
        with psycopg.connect(**server.conninfo(), autocommit=True) as connection:
            connection.execute("create role hoster login createrole password 'given'")
            connection.execute("create database office owner hoster")
        address = f"postgresql://hoster:given@/office?host={quote(str(server.sockets), safe='')}&port=5432"
        office = Office(data_dir, DATABASE_URL=address)
        office.until("Ctrl-C closes it.")
        assert office.health()["status"] == "ok"
        assert "Demo" not in office.said
        assert office.end() == 0
        assert not (data_dir / "postgres").exists()
        with psycopg.connect(**server.conninfo("office")) as connection:
            # The AI Office itself is there; nobody of the demo is.
            assert connection.execute("select name from office.parties_organisation").fetchall() == [("AI Office",)]
    finally:
        server.stop()


def test_figures_of_all_its_processes_are_answered_to_whoever_has_the_token(data_dir: Path) -> None:
    metrics = free_port()
    office = Office(data_dir, AIOFFICE_METRICS_ADDRESS=f"127.0.0.1:{metrics}", AIOFFICE_WORKERS="2")
    office.until("Ctrl-C closes it.")
    try:
        for _ in range(12):
            with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/en/about/", timeout=30) as answer:
                assert answer.status == 200
        address = f"http://127.0.0.1:{metrics}/metrics"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address, timeout=30)
        assert refused.value.code == 404
        refused.value.close()
        token = json.loads((data_dir / "secrets.json").read_text())["metrics_token"]
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            said = answer.read().decode()
        assert 'aioffice_requests_total{door="public",method="GET",route="about",status="200"} 12.0' in said
        assert "aioffice_database_up 1.0" in said
        assert "aioffice_job_workers 2.0" in said, "one for what waits for machines of others, one for all else"
    finally:
        office.end()


def test_a_setting_without_meaning_is_one_sentence(data_dir: Path) -> None:
    office = Office(data_dir, AIOFFICE_WORKERS="many")
    said, _ = office.process.communicate(timeout=PATIENCE)
    assert office.process.returncode == 1
    assert said.startswith("AIOFFICE_WORKERS: ")
    assert "Traceback" not in said


def test_the_line_of_those_who_write_meanwhile_ends_before_they_begin(capsys: pytest.CaptureFixture[str]) -> None:
    with closing_on_signals() as closing:
        with _step("Workers", closing, alone=True):
            print('{"event": "something"}')
        with _step("Tables", closing):
            pass
    first, second, third, fourth = capsys.readouterr().out.splitlines()
    assert (first, second) == ("  Workers ...", '{"event": "something"}')
    assert re.fullmatch(r"  Workers: \d+\.\d s", third)
    assert re.fullmatch(r"  Tables \.\.\. \d+\.\d s", fourth)


@pytest.mark.parametrize(("level", "logged"), [("INFO", "WARNING"), ("WARNING", "WARNING"), ("DEBUG", "DEBUG")])
def test_jobs_that_went_well_are_logged_for_those_who_look_closely(level: str, logged: str) -> None:
    found = configuration(settings().model_copy(update={"log_level": level}))
    assert found["loggers"]["procrastinate"]["level"] == logged
