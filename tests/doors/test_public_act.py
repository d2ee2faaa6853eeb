"""The public pages on the Act: contents, search, every Article and annex, every rule and duty, in both languages; nothing leads nowhere."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.resting import Sort
from aioffice.act.provisions.wording import line
from aioffice.act.rules.duties import DUTIES
from aioffice.doors.provisions import everything
from aioffice.doors.searching_act import search
from aioffice.doors.web.templatetags._act import duty_path, linked, node_path, rule_path, slug
from aioffice.doors.web.templatetags._provisions import provision_links
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db
TOPS = [*tree.articles(), *tree.annexes()]
RULES = [one.id for one in everything() if one.sort is Sort.RULE]


@cache
def html(path: str) -> str:
    with time_machine.travel(NOW, tick=False):
        response = Client().get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def words(path: str) -> str:
    """The text of a page as people read it."""
    page = html(path)
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def links(path: str) -> set[str]:
    page = html(path)
    return set(re.findall(r'href="(/[a-z]{2}/act/[^"]*)"', page[page.index("<main") : page.index("</main>")]))


def test_the_contents_name_every_article_and_annex() -> None:
    found = links("/en/act/")
    assert {f"/en/act/{one.id}/" for one in TOPS} <= found
    text = words("/en/act/")
    assert "Article 5 Prohibited practices amended in 2026" in text
    assert "Article 4a Sensitive data may be used to find and correct bias, under six conditions new in 2026" in text
    assert "Chapter III, Section 1: Which systems are high-risk" in text
    assert "Le règlement sur l’IA" in words("/fr/act/")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("emotion", {"article-3-39", "article-5-1-f", "annex-iii-1-c"}),
        ("émotions", {"article-5-1-f", "article-50-3"}),
        ("EMOTIONS work", {"article-5-1-f"}),
        ("6(3)", {"article-6-3"}),
        ("article 6", {"article-6"}),
        ("Annexe III 4", {"annex-iii-4"}),
        ("5(1)(a) and (b)", {"article-5-1-a", "article-5-1-b"}),
        ("sandbox", {"article-57", "article-58"}),
        ("bac a sable", {"article-57", "article-59"}),
    ],
)
def test_plain_words_and_numbers_find_provisions(asked: str, found: set[str]) -> None:
    assert found <= {one.id for one in search(asked)}


def test_what_is_cited_so_stands_first() -> None:
    assert search("6(3)")[0].id == "article-6-3"


def test_a_search_that_finds_nothing_says_so() -> None:
    assert search("zebra") == search("…") == []
    page = words("/en/act/?" + urlencode({"q": "zebra"}))
    assert "No provision has all these words" in page
    assert 'content="noindex' in html("/en/act/?" + urlencode({"q": "zebra"}))


def test_a_search_shows_number_and_line_of_what_it_found() -> None:
    path = "/fr/act/?" + urlencode({"q": "émotion travail"})
    assert "1 disposition" in words(path)
    assert "article 5, paragraphe 1, point f)" in words(path)
    assert links(path) >= {"/fr/act/article-5/#article-5-1-f"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("top", TOPS, ids=lambda top: top.id)
def test_every_article_and_annex_has_a_page_with_all_its_lines(top: tree.Node, language: str) -> None:
    path = f"/{language}/act/{top.id}/"
    text = words(path)
    for one in tree.within(top):
        if said := line(one, language):
            assert " ".join(said.split()) in text, one.id
            assert one is top or f'id="{one.id}"' in html(path)


def test_whatever_rests_on_a_provision_stands_on_its_page() -> None:
    text = words("/en/act/article-73/")
    assert "Report the serious incident: at once, at most 15 days" in text
    assert "/en/time-limits/INC-15/" in html("/en/act/article-73/")
    assert "Rules Inferring emotions at work or in education" in words("/en/act/article-5/")
    assert "Steps of procedures of this Office" in words("/en/act/article-49/")
    assert "Annex VIII, Section A, point 5: Intended purpose" in words("/en/act/annex-viii/")
    assert "Prohibited practices: up to EUR 35 million or 7 % (Article 99(3))" in words("/en/act/article-5/")


def test_a_page_says_since_when_under_both_texts_and_what_was_changed() -> None:
    text = words("/en/act/article-9/")
    assert "From Thursday 2 December 2027 for uses of Annex III (Article 113(c)(i))" in text
    assert "From Wednesday 2 August 2028 for products of Annex I (Article 113(c)(ii))" in text
    assert "Since Sunday 2 August 2026 for uses of Annex III (Article 113)" in text
    assert "Not changed in 2026" in text
    inserted = words("/en/act/article-4a/")
    assert "Inserted by Regulation (EU) 2026/1744, Article 1(6)" in inserted
    assert "Not in the text of 2024" in inserted
    assert "http://data.europa.eu/eli/reg/2024/1689/art_4a/2026-07-27" in html("/en/act/article-4a/")
    assert "Deleted in 2026" in words("/en/act/annex-viii/")


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_a_page_that_leads_back_to_its_provision(name: str) -> None:
    for language in ("en", "fr"):
        with translation.override(language):
            path = rule_path(name)
        back = {link.partition("#")[0] for link in links(path)}
        item = next(one for one in everything() if one.sort is Sort.RULE and one.id == name)
        assert {f"/{language}/act/{one.top}/" for one in item.nodes} <= back
    assert "It holds when" in words(path.replace("/fr/", "/en/"))


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.provision)
def test_every_duty_has_a_page(duty) -> None:
    with translation.override("en"):
        text = words(duty_path(duty.provision))
    assert "It binds when" in text
    assert "What shows that it is done" in text
    with translation.override("fr"):
        assert "Elle lie quand" in words(duty_path(duty.provision))


def test_addresses_of_rules_and_duties_are_unique() -> None:
    assert len({slug(name) for name in RULES}) == len(RULES)
    assert len({slug(duty.provision) for duty in DUTIES}) == len(DUTIES)


def test_every_link_of_the_pages_leads_to_a_page_and_a_place_on_it() -> None:
    pages = ["/en/act/", *(f"/en/act/{one.id}/" for one in TOPS)]
    with translation.override("en"):
        pages += [rule_path(name) for name in RULES] + [duty_path(duty.provision) for duty in DUTIES]
    for page in pages:
        for link in links(page):
            path, _hash, place = link.partition("#")
            assert not place or f'id="{place}"' in html(path), (page, link)


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/en/act/article-6-3-a/", "/en/act/article-6/#article-6-3-a"),
        ("/fr/act/Article-6/", "/fr/act/article-6/"),
        ("/en/act/annex-iii-4/", "/en/act/annex-iii/#annex-iii-4"),
        ("/en/act/chapter-v/", "/en/act/#chapter-v"),
    ],
)
def test_the_name_of_a_part_leads_to_its_place(asked: str, leads_to: str) -> None:
    response = Client().get(asked)
    assert (response.status_code, response.headers["Location"]) == (302, leads_to)


@pytest.mark.parametrize(
    "path", ["/en/act/article-200/", "/en/act/rules/5-1-z/", "/en/act/duties/7/", "/en/act/zebra/"]
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_every_step_of_every_procedure_rests_on_a_provision_or_is_the_offices_own() -> None:
    for one in everything():
        if one.sort is Sort.PROCEDURE:
            assert one.nodes or one.provision.startswith("house: "), one.id


def test_citations_elsewhere_link_to_the_provision() -> None:
    with translation.override("en"):
        assert 'href="/en/act/article-73/#article-73-2"' in linked("73(2); 75(1a)", "Articles 73(2) and 75(1a)")
        assert linked("2026/1744, Article 4", "2026/1744, Article 4") == "2026/1744, Article 4"
        assert linked("5", "Article 5") == '<a class="ecl-link" href="/en/act/article-5/">Article 5</a>'
        said = provision_links("22(3)(e); house: likewise in Section B")
        assert 'href="/en/act/article-22/#article-22-3-e"' in said
        assert said.count("<a ") == 1
        assert provision_links("<b>") == "&lt;b&gt;"
    assert 'href="/en/act/article-73/#article-73-2"' in html("/en/time-limits/INC-15/")
    with translation.override("fr"):
        assert node_path(tree.node("chapter-v")) == "/fr/act/#chapter-v"
