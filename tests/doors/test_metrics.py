"""Figures for Prometheus: counted by names of our own, answered to whoever brings the token, on a listener apart from the public port."""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from procrastinate.contrib.django import app as jobs_app

from aioffice.doors import counting, measuring
from aioffice.doors.metrics import Listener, OfficeFigures, families, registry
from aioffice.doors.middleware import Handler
from aioffice.kernel.db import acting
from aioffice.kernel.ledger.writing import add
from aioffice.kernel.parties.actor import service
from aioffice.kernel.settings import settings
from aioffice.kernel.watching import figures
from tests.support.matrix import every_route
from tests.support.parties import NOW

TOKEN = "a token for this test alone"


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Listener]:
    """A listener whose figures come from a folder of its own."""
    office = settings().model_copy(update={"metrics_address": "127.0.0.1:9", "data_dir": tmp_path})
    counting.folder(office).mkdir()
    made = Listener(("127.0.0.1", 0), TOKEN, registry(office))
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def ask(listener: Listener, path: str = "/metrics", method: str = "GET", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", listener.server_port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    said = answer.status, answer.read()
    connection.close()
    return said


@pytest.mark.django_db(transaction=True)
def test_the_token_opens_the_figures(listener: Listener) -> None:
    status, body = ask(listener, Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert b"aioffice_database_up 1.0" in body
    assert b'aioffice_build_info{version="' in body


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}, {"Cookie": TOKEN},
     {"Authorization": "Bearer "}],
)  # fmt: skip
def test_without_it_there_is_nothing_and_nothing_is_looked_at(
    listener: Listener, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_at: object) -> None:
        raise AssertionError("an outsider made the office look at its figures")

    monkeypatch.setattr(figures, "read", never)
    nothing = ask(listener, "/no-such-page", **headers)
    assert ask(listener, **headers) == nothing == (404, b"Not found\n")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "NONSENSE"):
        assert ask(listener, method=method, **headers)[0] == 404
    assert ask(listener, "/no-such-page", Authorization=f"Bearer {TOKEN}") == nothing


