"""A request may be repeated with its idempotency key; a step names the version of the case it answers."""

from __future__ import annotations

from typing import Any

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import StepRecord
from tests.support.api import Machine, token_of
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation

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


def step(name: str, case: dict[str, Any]) -> str:
    """Path of a step on a case."""
    return f"/procedures/exempt-registration/cases/{case['id']}/{name}"


def test_the_same_key_and_content_get_the_first_answer(machine: Machine, provider: Organisation) -> None:
    first = machine.post(FILE, section_b(), Idempotency_Key="release-42")
    again = machine.post(FILE, dict(reversed(section_b().items())), Idempotency_Key="release-42")
    assert first.status == again.status == 201
    assert first.json == again.json
    assert first.headers["location"] == again.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    with acting(acting_for(provider), NOW):
        assert StepRecord.objects.count() == 1


def test_the_first_answer_stays_the_first_when_the_case_has_moved_on(machine: Machine) -> None:
    first = machine.post(FILE, section_b(), Idempotency_Key="release-42")
    declared = machine.post(step("declare_error", first.json["case"]), {"reason": "A test."}, If_Match='"1"')
    assert declared.json["case"]["state"] == "entered_in_error"
    again = machine.post(FILE, section_b(), Idempotency_Key="release-42")
    assert again.json == first.json
    assert again.headers["etag"] == first.headers["etag"] == '"1"'


def test_the_same_key_with_other_content_is_409_and_names_what_differs(machine: Machine) -> None:
    machine.post(FILE, section_b(), Idempotency_Key="release-42")
    other = section_b(trade_name="Another", provider={**section_b()["provider"], "name": "Somebody else"})
    problem = machine.post(FILE, other, Idempotency_Key="release-42").problem(409, "idempotency-mismatch")
    assert [error["pointer"] for error in problem["errors"]] == ["/provider/name", "/trade_name"]


def test_a_key_is_the_organisations_own(machine: Machine) -> None:
    machine.post(FILE, section_b(), Idempotency_Key="release-42")
    stranger = Machine(token_of(organisation("Another", Capacity.PROVIDER)))
    filed = stranger.post(FILE, section_b(trade_name="Another"), Idempotency_Key="release-42")
    assert filed.status == 201
    assert "idempotency-replayed" not in filed.headers


def test_a_refused_request_does_not_use_its_key_up(machine: Machine) -> None:
    machine.post(FILE, {}, Idempotency_Key="release-42").problem(422, "invalid")
    assert machine.post(FILE, section_b(), Idempotency_Key="release-42").status == 201


def test_a_step_on_a_case_names_the_version_it_answers(machine: Machine) -> None:
    case = machine.post(FILE, section_b()).json["case"]
    change = {"valid_from": "2026-11-20", "reason": "Renamed."}
    update = section_b(trade_name="New name", change=change)
    machine.post(step("update", case), update).problem(428, "version-needed")
    for wrong in ("1", 'W/"1"', '"one"', '"1", "2"', "**"):
        machine.post(step("update", case), update, If_Match=wrong).problem(400, "bad-parameter")
    moved = machine.post(step("update", case), update, If_Match='"1"')
    assert moved.status == 200
    assert moved.json["case"]["version"] == 2
    assert moved.headers["etag"] == '"2"'


def test_who_answers_an_old_version_learns_what_changed(machine: Machine) -> None:
    case = machine.post(FILE, section_b()).json["case"]
    change = {"valid_from": "2026-11-20", "reason": "Renamed."}
    machine.post(step("update", case), section_b(trade_name="New", change=change), If_Match='"1"')
    problem = machine.post(step("declare_error", case), {"reason": "x"}, If_Match='"1"').problem(412, "case-moved")
    assert problem["version"] == 2
    assert [item["step"] for item in problem["changes"]] == ["update"]
    assert machine.post(step("declare_error", case), {"reason": "x"}, If_Match="*").status == 200


