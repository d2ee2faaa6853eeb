"""A case handler of a market surveillance authority sees what concerns its State, asks the filer and marks an entry as questioned.

Once with a mouse, once with the keyboard alone. The filer finds the question where it is to be answered, and answers it.
"""

from __future__ import annotations

import re

import pytest

from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.browser.conftest import Desk, may_sign_in
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.support.filings import section_a
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.browser


@pytest.fixture(params=[Mouse, Keyboard])
def hand(request: pytest.FixtureRequest, desk: Desk) -> Hand:
    """The mouse, then the keyboard."""
    found: Hand = request.param(desk.page)
    return found


def test_a_case_handler_asks_and_flags_and_the_filer_answers(desk: Desk, hand: Hand) -> None:
    page = desk.page
    company = organisation("Example Systems Lda (fictional)", Capacity.PROVIDER, state="PT")
    authority = organisation("Autoridade Exemplo (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")
    filer = acting_for(company)
    record = perform(RegisterHighRisk.file, None, actor=filer, data=section_a(filer), at=NOW)
    number = str(record.case.number)
    handler = may_sign_in(member(authority, roles=[Role.EDITOR], email="rui@autoridade.example"))

    desk.sign_in(handler.email)
    assert "Concerning Portugal" in page.get_by_role("main").inner_text()
    desk.shoot("handler-1-today")
    hand.press("CV Sorter 2", role="link")
    page.wait_for_url(re.compile("/office/cases/"))
    desk.shoot("handler-2-case")
    hand.press("Ask the filer", role="link")
    hand.write("Question", "Is point 7 still right?")
    hand.press("Ask the filer")
    page.get_by_role("heading", name="Done: Ask the filer").wait_for()
    hand.press("Mark “accuracy questioned”", role="link")
    hand.write("What is questioned, and why", "The system was taken off the market in May.")
    desk.shoot("handler-3-flag")
    hand.press("Mark “accuracy questioned”")
    page.get_by_role("heading", name="Done: Mark").wait_for()
    desk.shoot("handler-4-flagged")

    desk.until_public(f"/en/register/{number}/", "Accuracy questioned")
    desk.go(f"/en/register/{number}/")
    assert page.get_by_text("Accuracy questioned").first.is_visible()
    assert "taken off the market in May" not in page.content(), "the public sees the mark, not the reason"
    desk.shoot("handler-5-public")

    desk.enter_as(member(company, roles=[Role.EDITOR], email="eva@systems.example"))
    desk.go("/en/office/")
    desk.shoot("handler-6-filer-today")
    hand.press("An authority asks: answer it", role="link")
    page.get_by_role("blockquote").get_by_text("Is point 7 still right?").wait_for()
    hand.write("Answer", "It was; we have updated the entry.")
    hand.press("Answer the authority")
    page.get_by_role("heading", name="Done: Answer the authority").wait_for()
    desk.go("/en/office/")
    assert page.get_by_text("Nothing waits for you.").is_visible()
