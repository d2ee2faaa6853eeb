"""Waiting for somebody else ends in words, not in a fault: nothing was done, and the same again a little later goes well."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from aioffice.doors.api.refusals import problem_of
from aioffice.kernel.db import Busy, acting, is_busy, serialise
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.models import Organisation
from tests.support.parties import NOW
from tests.support.parties import organisation as make_organisation

SOMEBODY = service("registrar")
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(name: str) -> Iterator[None]:
    """Somebody else holds the name meanwhile."""
    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with acting(SOMEBODY, NOW):
                serialise(name)
                taken.set()
                free.wait(30)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert taken.wait(10)
        try:
            yield
        finally:
            free.set()
            holding.result(10)


def impatiently(wait: Callable[[], object]) -> None:
    """Wait for something in a transaction that does not wait for long."""
    with acting(SOMEBODY, NOW):
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '50ms'")
        wait()


def test_a_name_held_too_long_is_busy_and_is_not_told() -> None:
    with held("founding:somebody-in-particular"), pytest.raises(Busy) as caught:
        impatiently(lambda: serialise("founding:somebody-in-particular"))
    assert is_busy(caught.value)
    assert "somebody-in-particular" not in str(caught.value)
    with acting(SOMEBODY, NOW):
        serialise("founding:somebody-in-particular")


def test_a_row_held_too_long_is_busy_too() -> None:
    organisation = make_organisation("Held (fictional)")
    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with acting(SOMEBODY, NOW):
                Organisation.objects.select_for_update().get(pk=organisation.pk)
                taken.set()
                free.wait(30)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert taken.wait(10)
        with pytest.raises(OperationalError) as caught:
            impatiently(lambda: Organisation.objects.select_for_update().get(pk=organisation.pk))
        free.set()
        holding.result(10)
    assert is_busy(caught.value)


def test_a_database_that_is_gone_is_not_busy() -> None:
    assert not is_busy(OperationalError("connection refused"))
    assert not is_busy(None)
    assert problem_of(OperationalError("connection refused")).kind.code == "unavailable"


def test_the_api_says_when_to_try_again() -> None:
    problem = problem_of(Busy("somebody else holds a founding for too long"))
    assert (problem.kind.code, problem.kind.status) == ("busy", 503)
    assert int(problem.headers["Retry-After"]) > 0
    assert "somebody" not in problem.detail


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Busy("somebody else holds a founding for too long"), "Somebody else is working on the same thing"),
        (OperationalError("the connection is closed"), "The office does not answer just now"),
    ],
)
def test_pages_say_it_in_words_and_when_to_try_again(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aioffice.doors.web import public

    monkeypatch.setattr(public, "_now", lambda: (_ for _ in ()).throw(error))
    answer = Client(raise_request_exception=False).get("/en/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert words in answer.content.decode()
    assert str(error) not in answer.content.decode()


def test_a_fault_of_ours_is_still_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from aioffice.doors.web import public

    monkeypatch.setattr(public, "_now", lambda: (_ for _ in ()).throw(RuntimeError("a fault")))
    answer = Client(raise_request_exception=False).get("/en/")
    assert answer.status_code == 500
    assert "A fault on our side" in answer.content.decode()
