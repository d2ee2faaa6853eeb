"""From the home page to a sourced answer and its PDF with the keyboard alone, a wrong turn undone; and from the answer into the filing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from aioffice.kernel.parties.vocabulary import Capacity
from tests.browser.conftest import Desk, may_sign_in, shoot
from tests.browser.test_compliance_checker import MOST_QUESTIONS, TYPED, YES, asked, send
from tests.support.parties import member, organisation

if TYPE_CHECKING:
    from playwright.sync_api import Download

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_TABS = 120
SCREENER = (
    "is_ai_system=yes&is_gpai_model=no&is_provider=yes&placed_on_union_market=yes&established_in_union=yes&recruits=yes"
    "&profiles_people=yes&solely_military=no&third_country_cooperation=no&solely_scientific_research=no&only_before_market=no"
    "&open_source=no&product_law=none&first_placed_on=2028-03-01&in_law_enforcement=no&in_migration=no&personal_use=no"
)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def officer(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A compliance officer who has no mouse, with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param, locale="en-US", accept_downloads=True)
    yield context.new_page()
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until the focus is there, as somebody without a mouse does."""
    for _number in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"the tabulator never comes to {selector}")


def reply(page: Page, name: str, *, yes: bool) -> None:
    tab_to(page, f"main [name={name}]")
    if name in TYPED:
        page.keyboard.type(TYPED[name])
    else:
        page.keyboard.press("Space")
        if name == "product_law":
            page.keyboard.press("ArrowUp")  # from the first round to the last, which is "not known"
            page.keyboard.press("ArrowUp")
        elif not yes:
            page.keyboard.press("ArrowDown")
    send(page)


def to_the_end(page: Page) -> None:
    for _number in range(MOST_QUESTIONS):
        if not page.locator("input[name=question]").count():
            return
        name = asked(page)
        reply(page, name, yes=name in YES)
    pytest.fail("the questions do not end")


def saved(page: Page, selector: str) -> bytes:
    tab_to(page, selector)
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    download: Download = coming.value
    return Path(download.path()).read_bytes()


def test_from_the_home_page_to_the_pdf_by_keyboard_alone(office: str, officer: Page) -> None:
    officer.goto(f"{office}/en/")
    tab_to(officer, "main a[href$='/check/'], header a[href$='/check/'], nav a[href$='/check/']")
    send(officer)
    while asked(officer) != "is_provider":
        name = asked(officer)
        reply(officer, name, yes=name in YES)
    # A wrong turn, seen on the next page and taken back.
    reply(officer, "is_provider", yes=False)
    tab_to(officer, "button[value=back]")
    send(officer)
    assert asked(officer) == "is_provider"
    expect(officer.locator("[name=is_provider][value=no]")).to_be_checked()
    tab_to(officer, "main [name=is_provider]")
    officer.keyboard.press("ArrowUp")
    send(officer)
    to_the_end(officer)
    expect(officer.get_by_role("heading", level=1)).to_have_text("High-risk")
    expect(officer.locator("main")).to_contain_text("Annex III, point 4(a)")
    expect(officer.locator("main")).to_contain_text("From Thursday 2 December 2027")
    expect(officer.locator("main")).to_contain_text("Start a filing from this")
    pdf = saved(officer, "button[value=pdf]")
    assert pdf.startswith(b"%PDF-")
    assert saved(officer, "button[value=json]").lstrip().startswith(b"{")
    assert saved(officer, "button[value=signed]").startswith(b"ey")
    # The reasons open by keyboard too, and the answer is still there.
    tab_to(officer, ".public-finding summary")
    officer.keyboard.press("Enter")
    expect(officer.locator(".public-finding").first).to_contain_text("Does it recruit or select people")


def test_an_answer_is_carried_through_signing_in_and_fills_the_form(desk: Desk) -> None:
    provider = organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI")
    ana = may_sign_in(member(provider, email="ana@kolibri.test"))
    seen: list[str] = []
    desk.page.on("request", lambda request: seen.append(request.url))
    desk.go(f"/en/check/#{SCREENER}")
    expect(desk.page.locator(".public-told")).to_be_visible()
    desk.page.get_by_role("link", name="Start the filing").click()
    desk.page.get_by_label("E-mail address").fill(ana.email)
    desk.page.get_by_label("Password", exact=True).fill("a long enough secret")
    desk.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    found = desk.page.locator("main")
    expect(found).to_contain_text("Your answers fill in: Use case of Annex III, Area of use", timeout=30_000)
    assert desk.page.evaluate("sessionStorage.getItem('aioffice-answers')") is None, "it is brought along once"
    desk.page.get_by_role("button", name=re.compile("Start this filing *: Register a high-risk AI system")).click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Register a high-risk AI system")
    expect(desk.page.locator("select[name='routing.annex_iii_point']")).to_have_value("4(a)")
    expect(desk.page.locator("[name='routing.area_of_use'][value=other]")).to_be_checked()
    assert not [url for url in seen if "recruits" in url.partition("#")[0]], "no address held an answer"


def test_the_pages_between_answer_and_form_break_no_rule_of_axe(office: str, chromium: Browser) -> None:
    provider = organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI")
    person = may_sign_in(member(provider, email="ana@kolibri.test"))
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    Desk(page, office, []).enter_as(person)
    page.goto(f"{office}/en/check/#{SCREENER}")
    expect(page.locator(".public-told")).to_be_visible()
    for name in ("answer", "found"):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        shoot(page, f"filing-{name}")
        if name == "answer":
            page.get_by_role("link", name="Start the filing").click()
            expect(page.locator("main")).to_contain_text("Your answers fill in")
    page.goto(f"{office}/en/office/file/from-answer/")
    shoot(page, "filing-start")
    assert Axe().run(page).violations_count == 0
    context.close()
