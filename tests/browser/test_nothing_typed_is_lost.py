"""While somebody fills in a form the connection goes, the sign-in ends, a button is pressed twice: nothing typed is lost or doubled."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from aioffice.kernel.db import acting
from aioffice.kernel.parties.models import Person
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.models import Case
from tests.browser.conftest import Desk, may_sign_in
from tests.browser.hands import Mouse
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.browser

A, B = "/en/office/file/high-risk-registration/file/", "/en/office/file/exempt-registration/file/"
SAVED, TRADE_NAME = re.compile("Draft saved at"), "Trade name of the system"


@pytest.fixture
def ana(office: str) -> Person:
    """Signs for a provider."""
    return may_sign_in(
        member(organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI"), email="ana@kolibri.example")
    )


def test_a_form_saves_itself_and_is_there_again_after_a_reload(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(B)
    desk.page.get_by_label(TRADE_NAME).fill("Essay Formatter")
    expect(desk.page.locator("[data-draft-status]")).to_have_text(SAVED)
    assert "?draft=" in desk.page.url, "the address is that of the draft from now on"
    desk.page.reload()
    assert desk.page.get_by_label(TRADE_NAME).input_value() == "Essay Formatter"


def test_what_is_asked_follows_the_first_answers_at_once(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(A)
    hand = Mouse(desk.page)
    logic = desk.page.get_by_label("Information the system uses")
    logic.fill("Reads applications.")
    hand.choose(
        "Use case of Annex III", "6(e) Profiling in the detection, investigation or prosecution of criminal offences"
    )
    hand.pick("Area of use", "Law enforcement")
    expect(desk.page.get_by_role("status").filter(has_text="Secure section")).to_be_visible()
    expect(logic).to_be_hidden()
    hand.choose("Use case of Annex III", "4(a) Recruitment or selection of people")
    hand.pick("Area of use", "Any other area")
    expect(logic).to_be_visible()
    assert logic.input_value() == "Reads applications.", "what was typed in it was kept"


def test_without_a_connection_the_browser_keeps_it(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(B)
    status = desk.page.locator("[data-draft-status]")
    desk.page.context.set_offline(True)
    desk.page.get_by_label(TRADE_NAME).fill("Typed on the train")
    expect(status).to_have_text(re.compile("no connection"))
    desk.page.context.set_offline(False)
    expect(status).to_have_text(SAVED)
    desk.page.reload()
    assert desk.page.get_by_label(TRADE_NAME).input_value() == "Typed on the train"


def test_a_tab_that_was_closed_without_a_connection_gives_it_back(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(B)
    desk.page.context.set_offline(True)
    desk.page.get_by_label(TRADE_NAME).fill("Typed in a tunnel")
    expect(desk.page.locator("[data-draft-status]")).to_have_text(re.compile("no connection"))
    desk.page.goto("about:blank")
    desk.page.context.set_offline(False)
    desk.go(B)
    assert desk.page.get_by_label(TRADE_NAME).input_value() == "Typed in a tunnel"
    expect(desk.page.locator("[data-draft-status]")).to_have_text(SAVED)


def test_signed_out_while_typing(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(B)
    status = desk.page.locator("[data-draft-status]")
    desk.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.page.get_by_label(TRADE_NAME).fill("After lunch")
    expect(status).to_have_text(re.compile("you are signed out"))
    desk.enter_as(ana)
    desk.page.get_by_label(TRADE_NAME).press("End")
    desk.page.get_by_label(TRADE_NAME).press_sequentially(", more")
    expect(status).to_have_text(SAVED)


def test_signed_out_when_the_button_is_pressed(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(B)
    desk.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.page.get_by_label(TRADE_NAME).fill("Nearly done")
    desk.page.get_by_role("button", name="Register", exact=True).click()
    desk.page.wait_for_url(re.compile("/account/login/"))
    desk.page.get_by_label("E-mail address").fill(ana.email)
    desk.page.get_by_label("Password", exact=True).fill("a long enough secret")
    desk.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    desk.page.wait_for_url(re.compile(f"{B}"))
    assert desk.page.get_by_label(TRADE_NAME).input_value() == "Nearly done"
    expect(desk.page.get_by_text("You were signed out when you pressed a button")).to_be_visible()
    desk.shoot("lost-1-back-after-sign-in")


def test_a_button_pressed_twice_files_once(desk: Desk, ana: Person) -> None:
    desk.enter_as(ana)
    desk.go(B)
    hand = Mouse(desk.page)
    hand.choose("Use case of Annex III", "3(b) Evaluation of learning outcomes, also to steer learning")
    hand.pick("Area of use", "Any other area")
    hand.write(TRADE_NAME, "Essay Formatter")
    hand.write("Intended purpose", "Converts the layout of essays before a teacher marks them.")
    hand.tick("(a) Narrow procedural task")
    hand.pick("Status of the system", "On the market, or in service")
    desk.page.get_by_role("button", name="Register", exact=True).dblclick()
    desk.page.get_by_role("heading", name="Filed: EU-B-").wait_for()
    actor = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    with acting(actor, NOW):
        assert Case.objects.filter(procedure="exempt-registration").count() == 1
