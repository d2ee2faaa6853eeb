"""The API held against its own OpenAPI document by schemathesis: every operation answers its example with a 2xx, and whatever else is
sent, as provider, authority or nobody, leads to no server error and to no answer that is not in the document."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import schemathesis
import time_machine
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from aioffice.doors.api import limits
from aioffice.doors.api.batch import NDJSON
from aioffice.doors.api.documenting import document
from aioffice.doors.api.formschema import offered_steps
from aioffice.doors.api.v1 import api
from aioffice.doors.wsgi import application
from aioffice.kernel.settings import settings as office_settings
from tests.support.api_world import ApiWorld, build, undone, undone_within
from tests.support.parties import NOW
from tests.support.published import committed
from tests.support.webhooks import Machine as Outside
from tests.support.webhooks import through
from tests.support.wsgi import session

SEED = 20261123
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ACTORS = ("provider", "authority", "anonymous")
STEPS = {step.key: step for step in offered_steps()}
JSON = "application/json"


@schemathesis.serializer(NDJSON)
def lines(_context: Any, value: Any) -> bytes:
    """A body of lines, of which each is what the document describes."""
    return json.dumps(value).encode() + b"\n"


def _document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(document(api)[0])
    return read


SCHEMA = schemathesis.openapi.from_dict(_document())
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ApiWorld]:
    """The prepared Union, on one day, without limits, with a seal service."""
    changed = {
        "api_requests_per_minute_address": 10_000_000,
        "api_requests_per_minute_token": 10_000_000,
        "seal_adapter": "tests.support.api_world.SealOfApplicant",
    }
    roomy = office_settings().model_copy(update=changed)
    with (
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(NOW, tick=True),
        committed(django_db_blocker),
        through(Outside()),
    ):
        patch.setattr(limits, "settings", lambda: roomy)
        patch.setattr("aioffice.desks.admission.ports.settings", lambda: roomy)
        limits.forget()
        yield build()
    limits.forget()


@pytest.fixture(scope="module")
def wire() -> requests.Session:
    """The way to the application."""
    return session(application)


def send(wire: requests.Session, case: schemathesis.Case, token: str) -> requests.Response:
    """Send a case and hold the answer against the document."""
    if token:
        # What was made up for nobody stays: it is no token of ours.
        case.headers["Authorization"] = f"Bearer {token}"
    response = case.call(base_url="http://localhost", session=wire)
    case.validate_response(response, checks=CHECKS)
    return response


def token_of(world: ApiWorld, actor: str) -> str:
    """The token of an actor, empty for nobody."""
    return "" if actor == "anonymous" else world.machines[actor].secret


def known_path(world: ApiWorld, operation: Any, case_id: str = "") -> dict[str, Any]:
    """Path parameters that lead to something."""
    known = {**world.known, **({"case_id": case_id} if case_id else {})}
    names = [one["name"] for one in operation.definition.raw.get("parameters", ()) if one["in"] == "path"]
    return {name: known[name] for name in names}


ASKED_BY = {"list_reads": "auditor"}
"""Who asks for what a provider's token does not open."""


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_answers_its_example(name: str, world: ApiWorld, wire: requests.Session) -> None:
    operation = OPERATIONS[name]
    raw = operation.definition.raw
    with undone():
        if key := raw.get("x-step"):
            step = STEPS[key]
            case_id = "" if step.opens_case else world.case_for(step)
            machine = world.taker(step, case_id)
            body = world.body(step, case_id, machine)
            headers = {} if step.opens_case else {"If-Match": "*"}
            case = operation.Case(
                path_parameters=known_path(world, operation, case_id), headers=headers, body=body, media_type=JSON
            )
            token = machine.secret
        elif name == "file_batch":
            lines = b'{"section": "B", "data": {}}\nnothing\n'
            answer = world.machines["provider"].send("POST", "/register/batch", lines, Content_Type=NDJSON)
            assert answer.status == 200, answer.body
            return
        elif name == "upload_document":
            answer = world.machines["provider"].upload("a.pdf", b"%PDF-1.4\n%%EOF\n")
            assert answer.status == 201, answer.body
            return
        else:
            case = operation.Case(path_parameters=known_path(world, operation))
            if "requestBody" in raw:
                (example,) = raw["requestBody"]["content"][JSON]["examples"].values()
                case.body, case.media_type = example["value"], JSON
            token = world.machines[ASKED_BY.get(name, "provider")].secret if "security" in raw else ""
        response = send(wire, case, token)
        assert 200 <= response.status_code < 300, response.text


def places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of everything in a JSON value."""
    if place:
        yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*place, key))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


@st.composite
def spoilt(draw: st.DrawFn, good: dict[str, Any]) -> dict[str, Any]:
    """The good body with something in it replaced, left out or added."""
    body = copy.deepcopy(good)
    where = draw(st.sampled_from([(), *places(body)]))
    if not where:
        body[draw(st.text(min_size=1, max_size=8))] = draw(JUNK)
        return body
    inner: Any = body
    for key in where[:-1]:
        inner = inner[key]
    if draw(st.booleans()) or isinstance(inner, list):
        inner[where[-1]] = draw(JUNK)
    else:
        del inner[where[-1]]
    return body


def given_as(actor: str, most: int, *strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], None]:
    """Run a function on so many examples, the same ones each time; nobody gets far, so fewer do for nobody."""

    def run(test: Callable[..., None]) -> None:
        limited = settings(
            max_examples=4 if actor == "anonymous" else most,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        seed(SEED)(limited(given(*strategies)(test)))()

    return run


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_is_answered_as_documented(
    name: str, actor: str, world: ApiWorld, wire: requests.Session
) -> None:
    """What the document allows, and what it forbids, from the path to the body."""
    operation = OPERATIONS[name]
    token = token_of(world, actor)
    right, wrong = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @given_as(actor, 10, right | wrong, st.booleans())
    def send_anything(case: schemathesis.Case, real: bool) -> None:
        if real:
            case.path_parameters = {**(case.path_parameters or {}), **known_path(world, operation)}
        with undone():
            send(wire, case, token)


@pytest.mark.parametrize("actor", [*ACTORS, "whoever may"])
@pytest.mark.parametrize("key", STEPS)
def test_a_step_on_a_real_case_is_answered_as_documented(
    key: str, actor: str, world: ApiWorld, wire: requests.Session
) -> None:
    """Every step where it may be taken: with its example, with the example spoilt, and with whatever the form's schema allows."""
    step = STEPS[key]
    (operation,) = [one for one in OPERATIONS.values() if one.definition.raw.get("x-step") == key]
    with undone():
        case_id = "" if step.opens_case else world.case_for(step)
        machine = world.taker(step, case_id)
        token = machine.secret if actor == "whoever may" else token_of(world, actor)
        good = world.body(step, case_id, machine)
        allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)

        @given_as(actor, 12, allowed, st.just(good) | spoilt(good) | spoilt(good) | st.none())
        def take(case: schemathesis.Case, body: dict[str, Any] | None) -> None:
            case.path_parameters = known_path(world, operation, case_id)
            case.query = {}
            if not step.opens_case:
                case.headers["If-Match"] = "*"
            if body is not None:
                case.body, case.media_type = body, JSON
            with undone_within():
                send(wire, case, token)
