"""The Office erases values of a filing: chosen by step, ticked, gone from the public page and the case; with a mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.browser.conftest import Desk, may_sign_in
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.support.filings import section_a
from tests.support.parties import acting_for, member, organisation

pytestmark = pytest.mark.browser

SUBMITTER = {"name": "Ana Exemplo", "address": "Rua Exemplo 1, Lisboa", "contact": "ana@exemplo.example"}


@pytest.fixture(params=[Mouse, Keyboard])
def hand(request: pytest.FixtureRequest, desk: Desk) -> Hand:
    """The mouse, then the keyboard."""
    found: Hand = request.param(desk.page)
    return found


def test_a_case_handler_erases_what_a_person_asked_for(desk: Desk, hand: Hand) -> None:
    page = desk.page
    company = organisation("Example Systems Lda (fictional)", Capacity.PROVIDER, state="PT")
    office = organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    filer = acting_for(company)
    filing = section_a(filer, submitter=SUBMITTER)
    case = perform(RegisterHighRisk.file, None, actor=filer, data=filing, at=timezone.now()).case
    number = str(case.number)
    desk.until_public(f"/en/register/{number}/", "Ana Exemplo")
    handler = may_sign_in(member(office, roles=[Role.EDITOR], email="otto@office.example"))

    desk.sign_in(handler.email)
    desk.go(f"/en/office/cases/{case.pk}/")
    hand.press("Erase what was filed", role="link")
    desk.shoot("erase-1-steps")
    hand.press("1. Register", role="link")
    page.wait_for_url(re.compile("sequence=1"))
    hand.press("Erase for good")
    page.get_by_role("link", name="Values to erase: Tick what is to be erased.").wait_for()
    for part in ("Name", "Address", "Contact details"):
        hand.tick(f"Person submitting on behalf of the provider: {part}")
    hand.write("Reason", "The person asked for it.")
    desk.shoot("erase-2-ticked")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
    hand.press("Erase for good")
    page.get_by_role("heading", name="Done: Erase what was filed").wait_for()
    assert "Ana Exemplo" not in page.content()
    assert page.get_by_text(re.compile("Contact details” was erased on")).is_visible()
    desk.shoot("erase-3-done")

    desk.go(f"/en/register/{number}/versions/1/")
    assert page.get_by_text("Something was erased").is_visible()
    assert page.get_by_text(re.compile("Erased on")).count() == 3
    assert "Ana Exemplo" not in page.content()
    desk.shoot("erase-4-public")
