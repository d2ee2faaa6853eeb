"""What went wrong stands in the log with its traceback; what somebody filed does not, though messages of libraries quote it."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError
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
