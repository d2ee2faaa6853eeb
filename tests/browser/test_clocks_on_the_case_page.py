"""The clocks of a case in a real browser: “why?” opens in place, without scripts too; no rule of axe is broken, on a phone neither."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.vocabulary import Capacity
from tests.browser.conftest import Desk, shoot
from tests.support.clocks import DAY, THURSDAY, incident, opened, plan, take
from tests.support.parties import member, organisation

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_why_opens_the_steps_in_place(office: str, chromium: Browser, scripts: bool) -> None:
    provider = organisation("Example Systems", Capacity.PROVIDER)
    person = member(provider)
    with plumbing():
        actor = actor_for_person(person, UUID(str(provider.pk)))
    context = chromium.new_context(
        java_script_enabled=scripts, viewport={"width": 1280, "height": 900}, bypass_csp=True
    )
    desk = Desk(context.new_page(), office, [])
    desk.enter_as(person)
    with incident() as incidents, plan() as plans:
        running = opened(incidents, actor)
        suspended = opened(incidents, actor)
        take(incidents, "halt", suspended, actor, THURSDAY + DAY)
        silent = opened(plans, actor, "submit")
        desk.go(f"/en/office/cases/{running.pk}/")
        page = desk.page
        clock = page.get_by_role("region", name="Time limits")
        expect(clock).to_contain_text("Friday 19 March 2027, 24:00 Lisbon")
        steps = clock.locator(".public-steps")
        expect(steps).to_be_hidden()
        clock.get_by_text(re.compile("^\\s*Why\\?")).first.click()
        expect(steps).to_be_visible()
        for path in (f"cases/{running.pk}/", f"cases/{suspended.pk}/", f"cases/{silent.pk}/", ""):
            desk.go(f"/fr/office/{path}")
            if scripts:
                found = Axe().run(page)
                assert found.violations_count == 0, found.generate_report()
            page.set_viewport_size({"width": 320, "height": 800})
            if scripts:
                assert page.evaluate("document.documentElement.scrollWidth") <= 320
            shoot(page, f"clock-{path or 'today'}".strip("/").replace("/", "-"))
            page.set_viewport_size({"width": 1280, "height": 900})
    context.close()
