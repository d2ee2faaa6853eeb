"""The gallery in a real browser: accessible, whole on a phone, better with JavaScript, fine without the network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import expect

from tests.doors.web import gallery
from tests.doors.web.conftest import ORIGIN, Serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PATH = "/en/office/"
DRAFT = "/en/office/drafts/1/"


@pytest.fixture
def page(serve: Serve) -> Page:
    with translation.override("en"):
        page = serve({PATH: gallery.render(PATH)})
    page.goto(ORIGIN + PATH)
    return page


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_no_rule_of_axe_is_broken_and_nothing_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.reload()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_high_contrast_breaks_no_rule(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    assert Axe().run(page).violations_count == 0


def test_focus_is_on_the_errors_and_each_leads_to_its_field(page: Page) -> None:
    assert page.evaluate("document.activeElement.dataset.errorSummary !== undefined")
    page.get_by_role("link", name="Who files: Choose one.").click()
    assert page.evaluate("document.activeElement.id || location.hash") in {"f-provider-kind", "#f-provider-kind"}
    assert page.locator("#f-provider-kind").evaluate("node => node.type") == "radio"


def test_the_skip_link_is_the_first_stop_of_the_keyboard(page: Page) -> None:
    page.locator("body").evaluate("body => { body.tabIndex = -1; body.focus(); }")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_the_budget_counts_while_typing(page: Page) -> None:
    purpose = page.locator("#f-system-purpose")
    purpose.fill("Ranks. 🙂")
    assert page.locator("#f-system-purpose-budget").inner_text() == "Characters left: 192"
    purpose.fill("x" * 203)
    assert page.locator("#f-system-purpose-budget").inner_text() == "Characters too many: 3"


def test_a_field_shows_only_while_it_is_relevant(page: Page) -> None:
    since = page.locator("#f-since")
    assert since.is_visible()
    page.locator("#f-system-status").select_option("withdrawn")
    assert not since.is_visible()
    page.locator("#f-system-status").select_option("market")
    assert since.input_value() == "2027-02-25"


def test_filters_are_shut_on_a_phone(page: Page) -> None:
    assert page.locator("#filters").get_attribute("open") is not None
    page.set_viewport_size({"width": 375, "height": 900})
    expect(page.locator("#filters")).not_to_have_attribute("open", "")


def test_a_draft_saves_itself(page: Page) -> None:
    sent: list[str] = []

    def keep(route: object) -> None:
        sent.append(route.request.post_data or "")  # type: ignore[attr-defined]
        route.fulfill(status=204)  # type: ignore[attr-defined]

    page.route(f"{ORIGIN}{DRAFT}", keep)
    page.locator("#f-system-trade-name").fill("Ranker")
    expect(page.locator("[data-draft-status]")).to_contain_text("Draft saved at")
    assert "system.trade_name=Ranker" in sent[-1]


def test_what_cannot_be_saved_stays_in_the_browser_and_comes_back(page: Page) -> None:
    page.route(f"{ORIGIN}{DRAFT}", lambda route: route.abort())
    page.locator("#f-system-trade-name").fill("Ranker")
    status = page.locator("[data-draft-status]")
    expect(status).to_contain_text("kept in this browser")
    kept = page.evaluate(f"localStorage.getItem('draft {DRAFT}')")
    assert ["system.trade_name", "Ranker"] in json.loads(kept)
    page.reload()
    assert page.locator("#f-system-trade-name").input_value() == "Ranker"


def test_an_ended_sign_in_loses_nothing(page: Page) -> None:
    page.route(f"{ORIGIN}{DRAFT}", lambda route: route.fulfill(status=401))
    page.locator("#f-system-trade-name").fill("Ranker")
    expect(page.locator("[data-draft-status]")).to_contain_text("signed out")
    assert page.evaluate(f"localStorage.getItem('draft {DRAFT}')")


def test_the_enter_key_removes_no_row(page: Page) -> None:
    assert _submitter(page) == "save"


def _submitter(page: Page) -> str:
    page.evaluate(
        """() => document.querySelector("form[data-draft]").addEventListener("submit", (event) => {
          event.preventDefault();
          window.pressed = event.submitter.value;
        })"""
    )
    page.locator("#f-provider-name").press("Enter")
    return str(page.evaluate("window.pressed"))
