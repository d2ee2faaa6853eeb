"""The permission matrix: every route and method, as every kind of caller, with the status that each gets.

A route that stands in no row fails, and so does a row without a route. Every cell is a real request through the whole middleware on a
prepared Union, and is taken back afterwards. While at it, no answer to a caller who may not read the secure section holds any of its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from tests.support import matrix_api, matrix_pages
from tests.support.matrix import SECURE_READERS, Route, Row, address, every_route
from tests.support.matrix_pages import ACCOUNT_CALLERS, PUBLIC_CALLERS
from tests.support.matrix_world import ANONYMOUS, Answer, Caller, World, undone

FORM = "application/x-www-form-urlencoded"
API_ROWS = list(matrix_api.rows())
OFFICE_ROWS = list(matrix_pages.rows())
ACCOUNT_ROWS = list(matrix_pages.account_rows())
PUBLIC_ROWS = [*matrix_pages.public_rows(), *matrix_pages.public_taking_rows()]
PAGE_ROWS = [*OFFICE_ROWS, *ACCOUNT_ROWS, *PUBLIC_ROWS]


pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def operations() -> Mapping[str, Route]:
    """The routes of the API by the names of their operations."""
    return {
        str(operation.operation_id): route
        for route in every_route()
        if route.operations
        for operation in route.operations.values()
    }


@pytest.fixture(scope="module")
def pages() -> Mapping[str, Route]:
    """All other routes by their names."""
    return {route.key: route for route in every_route() if route.operations is None}


def leaks(answer: Answer, caller: Caller, world: World, path: str) -> list[str]:
    """Names of the secure section's words that an answer gives to somebody who must not read them."""
    if caller.name in SECURE_READERS:
        return []
    return [name for name, mark in world.marks.items() if mark not in path and mark in answer.text]


def run(row: Row, path: str, callers: Mapping[str, Caller], world: World) -> None:
    """Ask as each caller, and compare."""
    if row.data is None or isinstance(row.data, tuple) or row in API_ROWS:
        body, media_type = matrix_api.content(row.data)
    else:
        body = urlencode({name: world.ids.get(value, value) for name, value in row.data.items()}).encode()
        media_type = FORM
    headers = {"If-Match": "*"} if row.method == "POST" else {}
    found, leaked = {}, {}
    for name, caller in callers.items():
        with undone():
            answer = caller.ask(row.method, path, body, media_type or FORM, **headers)
        found[name] = answer.status
        if words := leaks(answer, caller, world, path):
            leaked[name] = words
    assert found == {name: row.expected(name) for name in callers}
    assert leaked == {}


def test_every_operation_of_the_api_stands_in_the_matrix(operations: Mapping[str, Route]) -> None:
    methods = {(row.method, row.route) for row in API_ROWS}
    assert methods == {
        (method, str(one.operation_id))
        for route in operations.values()
        for method, one in (route.operations or {}).items()
    }


def test_every_page_stands_in_the_matrix(pages: Mapping[str, Route]) -> None:
    assert {row.route for row in PAGE_ROWS} == set(pages)
    assert len(pages) == len([route for route in every_route() if route.operations is None]), "two routes of one name"


@pytest.mark.parametrize("row", API_ROWS, ids=lambda row: row.id)
def test_an_operation_answers_each_caller_as_the_matrix_says(
    row: Row, world: World, operations: Mapping[str, Route]
) -> None:
    names = row.callers(world.machines, API_ROWS.index(row))
    run(row, address(row, world, operations), {name: world.machines[name] for name in names}, world)


@pytest.mark.parametrize("row", OFFICE_ROWS, ids=lambda row: row.id)
def test_a_page_of_the_office_answers_each_caller_as_the_matrix_says(
    row: Row, world: World, pages: Mapping[str, Route]
) -> None:
    names = row.callers(world.people, OFFICE_ROWS.index(row))
    run(row, address(row, world, pages), {name: world.people[name] for name in names}, world)


@pytest.mark.parametrize("row", ACCOUNT_ROWS, ids=lambda row: row.id)
def test_a_page_of_the_account_answers_whoever_it_is(row: Row, world: World, pages: Mapping[str, Route]) -> None:
    run(row, address(row, world, pages), {name: world.people[name] for name in ACCOUNT_CALLERS}, world)


@pytest.mark.parametrize("row", PUBLIC_ROWS, ids=lambda row: row.id)
def test_a_public_page_answers_everybody_alike(row: Row, world: World, pages: Mapping[str, Route]) -> None:
    run(row, address(row, world, pages), {name: world.people[name] for name in PUBLIC_CALLERS}, world)


@pytest.mark.parametrize("row", [row for row in PAGE_ROWS if row.method == "GET"], ids=lambda row: row.id)
def test_french_pages_answer_as_the_english_ones(row: Row, world: World, pages: Mapping[str, Route]) -> None:
    path = address(row, world, pages, "fr")
    names = {ANONYMOUS, "ended", *sorted(row.may)[:1], *sorted(row.sees - row.may)[:1]}
    run(row, path, {name: world.people[name] for name in sorted(names)}, world)


# Account pages are the library's: it takes PUT for POST, under the same check of the form's token. Nowhere has no method at all.
STRANGE = ("PUT", "PATCH", "DELETE", "TRACE")


@pytest.mark.parametrize(
    "key", sorted({row.route for row in [*OFFICE_ROWS, *PUBLIC_ROWS] if row.otherwise != 404 or row.may})
)
def test_a_page_takes_no_method_that_stands_in_no_row(key: str, world: World, pages: Mapping[str, Route]) -> None:
    rows = [row for row in PAGE_ROWS if row.route == key]
    known = {row.method for row in rows}
    path = address(rows[0], world, pages)
    for name in (ANONYMOUS, "filer/signatory", "cleared ai_office/administrator"):
        for method in sorted({"GET", "POST", *STRANGE} - known):
            with undone():
                answer = world.people[name].ask(method, path, b"", FORM)
            # Nobody signed in may be sent to sign in first.
            assert answer.status in ({405, 302} if pages[key].office and name == ANONYMOUS else {405}), (method, name)


def test_an_operation_takes_no_method_that_stands_in_no_row(world: World, operations: Mapping[str, Route]) -> None:
    for row in {row.route: row for row in API_ROWS}.values():
        path = address(row, world, operations)
        for method in sorted({"GET", "POST", *STRANGE} - set(operations[row.route].operations or {})):
            answer = world.machines["filer/signatory"].ask(method, path)
            assert answer.status == 405, (method, row.id)
            assert "Allow" in answer.headers
