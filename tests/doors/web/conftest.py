"""A browser that gets its pages from this process: no server, no database, and the same content security policy as outside."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ORIGIN = "http://office.test"
POLICY = "; ".join(
    f"{name} {' '.join(source for source in sources if 'NONCE' not in str(source).upper())}"
    for name, sources in settings.SECURE_CSP.items()
)

type Serve = Callable[[dict[str, str]], Page]


@pytest.fixture
def serve(chromium: Browser) -> Iterator[Serve]:
    """Give a browser page that knows the HTML of some addresses and all static files.

    A test fails when a page asks for anything else, when a script throws, or when the policy refuses something.
    """
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900})

    def start(pages: dict[str, str]) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if "Content Security Policy" in told.text else None)

        def answer(route: Route) -> None:
            address = urlsplit(route.request.url)
            if f"{address.scheme}://{address.netloc}" != ORIGIN:
                faults.append(f"asks an outside host: {route.request.url}")
                route.abort()
            elif address.path in pages:
                route.fulfill(
                    body=pages[address.path],
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": POLICY},
                )
            elif address.path.startswith("/static/"):
                _static(route, unquote(address.path).removeprefix("/static/"), faults)
            else:
                route.fulfill(status=404)

        page.route("**/*", answer)
        return page

    yield start
    context.close()
    assert faults == []


def _static(route: Route, name: str, faults: list[str]) -> None:
    found = finders.find(name)
    if isinstance(found, str):
        kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
    else:
        faults.append(f"no such file: {name}")
        route.fulfill(status=404)
