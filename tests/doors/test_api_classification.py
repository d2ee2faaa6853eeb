"""Classification by API: the answer with duties and reasons, mistakes by JSON pointer, nothing kept. No test here may ask a database."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from aioffice.act.duties import vocabulary
from aioffice.doors.api.classification import EXAMPLE
from aioffice.doors.api.reading import MOST_FAULTS
from aioffice.doors.api.schemas_classification import Classification, Facts
from tests.support.api import Answer, Machine

SCREENER: dict[str, Any] = EXAMPLE["facts"]  # type: ignore[assignment]


def classify(**body: Any) -> Answer:
    return Machine().send("POST", "/classification", body)


def test_the_example_is_answered_with_reasons_duties_and_what_is_missing() -> None:
    answer = Machine().send("POST", "/classification", EXAMPLE)
    assert answer.status == 200, answer.body
    assert answer.headers["cache-control"] == "no-store"
    Classification.model_validate(answer.json)
    held = answer.json["holds"][0]
    assert (held["provision"], held["in_application"]) == ("Annex III 4(a)", True)
    assert answer.json["outcome"] == "needs_review", "prohibited practices are not excluded"
    assert "5(1)(a)" in answer.json["not_excluded"]
    assert answer.json["missing"][0]["name"] == "solely_military"


def test_what_is_enough_is_answered_without_review() -> None:
    answer = classify(facts=SCREENER | {"solely_military": True}).json
    assert (answer["outcome"], answer["holds"], answer["duties"]) == ("out_of_scope", [], [])


def test_the_text_of_2024_and_readings_can_be_asked() -> None:
    enacted = classify(facts=SCREENER, on="2026-11-25", regime="enacted").json
    assert enacted["holds"][0]["since"] == [{"day": "2026-08-02", "basis": "113"}]
    read = classify(facts=SCREENER, readings={"OQ1": "from_application"}).json
    assert read["readings"]["OQ1"] == "from_application"


def test_numbers_may_be_written_with_an_exponent() -> None:
    model = {"is_gpai_model": True, "is_provider": True, "placed_on_union_market": True, "training_compute": "2e25"}
    assert classify(facts=model).json["facts"]["training_compute"] == 2 * 10**25


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({"facts": {"recruts": True}}, "/facts/recruts", "the nearest is recruits"),
        ({"facts": {"recruits": "yes"}}, "/facts/recruits", "true or false is expected"),
        (
            {"facts": {"recruits": True, "in_employment": False}},
            "/facts/recruits",
            "annot be true while in_employment is false",
        ),
        ({"facts": {"first_placed_on": "soon"}}, "/facts/first_placed_on", "2026-12-02"),
        ({"facts": {"product_law": "Z1"}}, "/facts/product_law", "one of A2"),
        ({"facts": {"training_compute": "1e999"}}, "/facts/training_compute", "whole number"),
        ({"facts": []}, "/facts", "An object is expected"),
        ({}, "/facts", "An object is expected"),
        ({"facts": {}, "on": "tomorrow"}, "/on", "2027-12-02"),
        ({"facts": {}, "on": 5}, "/on", "2027-12-02"),
        ({"facts": {}, "regime": "old"}, "/regime", "enacted, amended"),
        ({"facts": {}, "readings": {"OQ9": "x"}}, "/readings/OQ9", "OQ1: from_classification or from_application"),
        ({"facts": {}, "readings": "x"}, "/readings", "An object is expected"),
        ({"facts": {}, "fact": 1}, "/fact", "Known members: facts"),
    ],
)
def test_mistakes_are_named_by_pointer(body: dict[str, Any], pointer: str, said: str) -> None:
    problem = Machine().send("POST", "/classification", body).problem(422, "invalid")
    found = {error["pointer"]: error["message"] for error in problem["errors"]}
    assert said in found[pointer]


def test_a_body_that_is_no_json_object_is_refused() -> None:
    Machine().send("POST", "/classification", b"[1]").problem(400, "malformed-json")
    Machine().send("POST", "/classification", b"facts: {}", **{"Content-Type": "text/yaml"}).problem(
        415, "unsupported-media-type"
    )


def test_every_fact_is_told_in_words_and_the_schema_takes_the_example() -> None:
    listed = Machine().get("/classification/facts").json
    Facts.model_validate(listed)
    assert [item["name"] for item in listed["items"]] == [fact.name for fact in vocabulary()]
    schema = Machine().get("/classification/facts/schema").json
    jsonschema_rs.meta.validate(schema)
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(SCREENER)
    assert not jsonschema_rs.Draft202012Validator(schema).is_valid({"recruts": True})


def test_a_body_full_of_mistakes_is_refused_before_it_costs_anything() -> None:
    many = {f"fact{number}": 1 for number in range(100_000)}
    faults = classify(facts=many).problem(422, "invalid")["errors"]
    assert [fault["pointer"] for fault in faults] == ["/facts"]
    faults = classify(facts={f"fact{number}": 1 for number in range(len(vocabulary()))}).problem(422, "invalid")[
        "errors"
    ]
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1]["code"] == "more"
    answer = classify(facts={"is_ai_system": "x" * 100_000}, regime="enacted")
    assert len(answer.body) < 2_000


@pytest.mark.parametrize("regime", [[], {}, 1, None])
def test_a_text_of_the_act_that_is_none_is_refused(regime: object) -> None:
    classify(facts={}, regime=regime).problem(422, "invalid")
