"""The public pages on time limits: the answer first, the question in the address, errors at their field; no database is asked."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from aioffice.act.time_limits import TimeLimit, time_limits
from aioffice.doors import announcing
from tests.support.parties import NOW


@pytest.fixture(autouse=True)
def _nothing_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands announced is looked up every ten seconds, whichever page is drawn then."""
    monkeypatch.setattr(announcing.MEMORY, "all", lambda _at: ())


def get(path: str, status: int = 200, **asked: str) -> str:
    query = urlencode({name.removesuffix("_"): value for name, value in asked.items()})
    response = Client().get(f"{path}?{query}" if query else path)
    assert response.status_code == status, path
    return response.content.decode()


def words(html: str) -> str:
    """The text of a page as people read it."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(path: str, **asked: str) -> str:
    with time_machine.travel(NOW, tick=False):
        return words(get(path, **asked))


def test_the_list_stands_by_theme_with_who_what_and_how_long() -> None:
    text = page("/en/time-limits/")
    assert "90 time limits" in text
    assert text.index("Serious incidents") < text.index("Market surveillance")
    assert "Report the serious incident The provider At once, at most 15 days Articles 73(2) and 75(1a)" in text
    assert "Register The provider or its representative; the public deployer The event itself" in text
    assert "Act as the authority has ordered The provider or the operator concerned The authority sets it" in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("death", {"INC-10"}),
        ("décès", {"INC-10"}),
        ("deces", {"INC-10"}),
        ("INC-15", {"INC-15"}),
        ("object measure justified", {"OBJ-3M", "OBJ-30D"}),
        ("60(4)", {"RWT-30D", "RWT-6M"}),
    ],
)
def test_plain_words_of_either_language_find_limits(asked: str, found: set[str]) -> None:
    html = get("/en/time-limits/", q=asked)
    assert found <= set(re.findall(r'href="/en/time-limits/([A-Z0-9-]+)/"', html))
    assert 'value="' + asked in unescape(html)
    assert "noindex" in html


def test_what_nothing_matches_says_what_to_do() -> None:
    text = page("/en/time-limits/", q="zebra")
    assert "0 time limits" in text
    assert "No time limit has all these words" in text


def test_the_answer_comes_first_with_weekday_hour_and_place_then_the_reasons() -> None:
    text = page("/en/time-limits/OBJ-3M/", from_="2026-12-12", place="PT")
    assert text.index("Friday 12 March 2027, 24:00 Lisbon") < text.index("Why?") < text.index("Another day or place")
    assert "Objections possible until Friday 12 March 2027, 24:00 Lisbon (in 4 months)" in text
    assert "If nobody objects, the measure counts as justified." in text
    assert "Nominal end Friday 12 March 2027" in text
    assert "The day of the event, Saturday 12 December 2026, is not counted." in text
    assert "Regulation (EEC, Euratom) No 1182/71, Article 3(1)" in text
    assert "Place: Portugal. Public holidays: python-holidays" in text


def test_an_incident_shows_what_to_work_towards_before_the_outer_limit() -> None:
    text = page("/en/time-limits/INC-2/", from_="2026-12-23", place="PT")
    target, outer = (
        "Work towards Friday 25 December 2026",
        "At the very latest by Monday 28 December 2026, 24:00 Lisbon",
    )
    assert text.index(target) < text.index(outer)
    assert "Christmas Day (Dia de Natal)" in text


def test_the_form_keeps_what_was_asked() -> None:
    html = get("/en/time-limits/INC-2/", from_="2026-12-23", place="pt")
    assert re.search(r'name="from"\s+type="date"\s+value="2026-12-23"', html)
    assert re.search(r'<option value="PT"\s+selected', html)
    assert 'method="get"' in html


def test_french_says_it_all_in_french() -> None:
    text = page("/fr/time-limits/INC-10/", from_="2028-12-22", place="FR")
    assert "Date à viser lundi 1er janvier 2029" in text
    assert "Au plus tard le mardi 2 janvier 2029, 24:00, Paris" in text
    assert "article 73, paragraphe 4 et article 75, paragraphe 1 bis" in text
    assert "Règlement (CEE, Euratom) nº 1182/71, article 3, paragraphe 4" in text


def test_the_code_that_command_and_api_take_stands_in_the_list() -> None:
    assert "INC-15" in page("/en/time-limits/", q="incident")


def test_paragraphs_of_one_article_are_cited_together_and_the_calendar_has_french_words() -> None:
    before = page("/fr/time-limits/REG-PRE/")
    assert "rticle 49, paragraphes 1, 2 et 3" in before
    assert "Union institutions" not in before
    assert "Jours fériés" not in before, "no day was counted"
    assert "Article 49(1), (2) and (3)" in page("/en/time-limits/REG-PRE/")
    counted = page("/fr/time-limits/NB-OBJ-2M/", place="EU", from_="2026-11-23")
    assert "institutions de l’Union, état au" in counted


def test_before_anybody_asks_a_fixed_date_is_answered_and_an_event_is_asked_for() -> None:
    assert "Due by Sunday 1 August 2027, 24:00 Brussels" in page("/en/time-limits/GL-96G/")
    asked = page("/en/time-limits/INC-15/")
    assert "When did it start, and where?" in asked
    assert "There is a problem" not in asked


def test_of_fixed_dates_that_repeat_the_next_one_stands_there() -> None:
    assert "Due by Monday 2 August 2027, 24:00 Brussels" in page("/en/time-limits/NCA-RES/")
    assert "Due by Saturday 2 August 2025, 24:00 Brussels" in page("/en/time-limits/NCA-RES/", k="1")


def test_limits_in_hours_ask_for_the_hour() -> None:
    html = get("/en/time-limits/RBI-URG/", from_="2026-03-28T10:20", place="BE")
    assert 'type="datetime-local"' in html
    assert "Sunday 29 March 2026, 12:00 Brussels" in words(html)


@pytest.mark.parametrize(
    ("limit", "asked", "field", "said"),
    [
        ("RBI-URG", {"from_": "2026-03-28", "place": "BE"}, "f-from", "Say the hour too"),
        ("RBI-URG", {"from_": "2027-03-28T02:30", "place": "BE"}, "f-from", "The clocks skipped that hour"),
        ("INC-15", {"from_": "", "place": "BE"}, "f-from", "Say when it happened"),
        ("INC-15", {"from_": "soon", "place": "BE"}, "f-from", "2027-03-05"),
        ("INC-15", {"from_": "1850-01-01", "place": "BE"}, "f-from", "1990 to 2100"),
        ("INC-15", {"from_": "2027-01-01"}, "f-place", "Choose where the action has to be taken"),
        ("INC-15", {"from_": "2027-01-01", "place": "XX"}, "f-place", "Choose a place of the list"),
        ("INC-15", {"from_": "2027-01-01", "place": "BE", "k": "2"}, "f-k", "no such repetition"),
        ("SBX-ANN", {"from_": "2027-01-01", "place": "BE", "k": "x"}, "f-k", "whole number"),
        ("AIO-4M", {"from_": "2027-11-01"}, "f-from", "2025 to 2027 only"),
        ("AIO-4M", {"from_": "2027-11-01"}, "f-from", "By counting alone it ends on Wednesday 1 March 2028"),
        ("MSA-PRESC", {"from_": "2027-01-01", "place": "BE", "setting": "long"}, "f-setting", "10 days"),
    ],
)
def test_an_error_stands_at_its_field_and_above(limit: str, asked: dict[str, str], field: str, said: str) -> None:
    html = get(f"/en/time-limits/{limit}/", **asked)
    assert f'href="#{field}"' in html
    assert f'id="{field}"' in html
    assert said in words(html)
    assert "<title>Error:" in " ".join(html.split())


def test_what_an_authority_set_can_be_asked() -> None:
    before = page("/en/time-limits/MSA-PRESC/", from_="2027-03-05", place="BE")
    assert "no clock runs" in before
    after = page("/en/time-limits/MSA-PRESC/", from_="2027-03-05", place="BE", setting="8 days")
    assert "Due by Monday 15 March 2027, 24:00 Brussels" in after


def test_several_answers_have_titles_that_tell_them_apart() -> None:
    text = page("/en/time-limits/RWT-INC/", from_="2028-03-03", place="BE")
    assert text.index("Report the widespread") < text.index("incident with a death") < text.index("Report the serious")
    html = get("/en/time-limits/DEL-5Y/")
    assert "The delegation began: Thursday 1 August 2024." in words(html)
    assert "The delegation began: Monday 27 July 2026." in words(html)
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("limit", time_limits(), ids=lambda limit: limit.id)
def test_every_limit_has_a_page_that_answers_in_both_languages(limit: TimeLimit) -> None:
    for language in ("en", "fr"):
        get(f"/{language}/time-limits/{limit.id}/")
        html = get(f"/{language}/time-limits/{limit.id}/", from_="2026-12-23T10:20", place="PT")
        assert "public-answer__day" in html
        assert "There is a problem" not in html


def test_what_may_be_extended_says_by_how_much() -> None:
    assert "May be extended 6 months more, once" in page("/en/time-limits/RWT-6M/")
    assert "May be extended 5 years more at a time" in page("/en/time-limits/CERT-I/")


def test_other_spellings_lead_to_the_page_and_what_is_not_there_is_404() -> None:
    response = Client().get("/en/time-limits/inc-15/")
    assert (response.status_code, response["Location"]) == (302, "/en/time-limits/INC-15/")
    get("/en/time-limits/INC-99/", status=404)


def test_pages_may_be_kept_under_an_etag_and_everybody_gets_the_same() -> None:
    response = Client().get("/en/time-limits/")
    assert response["Cache-Control"].startswith("public")
    again = Client().get("/en/time-limits/", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_the_navigation_and_the_sitemap_lead_there() -> None:
    assert 'href="/fr/time-limits/"' in get("/fr/about/")
    assert "/en/time-limits/" in get("/sitemap-pages.xml")