def test_an_outsider_learns_nothing_from_the_time_either(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody with the token waits for slow figures, everybody else is answered at once."""
    begun, go = threading.Event(), threading.Event()

    def slow(_at: object) -> None:
        begun.set()
        go.wait(20)
        raise AssertionError

    monkeypatch.setattr(figures, "read", slow)
    scraping = threading.Thread(target=lambda: _quietly(listener))
    scraping.start()
    try:
        assert begun.wait(10)
        begin = time.monotonic()
        assert ask(listener)[0] == 404
        assert time.monotonic() - begin < 5
    finally:
        go.set()
        scraping.join()


def _quietly(listener: Listener) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        ask(listener, Authorization=f"Bearer {TOKEN}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/en/metrics/", "/api/v1/metrics", "/en/office/metrics/"])
def test_the_public_port_has_no_figures_with_or_without_the_token(path: str) -> None:
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}"}):
        answer = Client().get(path, headers=headers)
        assert answer.status_code in (302, 404)
        assert b"aioffice_" not in answer.content


def _labels(name: str) -> set[tuple[str, ...]]:
    found = set()
    for family in measuring.REGISTRY.collect():
        for sample in family.samples:
            if sample.name == name:
                found.add(tuple(sample.labels[key] for key in sorted(sample.labels)))
    return found


def test_whatever_is_asked_the_number_of_names_is_bounded(rf: RequestFactory) -> None:
    """Paths, ids, queries and made-up methods of strangers make no new series."""

    def answer(request: object) -> HttpResponse:
        path = request.path_info  # type: ignore[attr-defined]
        try:
            request.resolver_match = get_resolver().resolve(path)  # type: ignore[attr-defined]
        except Http404:
            request.resolver_match = None  # type: ignore[attr-defined]
        return HttpResponse(status=200)

    handler: Handler = measuring.count_requests(answer)  # type: ignore[arg-type]
    for number in range(300):
        for path in (
            f"/en/register/EU-A-2026-{number:06d}/",
            f"/en/nothing-{number}/",
            f"/api/v1/register/entries/EU-A-2026-{number:06d}",
            f"/api/v1/nothing/{number}",
            f"/en/office/cases/0193a000-0000-7000-8000-{number:012d}/",
            f"/x{number}/office/",
        ):
            handler(rf.generic(f"METHOD{number}" if number % 3 else "GET", path, QUERY_STRING=f"q={number}"))
    routes = {str(one.operation_id) for r in every_route() for one in (r.operations or {}).values()} | {
        r.key for r in every_route()
    }
    allowed = routes | {measuring.NO_ROUTE, measuring.UNNAMED}
    seen = _labels("aioffice_requests_total")
    assert {one[0] for one in seen} <= set(measuring.DOORS)
    assert {one[1] for one in seen} <= {*measuring.METHODS, figures.OTHER}
    assert {one[2] for one in seen} <= allowed
    assert {"entry", "read_entry", "office_case", measuring.NO_ROUTE} <= {one[2] for one in seen}
    assert len(seen) < 30


def test_a_task_nobody_knows_has_no_series_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "settings", lambda: settings().model_copy(update={"metrics_address": "127.0.0.1:9"}))
    for number in range(20):
        with measuring.job(f"made.up{number}"):
            pass
    with pytest.raises(ZeroDivisionError), measuring.job("clocks.sweep"):
        raise ZeroDivisionError
    assert _labels("aioffice_jobs_done_total") <= {
        (outcome, task) for outcome in ("succeeded", "failed") for task in (figures.OTHER, *jobs_app.tasks)
    }
    assert ("failed", "clocks.sweep") in _labels("aioffice_jobs_done_total")


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_counted_in_the_right_place() -> None:
    with acting(service("registrar"), NOW):
        add("internal", [(_statement(), None)], NOW)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_jobs (queue_name, task_name, status) "
                "values ('x', 'clocks.sweep', 'todo'), ('x', 'gone.task', 'todo')"
            )
    found = figures.read(NOW + timedelta(seconds=30))
    assert (found.logs["internal"].pending, found.logs["public"].pending) == (1, 0)
    assert found.logs["internal"].oldest_pending == NOW
    assert found.jobs["clocks.sweep", "waiting"] == 1
    assert found.jobs[figures.OTHER, "waiting"] == 1
    text = {
        (sample.name, *sample.labels.values()): sample.value for family in families(found) for sample in family.samples
    }
    assert text["aioffice_ledger_oldest_pending_seconds", "internal"] == 30
    assert text["aioffice_jobs", "clocks.sweep", "waiting"] == 1


def _statement() -> object:
    from aioffice.kernel.ledger import statements

    return statements.anchor("nobody", b"\0" * 32, NOW)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_a_figure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def fails(_at: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(figures, "read", fails)
    (only,) = OfficeFigures().collect()
    assert (only.name, only.samples[0].value) == ("aioffice_database_up", 0)


def test_the_figures_of_processes_that_are_gone_are_not_kept_over_a_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(counting.VARIABLE, "")
    office = settings().model_copy(update={"metrics_address": "127.0.0.1:9", "data_dir": tmp_path})
    counting.begin(office)
    (counting.folder(office) / "counter_1.db").touch()
    counting.begin(office)
    assert list(counting.folder(office).iterdir())
    counting.begin(office, anew=True)
    assert list(counting.folder(office).iterdir()) == []


@pytest.mark.parametrize("value", ["9464", "127.0.0.1", ":9464", "127.0.0.1:0", "127.0.0.1:port", "127.0.0.1:70000"])
def test_an_address_without_meaning_is_refused(value: str) -> None:
    from pydantic import ValidationError

    from aioffice.kernel.settings import Settings

    with pytest.raises(ValidationError, match=re.escape("such as 127.0.0.1:9464")):
        Settings(metrics_address=value)
