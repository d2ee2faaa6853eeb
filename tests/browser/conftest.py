"""The whole office in this process, and a real browser in front of it: pages on a loopback port, jobs done as they come."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.utils import timezone

from aioffice.kernel.db import plumbing
from aioffice.kernel.procedures.events import deliver_pending
from tests.support.published import committed, dutch_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.plugin import DjangoDbBlocker

    from aioffice.kernel.parties.models import Person

# Playwright's synchronous interface runs a loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

__all__ = ["dutch_site"]  # a fixture
PASSWORD = "a long enough secret"
SHOTS = os.environ.get("SCREENSHOTS", "")
"""Folder for pictures of every page visited, when somebody wants to look at them."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True


def _work(stop: threading.Event, faults: list[Exception]) -> None:
    """Deliver events as a worker would: what goes wrong once is kept, and the next are delivered all the same."""
    while not stop.wait(0.1):
        try:
            deliver_pending(at=timezone.now())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test that ends raises it
            faults.append(error)
    connections.close_all()


@contextmanager
def serving() -> Iterator[str]:
    """The office on a loopback port, with its jobs done as they come; the address it answers at."""
    server = _Server(("127.0.0.1", 0), QuietWSGIRequestHandler, ipv6=False, allow_reuse_address=False)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    stop, faults = threading.Event(), list[Exception]()
    threads = [
        threading.Thread(target=server.serve_forever, daemon=True),
        threading.Thread(target=_work, args=[stop, faults], daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join()
    if faults:
        raise ExceptionGroup("events were not delivered", faults)


@pytest.fixture
def office(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """An office with an empty database, gone when the test ends."""
    with committed(django_db_blocker), serving() as address:
        yield address


def may_sign_in(person: Person, password: str = PASSWORD) -> Person:
    """Give somebody a password and an address that was confirmed."""
    with plumbing():
        person.set_password(password)
        person.save()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
    return person


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page, as on a desk and on a phone, when somebody wants to look at it."""
    if not SHOTS:
        return
    folder = Path(SHOTS)
    folder.mkdir(parents=True, exist_ok=True)
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@dataclass
class Desk:
    """A browser at the office. `faults` gathers what pages may never do: throw, or break the content security policy."""

    page: Page
    office: str
    faults: list[str]

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.office + path)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in through the page."""
        self.go("/en/account/login/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(re.compile("/office/"))

    def enter_as(self, person: Person) -> None:
        """Be signed in as somebody, without the sign-in page."""
        client = Client()
        with plumbing():
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.office}])

    def until_public(self, path: str, words: str) -> None:
        """Wait until a public page says these words, as it does within a second of the step where nothing else keeps the machine busy."""
        end = time.monotonic() + 10
        while words not in self.page.request.get(self.office + path).text():
            assert time.monotonic() < end, f"{path} never said {words!r}"
            time.sleep(0.1)

    def shoot(self, name: str) -> None:
        """Keep a picture of the page, if pictures are wanted."""
        shoot(self.page, name)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without any past."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def desk(context: BrowserContext, office: str, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A browser at the office; the test fails when a script throws or the policy of a page refuses something."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    found = Desk(page, office, [])
    page.on("pageerror", lambda error: found.faults.append(str(error)))
    page.on("console", lambda told: found.faults.append(told.text) if "Content Security Policy" in told.text else None)
    yield found
    found.shoot(f"last-{request.node.name}")
    page.close()
    assert found.faults == []
