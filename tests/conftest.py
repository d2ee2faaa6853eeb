"""What every test stands on: a real PostgreSQL, the three real roles, and no way out to the network.

Tests run as `aio_office`, so row-level security is always on. A test marked `django_db` is rolled back; one marked
`django_db(transaction=True)` really commits, and its database is made anew afterwards. Publication crosses from the connection
`default` to `site`, so tests that look at what was published need `transaction=True`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import TestCase, TransactionTestCase
from django.utils import translation

from aioffice.doors import prepare
from aioffice.kernel import secrets
from aioffice.kernel.db import plumbing
from aioffice.kernel.documents import storage
from aioffice.kernel.settings import settings
from tests.support import database, network
from tests.support.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

RUN = "AIOFFICE_TEST_RUN"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def _enter_run() -> Path:
    """Join the run of the process that started the workers, or begin one, and let every setting point into its folder."""
    known = os.environ.get(RUN) if "PYTEST_XDIST_WORKER" in os.environ else None
    run = Path(known) if known else database.new_run()
    if known:
        database.keep_alive(run)
    for name in [*os.environ]:
        if name.startswith("AIOFFICE_") or name in {"DATABASE_URL", "PORT"}:
            del os.environ[name]
    os.environ |= {
        RUN: str(run),
        "AIOFFICE_DATA_DIR": str(run / "data"),
        "AIOFFICE_DATABASE_NAME": f"test_{WORKER}",
    }
    settings.cache_clear()
    database.point(django_settings.DATABASES, settings())
    # Each worker has a database of its own, and takes files that its database does not know for left over.
    documents = run / "data" / f"documents-{WORKER}"
    storage.folder = lambda: documents
    django_settings.MEDIA_ROOT = documents
    return run


# Playwright's synchronous interface keeps an event loop running in the thread of the tests that drive a browser; Django would take
# every query made there for one from asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
__all__ = ["chromium"]  # fixtures that every test may ask for

run_folder = _enter_run()
network.guard()
if WORKER == "main":
    prepare.translations()  # pages in other languages are tested with the words of today's catalogues


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run ends it."""
    if WORKER == "main":
        connections.close_all()
        database.remove(run_folder)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Start the run's server (once for all workers) and give this worker its database."""
    with django_db_blocker.unblock():
        database.start(run_folder)
        database.fresh(settings().database_name, run_folder)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _each_test_begins_in_english() -> Iterator[None]:
    """Whatever language a test spoke, the next one on this worker does not hear it."""
    with translation.override("en"):
        yield


def _remake_database(self: TransactionTestCase) -> None:
    """After a test that committed: the database as the migrations left it."""
    connections.close_all()
    database.fresh(settings().database_name, run_folder)


_roll_back = TestCase._fixture_teardown


def _roll_back_as_plumbing(self: Any) -> None:
    with plumbing():  # Django checks deferred constraints here, and nobody acts any more
        _roll_back(self)


TransactionTestCase._fixture_teardown = _remake_database  # type: ignore[method-assign]
TransactionTestCase.databases = {"default", "site"}
TestCase._fixture_teardown = _roll_back_as_plumbing  # type: ignore[method-assign]


@pytest.fixture
def server_stays() -> Iterator[None]:
    """Hold the server as the web workers do, so that a command that leaves does not stop it under the tests."""
    with (secrets.folder(settings().data_dir) / ".postgres.held").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        yield


@pytest.fixture
def own_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy of the run's secrets for a test that changes them: other workers sign and seal with those of the run meanwhile.

    And a folder for what is sealed with them, in which nothing lies that another test's keys have sealed.
    """
    copy = tmp_path / "own-secrets" / "secrets.json"
    copy.parent.mkdir(mode=0o700)
    shutil.copy2(secrets.kept_in(settings().data_dir), copy)
    monkeypatch.setattr(secrets, "kept_in", lambda _data_dir: copy)
    documents = copy.parent / "documents"
    monkeypatch.setattr(storage, "folder", lambda: documents)
