"""About every route: what goes with its answer, which connection it uses, and that no form is taken without its token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.db import connections
from django.test import Client

from tests.support import matrix_api, matrix_pages
from tests.support.matrix import Route, Row, address, every_route
from tests.support.matrix_world import ANONYMOUS, FILER, OFFICE_CLEARED, Answer, World, undone

FORM = "application/x-www-form-urlencoded"
OFFICE_ROWS = [row for row in matrix_pages.rows() if row.method == "GET"]
ACCOUNT_ROWS = [row for row in matrix_pages.account_rows() if row.method == "GET"]
PUBLIC_ROWS = list(matrix_pages.public_rows())
PUBLIC_API_ROWS = [row for row in matrix_api.rows() if row.route in matrix_api.PUBLIC]
TOKEN_ROWS = [row for row in matrix_api.rows() if row.route not in {*matrix_api.PUBLIC, *matrix_api.PUBLIC_POSTS}]
POSTED = [row for row in [*matrix_pages.rows(), *matrix_pages.account_rows()] if row.method == "POST"]

USES_THE_OFFICE_CONNECTION = dict.fromkeys(
    ("health", "status", "status_json"), "looks whether both connections answer, and at nothing that anybody filed"
)

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def routes() -> Mapping[str, Route]:
    """Every route: pages by their names, the API's by their operations."""
    found = {}
    for route in every_route():
        names = [str(one.operation_id) for one in route.operations.values()] if route.operations else [route.key]
        found |= dict.fromkeys(names, route)
    return found


def _guarded(answer: Answer, row: Row) -> None:
    """What every answer carries, of whatever status and kind."""
    policy = answer.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, row.id
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, row.id
    assert answer.headers.get("X-Content-Type-Options") == "nosniff", row.id
    assert answer.headers.get("X-Frame-Options") == "DENY", row.id
    assert answer.headers.get("Referrer-Policy") in ("same-origin", "no-referrer"), row.id
    assert answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin", row.id
    assert not {"Server", "X-Powered-By"} & set(answer.headers)


@pytest.mark.parametrize("row", [*OFFICE_ROWS, *ACCOUNT_ROWS], ids=lambda row: row.id)
def test_pages_behind_the_sign_in_are_guarded_and_kept_by_no_cache(
    row: Row, world: World, routes: Mapping[str, Route]
) -> None:
    for name in (ANONYMOUS, f"{FILER}/administrator", f"{OFFICE_CLEARED}/signatory"):
        with undone():
            answer = world.people[name].ask("GET", address(row, world, routes), b"", FORM)
        _guarded(answer, row)
        kept = answer.headers.get("Cache-Control", "")
        assert "no-store" in kept or "private" in kept, (row.id, name, answer.status, kept)
        assert "public" not in kept
        assert "s-maxage" not in kept


