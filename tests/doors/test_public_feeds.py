"""Feeds, sitemaps, robots.txt and OpenSearch: well formed, complete, without anything that is not public."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.support.published import Union

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def fetch(path: str) -> tuple[str, ET.Element]:
    response = Client().get(path)
    assert response.status_code == 200
    return response.headers["Content-Type"], ET.fromstring(response.content)


def texts(root: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in root.findall(path, ATOM)]


def test_new_entries_newest_first(union_site: Union) -> None:
    kind, feed = fetch("/en/feeds/new.atom")
    assert kind == "application/atom+xml; charset=utf-8"
    shown = [identity.removeprefix("urn:aioffice:register:") for identity in texts(feed, "a:entry/a:id")]
    assert sorted(shown) == sorted(union_site.numbers[name] for name in ("ranker", "orientation", "formatter", "use"))
    assert shown[-1] == union_site.numbers["ranker"], "it was registered first"
    assert texts(feed, "a:updated") == ["2026-11-23T10:00:00Z"]
    assert len(texts(feed, "a:id")) == len(texts(feed, "a:title")) == 1
    link = feed.find("a:entry/a:link", ATOM)
    assert link is not None
    assert link.get("href") == f"http://localhost:8000/en/register/{shown[0]}/"


def test_a_feed_can_be_narrowed_to_a_language_of_texts(union_site: Union) -> None:
    _kind, feed = fetch("/fr/feeds/new.atom?language=fr")
    (entry,) = feed.findall("a:entry", ATOM)
    assert texts(entry, "a:title") == [f"Orientation Plus ({union_site.numbers['orientation']})"]
    summary = entry.find("a:summary", ATOM)
    assert summary is not None
    assert summary.get(LANG) == "fr"
    assert "établissements" in (summary.text or "")


def test_changes_name_the_version_and_why(union_site: Union) -> None:
    _kind, feed = fetch("/en/feeds/changed.atom")
    (entry,) = feed.findall("a:entry", ATOM)
    assert texts(entry, "a:id") == [f"urn:aioffice:register:{union_site.numbers['ranker']}:2"]
    assert texts(entry, "a:summary") == ["A longer purpose and one more Member State."]
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert (link.get("href") or "").endswith("/versions/2/")


def test_an_unknown_collection_is_not_found(union_site: Union) -> None:
    assert Client().get("/en/feeds/new.atom?collection=secure").status_code == 404


def test_sitemaps_lead_to_every_entry_in_every_language(union_site: Union) -> None:
    _kind, index = fetch("/sitemap.xml")
    maps = [found.text or "" for found in index.findall("m:sitemap/m:loc", MAP)]
    assert maps == ["http://localhost:8000/sitemap-pages.xml", "http://localhost:8000/sitemap-0.xml"]
    addresses = set()
    for address in maps:
        _kind, root = fetch(address.removeprefix("http://localhost:8000"))
        for url in root.findall("m:url", MAP):
            addresses.add(url.findtext("m:loc", "", MAP).removeprefix("http://localhost:8000"))
            assert {link.get("hreflang") for link in url.findall("x:link", MAP)} == {"en", "fr"}
    for name in ("ranker", "orientation", "formatter", "use"):
        assert {f"/en/register/{union_site.numbers[name]}/", f"/fr/register/{union_site.numbers[name]}/"} <= addresses
    assert not any(union_site.numbers["secure"] in address for address in addresses)
    assert all(Client().get(address).status_code == 200 for address in addresses)
    assert Client().get("/sitemap-7.xml").status_code == 404


def test_robots_may_read_entries_but_not_the_office(union_site: Union) -> None:
    response = Client().get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert "Disallow: /en/office/" in lines
    assert "Disallow: /fr/account/" in lines
    assert "Sitemap: http://localhost:8000/sitemap.xml" in lines


def test_a_browser_can_search_from_its_address_bar(union_site: Union) -> None:
    _kind, root = fetch("/fr/opensearch.xml")
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.get("template") == "http://localhost:8000/fr/register/?q={searchTerms}"


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\ufffe", "\ud800"])
def test_signs_that_xml_cannot_hold_are_left_out(sign: str) -> None:
    from aioffice.doors.feeds import _clean

    ET.fromstring(f"<a>{_clean('left' + sign + 'right 🙂')}</a>".encode("utf-8", "surrogatepass"))
