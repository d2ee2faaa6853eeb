"""Content and error pages in a real browser: accessible, whole on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils import translation

from tests.doors.web.conftest import ORIGIN

if TYPE_CHECKING:
    from tests.doors.web.conftest import Serve

PAGES = {
    "pages/about.html": {"source_url": "https://code.example/"},
    "pages/privacy.html": {"operator_name": "The Office", "operator_contact": "office@example.eu"},
    "pages/accessibility.html": {"operator_contact": "office@example.eu"},
    "pages/api.html": {},
    "400.html": {},
    "403.html": {},
    "403_csrf.html": {},
    "404.html": {},
    "500.html": {},
}


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_no_rule_of_axe_is_broken_and_nothing_scrolls_sideways(name: str, serve: Serve) -> None:
    request = HttpRequest()
    request.path = "/en/page/"
    request.META["HTTP_HOST"] = "localhost"
    with translation.override("en"):
        page = serve({request.path: get_template(name).render(dict(PAGES[name]), request)})
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(ORIGIN + request.path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("h1").count() == 1