def test_a_step_from_the_wrong_state_names_the_right_ones(machine: Machine) -> None:
    case = machine.post(FILE, section_b()).json["case"]
    machine.post(step("declare_error", case), {"reason": "x"}, If_Match='"1"')
    problem = machine.post(step("declare_error", case), {"reason": "x"}, If_Match='"2"').problem(409, "wrong-state")
    assert problem["states"] == ["registered"]
    assert problem["state"] == "entered_in_error"


def test_a_case_shows_what_may_be_done_and_what_was_done(machine: Machine, provider: Organisation) -> None:
    filed = machine.post(FILE, section_b()).json["case"]
    answer = machine.get(f"/cases/{filed['id']}")
    case = answer.json
    assert answer.headers["etag"].startswith('"1-')
    assert {offered["step"] for offered in case["steps"]} == {"declare_error", "reply", "update"}
    (record,) = case["timeline"]
    assert record["step"] == "file"
    assert record["by"] == "token"
    assert record["organisation"] == "Example Systems"
    assert record["data"]["trade_name"] == "Essay Formatter"
    assert record["digests"] == 11
    assert machine.get(f"/cases/{filed['id']}", If_None_Match=answer.headers["etag"]).status == 304
    assert machine.get(f"/cases/{filed['id']}", If_None_Match='"1"').status == 200
    url = next(offered["url"] for offered in case["steps"] if offered["step"] == "update")
    assert url.endswith(step("update", filed))


def test_a_case_read_in_another_language_or_with_other_rights_is_another_answer(
    machine: Machine, provider: Organisation
) -> None:
    path = f"/cases/{machine.post(FILE, section_b()).json['case']['id']}"
    english = machine.get(path)
    tag = english.headers["etag"]
    french = machine.get(path, Accept_Language="fr", If_None_Match=tag)
    assert french.status == 200
    assert french.headers["etag"] != tag
    assert {"Authorization", "Accept-Language"} <= set(french.headers["vary"].split(", "))
    reader = Machine(token_of(provider, [Role.READER]))
    seen = reader.get(path, If_None_Match=tag)
    assert seen.status == 200, "a colleague who may take no step sees none"
    assert seen.json["steps"] == []


def test_a_step_names_the_version_by_the_tag_that_was_read(machine: Machine) -> None:
    case = machine.post(FILE, section_b()).json["case"]
    french = machine.get(f"/cases/{case['id']}", Accept_Language="fr").headers["etag"]
    assert machine.post(step("declare_error", case), {"reason": "x"}, If_Match=french).status == 200
    machine.post(step("update", case), {}, If_Match=french).problem(412, "case-moved")


def test_an_authority_sees_and_flags_what_concerns_its_state(machine: Machine) -> None:
    case = machine.post(FILE, section_b()).json["case"]
    here = Machine(token_of(organisation("MSA PT", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")))
    there = Machine(token_of(organisation("MSA SI", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="SI")))
    assert [item["id"] for item in here.get("/cases").json["items"]] == [case["id"]]
    assert there.get("/cases").json["items"] == []
    hidden = there.get(f"/cases/{case['id']}").problem(404, "not-found")
    nothing = there.get("/cases/0193a000-0000-7000-8000-000000000000").problem(404, "not-found")
    assert hidden["detail"] == nothing["detail"]
    text = {"text": "Which version is meant?"}
    there.post(step("flag", case), text, If_Match="*").problem(404, "not-found")
    assert here.post(step("flag", case), text, If_Match='"1"').status == 200
    machine.post(step("flag", case), text, If_Match="*").problem(403, "not-allowed")


def test_me_says_who_the_token_acts_for(machine: Machine, provider: Organisation) -> None:
    me = machine.get("/me").json
    assert me["organisation"] == str(provider.pk)
    assert me["capacities"] == ["provider"]
    assert me["roles"] == ["editor", "reader", "signatory"]
    assert me["admitted"] is True
