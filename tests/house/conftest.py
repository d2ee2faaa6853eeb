"""What the tests of the house share: a prepared Union that a whole module asks."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.matrix_build import build
from tests.support.matrix_world import World
from tests.support.published import committed


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Every kind of caller and a case of every kind; really committed, gone when the module ends."""
    with committed(django_db_blocker):
        yield build()


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log of what is refused: thousands of refusals are what these tests are about."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
