"""Whoever opens what another organisation filed leaves a line in the log of reads, by whatever door; without the line nothing is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.db.models.signals import post_save

import aioffice.doors
from aioffice.kernel.db import acting
from aioffice.kernel.documents.models import Document
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.reading import recording
from aioffice.kernel.reading.models import Reading
from aioffice.kernel.reading.vocabulary import Door, Thing
from tests.support import matrix_api, matrix_pages
from tests.support.matrix import Route, Row, address, every_route
from tests.support.matrix_world import ANONYMOUS, Caller, World, undone
from tests.support.parties import NOW

pytestmark = pytest.mark.usefixtures("quiet")
NOT_SHOWN = {"office_message"}
"""Leads on to the case page, where the read is written down."""


def _opens(row: Row) -> bool:
    about_a_case = {"case_id", "document_id"} & set(row.args)
    return row.method == "GET" and row.ok == 200 and bool(about_a_case and row.may) and row.route not in NOT_SHOWN


PAGES = [row for row in matrix_pages.rows() if _opens(row)]
OPERATIONS = [row for row in matrix_api.rows() if _opens(row)]


@contextmanager
def written_down() -> Iterator[list[Reading]]:
    """The lines written meanwhile."""
    lines: list[Reading] = []

    def note(instance: Reading, **_: object) -> None:
        lines.append(instance)

    post_save.connect(note, sender=Reading)
    try:
        yield lines
    finally:
        post_save.disconnect(note, sender=Reading)


@pytest.fixture(scope="module")
def routes() -> Mapping[str, Route]:
    """Pages by their names, and operations by theirs."""
    found = {route.key: route for route in every_route() if route.operations is None}
    for route in every_route():
        found |= {str(one.operation_id): route for one in (route.operations or {}).values()}
    return found


def _filer(row: Row, world: World) -> UUID:
    with acting(service("publisher"), NOW):
        if "case_id" in row.args:
            return Case.objects.get(pk=world.ids[row.args["case_id"]]).organisation_id
        return Document.objects.get(pk=world.ids[row.args["document_id"]]).organisation_id


def _check(row: Row, path: str, callers: Mapping[str, Caller], world: World, door: Door) -> int:
    filer, strangers = _filer(row, world), 0
    thing = world.ids[row.args.get("case_id") or row.args["document_id"]]
    for name in sorted(row.may & set(callers)):
        caller = callers[name]
        assert caller.actor is not None
        with undone(), written_down() as lines:
            assert caller.ask("GET", path).status == 200
        if caller.actor.organisation == filer:
            assert lines == [], name
            continue
        strangers += 1
        assert len(lines) == 1, name
        (line,) = lines
        assert (line.door, line.organisation_id) == (door, caller.actor.organisation)
        assert thing in {str(line.document), *map(str, line.cases)}
        assert line.rights, "the right under which it was read is named"
        assert line.actor == caller.actor.id or line.actor.startswith("token:")
    return strangers


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_a_page_leaves_a_line_of_strangers_alone(row: Row, world: World, routes: Mapping[str, Route]) -> None:
    _check(row, address(row, world, routes), world.people, world, Door.PAGE)


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.id)
def test_an_operation_leaves_a_line_of_strangers_alone(row: Row, world: World, routes: Mapping[str, Route]) -> None:
    _check(row, address(row, world, routes), world.machines, world, Door.API)


def test_strangers_read_by_every_route_that_was_looked_at(world: World, routes: Mapping[str, Route]) -> None:
    """The tests above would say nothing of a route that its filer alone was sent to."""
    read = set()
    for rows, callers, door in ((PAGES, world.people, Door.PAGE), (OPERATIONS, world.machines, Door.API)):
        for row in rows:
            if row.route not in read and _check(row, address(row, world, routes), callers, world, door):
                read.add(row.route)
    assert read == {row.route for row in (*PAGES, *OPERATIONS)}


def test_lists_pages_of_others_and_refusals_leave_no_line(world: World, routes: Mapping[str, Route]) -> None:
    reader = next(name for name in sorted(world.people) if name.startswith("market_surveillance") and "PT/sign" in name)
    with undone(), written_down() as lines:
        for path in ("/en/office/", "/en/office/cases/", "/en/office/cases.csv", "/en/office/messages/"):
            assert world.people[reader].ask("GET", path).status == 200
        assert world.people[reader].ask("GET", f"/en/office/cases/{world.ids['secure']}/").status == 404
        assert world.people[ANONYMOUS].ask("GET", f"/en/office/cases/{world.ids['public']}/").status == 302
    assert lines == []


def test_what_cannot_be_written_down_is_not_shown(
    world: World, routes: Mapping[str, Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: object) -> None:
        raise RuntimeError("the log of reads cannot be written")

    monkeypatch.setattr(recording.Reading.objects, "create", fails)
    looked = set()
    for rows, callers in ((PAGES, world.people), (OPERATIONS, world.machines)):
        for row in rows:
            filer = _filer(row, world)
            others = [callers[name] for name in sorted(row.may & set(callers)) if _of(callers[name]) != filer]
            if row.route in looked or not others:
                continue
            looked.add(row.route)
            with undone():
                others[0].client.raise_request_exception = False
                answer = others[0].ask("GET", address(row, world, routes))
            assert answer.status == 500, row.id
    assert looked == {row.route for row in (*PAGES, *OPERATIONS)}


def _of(caller: Caller) -> UUID | None:
    return caller.actor.organisation if caller.actor else None


def test_an_answer_to_who_came_too_late_is_a_read(world: World) -> None:
    """412 says what happened to the case since: that is its file."""
    name = next(name for name in sorted(world.machines) if name.startswith("market_surveillance") and "PT/sign" in name)
    path = f"/api/v1/procedures/high-risk-registration/cases/{world.ids['public']}/flag"
    body = b'{"reason": "Looks wrong to us"}'
    with undone(), written_down() as lines:
        answer = world.machines[name].ask("POST", path, body, **{"If-Match": '"1"'})
    assert answer.status == 412, answer.text
    assert [(line.thing, line.door) for line in lines] == [(Thing.CASE, Door.API)]


LISTS_AND_ANSWERS = {
    "api/batching.py": 1,  # the answers to filings one made: the cases as a list shows them
    "api/cases.py": 1,  # the list of cases
    "api/procedures.py": 1,  # the answer to a step one took: the case as a list shows it
    "cli/_acting.py": 1,  # the same
    "cli/case.py": 1,  # the list of cases
    "web/office/erasing.py": 1,  # names of files on a form of a case that the guard has let through
}


def test_no_door_goes_round_the_guard() -> None:
    """Doors take a case from `visible_case` and a document from `open_document`; what asks below them is a list, and is counted here."""
    root = Path(aioffice.doors.__file__).parent
    found: dict[str, int] = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and _goes_round(node):
                name = path.relative_to(root).as_posix()
                found[name] = found.get(name, 0) + 1
    assert found == LISTS_AND_ANSWERS


_MODELS = {"Case", "StepPayload", "Document", "DocumentUse", "Entry", "EntryVersion"}


def _goes_round(node: ast.Attribute) -> bool:
    below = node.value
    of_model = node.attr == "objects" and isinstance(below, ast.Name) and below.id in _MODELS
    return node.attr == "visible_to" or of_model
