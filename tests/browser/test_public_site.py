"""The public site in a real browser: a citizen searches and reads by keyboard, with and without scripts; no rule of axe is broken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler

from tests.support.published import fill_union

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
COLLECTION = "nl-algorithm-register"


@pytest.fixture(scope="module")
def numbers(dutch_site: None) -> dict[str, str]:
    return fill_union().numbers


@pytest.fixture(scope="module")
def site(numbers: dict[str, str]) -> Iterator[str]:
    """The site on a loopback port; the address it answers at."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, ipv6=False, allow_reuse_address=False)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Visit:
    """A browser at the site. `faults` gathers what pages may never do."""

    page: Page
    site: str
    faults: list[str]

    def see(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.site + path)
        return self.page


def _visit(browser: Browser, site: str, **options: object) -> Iterator[Visit]:
    context = browser.new_context(**options)  # type: ignore[arg-type]
    visit = Visit(context.new_page(), site, [])
    visit.page.on("pageerror", lambda error: visit.faults.append(str(error)))
    visit.page.on(
        "request", lambda sent: None if sent.url.startswith(site) else visit.faults.append(f"asks {sent.url}")
    )
    yield visit
    context.close()
    assert visit.faults == []


@pytest.fixture
def desktop(chromium: Browser, site: str) -> Iterator[Visit]:
    """A large screen."""
    yield from _visit(chromium, site, viewport={"width": 1280, "height": 900}, bypass_csp=True)


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Visit]:
    """A small telephone whose browser runs no scripts."""
    yield from _visit(chromium, site, viewport={"width": 320, "height": 640}, java_script_enabled=False)


PAGES = [
    "/en/",
    "/fr/",
    "/en/register/",
    f"/en/register/?collection={COLLECTION}&q=parkeeren",
    f"/en/register/?collection={COLLECTION}&q=gemeente&status=in_gebruik&on=2026-06-01",
    f"/en/register/?collection={COLLECTION}&all=provider",
    "/en/register/?q=police",
    "/en/register/?on=never",
    "/en/register/{ranker}/",
    "/fr/register/{orientation}/",
    "/en/register/{mistake}/",
    "/en/register/{use}/",
    "/en/register/{formatter}/",
    "/en/register/{ranker}/versions/1/",
    "/en/register/{ranker}/changes/1-2/",
    "/en/register/{ranker}/changes/1-1/",
    "/en/register/NL-AR-59917797/",
    "/en/register/NL-AR-59917797/changes/1-2/",
    "/en/register/EU-A-2031-000001/",
    "/en/secure-section/",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_rule_of_axe_is_broken_and_nothing_scrolls_sideways(
    path: str, desktop: Visit, numbers: dict[str, str]
) -> None:
    page = desktop.see(path.format(**numbers))
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(50)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("h1").count() == 1


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))


def _tab_to(page: Page, words: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if _focused(page).startswith(words):
            return
    raise AssertionError(f"no way by keyboard to “{words}”")


def test_a_citizen_searches_and_reads_by_keyboard(desktop: Visit, numbers: dict[str, str]) -> None:
    page = desktop.see("/en/")
    page.keyboard.press("Tab")
    assert _focused(page) == "Skip to the main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.keyboard.type("vacancy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/?q=vacancy")
    assert page.locator("mark").first.text_content() == "vacancy"
    _tab_to(page, "Candidate Ranker 2")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/register/{numbers['ranker']}/")
    assert page.locator("h1").text_content().strip() == "Candidate Ranker 2"  # type: ignore[union-attr]
    _tab_to(page, "Občina Primer")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/register/{numbers['use']}/")
    page.go_back()
    _tab_to(page, "What changed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/1-2/")
    assert page.locator("ins").first.text_content().strip() == "and groups"  # type: ignore[union-attr]


def test_everything_works_without_scripts_on_a_small_phone(phone: Visit, numbers: dict[str, str]) -> None:
    page = phone.see("/en/")
    page.locator("#search-words").fill("parkeeren")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Dutch national algorithm register").first.click()
    page.get_by_role("link", name="parkeren", exact=True).first.click()
    assert "42 records" in (page.locator("#results").text_content() or "")
    page.get_by_role("link", name="In use").first.click()
    assert "40 records" in (page.locator("#results").text_content() or "")
    page.locator("#sort").select_option("name")
    page.get_by_role("button", name="Sort").click()
    assert "sort=name" in page.url
    page.get_by_role("link", name="Next page").click()
    assert "21 to 40 of 40" in (page.locator(".office-pagination__words").text_content() or "")
    page.get_by_role("link", name="Remove the filter").first.click()
    page.locator("#on").fill("2026-05-13")
    page.get_by_role("button", name="Show that day").click()
    assert "The register as it stood on Wednesday 13 May 2026" in (page.locator("main").text_content() or "")
