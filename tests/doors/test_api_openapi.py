"""The OpenAPI document: every operation is in it with every answer it may give, derived from the declarations, with examples that run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from aioffice.doors.api.examples import example_of
from aioffice.doors.api.formschema import offered_steps
from aioffice.kernel.parties.tokens import TOKEN_ROLES
from aioffice.kernel.procedures.declaration import Step, procedures
from aioffice.kernel.procedures.parsing import parse
from tests.support.api import Machine

ON = date(2026, 11, 23)
STEPS = list(offered_steps())
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as anyone gets it."""
    found: dict[str, Any] = Machine().get("/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything in the document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def test_it_is_openapi_3_1_in_json_schema(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}), name


def test_nothing_it_refers_to_is_missing(document: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def test_every_address_of_the_api_is_documented(document: dict[str, Any]) -> None:
    documented = {operation["operationId"] for _method, _path, operation in operations(document)}
    routed = set()

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            else:
                routed.update(one.operation_id for one in getattr(pattern.callback, "api_operations", ()))

    walk(get_resolver().url_patterns)
    assert routed - documented == {"read_openapi"}
    assert documented <= routed


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _method, _path, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_step_that_a_token_may_take_has_an_operation(document: dict[str, Any]) -> None:
    documented = {operation["x-step"] for _method, _path, operation in operations(document) if "x-step" in operation}
    declared = {
        step.key
        for procedure in procedures()
        for step in procedure.steps.values()
        if any(not who.service and who.roles & TOKEN_ROLES for who in step.by)
    }
    assert documented == declared
    assert "nl-algorithm-register.take_over" not in documented, "taken by the importer alone"
    assert "staff-clearance.clear" not in documented, "taken by administrators in person alone"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_a_step_says_who_may_take_it_on_which_basis(document: dict[str, Any], step: Step) -> None:
    (operation,) = [one for _m, _p, one in operations(document) if one.get("x-step") == step.key]
    for who in step.by:
        assert str(who.title) in operation["description"]
    assert step.basis in operation["description"]
    assert {"400", "401", "403", "409", "413", "415", "422", "429", "503"} <= set(operation["responses"])
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert {"Idempotency-Key", "took_place_at", "evidence"} <= names
    assert ("If-Match" in names) is not step.opens_case
    if not step.opens_case:
        assert {"404", "412", "428"} <= set(operation["responses"])


@pytest.mark.parametrize("step", [step for step in STEPS if step.asks], ids=lambda step: step.key)
def test_a_steps_example_is_taken_by_its_form_and_fits_its_schema(document: dict[str, Any], step: Step) -> None:
    assert step.asks is not None
    (operation,) = [one for _m, _p, one in operations(document) if one.get("x-step") == step.key]
    content = operation["requestBody"]["content"]["application/json"]
    (example,) = [one["value"] for one in content["examples"].values()]
    assert example.keys() == example_of(step.asks, on=ON).keys()
    parse(step.asks, example, on=ON)
    whole = {**content["schema"], "components": document["components"]}
    assert jsonschema_rs.Draft202012Validator(whole).is_valid(example)


def test_every_refusal_is_declared_as_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        responses = operation["responses"]
        assert {"400", "429", "503"} <= set(responses), path
        for status, response in responses.items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (method, path, status)
            if status in ("429", "503"):
                assert response["headers"]["Retry-After"]["required"] is True
        if "{" in path and method == "get":
            assert "404" in responses, path
        if "security" in operation:
            assert {"401", "403"} <= set(responses), path


def test_forms_speak_the_words_of_the_act(document: dict[str, Any]) -> None:
    section = document["components"]["schemas"]["SectionA"]
    assert section["additionalProperties"] is False
    status = section["properties"]["status"]
    assert status["enum"][0] == "on_market_or_in_service"
    assert "Annex VIII, Section A, point 7" in status["description"]
    assert section["properties"]["routing"]["x-not-annex-viii"] is True
    assert "PT" in section["properties"]["member_states"]["items"]["enum"]