@pytest.mark.parametrize("row", [*PUBLIC_ROWS, *PUBLIC_API_ROWS], ids=lambda row: row.id)
def test_public_answers_are_guarded_and_know_no_cookie(row: Row, world: World, routes: Mapping[str, Route]) -> None:
    for name in (ANONYMOUS, f"{FILER}/administrator"):
        caller = world.people[name]
        response = caller.client.get(address(row, world, routes))
        answer = Answer(response.status_code, dict(response.headers.items()), b"".join(response))
        _guarded(answer, row)
        assert not response.cookies, row.id
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "private" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("row", TOKEN_ROWS, ids=lambda row: row.id)
def test_answers_to_machines_are_guarded_and_theirs_alone(row: Row, world: World, routes: Mapping[str, Route]) -> None:
    body, kind = matrix_api.content(row.data)
    for name in (ANONYMOUS, f"{FILER}/signatory"):
        with undone():
            answer = world.machines[name].ask(row.method, address(row, world, routes), body, kind or "application/json")
        _guarded(answer, row)
        kept = answer.headers.get("Cache-Control", "")
        assert "private" in kept or "no-store" in kept
        assert "Authorization" in answer.headers["Vary"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Set-Cookie" not in answer.headers


class _OfficeAsked(AssertionError):
    """A public route asked the application's connection."""


@contextmanager
def _office_closed() -> Iterator[None]:
    """Let any use of the application's connection raise, were it only to open it."""

    def refuse(*_args: object, **_words: object) -> None:
        raise _OfficeAsked("a public route asked the connection `default`")

    office = connections["default"]
    office.close()
    kept = {name: getattr(office, name) for name in ("cursor", "chunked_cursor", "connect")}
    for name in kept:
        setattr(office, name, refuse)
    try:
        yield
    finally:
        for name, method in kept.items():
            setattr(office, name, method)


@pytest.mark.parametrize("row", [*PUBLIC_ROWS, *PUBLIC_API_ROWS], ids=lambda row: row.id)
def test_public_routes_reach_the_connection_of_the_site_alone(
    row: Row, world: World, routes: Mapping[str, Route]
) -> None:
    """Whoever asks: with a cookie and a token that mean somebody too."""
    caller = world.people[f"{OFFICE_CLEARED}/administrator"]
    token = f"Bearer {world.machines[f'{FILER}/signatory'].token}"
    if row.route in USES_THE_OFFICE_CONNECTION:
        with pytest.raises(_OfficeAsked), _office_closed():
            caller.client.get(address(row, world, routes)).close()
        return
    with _office_closed():
        for method in ("get", "head"):
            response = getattr(caller.client, method)(address(row, world, routes), headers={"Authorization": token})
            response.close()
            assert response.status_code in (row.otherwise, row.ok), row.id


@pytest.mark.parametrize("path", ["/en/no-such-page/", "/api/v1/no-such-noun", "/en/register/?page=1&sort=x", "/xx/"])
def test_what_is_not_there_is_guarded_too(path: str, world: World) -> None:
    with _office_closed():
        answer = world.people[ANONYMOUS].ask("GET", path, b"", FORM)
    _guarded(answer, Row("GET", path, frozenset()))
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("row", POSTED, ids=lambda row: row.id)
def test_no_form_is_taken_without_its_token(row: Row, world: World, routes: Mapping[str, Route]) -> None:
    """403, or back to the form with what was typed; in either case nothing was done."""
    signed_in = world.people[f"{FILER}/administrator"].client
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["aioffice_session"] = signed_in.cookies["aioffice_session"].value
    path = address(row, world, routes)
    with undone(), _no_write():
        response = strict.post(
            path, {"roles": "administrator", "name": "x"}, content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code == 403 or (response.status_code == 302 and response["Location"] == path), row.id
        # A token in the address, of another session, or from another site counts for nothing.
        strict.cookies["aioffice_csrf"] = "a" * 32
        forged = strict.post(f"{path}?csrfmiddlewaretoken={'a' * 32}", {"csrfmiddlewaretoken": "b" * 32})
        assert forged.status_code in (302, 403)
        cross = strict.post(path, {"csrfmiddlewaretoken": "a" * 32}, headers={"Origin": "https://evil.test"})
        assert cross.status_code in (302, 403)


_READS = re.compile(r"^(select|savepoint|release|rollback|begin|set)\b", re.IGNORECASE)
_KEEPS = re.compile(r'"django_session"', re.IGNORECASE)


@contextmanager
def _no_write() -> Iterator[None]:
    """Fail when anything but a session is written."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connections["default"]) as captured:
        yield
    written = [q["sql"][:200] for q in captured if not _READS.match(q["sql"].strip()) and not _KEEPS.search(q["sql"])]
    assert written == []


def test_every_form_page_carries_the_token(world: World, routes: Mapping[str, Route]) -> None:
    seen = 0
    for row in [row for row in OFFICE_ROWS if row.route in {posted.route for posted in POSTED}]:
        for name in sorted(row.may)[:1]:
            with undone():
                answer = world.people[name].ask("GET", address(row, world, routes), b"", FORM)
            forms = re.findall(
                r"<form\b[^>]*method=\"post\".*?</form>", answer.body.decode(), re.DOTALL | re.IGNORECASE
            )
            assert all("csrfmiddlewaretoken" in form for form in forms), row.id
            seen += len(forms)
    assert seen > 20


def test_routes_of_the_api_say_which_ask_for_a_token(routes: Mapping[str, Route]) -> None:
    """Every operation that writes or reads cases is bound to a token; the public ones are the listed ones."""
    public = {
        str(one.operation_id)
        for route in every_route()
        if route.operations
        for one in route.operations.values()
        if not one.auth_callbacks
    }
    assert public == {*matrix_api.PUBLIC, *matrix_api.PUBLIC_POSTS}
