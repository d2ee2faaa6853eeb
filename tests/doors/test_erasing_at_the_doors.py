"""Erasing from a page, by API and from the command line: what each shows, to whom, and what it says afterwards."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.support.api import Machine, token_of
from tests.support.desk import Seen, Somebody, somebody
from tests.support.filings import section_a
from tests.support.parties import acting_for, organisation
from tests.support.sequencing import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day")]

CHANGE = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}
PURPOSE = "Ranks applications for a vacancy by how well they match the advertisement."


@pytest.fixture
def provider() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def office() -> Organisation:
    return organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")


@pytest.fixture
def case(provider: Organisation) -> Case:
    filer = acting_for(provider)
    data = section_a(filer, intended_purpose=f"{PURPOSE} {'And more. ' * 60}")
    made = perform(RegisterHighRisk.file, None, actor=filer, data=data, at=timezone.now()).case
    perform(RegisterHighRisk.update, made.pk, actor=filer, data={**data, **CHANGE}, at=timezone.now())
    settle(timezone.now())
    return made


@pytest.fixture
def handler(office: Organisation) -> Somebody:
    return somebody(office, Role.EDITOR)


def place(case: Case) -> str:
    return f"cases/{case.pk}/erase/"


def is_ticked(page: Seen, pointer: str) -> bool:
    box = re.search(rf'<input[^>]*value="{pointer}"[^>]*>', page.html)
    return box is not None and "checked" in box.group()


def test_the_page_shows_the_steps_and_what_each_holds(case: Case, handler: Somebody) -> None:
    steps = handler.see(place(case))
    assert "1. Register" in steps.text
    assert "2. Update" in steps.text
    assert "Erase for good" not in steps.text, "first a step is chosen"
    page = handler.see(place(case), sequence="2")
    assert "Provider: Name Example Systems Lda (fictional)" in page.text
    assert "The same stands in: step 1, “Register”; version 1 of the entry; version 2 of the entry." in page.text
    assert "declaration.pdf" in page.text
    assert re.search(r"(And|more\.)…", page.text), "long texts are shown by their beginning"
    assert "/routing/" not in page.html, "what decides where a filing goes is not offered"
    assert "provider_entry" not in page.html


@pytest.mark.parametrize("sequence", ["9", "x", "-1", "99999999999"])
def test_a_step_that_is_not_there_shows_the_list(case: Case, handler: Somebody, sequence: str) -> None:
    page = handler.see(place(case), sequence=sequence)
    assert page.status == 200
    assert "Erase for good" not in page.text


def test_nobody_else_is_shown_it(case: Case, provider: Organisation) -> None:
    authority = somebody(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    for who in (somebody(provider, Role.SIGNATORY), authority):
        assert who.see(place(case), sequence="1").status == 403
        assert who.send(place(case), {"sequence": "1", "everything": "1", "reason": "x"}).status == 403
    assert somebody(organisation("Stranger", Capacity.PROVIDER)).see(place(case), sequence="1").status == 404


def test_what_is_ticked_goes_and_the_case_says_so(case: Case, handler: Somebody) -> None:
    page = handler.see(place(case), sequence="1")
    ticked = {**page.hidden, "pointers": ["/intended_purpose", "/provider/contact"], "reason": "They asked."}
    done = handler.send(place(case), ticked)
    assert done.status == 302, done.text
    shown = handler.see(done.leads_to)
    assert "Done: Erase what was filed" in shown.text
    assert shown.text.count("“Provider: Contact details” was erased on Monday 23 November 2026.") == 2, "in both steps"
    assert "Erased on Monday 23 November 2026" in shown.text, "and in what the entry says"
    assert PURPOSE not in shown.text
    again = handler.send(place(case), ticked)
    assert again.leads_to == done.leads_to, "sent twice, it is done once"
    left = handler.see(place(case), sequence="1")
    assert "/intended_purpose" not in left.html


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(case: Case, handler: Somebody) -> None:
    page = handler.see(place(case), sequence="1")
    wrong = handler.send(place(case), {**page.hidden, "reason": "They asked."})
    assert wrong.status == 422
    assert "Tick what is to be erased." in wrong.text
    assert wrong.value("reason") == "They asked."
    wrong = handler.send(place(case), {**page.hidden, "pointers": ["/trade_name"], "reason": ""})
    assert wrong.status == 422
    assert "There is a problem" in wrong.text
    assert is_ticked(wrong, "/trade_name")
    wrong = handler.send(place(case), {**page.hidden, "pointers": ["/routing/language"], "reason": "x"})
    assert wrong.status == 422
    assert "“/routing/language” stays" in wrong.text


def test_a_case_that_moved_meanwhile_is_looked_at_again(case: Case, handler: Somebody) -> None:
    page = handler.see(place(case), sequence="1")
    asked = {"text": "Is point 7 still right?"}
    perform(RegisterHighRisk.question, case.pk, actor=handler.actor, data=asked, at=timezone.now())
    moved = handler.send(place(case), {**page.hidden, "pointers": ["/trade_name"], "reason": "They asked."})
    assert moved.status == 409
    assert "The case was moved meanwhile" in moved.text
    assert (
        handler.send(place(case), {**moved.hidden, "pointers": ["/trade_name"], "reason": "They asked."}).status == 302
    )


def test_everything_goes_with_the_evidence(case: Case, handler: Somebody, office: Organisation) -> None:
    question = {"text": "Is it so?"}
    at = timezone.now()
    told = {"actor": acting_for(office), "at": at, "took_place_at": at, "evidence": "A letter of Ada Example"}
    perform(RegisterHighRisk.question, case.pk, data=question, **told)
    page = handler.see(place(case), sequence="3")
    assert "With it goes what shows when it took place: A letter of Ada Example" in page.text
    done = handler.send(place(case), {**page.hidden, "everything": "1", "reason": "They asked."})
    shown = handler.see(done.leads_to)
    assert "Ada Example" not in shown.text
    assert "What was sent was erased on Monday 23 November 2026; the record of the step stays." in shown.text


def test_what_was_typed_when_the_sign_in_ended_is_there_again(case: Case, handler: Somebody) -> None:
    page = handler.see(place(case), sequence="1")
    typed = {**page.hidden, "pointers": ["/trade_name"], "reason": "They asked."}
    signed_in = dict(handler.client.cookies)
    handler.client.cookies.clear()
    assert "login" in handler.send(place(case), typed).leads_to
    session = handler.client.cookies["aioffice_session"].value
    handler.client.cookies.update(signed_in)
    from django.contrib.sessions.backends.db import SessionStore

    from aioffice.kernel.db import plumbing

    with plumbing():
        mine = SessionStore(session_key=handler.client.cookies["aioffice_session"].value)
        mine["interrupted"] = SessionStore(session_key=session)["interrupted"]
        mine.save()
    back = handler.see(place(case))
    assert "nothing was filed" in back.text
    assert back.value("reason") == "They asked."
    assert is_ticked(back, "/trade_name")


def test_by_api_it_names_pointers_and_the_case_says_what_went(
    case: Case, office: Organisation, provider: Organisation
) -> None:
    machine = Machine(token_of(office))
    address = f"/api/v1/procedures/high-risk-registration/cases/{case.pk}/erase"
    wrong = machine.send("POST", address, {"sequence": 1, "pointers": ["/nothing"], "reason": "x"}, If_Match="*")
    assert wrong.status == 422
    assert wrong.json["errors"][0]["pointer"] == "/pointers/0"
    done = machine.send(
        "POST", address, {"sequence": 1, "pointers": ["/submitter", "/provider"], "reason": "x"}, If_Match="*"
    )
    assert done.status == 422, "there is no submitter"
    done = machine.send("POST", address, {"sequence": 1, "pointers": ["/provider"], "reason": "x"}, If_Match="*")
    assert done.status == 200, done.body
    settle(timezone.now())
    line = Machine(token_of(provider)).send("GET", f"/api/v1/cases/{case.pk}").json["timeline"][0]
    assert line["data"]["provider"] == {"name": None, "address": None, "contact": None}
    assert line["erased"] is False
    assert [one["pointer"] for one in line["erased_values"]] == [
        "/provider/address",
        "/provider/contact",
        "/provider/name",
    ]
    receipt = Machine(token_of(provider)).send("GET", f"/api/v1/cases/{case.pk}/records/1/receipt").json
    assert receipt["erased"] == dict.fromkeys(
        ["/provider/address", "/provider/contact", "/provider/name"], "2026-11-23"
    )
    public = Machine().send("GET", f"/api/v1/register/entries/{case.number}/versions/1").json
    assert public["erased"]["provider.name"]["since"] == "2026-11-23"
    assert public["filed_by"] == ""


@pytest.mark.usefixtures("server_stays")
def test_from_the_command_line(case: Case, office: Organisation, tmp_path: Path) -> None:
    file = tmp_path / "erase.json"
    file.write_text(json.dumps({"sequence": 1, "pointers": ["/trade_name"], "reason": "They asked."}))
    token = token_of(office)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), env={"AIOFFICE_TOKEN": token})

    done = run("case", "do", "erase", str(case.number), str(file))
    assert done.exit_code == 0, done.stderr
    settle(timezone.now())
    shown: dict[str, Any] = json.loads(run("case", "show", str(case.number), "--json").stdout)
    assert shown["timeline"][0]["data"]["trade_name"] is None
    verified = CliRunner().invoke(app, ["ledger", "verify"])
    assert verified.exit_code == 0, verified.output
    assert "values erased or withheld" in verified.output
