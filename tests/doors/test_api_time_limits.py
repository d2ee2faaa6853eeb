"""Time limits by API: the list, one, and what it comes to; a question that has no meaning is told which parameter to mend.

No test here may ask a database: the answers need none.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from aioffice.act.time_limits import time_limits
from aioffice.doors.api.schemas_clocks import DeadlineShape, TimeLimits
from tests.support.api import Machine


def compute(limit: str, **asked: Any) -> Any:
    query = urlencode({name.removesuffix("_"): value for name, value in asked.items()}, doseq=True)
    return Machine().get(f"/time-limits/{limit}/compute?{query}")


def test_the_list_is_whole_and_says_so() -> None:
    answer = Machine().get("/time-limits").json
    TimeLimits.model_validate(answer)
    assert answer["complete"] is True
    assert [item["id"] for item in answer["items"]] == [limit.id for limit in time_limits()]


def test_one_limit_says_who_has_to_do_what() -> None:
    one = Machine().get("/time-limits/OBJ-3M").json
    assert one["actor"]["en"] == "another market surveillance authority or the Commission"
    assert (one["n"], one["unit"], one["tacit_effect"]) == (3, "month", "justified")
    assert one["url"].endswith("/api/v1/time-limits/OBJ-3M")
    assert Machine().get("/time-limits/DEL-OBJ").json["extension"] == {"n": 3, "unit": "month", "times": 1}


def test_it_is_worked_out_for_an_event_at_a_place() -> None:
    answer = compute("INC-15", from_="2028-03-03", place="BE").json
    DeadlineShape.model_validate(answer)
    assert (answer["nominal_end"], answer["target"], answer["legal_end"]) == ("2028-03-18", "2028-03-18", "2028-03-20")
    assert answer["due"] == "2028-03-21T00:00:00+01:00"
    assert answer["answer"] == {
        "en": "Monday 20 March 2028, 24:00 Brussels",
        "fr": "lundi 20 mars 2028, 24:00, Bruxelles",
    }
    rolled = next(step for step in answer["steps"] if step["code"] == "rolled")
    assert (rolled["rule"], rolled["parameters"]) == ("3(4)", {"day": "2028-03-20"})


def test_where_an_institution_acts_the_place_is_known() -> None:
    assert compute("GPAI-2W", from_="2026-11-21").json["place"] == "EU"
    assert compute("EDPS-ANN").json["outcome"] == "no_cycle_start"
    assert compute("GL-96G").json["legal_end"] == "2027-08-01"


def test_settings_of_law_and_the_end_asked_for() -> None:
    law = ["reporting_cycle_start=2026-08-02", "conservative_incident_dates=no"]
    assert compute("PEN-ANN", place="BE", k=2, set=law).json["legal_end"] == "2028-08-02"


def test_alternatives_are_whole_answers() -> None:
    answer = compute("RWT-INC", from_="2028-03-03", place="BE").json
    assert answer["outcome"] == "case_decides"
    assert [one["limit"] for one in answer["alternatives"]] == ["INC-2", "INC-10", "INC-15"]


@pytest.mark.parametrize(
    ("limit", "asked", "parameter", "said"),
    [
        ("INC-15", {"place": "BE"}, "from", "say when it happened"),
        ("INC-15", {"place": "BE", "from_": "yesterday"}, "from", "2027-03-05"),
        ("INC-15", {"from_": "2028-03-03"}, "place", "a Member State such as BE"),
        ("INC-15", {"from_": "2028-03-03", "place": "EL"}, "place", "GR"),
        ("INC-15", {"from_": "2028-03-03", "place": "BE", "k": 2}, "k", "no end number 2"),
        ("INC-15", {"from_": "2028-03-03", "place": "BE", "k": 0}, "k", "greater than or equal to 1"),
        ("INC-15", {"from_": "2028-03-03", "place": "BE", "set": "x"}, "set", "name=value"),
        ("INC-15", {"from_": "2028-03-03", "place": "BE", "set": "log-retention=1"}, "set", "log_retention"),
        ("LOG-6M-P", {"from_": "2028-03-03", "place": "BE", "set": "log_retention=1"}, "set", "10 days"),
        ("RBI-URG", {"from_": "2028-03-03", "place": "BE"}, "from", "hour"),
        ("AIO-4M", {"from_": "2027-10-01"}, "from", "not published yet"),
    ],
)
def test_a_parameter_without_meaning_is_named(limit: str, asked: dict[str, Any], parameter: str, said: str) -> None:
    problem = compute(limit, **asked).problem(400, "bad-parameter")
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert said in error["message"]


def test_unknown_parameters_and_limits_are_refused() -> None:
    machine = Machine()
    assert (
        "Did you mean from?"
        in machine.get("/time-limits/INC-15/compute?form=1").problem(400, "unknown-parameter")["detail"]
    )
    machine.get("/time-limits?cursor=1").problem(400, "unknown-parameter")
    for path in ("/time-limits/INC15", "/time-limits/INC15/compute"):
        assert "did you mean 'INC-15'" in machine.get(path).problem(404, "not-found")["detail"]


def test_the_same_question_is_answered_304_to_whoever_has_the_answer() -> None:
    path = "/time-limits/INC-15/compute?from=2028-03-03&place=BE"
    etag = Machine().get(path).headers["etag"]
    assert Machine().get(path, If_None_Match=etag).status == 304
