"""What went wrong stands in the log with its traceback; what somebody filed does not, though messages of libraries quote it."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError
from django.test import Client
from pydantic import ValidationError

from aioffice.doors import logs
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Person
from aioffice.kernel.settings import Settings, settings
from aioffice.register.forms import SectionB

MARK = "Qwertzuiop"


def twice() -> None:
    with plumbing():
        for _once in range(2):
            Person.objects.create(email=f"{MARK}@example.test", password="!", name=MARK)


def half_a_row() -> None:
    with plumbing():
        Person.objects.create(email=MARK, password=None, name=MARK)  # type: ignore[misc]


def nonsense() -> None:
    SectionB.model_validate({"trade_name": [MARK], "provider": MARK})


@pytest.fixture(params=["json", "console"])
def written(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What the log of this office holds after something was logged, for machines and for a terminal."""
    kept: Settings = settings().model_copy(update={"log_format": request.param})
    line = logs.configuration(kept)["formatters"]["line"]
    made = line.pop("()")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(made(**line))
    logger = logging.getLogger("tests.values")
    logger.addHandler(handler)
    logger.propagate = False
    yield stream.getvalue
    logger.removeHandler(handler)
    logger.propagate = True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (twice, "duplicate key value violates unique constraint"),
        (half_a_row, "null value in column"),
        (nonsense, "validation errors for SectionB"),
    ],
)
def test_a_traceback_says_what_and_where_and_quotes_no_value(
    fails: Callable[[], None], said: str, written: Callable[[], str]
) -> None:
    try:
        fails()
    except (IntegrityError, ValidationError):
        logging.getLogger("tests.values").exception("it failed")
    assert said in written()
    assert f"in {fails.__name__}" in written()
    assert MARK not in written()


@pytest.mark.parametrize(("method", "answer"), [("OPTIONS", 405), ("PROPFIND", 405), ("GET", 404)])
@pytest.mark.django_db
def test_the_secret_of_a_calendar_is_not_written_down(method: str, answer: int, written: Callable[[], str]) -> None:
    secret = "Qk9XTc1-R4mGZ0aYd7_Ls2Hn8VtPwe5uJb3iKx6oFq"
    ours = logging.getLogger("tests.values").handlers[0]  # those behind it are the test runner's
    django = logging.getLogger("django.request")
    django.addHandler(ours)
    try:
        response = Client().generic(method, f"/en/office/calendar/{secret}.ics")
    finally:
        django.removeHandler(ours)
    assert response.status_code == answer
    assert "calendar/(left out).ics" in written()
    assert secret not in written()
