"""Whatever stands in an address, the answer is a page or a refusal, never an error of ours."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.register import public_cursor
from aioffice.register.public_cursor import BadCursor, Cursor
from tests.support.desk import somebody
from tests.support.parties import organisation
from tests.support.published import Union


def cursor(value: Any) -> str:
    """A text that looks like a cursor."""
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


MOMENT = "2026-11-23T10:00:00.000000Z"
CURSORS = [
    "x",
    "é",
    cursor([["newest"], MOMENT, "EU-A-2026-000001", 0, 0]),
    cursor([{}, MOMENT, "EU-A-2026-000001", 0, 0]),
    cursor("[" * 50_000),
    cursor("[" * 2_000),
    cursor(["newest", "yesterday", "EU-A-2026-000001", 0, 0]),
    cursor(["newest", "2026-13-45T10:00:00.000000Z", "EU-A-2026-000001", 0, 0]),
    cursor(["newest", "20261123", "EU-A-2026-000001", 0, 0]),
    cursor(["newest", "٢٠٢٦-11-23", "EU-A-2026-000001", 0, 0]),
    cursor(["newest", MOMENT, 5, 0, 0]),
    cursor(["newest", MOMENT, "EU-A-2026-000001", 2**60, 0]),
    cursor(["newest", MOMENT, "EU-A-2026-000001", -1, 0]),
    cursor(["newest", MOMENT, "EU-A-2026-000001", True, 0]),
    cursor(["newest", MOMENT, "EU-A-2026-000001", 0, []]),
    cursor(["relevance", 2**80, "EU-A-2026-000001", 0, 0]),
    cursor(["relevance", True, "EU-A-2026-000001", 0, 0]),
    cursor(["relevance", 1e400, "EU-A-2026-000001", 0, 0]),
    cursor('["name","\\ud800","EU-A-2026-000001",0,0]'),
    cursor('["name","\\u0000","EU-A-2026-000001",0,0]'),
    cursor('["name","a","\\udfff",0,0]'),
    cursor(["name", "a", "b"]),
    cursor({"order": "name"}),
    cursor(7),
]


@pytest.mark.parametrize("text", CURSORS, ids=range(len(CURSORS)))
def test_a_text_that_is_no_cursor_is_refused_as_one(text: str) -> None:
    with pytest.raises(BadCursor):
        public_cursor.read(text)


@pytest.mark.parametrize("key", [("newest", MOMENT), ("changed", "2026-11-23"), ("relevance", 7), ("name", "é" * 300)])
def test_a_cursor_that_was_written_is_read(key: tuple[str, Any]) -> None:
    made = Cursor(key[0], (key[1], "EU-A-2026-000001"), 20, back=True)
    assert public_cursor.read(made.write()) == made


@pytest.mark.parametrize("text", CURSORS, ids=range(len(CURSORS)))
def test_a_list_with_a_crafted_cursor_is_answered(union_site: Union, text: str) -> None:
    client = Client(raise_request_exception=False)
    for words in ("", "q=text&"):
        assert client.get(f"/en/register/?{words}cursor={text}").status_code < 500
        assert client.get(f"/api/v1/register/entries?{words}cursor={text}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/en/feeds/new.atom?language=%00",
        "/en/feeds/changed.atom?collection=%00",
        "/en/documents/%00/x",
        f"/en/documents/{'a' * 64}/%00.pdf",
        "/en/register/?q=%00",
        "/fr/register/?page=%00",
        "/en/%00/",
        "/en/office/cases/?q=%00",
    ],
)
def test_nul_in_an_address_is_a_page_that_says_so(union_site: Union, path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == 400
    assert b"<h1" in answer.content


@pytest.mark.parametrize("path", ["/api/v1/register/entries?q=%00", "/api/v1/register/entries/%00"])
def test_nul_is_said_by_the_api_in_its_own_way(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code in (400, 404)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("n", [10, 20, 4_000, 5_000])
@pytest.mark.parametrize("path", ["/sitemap-{n}.xml", "/en/register/EU-A-2026-000001/versions/{n}/",
                                  "/en/register/EU-A-2026-000001/versions/{n}/cite.bib",
                                  "/en/register/EU-A-2026-000001/changes/1-{n}/",
                                  "/api/v1/register/entries/EU-A-2026-000001/versions/{n}"])  # fmt: skip
def test_a_number_of_any_length_leads_nowhere(union_site: Union, path: str, n: int) -> None:
    answer = Client(raise_request_exception=False).get(path.format(n="9" * n))
    assert answer.status_code in (400, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01", "x"])
def test_a_crafted_cursor_in_the_office_begins_no_error(moment: str) -> None:
    ana = somebody(organisation("Example (fictional)", Capacity.PROVIDER))
    text = base64.urlsafe_b64encode(f"{moment} 019aaf00-0000-7000-8000-000000000000".encode()).decode().rstrip("=")
    assert ana.see("cases/", after=text).status < 500
