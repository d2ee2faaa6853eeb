"""Two people who want to know why: a case handler asks it of a date, a citizen of what stands in the register. With and without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.kernel.db import plumbing
from aioffice.kernel.ledger.signing import verifier_key
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.browser.conftest import Desk, shoot
from tests.support import rounds
from tests.support.clocks import opened
from tests.support.filings import section_b
from tests.support.parties import acting_for, member, organisation
from tests.support.sequencing import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def visitor(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Somebody at the office, with and without JavaScript."""
    context = chromium.new_context(
        java_script_enabled=request.param, viewport={"width": 1280, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def looked_over(page: Page, name: str, *, scripts: bool) -> None:
    """No rule of axe is broken, and a phone need not scroll sideways."""
    if scripts:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": 1280, "height": 900})
    shoot(page, name)


def test_a_case_handler_asks_a_date_why(office: str, visitor: Page, request: pytest.FixtureRequest) -> None:
    scripts = "with scripts" in request.node.name
    lisbon = organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")
    organisation("Beispielbehörde", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="DE")
    filer = member(organisation("Example Systems", Capacity.PROVIDER))
    with plumbing():
        actor = actor_for_person(filer, UUID(str(filer.memberships.get().organisation_id)))
    rounds.STATES[:] = ["PT", "DE"]
    desk = Desk(visitor, office, [])
    desk.enter_as(member(lisbon, roles=[Role.EDITOR]))
    with rounds.objections() as kind:
        case = opened(kind, actor, "notify")
        desk.go("/en/office/")
        due = visitor.get_by_role("region", name="Due next")
        expect(due).to_contain_text("Friday 4 June 2027, 24:00 Lisbon")
        due.get_by_role("link", name="Object to the measure").click()
        limits = visitor.get_by_role("region", name="Time limits")
        reasons = limits.locator(".public-steps")
        expect(reasons).to_be_hidden()
        why = limits.locator("summary").first
        why.focus()
        visitor.keyboard.press("Enter")
        expect(reasons).to_be_visible()
        expect(reasons).to_contain_text("Thursday 4 March 2027")
        # Of the others, each place says why by its own calendar.
        other = visitor.locator(".office-places li", has_text="Beispielbehörde")
        expect(other).to_contain_text("Friday 4 June 2027, 24:00 Berlin")
        other.locator("summary").click()
        expect(other).to_contain_text("Place: Germany")
        looked_over(visitor, "why-of-a-round", scripts=scripts)
        desk.go(f"/fr/office/cases/{case.pk}/")
        looked_over(visitor, "why-of-a-round-fr", scripts=scripts)
    rounds.STATES.clear()


def test_a_citizen_checks_a_proof(office: str, visitor: Page, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    scripts = "with scripts" in request.node.name
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=timezone.now()).case
    settle(timezone.now())
    visitor.goto(f"{office}/en/register/{case.number}/")
    section = visitor.get_by_role("region", name="Proof")
    expect(section).to_contain_text("in the public log since")
    section.get_by_role("link", name="Check it yourself").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Check it yourself")
    looked_over(visitor, "proof", scripts=scripts)
    save = visitor.get_by_role("link", name="Save the proof")
    assert save.get_attribute("download") == "proof.json"
    # The link bears the public address of the office, which in this test stands elsewhere.
    saved = visitor.request.get(office + urlsplit(save.get_attribute("href") or "").path)
    proof = tmp_path / "proof.json"
    proof.write_bytes(saved.body())
    command = visitor.locator("code", has_text="check-receipt").inner_text()
    assert command == f"aioffice ledger check-receipt proof.json --key '{verifier_key()}'"
    checked = CliRunner().invoke(app, ["ledger", "check-receipt", str(proof), "--key", str(verifier_key())])
    assert checked.exit_code == 0, checked.output
    # One letter changed, and it holds no longer.
    said = json.loads(proof.read_text())
    said["document"]["fields"]["trade_name"] += "!"
    proof.write_text(json.dumps(said))
    assert CliRunner().invoke(app, ["ledger", "check-receipt", str(proof), "--key", str(verifier_key())]).exit_code == 1


def test_a_list_of_jumps_leads_to_each_theme(office: str, visitor: Page) -> None:
    visitor.set_viewport_size({"width": 320, "height": 800})
    visitor.goto(f"{office}/en/time-limits/")
    jumps = visitor.get_by_role("navigation", name="On this page")
    jumps.get_by_role("link", name="Market surveillance").click()
    expect(visitor.get_by_role("heading", name="Market surveillance")).to_be_in_viewport()
    assert visitor.url.endswith("#theme-market_surveillance")
    shoot(visitor, "jumps")
