"""What the API does not understand it refuses, and says what would be right: nothing is passed over or cut short in silence."""

from __future__ import annotations

from typing import Any

import pytest

from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from tests.support.api import Machine, token_of
from tests.support.filings import section_b
from tests.support.parties import organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_day")]
FILE = "/procedures/exempt-registration/file"


@pytest.fixture
def provider() -> Organisation:
    """A provider in Portugal."""
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def machine(provider: Organisation) -> Machine:
    """The provider's machine."""
    return Machine(token_of(provider))


@pytest.mark.parametrize(
    ("query", "code", "parameter", "hint"),
    [
        ("sectoin=A", "unknown-parameter", "sectoin", "Did you mean section?"),
        ("page=2", "unknown-parameter", "page", "Known: "),
        ("q=a&q=b", "bad-parameter", "q", "once"),
        ("limit=0", "bad-parameter", "limit", "greater than or equal to 1"),
        ("limit=101", "bad-parameter", "limit", "100"),
        ("limit=many", "bad-parameter", "limit", "integer"),
        ("member_state=EL", "bad-parameter", "member_state", "GR"),
        ("member_state=PT&member_state=XX", "bad-parameter", "member_state", "XX"),
        ("area=employement", "bad-parameter", "area", "employment"),
        ("annex_iii_point=4a", "bad-parameter", "annex_iii_point", "4(a)"),
        ("status=on_market", "bad-parameter", "status", "on_market_or_in_service"),
        ("filing_status=curent", "bad-parameter", "filing_status", "current"),
        ("collection=nl", "bad-parameter", "collection", "nl-algorithm-register"),
        ("language=english", "bad-parameter", "language", "en"),
        ("sort=date", "bad-parameter", "sort", "newest"),
        ("on=13-05-2026", "bad-parameter", "on", "2026-05-13"),
        ("on=9999-12-31", "bad-parameter", "on", "2026-05-13"),
        ("known=yesterday", "bad-parameter", "known", "2026-05-13"),
        ("known=1700000000", "bad-parameter", "known", "2026-05-13"),
        ("q=a%00b", "bad-parameter", "q", "NUL"),
        ("cursor=abc", "bad-cursor", "cursor", "Begin again"),
        (f"q={'a' * 501}", "bad-parameter", "q", "500"),
    ],
)
def test_a_parameter_without_meaning_is_400(query: str, code: str, parameter: str, hint: str) -> None:
    problem = Machine().get(f"/register/entries?{query}").problem(400, code)
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert hint in error["message"]


@pytest.mark.parametrize(
    "path", ["/act/languages?x=1", "/register/collections?x=1", "/problems/invalid?x=1", "/openapi.json?x=1"]
)
def test_addresses_without_parameters_take_none(path: str) -> None:
    assert "Known: none" in Machine().get(path).problem(400, "unknown-parameter")["detail"]


def test_operations_with_a_token_are_as_strict(machine: Machine) -> None:
    machine.get("/me?x=1").problem(400, "unknown-parameter")
    machine.get("/cases?states=registered").problem(400, "unknown-parameter")
    machine.get("/cases?procedure=exempt").problem(400, "bad-parameter")
    machine.get("/cases?updated_since=2026-11-01").problem(400, "bad-parameter")
    machine.post(f"{FILE}?dry=1", section_b()).problem(400, "unknown-parameter")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b" ", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a": NaN}', "NaN"),
        (b"[]", "a JSON object"),
        (b'"text"', "a JSON object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_a_body_that_is_no_json_object_is_400(machine: Machine, body: bytes, says: str) -> None:
    problem = machine.post(FILE, body, Content_Type="application/json").problem(400, "malformed-json")
    assert says in problem["detail"]


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"Content_Type": "text/plain"}, "application/json"),
        ({"Content_Type": "application/json; charset=latin-1"}, "UTF-8"),
        ({"Content_Type": "application/x-www-form-urlencoded"}, "application/json"),
        ({"Content_Encoding": "gzip"}, "uncompressed"),
    ],
)
def test_another_media_type_is_415(machine: Machine, headers: dict[str, str], says: str) -> None:
    assert says in machine.post(FILE, section_b(), **headers).problem(415, "unsupported-media-type")["detail"]


