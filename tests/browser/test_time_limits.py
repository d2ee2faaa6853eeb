"""A time limit worked out in a real browser: by keyboard, without scripts too, and no rule of axe is broken in any of its states."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STATES = {
    "list": "/en/time-limits/",
    "nothing found": "/en/time-limits/?q=zebra",
    "question": "/en/time-limits/INC-15/",
    "answer": "/fr/time-limits/INC-2/?from=2026-12-23&place=PT",
    "several answers": "/en/time-limits/RWT-INC/?from=2028-03-03&place=BE",
    "by power": "/en/time-limits/DEL-5Y/",
    "error": "/en/time-limits/RBI-URG/?from=2026-03-28&place=BE",
    "error at a field that is not asked": "/en/time-limits/INC-15/?from=2027-01-01&place=BE&k=2",
    "nothing to count": "/en/time-limits/INC-COM/",
}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def visitor(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Somebody at the site, with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_somebody_finds_a_limit_and_works_it_out(office: str, visitor: Page) -> None:
    visitor.goto(f"{office}/en/time-limits/")
    visitor.get_by_label("Search the time limits").fill("object justified")
    visitor.keyboard.press("Enter")
    visitor.get_by_role("link", name="Object to the measure").first.click()
    visitor.get_by_label("When it happened").fill("2026-12-12")
    visitor.get_by_label("Where the action has to be taken").select_option("PT")
    visitor.get_by_role("button", name="Work it out").click()
    expect(visitor.locator(".public-answer")).to_contain_text("Friday 12 March 2027, 24:00 Lisbon")
    assert visitor.url.endswith("?from=2026-12-12&place=PT")


@pytest.mark.parametrize("state", STATES)
def test_no_state_breaks_a_rule_of_axe_or_scrolls_sideways(state: str, office: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(office + STATES[state])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, "time-limits-" + state.replace(" ", "-"))
    context.close()
