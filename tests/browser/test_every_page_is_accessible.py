"""axe-core on every page of every route, as everyone who gets a page of its own there: no violation, and nothing scrolls sideways.

The rows are those of the permission matrix, so a route without a row fails there. Pages of one shape are looked at once: what differs
between two callers in words alone breaks no rule that the first did not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import serving, shoot
from tests.support import matrix_pages
from tests.support.matrix import Route, Row, address, every_route
from tests.support.matrix_build import build
from tests.support.matrix_world import Answer, World, undone
from tests.support.published import committed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = [*matrix_pages.rows(), *matrix_pages.account_rows(), *matrix_pages.public_rows()]
NARROWEST = 320
"""Pixels at which a page must not scroll sideways: 1280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
FORM = "application/x-www-form-urlencoded"


@dataclass
class Walk:
    """The prepared Union behind an address, a browser page, and the shapes looked at so far."""

    world: World
    address: str
    page: Page
    routes: Mapping[str, Route]
    seen: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker, chromium: Browser) -> Iterator[Walk]:
    """One Union for all rows."""
    with committed(django_db_blocker), serving() as at:
        world = build()
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        routes = {route.key: route for route in every_route() if route.operations is None}
        yield Walk(world, at, context.new_page(), routes)
        context.close()


class _Shape(HTMLParser):
    """What a page is made of, whatever its words: every kind of element at its place, with what it says to assistive technology."""

    VOID = frozenset({"input", "br", "meta", "link", "use", "hr", "img", "path", "source", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.places: set[str] = set()
        self._path: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element under its parents."""
        told = sorted(f"{name}={value}" if name in {"class", "role", "type"} else name for name, value in attrs)
        self._path.append(f"{tag}[{' '.join(told)}]")
        self.places.add("/".join(self._path))
        if tag in self.VOID:
            self._path.pop()

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, and what was left open in it."""
        while self._path and tag not in self.VOID:
            if self._path.pop().startswith(f"{tag}["):
                return


def shape(html: str) -> str:
    """A name for what the page is made of."""
    parser = _Shape()
    parser.feed(html)
    return hashlib.sha256("\n".join(sorted(parser.places)).encode()).hexdigest()


def askers(row: Row, world: World) -> list[str]:
    """Everyone who gets what the row is about, and of the others one for each way of being refused."""
    refused: dict[int, str] = {}
    for name in world.people:
        if name not in row.may:
            refused.setdefault(row.expected(name), name)
    return [name for name in world.people if name in row.may] + list(refused.values())


def answers(row: Row, path: str, walk: Walk) -> Iterator[tuple[str, Answer]]:
    """What each kind of caller gets."""
    data = row.data if isinstance(row.data, dict) else {}
    body = urlencode({name: walk.world.ids.get(value, value) for name, value in data.items()}).encode()
    for name in askers(row, walk.world):
        with undone():
            yield name, walk.world.people[name].ask(row.method, path, body, FORM)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_no_page_breaks_a_rule_of_axe_for_anyone_who_gets_it(row: Row, walk: Walk) -> None:
    path = address(row, walk.world, walk.routes)
    given = list(answers(row, path, walk))
    assert given, "nobody is asked"
    for name, answer in given:
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        html = answer.body.decode()
        if "<main" not in html:
            continue  # a fragment of a page
        made_of = shape(html)
        if made_of in walk.seen:
            continue
        walk.seen.add(made_of)
        look(walk.page, walk.address + path, html, f"{row.id} as {name}")


def look(page: Page, url: str, html: str, what: str) -> None:
    """Show a page in the browser as it was answered, and hold it against the rules."""
    page.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    try:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{what}\n{found.generate_report()}"
        page.set_viewport_size({"width": NARROWEST, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, f"{what} scrolls sideways on a phone"
        shoot(page, "walk-" + re.sub(r"[^\w]+", "-", what))
    finally:
        page.unroute(url)