def test_a_charset_that_is_utf_8_is_welcome(machine: Machine) -> None:
    assert machine.post(FILE, section_b(), Content_Type="Application/JSON; charset=UTF-8").status == 201


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"colour": "red"}, "/colour", "extra_forbidden"),
        ({"provider": {**section_b()["provider"], "fax": "1"}}, "/provider/fax", "extra_forbidden"),
        ({"trade_name": None}, "/trade_name", "string_type"),
        ({"trade_name": "  "}, "/trade_name", "string_too_short"),
        ({"trade_name": 1.5}, "/trade_name", "fraction"),
        ({"trade_name": "a\0b"}, "/trade_name", "not-text"),
        ({"trade_name": "\ud83d"}, "/trade_name", "not-text"),
        ({"conditions": ["a", "x"]}, "/conditions/1", "value_error"),
        ({"routing": {**section_b()["routing"], "annex_iii_point": "2"}}, "/routing/annex_iii_point", "route"),
    ],
)
def test_a_field_that_does_not_fit_is_422_with_its_pointer(
    machine: Machine, changes: dict[str, Any], pointer: str, code: str
) -> None:
    problem = machine.post(FILE, section_b(**changes)).problem(422, "invalid")
    found = {error["pointer"]: error["code"] for error in problem["errors"]}
    assert found == {pointer: code}
    assert all(error["message"] for error in problem["errors"])


def test_every_missing_field_is_named_at_once(machine: Machine) -> None:
    problem = machine.post(FILE, {}).problem(422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {
        "/routing",
        "/provider",
        "/trade_name",
        "/intended_purpose",
        "/status",
    }


def test_messages_come_in_the_language_asked_for(machine: Machine) -> None:
    english = machine.post(FILE, {})
    french = machine.post(FILE, {}, Accept_Language="fr-BE, en;q=0.5")
    assert english.headers["content-language"] == "en"
    assert french.headers["content-language"] == "fr"
    assert "Accept-Language" in french.headers["vary"]


def test_a_body_that_is_too_large_is_413(machine: Machine, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    machine.post(FILE, section_b(intended_purpose="a" * 2000)).problem(413, "too-large")


@pytest.mark.parametrize(
    ("headers", "parameter"),
    [({"Idempotency_Key": ""}, "Idempotency-Key"), ({"Idempotency_Key": "k" * 201}, "Idempotency-Key")],
)
def test_a_header_without_meaning_is_400(machine: Machine, headers: dict[str, str], parameter: str) -> None:
    problem = machine.post(FILE, section_b(), **headers).problem(400, "bad-parameter")
    assert problem["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("took_place_at=2026-11-20T10:00:00Z", "evidence"),
        ("took_place_at=2026-11-20&evidence=letter", "took_place_at"),
        ("took_place_at=2026-11-20T10:00:00&evidence=letter", "took_place_at"),
        ("took_place_at=1999-01-01T00:00:00Z&evidence=letter", "took_place_at"),
        ("took_place_at=2999-01-01T00:00:00Z&evidence=letter", "took_place_at"),
        ("took_place_at=0001-01-01T00:00:00%2B14:00&evidence=letter", "took_place_at"),
        (f"evidence={'e' * 301}", "evidence"),
    ],
)
def test_when_a_step_took_place_needs_offset_and_evidence(machine: Machine, query: str, parameter: str) -> None:
    problem = machine.post(f"{FILE}?{query}", section_b()).problem(400, "bad-parameter")
    assert problem["errors"][0]["parameter"] == parameter


EARLIER = "took_place_at=2026-11-20T10:00:00Z&evidence=Letter%20of%2020%20November"


def test_no_operator_dates_its_filing_back(machine: Machine) -> None:
    problem = machine.post(f"{FILE}?{EARLIER}", section_b()).problem(422, "invalid")
    assert problem["errors"][0]["code"] == "took-place-earlier"


def test_a_step_that_an_authority_says_took_place_earlier_keeps_both_times(machine: Machine) -> None:
    report = "/procedures/impersonation-report/report"
    machine.post(FILE, section_b())
    authority = Machine(token_of(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY)))
    data = {"filer": "Example Systems", "reasons": "Its name is another's."}
    record = authority.post(f"{report}?{EARLIER}", data).json["record"]
    assert record["took_place_at"] == "2026-11-20T10:00:00Z"
    assert record["recorded_at"] > "2026-11-23"
    assert record["evidence"] == "Letter of 20 November"


def test_uploads_take_one_file_and_nothing_else(machine: Machine) -> None:
    form = "multipart/form-data; boundary=part"

    def part(name: str, filename: str = "") -> bytes:
        named = f'; filename="{filename}"' if filename else ""
        return f'--part\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n%PDF-1.4\r\n'.encode()

    end = b"--part--\r\n"
    send = lambda body: machine.post("/documents", body, Content_Type=form)  # noqa: E731
    assert send(end).problem(422, "invalid")["errors"][0]["pointer"] == "/file"
    assert send(part("file") + end).problem(422, "invalid")["errors"][0]["pointer"] == "/file"
    assert send(part("file", "a.pdf") + part("note") + end).problem(422, "invalid")["errors"][0]["pointer"] == "/note"
    assert send(part("file", "a.pdf") + part("file", "b.pdf") + end).problem(422, "invalid")
    assert send(part("file", "a.exe") + end).problem(422, "invalid")
    machine.post("/documents", {"file": "x"}).problem(415, "unsupported-media-type")
    machine.post("/documents", b"junk", Content_Type="multipart/form-data").problem(400, "bad-request")
