"""A company comes new: it signs up, registers itself, files a system, meets an error at the field, mends it, and the entry is public.

Once with a mouse, once with the keyboard alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.models import Case
from tests.admission.applying import code_in, letter_of
from tests.browser.conftest import Desk
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.support.filings import PDF
from tests.support.parties import organisation

pytestmark = pytest.mark.browser

PASSWORD = "seventeen quiet herons"


@pytest.fixture(params=[Mouse, Keyboard])
def hand(request: pytest.FixtureRequest, desk: Desk) -> Hand:
    """The mouse, then the keyboard."""
    found: Hand = request.param(desk.page)
    return found


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The two files that a filing in the public section needs."""
    made = [tmp_path / "declaration.pdf", tmp_path / "instructions.pdf"]
    for file in made:
        file.write_bytes(PDF + file.name.encode())
    return made


def sign_up(desk: Desk, hand: Hand) -> None:
    """Make an account, and confirm its address by the e-mail."""
    # An address of its own for each hand: the office sends one address a single e-mail within a few minutes.
    email = f"ana@{type(hand).__name__.lower()}.example"
    desk.go("/en/account/signup/")
    hand.write("Your name", "Ana Novak")
    hand.write("E-mail address", email)
    hand.write("Password", PASSWORD)
    hand.write("Password (again)", PASSWORD)
    hand.press("Create the account")
    desk.page.wait_for_url(re.compile("/confirm-email/"))
    link = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert link
    desk.go(link[1])
    hand.press("Yes, confirm it")
    desk.page.wait_for_url(re.compile("/en/office/$"))


def register_the_company(desk: Desk, hand: Hand) -> None:
    """From the welcome page to an admitted organisation."""
    desk.shoot("company-1-welcome")
    hand.press("Register your organisation", role="link")
    desk.page.wait_for_url(re.compile("/organisation/new/"))
    hand.write("Name", "Kolibri d.o.o. (fictional)")
    hand.choose("Country of the seat", "Slovenia")
    desk.shoot("company-2-found")
    hand.press("Continue")
    desk.page.wait_for_url(re.compile("/file/operator-admission/apply/"))
    hand.write("Registered address", "Primerna ulica 1, 1000 Ljubljana, Slovenia")
    hand.write("Contact details", "office@kolibri.example")
    hand.write("Name", "Ana Novak", within="Legal representative")
    hand.write("Position", "Managing director", within="Legal representative")
    hand.tick("Provider")
    hand.pick("Is it a public authority", "No")
    desk.shoot("company-3-application")
    hand.press("Register your organisation")
    desk.page.get_by_role("heading", name="Filed: ADM-").wait_for()
    desk.shoot("company-4-applied")

    hand.write("Code from the letter", "ABCD-EFGH-2345")
    hand.press("Enter the code from the letter")
    desk.page.get_by_text("This is not the code in the letter").first.wait_for()
    desk.shoot("company-5-wrong-code")
    hand.write("Code from the letter", the_code())
    hand.press("Enter the code from the letter")
    desk.page.get_by_role("heading", name="Done: Enter the code").wait_for()
    desk.shoot("company-6-proven")
    assert desk.page.get_by_label("Your name").input_value() == "Ana Novak"
    hand.write("Your position in the organisation", "Managing director")
    hand.pick("I may bind this organisation", "Yes")
    hand.press("Sign")
    desk.page.get_by_role("heading", name="Done: Sign").wait_for()


def the_code() -> str:
    """What stands in the letter that went to the registered address."""
    at = datetime.now(UTC)
    with acting(service("registrar"), at):
        case = Case.objects.get(procedure="operator-admission")
    return code_in(letter_of(case, at=at))


def test_a_company_registers_itself_and_a_system(desk: Desk, hand: Hand, files: list[Path]) -> None:
    organisation("AI Office (fictional)", Capacity.AI_OFFICE, state="", country="EU")
    page = desk.page
    sign_up(desk, hand)
    register_the_company(desk, hand)

    desk.go("/en/office/file/")
    desk.shoot("company-7-chooser")
    hand.press("Register a high-risk AI system", role="link")
    page.wait_for_url(re.compile("/file/high-risk-registration/file/"))
    assert page.get_by_label("Name").first.input_value() == "Kolibri d.o.o. (fictional)", (
        "who files need not be typed again"
    )
    hand.choose("Use case of Annex III", "4(a) Recruitment or selection of people")
    hand.pick("Area of use", "Any other area")
    page.get_by_text("Public section: all fields of Section A are asked").wait_for()
    hand.write("Trade name of the system", "Candidate Ranker 2")
    hand.write("Intended purpose", "Ranks applications for a vacancy by how well they match the advertisement.")
    hand.write(
        "Information the system uses", "Reads the text of applications; a model compares it with the advertisement."
    )
    hand.pick("Status of the system", "On the market, or in service")
    hand.tick("Slovenia")
    hand.tick("Austria")
    hand.attach("Copy of the EU declaration of conformity", files[0])
    hand.attach("Electronic instructions for use", files[1])
    hand.write("Web address with more information", "kolibri")
    hand.press("Register")

    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.dataset.errorSummary !== undefined"), "the summary has the focus"
    assert "Write a full web address" in page.get_by_role("alert").inner_text()
    desk.shoot("company-8-error-at-the-field")
    assert page.get_by_role("link", name="declaration.pdf").is_visible(), "the files need not be sent again"
    hand.press("Web address with more information", role="link")
    assert page.evaluate("document.activeElement.name") == "more_information", "the summary leads to the field"
    hand.write("Web address with more information", "https://kolibri.example/ranker")
    hand.press("Register")

    page.get_by_role("heading", name="Filed: EU-A-").wait_for()
    desk.shoot("company-9-filed")
    number = re.search(r"EU-A-\d{4}-\d{6}", page.get_by_role("main").inner_text())
    assert number
    desk.until_public(f"/en/register/{number[0]}/", "Candidate Ranker 2")
    hand.press(number[0], role="link")
    page.wait_for_url(re.compile(f"/register/{number[0]}/"))
    assert page.get_by_role("heading", level=1).inner_text() == "Candidate Ranker 2"
    assert "Ranks applications" in page.get_by_role("main").inner_text()
    desk.shoot("company-10-public")
