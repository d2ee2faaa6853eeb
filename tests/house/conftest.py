"""What the tests of the house share: a prepared Union that a whole module asks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from aioffice.kernel.postgres import Cluster
from tests.support import database
from tests.support.house import House, new_house
from tests.support.importing import finish, write_source
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


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A house of its own, with an AI Office and a provider."""
    with new_house() as made:
        made.do("-m", "tests.support.seeding")
        yield made


@pytest.fixture
def closed_house(tmp_path: Path) -> Iterator[House]:
    """A closed office in which something is registered; its logs have entries."""
    run = database.new_run()
    database.start(run)
    database.fresh("aioffice", run)
    made = House(run)
    made.do("-m", "tests.support.seeding")
    finish(made, *write_source(tmp_path, 900))
    Cluster(made.data, durable=False).stop()
    yield made
    database.remove(run)
