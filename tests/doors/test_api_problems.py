"""Every error of the API is a problem document, wherever it arises; limits say when to come back; nothing of a fault leaks out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import timezone

from aioffice.doors.api import limits, register
from aioffice.doors.api.limits import Buckets
from aioffice.doors.api.problems import KINDS, Problem
from aioffice.doors.api.reading import json_object
from aioffice.kernel.parties.models import ApiToken, Organisation
from aioffice.kernel.parties.tokens import revoke_token
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.settings import settings
from aioffice.register import public_queries
from tests.support.api import Machine, token_of
from tests.support.parties import acting_for, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Organisation:
    """A provider in Portugal."""
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.mark.parametrize(
    "path",
    ["/", "", "/nothing", "/register", "/register/entries/", "/cases/not-an-id", "/procedures/exempt-registration/fly"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_none_is_404(method: str, path: str) -> None:
    Machine().send(method, path).problem(404, "not-found")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/register/entries"])
def test_other_versions_do_not_exist(path: str) -> None:
    Machine().get(path).problem(404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/register/entries", "GET, HEAD, OPTIONS"),
        ("TRACE", "/act/languages", "GET, HEAD, OPTIONS"),
        ("QUERY", "/cases", "GET, HEAD, OPTIONS"),
        ("GET", "/procedures/exempt-registration/file", "POST, OPTIONS"),
        ("HEAD", "/procedures/exempt-registration/file", "POST, OPTIONS"),
        ("DELETE", "/documents", "POST, OPTIONS"),
    ],
)
def test_another_method_is_405_and_names_the_right_ones(method: str, path: str, allowed: str) -> None:
    answer = Machine().send(method, path)
    assert answer.status == 405
    assert answer.headers["allow"] == allowed
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header",
    ["", "Basic abc", "Bearer", "Bearer ", "Bearer aio_wrong", "Bearer \u00e9\u00e9", "Token aio_x", "Bearer a b c"],
)
def test_without_a_token_in_force_it_is_401(header: str) -> None:
    answer = Machine().get("/cases", **({"Authorization": header} if header else {}))
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_revoked_or_ended_token_is_401(provider: Organisation) -> None:
    administrator = acting_for(provider, roles=[Role.ADMINISTRATOR, Role.READER])
    revoked, ended = Machine(token_of(provider)), Machine(token_of(provider, [Role.READER]))
    assert revoked.get("/me").status == ended.get("/me").status == 200
    from aioffice.kernel.db import plumbing

    with plumbing():
        first = ApiToken.objects.get(roles__len=3)
        ApiToken.objects.filter(roles__len=1).update(expires_at=timezone.now())
    revoke_token(UUID(str(first.pk)), actor=administrator, at=timezone.now())
    revoked.get("/me").problem(401, "token-unknown")
    ended.get("/me").problem(401, "token-unknown")


def test_a_problem_names_its_kind_and_the_kind_explains_itself() -> None:
    problem = Machine().get("/nothing").problem(404, "not-found")
    kind = Machine().get(problem["type"].partition("/api/v1")[2]).json
    assert kind["title"] == problem["title"]
    assert kind["remedy"]
    assert problem["instance"] == "/api/v1/nothing"
    for code in KINDS:
        assert Machine().get(f"/problems/{code}").json["status"] == KINDS[code].status
    Machine().get("/problems/none").problem(404, "not-found")


def test_a_fault_of_ours_tells_nothing_of_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(**_: Any) -> Any:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(register.public, "collections", fall)
    answer = Machine().get("/register/collections")
    answer.problem(500, "internal")
    assert b"secret" not in answer.body
    assert any("api_failed" in record.getMessage() for record in caplog.records)


def test_a_database_that_does_not_answer_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: Any) -> Any:
        raise OperationalError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(public_queries, "entry", gone)
    answer = Machine().get("/register/entries/EU-B-2026-000001")
    answer.problem(503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert b"10.0.0.7" not in answer.body


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three requests a minute for everyone."""
    small = settings().model_copy(update={"api_requests_per_minute_address": 3, "api_requests_per_minute_token": 3})
    monkeypatch.setattr(limits, "settings", lambda: small)
    limits.forget()
    yield
    limits.forget()


@pytest.mark.usefixtures("small_limits")
def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    anyone = Machine()
    assert [anyone.get("/act/languages").status for _ in range(3)] == [200] * 3
    answer = anyone.get("/act/languages")
    answer.problem(429, "too-many-requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 21


@pytest.mark.usefixtures("small_limits")
def test_tokens_are_counted_by_themselves_and_guesses_by_address(provider: Organisation) -> None:
    machine, other = Machine(token_of(provider)), Machine(token_of(provider, [Role.READER]))
    assert [machine.get("/me").status for _ in range(4)] == [200, 200, 200, 429]
    assert other.get("/me").status == 200
    guesses = [Machine(f"aio_{n}").get("/me").status for n in range(4)]
    assert guesses == [401, 401, 401, 429]
    late = Machine("aio_guess").get("/me")
    assert int(late.headers["retry-after"]) >= 1


def test_a_bucket_fills_steadily() -> None:
    buckets = Buckets(per_minute=60)
    assert [buckets.take("a", 100.0) for _ in range(60)] == [0.0] * 60
    assert buckets.take("a", 100.0) == pytest.approx(1.0)
    assert buckets.take("b", 100.0) == 0.0
    assert buckets.take("a", 100.5) == pytest.approx(0.5)
    assert buckets.take("a", 101.5) == 0.0
    assert buckets.take("a", 101.5) > 0


@pytest.mark.parametrize(
    ("proxies", "forwarded", "direct", "counted"),
    [
        (0, "1.1.1.1", "9.9.9.9", "9.9.9.9"),
        (1, "", "9.9.9.9", ""),
        (1, "6.6.6.6, 1.1.1.1", "10.0.0.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.2", "10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.1", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    rf: Any, monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str, direct: str, counted: str
) -> None:
    monkeypatch.setattr(limits, "settings", lambda: settings().model_copy(update={"proxies": proxies}))
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=direct)
    assert limits.address_of(request) == counted


def test_a_crafted_object_is_refused_in_a_moment(rf: RequestFactory) -> None:
    names = ",".join(f'"n{n}":1' for n in range(50_000))
    for body, says in ((f'{{{names},"n0":2}}', "stands twice"), (f"{{{names}}}", "no form asks more than 500")):
        request = rf.post("/api/v1/x", body, content_type="application/json")
        begun = time.process_time()
        with pytest.raises(Problem, match=says):
            json_object(request)
        assert time.process_time() - begun < 2, "quadratic, this took minutes"
