"""Reading the public register by API: no token, any origin, nothing of the secure section, and never the office's own connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from tests.support.api import Machine, publish, token_of
from tests.support.filings import section_b, secure_a
from tests.support.parties import organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day")]
NUMBER = "EU-B-2026-000001"
PUBLIC = [
    "/register/entries",
    "/register/entries?q=essay",
    f"/register/entries/{NUMBER}",
    f"/register/entries/{NUMBER}/versions",
    f"/register/entries/{NUMBER}/versions/1",
    f"/register/entries/{NUMBER}/versions/1/diff/2",
    "/register/facets",
    "/register/collections",
    "/register/fields",
    "/act/annex-iii",
    "/act/member-states",
    "/act/languages",
    "/problems/invalid",
    "/openapi.json",
]


@contextmanager
def office_connection_untouched() -> Iterator[None]:
    """Fails on any query over the connection `default`."""

    def refuse(*_: Any) -> Any:
        raise AssertionError("a public address asked the office's connection")

    with connections["default"].execute_wrapper(refuse):
        yield


@pytest.fixture
def provider() -> Organisation:
    """A provider in Portugal."""
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def register(provider: Organisation) -> Machine:
    """An anonymous caller, and a register with one entry in two versions."""
    machine = Machine(token_of(provider))
    filed = machine.post("/procedures/exempt-registration/file", section_b())
    url = filed.json["case"]["id"]
    change = {"valid_from": "2026-11-20", "reason": "Renamed."}
    updated = machine.post(
        f"/procedures/exempt-registration/cases/{url}/update",
        section_b(trade_name="Essay Formatter Plus", change=change),
        If_Match='"1"',
    )
    assert updated.status == 200, updated.body
    publish()
    return Machine()


@pytest.mark.parametrize("path", PUBLIC)
def test_public_reads_are_cacheable_and_open_to_any_origin(register: Machine, path: str) -> None:
    with office_connection_untouched():
        first = register.get(path)
        assert first.status == 200, first.body
        tag = first.headers["etag"]
        again = register.get(path, If_None_Match=tag)
        weak = register.get(path, If_None_Match=f'"other", W/{tag}')
        other = register.get(path, If_None_Match='"other"')
        head = register.send("HEAD", path)
    assert first.headers["cache-control"].startswith("public")
    assert first.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in first.headers
    assert "set-cookie" not in first.headers
    assert "vary" not in first.headers
    for unchanged in (again, weak):
        assert unchanged.status == 304
        assert unchanged.body == b""
        assert unchanged.headers["etag"] == tag
    assert other.status == 200
    assert head.status == 200
    assert head.body == b""
    assert head.headers["content-length"] == str(len(first.body))
    assert head.headers["etag"] == tag


def test_a_browser_may_ask_beforehand(register: Machine) -> None:
    asked = register.send(
        "OPTIONS",
        "/register/entries",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="if-none-match",
    )
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "If-None-Match" in asked.headers["access-control-allow-headers"]


def test_what_needs_a_token_is_closed_to_other_origins(provider: Organisation) -> None:
    machine = Machine(token_of(provider))
    for path in ("/cases", "/me"):
        answer = machine.get(path, Origin="https://elsewhere.test")
        assert answer.status == 200
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-cache"
        assert "Authorization" in answer.headers["vary"]


def test_a_search_says_what_it_found(register: Machine) -> None:
    found = register.get("/register/entries?q=essays&section=B&seat=PT").json
    assert found["complete"] is True
    assert found["next"] is None
    assert found["total"] == {"count": 1, "exact": True}
    (entry,) = found["items"]
    assert entry["number"] == NUMBER
    assert entry["name"] == "Essay Formatter Plus"
    assert entry["version"] == 2
    assert entry["url"].endswith(f"/api/v1/register/entries/{NUMBER}")
    assert register.get("/register/entries?section=A").json["items"] == []


def test_versions_differences_and_days(register: Machine) -> None:
    listed = register.get(f"/register/entries/{NUMBER}/versions").json
    assert [item["version"] for item in listed["items"]] == [2, 1]
    assert listed["items"][0]["reason"] == "Renamed."
    assert register.get(f"/register/entries/{NUMBER}/versions/1").json["fields"]["trade_name"] == "Essay Formatter"
    changes = register.get(f"/register/entries/{NUMBER}/versions/1/diff/2").json["changes"]
    assert [change["pointer"] for change in changes] == ["/fields/trade_name"]
    assert changes[0]["after"] == "Essay Formatter Plus"
    register.get(f"/register/entries/{NUMBER}?on=2024-09-01").problem(404, "not-found")
    assert register.get("/register/entries?on=2024-09-01").json["items"] == []
    known = register.get(f"/register/entries/{NUMBER}?known=2100-01-01T00:00:00Z").json
    assert known["version"] == 2
    register.get(f"/register/entries/{NUMBER}/versions/99999999999").problem(404, "not-found")


def test_counts_beside_the_filters(register: Machine) -> None:
    facets = {facet["name"]: facet for facet in register.get("/register/facets?q=essay").json["facets"]}
    assert facets["section"]["values"] == [{"value": "B", "count": 1, "chosen": False}]
    assert facets["seat"]["values"] == [{"value": "PT", "count": 1, "chosen": False}]
    assert facets["area"]["values"][0]["value"] == "education"


def test_the_fields_of_annex_viii_carry_their_dates(register: Machine) -> None:
    def points(path: str) -> set[str]:
        return {field["point"] for field in register.get(path).json["items"]}

    today, before = points("/register/fields?section=B"), points("/register/fields?section=B&on=2026-05-01")
    assert "B.9" not in today
    assert before - today == {"B.7", "B.9"}
    gone = next(
        field
        for field in register.get("/register/fields?section=B&on=2026-05-01").json["items"]
        if field["point"] == "B.9"
    )
    assert gone["in_the_text_until"] == "2026-07-26"


def test_annex_iii_says_where_a_system_is_registered(register: Machine) -> None:
    points = {item["point"]: item for item in register.get("/act/annex-iii").json["items"]}
    assert points["2"]["registered"]["other"] == "national"
    assert points["1(a)"]["registered"] == {
        "law_enforcement": "secure",
        "migration_asylum_border": "secure",
        "other": "public",
    }
    assert points["4(a)"]["title"].keys() == {"en", "fr"}
    assert len(register.get("/act/member-states").json["items"]) == 27
    assert len(register.get("/act/languages").json["items"]) == 24


def test_a_secure_registration_shows_nowhere(provider: Organisation) -> None:
    machine, anyone = Machine(token_of(provider)), Machine()
    filed = machine.post("/procedures/high-risk-registration/file", secure_a())
    assert filed.status == 201, filed.body
    number = filed.json["case"]["number"]
    assert filed.json["case"]["links"]["entry"] is None
    publish()
    assert anyone.get("/register/entries?q=zephyrine").json["total"]["count"] == 0
    hidden = anyone.get(f"/register/entries/{number}").problem(404, "not-found")
    nothing = anyone.get("/register/entries/EU-A-S-AAAAAAAAAAAA").problem(404, "not-found")
    assert hidden["detail"] == nothing["detail"]
    for path in (f"/register/entries/{number}/versions", f"/register/entries/{number}/versions/1"):
        anyone.get(path).problem(404, "not-found")
    assert b"Zephyrine" not in b"".join(anyone.get(path).body for path in ("/register/facets", "/register/collections"))


def test_only_documents_that_a_public_entry_shows_are_served(provider: Organisation) -> None:
    from tests.support.filings import PDF

    machine = Machine(token_of(provider))
    digest = machine.upload("private.pdf", PDF).json["sha256"]
    Machine().get(f"/register/documents/{digest}").problem(404, "not-found")
    Machine().get("/register/documents/../../etc/passwd").problem(404, "not-found")
    Machine().get(f"/register/documents/{digest.upper()}").problem(404, "not-found")


def test_the_reference_collection_is_never_mixed_in(register: Machine) -> None:
    collections = {item["code"]: item for item in register.get("/register/collections").json["items"]}
    assert collections["eu"]["article_49"] is True
    assert register.get("/register/entries?collection=nl-algorithm-register").json["total"] == {
        "count": 0,
        "exact": True,
    }
