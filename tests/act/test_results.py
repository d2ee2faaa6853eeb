"""A result says with which law and rules it was made, can be made again, and tells what differs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from aioffice.act import results, versions
from aioffice.act.classification import Law
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.reasoning.timetable import Since, timetable
from aioffice.act.rules.duties import DUTIES

if TYPE_CHECKING:
    from collections.abc import Iterator

ON = date(2026, 11, 25)
SCREENER = {
    "is_ai_system": True,
    "is_gpai_model": False,
    "is_provider": True,
    "placed_on_union_market": True,
    "recruits": True,
    "profiles_people": True,
    "first_placed_on": "2028-03-01",
    "established_in_union": True,
    "product_law": "none",
} | dict.fromkeys(
    [
        "taken_over_by_another",
        "changes_purpose",
        "modifies_substantially",
        "solely_military",
        "third_country_cooperation",
        "solely_scientific_research",
        "only_before_market",
        "open_source",
        "manipulates",
        "exploits_vulnerability",
        "depicts_intimacy",
        "depicts_child_abuse",
        "scores_socially",
        "predicts_crime",
        "scrapes_faces",
        "infers_emotions",
        "in_biometrics",
    ],
    False,
)


@pytest.fixture
def digest_anew() -> Iterator[None]:
    versions.rules_digest.cache_clear()
    yield
    versions.rules_digest.cache_clear()


def as_kept(content: object) -> Any:
    return json.loads(json.dumps(content))


def test_the_digest_is_the_same_in_every_process() -> None:
    code = "from aioffice.act.versions import rules_digest; print(rules_digest())"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {versions.rules_digest()}


@pytest.mark.usefixtures("digest_anew")
def test_the_digest_changes_with_a_day_a_condition_a_question_and_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {versions.rules_digest()}
    first = versions.RULES.conclusions[0]
    later = replace(first, amended=timetable(Since(date(2031, 1, 1), "113")))
    negated = replace(first, when=~first.when)
    for conclusion in (later, negated):
        with monkeypatch.context() as changed:
            changed.setattr(
                versions, "RULES", replace(versions.RULES, conclusions=(conclusion, *versions.RULES.conclusions[1:]))
            )
            versions.rules_digest.cache_clear()
            seen.add(versions.rules_digest())
    with monkeypatch.context() as changed:
        changed.setattr(versions, "DUTIES", DUTIES[1:])
        versions.rules_digest.cache_clear()
        seen.add(versions.rules_digest())
    facts = list(versions.vocabulary())
    with monkeypatch.context() as changed:
        changed.setattr(versions, "vocabulary", lambda: [replace(facts[0], question="Another?"), *facts[1:]])
        versions.rules_digest.cache_clear()
        seen.add(versions.rules_digest())
    assert len(seen) == 5


def test_a_result_names_the_text_that_was_asked() -> None:
    amended = as_kept(results.result(SCREENER, ON))["law"]
    assert (amended["amended_by"], amended["as_of"]) == (["Regulation (EU) 2026/1744"], "2026-07-27")
    enacted = as_kept(results.result(SCREENER, ON, Law(Regime.ENACTED)))["law"]
    assert (enacted["amended_by"], enacted["as_of"], enacted["regime"]) == ([], "2024-07-12", "enacted")


def test_a_result_that_was_kept_can_be_made_again() -> None:
    law = Law(Regime.AMENDED, {"OQ1": "from_application"})
    kept = as_kept(results.result(SCREENER, ON, law))
    assert set(kept["given"]) == set(SCREENER)
    assert "in_employment" in kept["facts"], "it follows from recruits"
    assert as_kept(results.again(kept)) == kept
    assert results.differences(kept, results.again(kept)) == ()


def test_what_binds_has_its_reasons_and_what_may_bind_what_is_missing() -> None:
    duties = as_kept(results.result(SCREENER, ON))["duties"]
    assert {one["binds"] for one in duties} == {True, None}
    for one in duties:
        assert ("reason" in one, "missing" in one) == (one["binds"] is True, one["binds"] is None)
        assert one.get("missing") != []


def test_what_differs_is_named() -> None:
    before, now = results.result(SCREENER, ON), results.result(SCREENER | {"scrapes_faces": True}, ON)
    found = {(one.what, one.provision): (one.before, one.now) for one in results.differences(before, now)}
    assert found["outcome", ""] == ("high_risk", "prohibited")
    assert found["conclusion", "5(1)(e)"] == ("", "holds, from 2025-02-02 (113(a))")
    enacted = results.result(SCREENER, ON, Law(Regime.ENACTED))
    found = {(one.what, one.provision): (one.before, one.now) for one in results.differences(enacted, before)}
    assert found["conclusion", "Annex III 4(a)"] == (
        "holds, from 2026-08-02 (113)",
        "holds, from 2027-12-02 (113(c)(i))",
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": "other/1"}, "format aioffice-classification/1 is expected"),
        ({"on": "soon"}, "does not say what it answers"),
        ({"on": 5}, "does not say what it answers"),
        ({"regime": "older"}, "does not say what it answers"),
        ({"readings": {"OQ9": "x"}}, "no open question"),
        ({"readings": ["OQ1"]}, "does not say what it answers"),
        ({"given": ["unheard_of"]}, "lacks 'unheard_of'"),
        ({"given": [["recruits"]]}, "does not say what it answers"),
        ({"facts": {"recruits": "perhaps"}, "given": ["recruits"]}, "true or false is expected"),
        ({"facts": []}, "does not say what it answers"),
        ({"given": ["recruts"], "facts": {"recruts": True}}, "the nearest is recruits"),
    ],
)
def test_what_is_no_result_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(results.ResultError) as refused:
        results.read(as_kept(results.result(SCREENER, ON)) | changed)
    assert said in str(refused.value)


@pytest.mark.parametrize("content", [None, [], "x", 3, {}])
def test_what_is_something_else_is_refused(content: object) -> None:
    with pytest.raises(results.ResultError):
        results.read(content)


def test_a_result_without_its_duties_cannot_be_compared() -> None:
    kept = as_kept(results.result(SCREENER, ON))
    with pytest.raises(results.ResultError, match="no whole result"):
        results.differences({name: value for name, value in kept.items() if name != "duties"}, kept)
