"""The compliance checker in a real browser: from the home page to a sourced answer by keyboard alone, back after a wrong turn, shared."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
YES = {"is_ai_system", "is_provider", "placed_on_union_market", "established_in_union", "in_employment", "recruits"}
TYPED = {"first_placed_on": "03012028", "training_compute": "0"}
MOST_QUESTIONS = 80


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def officer(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A compliance officer at the site, with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param, locale="en-US")
    yield context.new_page()
    context.close()


def asked(page: Page) -> str:
    return page.locator("input[name=question]").get_attribute("value") or ""


def answer(page: Page, name: str) -> None:
    """Answer by keyboard: to the field with the tabulator, choose with arrows or type, send with Enter."""
    field = page.locator(f"main [name={name}]").first
    field.focus()
    if name in TYPED:
        page.keyboard.type(TYPED[name])
    else:
        page.keyboard.press("Space")
        if name == "product_law":
            page.keyboard.press("ArrowUp")  # from the first round to the last, which is "not known"
            page.keyboard.press("ArrowUp")
        elif name not in YES:
            page.keyboard.press("ArrowDown")
    send(page)


def send(page: Page) -> None:
    """Press Enter, and wait until the page that answers is there as a whole: this one is marked, and the next is not."""
    page.evaluate("document.body.dataset.sent = 'yes'")
    page.keyboard.press("Enter")
    expect(page.locator("body:not([data-sent]) footer")).to_be_visible()


def to_the_end(page: Page) -> None:
    for _number in range(MOST_QUESTIONS):
        if not page.locator("input[name=question]").count():
            return
        answer(page, asked(page))
    pytest.fail("the questions do not end")


def test_from_the_home_page_to_a_sourced_answer_by_keyboard(office: str, officer: Page) -> None:
    officer.goto(f"{office}/en/")
    officer.get_by_role("link", name="Check a system").first.focus()
    send(officer)
    to_the_end(officer)
    expect(officer.get_by_role("heading", level=1)).to_have_text("High-risk")
    expect(officer.locator("main")).to_contain_text("Annex III, point 4(a)")
    expect(officer.locator("main")).to_contain_text("From Thursday 2 December 2027")
    officer.locator(".public-finding summary").first.click()
    expect(officer.locator(".public-finding").first).to_contain_text("Does it recruit or select people")
    # A wrong turn: it is changed from the answer, and the rest stays.
    officer.get_by_role("button", name=re.compile("Change *: Is it only for military")).focus()
    send(officer)
    officer.locator("[name=solely_military]").first.focus()
    officer.keyboard.press("Space")
    send(officer)
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Out of scope")


def test_answers_travel_behind_the_hash_and_nowhere_else(office: str, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(f"{office}/en/check/#is_ai_system=yes&scrapes_faces=yes&is_provider=yes&placed_on_union_market=yes")
    expect(page.locator("main")).to_contain_text("Needs review")
    expect(page.locator(".public-told")).to_contain_text("face-recognition database")
    assert "scrapes_faces=yes" in page.url
    assert not [url for url in seen if "scrapes_faces" in url.partition("#")[0]]
    page.get_by_role("link", name="Français").click()
    expect(page.locator(".public-told")).to_contain_text("moissonnage non ciblé")
    context.close()


@pytest.mark.parametrize("state", ["question", "all", "result", "error"])
def test_no_state_breaks_a_rule_of_axe_or_scrolls_sideways(state: str, office: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{office}/en/check/")
    if state == "all":
        with page.expect_navigation():
            page.locator("button[value=all]").click()
    if state == "result":
        page.goto(f"{office}/en/check/#is_ai_system=yes&recruits=yes&is_provider=yes&placed_on_union_market=yes")
        expect(page.locator(".public-told")).to_be_visible()
    if state == "error":
        page.goto(f"{office}/en/check/#in_employment=no&recruits=yes")
        expect(page.locator("main")).to_contain_text("This cannot be yes")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, "check-" + state)
    context.close()
