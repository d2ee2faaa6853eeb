"""A citizen looks something up in the Act in a real browser: finds it by a word, follows it to a rule and back; nothing breaks axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from aioffice.kernel.law_text.reading import read
from aioffice.kernel.law_text.store import put, remove
from aioffice.kernel.watching.rights import OPERATOR
from tests.browser.conftest import shoot
from tests.support.law_files import json_file
from tests.support.parties import NOW

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STATES = {
    "contents": "/en/act/",
    "found": "/fr/act/?q=%C3%A9motion",
    "nothing found": "/en/act/?q=zebra",
    "article": "/en/act/article-5/",
    "article in French": "/fr/act/article-49/",
    "annex": "/en/act/annex-viii/",
    "rule": "/fr/act/rules/5-1-f/",
    "duty": "/en/act/duties/26-5/",
    "coverage": "/fr/act/coverage/",
}
WORDS = {
    "en": ("The AI Act", "Search the Act", "emotion", "Article 5(1)(f)", "Inferring emotions at work or in education"),
    "fr": (
        "Le règlement sur l’IA",
        "Rechercher dans le règlement",
        "émotion",
        "article 5, paragraphe 1, point f)",
        "Déduction des émotions au travail ou dans l’enseignement",
    ),
}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def visitor(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Somebody at the site, with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", WORDS)
def test_a_citizen_finds_emotion_and_follows_it_to_a_rule_and_back(language: str, office: str, visitor: Page) -> None:
    menu, label, word, cited, rule = WORDS[language]
    visitor.goto(f"{office}/{language}/")
    visitor.get_by_role("navigation").get_by_role("link", name=menu, exact=True).first.click()
    visitor.get_by_label(label).fill(word)
    visitor.keyboard.press("Enter")
    visitor.get_by_role("link", name=cited, exact=True).click()
    assert visitor.url.endswith("/act/article-5/#article-5-1-f")
    visitor.get_by_role("link", name=rule, exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(rule)
    visitor.locator("main section ul").first.get_by_role("link").first.click()
    assert visitor.url.endswith("/act/article-5/#article-5-1-f")
    expect(visitor.locator("#article-5-1-f")).to_be_in_viewport()


def test_the_operators_text_stands_beside_our_lines_and_breaks_no_rule_of_axe(
    office: str, chromium: Browser, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    text, digest = read(json_file(tmp_path / "act.json"))
    with django_db_blocker.unblock():
        put(text, file="act.json", sha256=digest, actor=OPERATOR, at=NOW)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{office}/fr/act/article-5/")
    expect(page.locator(".public-wording").first).to_have_attribute("lang", "en")
    expect(page.get_by_text("hum in the night;")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, "act-wording")
    context.close()
    with django_db_blocker.unblock():
        remove(text.language, text.day, actor=OPERATOR, at=NOW)


@pytest.mark.parametrize("state", STATES)
def test_no_state_breaks_a_rule_of_axe_or_scrolls_sideways(state: str, office: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(office + STATES[state])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, "act-" + state.replace(" ", "-"))
    context.close()
