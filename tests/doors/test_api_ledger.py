"""Proofs and receipts by machine: everyone gets the proof of what is public; a receipt goes to whoever may see the case."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.doors.test_receipt_pdf import attached
from tests.support.api import Machine, publish, token_of
from tests.support.filings import section_b, secure_a
from tests.support.parties import acting_for, organisation
from tests.support.sequencing import sequence_all, settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day")]


@pytest.fixture
def provider() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def office() -> Organisation:
    return organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")


@cache
def actor_of(made: Organisation) -> Actor:
    """Who acts for the organisation; made once."""
    return acting_for(made)


def filed(provider: Organisation, **changes: Any) -> Any:
    step, data = (RegisterHighRisk.file, secure_a()) if changes.pop("secure", False) else (RegisterExempt.file, None)
    return perform(
        step, None, actor=actor_of(provider), data=data or section_b(**changes), at=timezone.now(), **_KEY
    ).case


_KEY = {"idempotency_key": "once", "evidence": "By post"}


def check(body: bytes, folder: Path, *words: str) -> Result:
    path = folder / "receipt.json"
    path.write_bytes(body)
    said = CliRunner().invoke(app, ["ledger", "check-receipt", str(path), *words])
    if "--key" in words:
        # The verifier in one file, which shares no code with that command, comes to the same end.
        assert standalone.main([str(path), *words]) == said.exit_code
    return said


def receipt_path(case: Any, sequence: int = 1) -> str:
    return f"/cases/{case.pk}/records/{sequence}/receipt"


def test_anyone_gets_the_proof_of_what_is_public(provider: Organisation, tmp_path: Path) -> None:
    case = filed(provider)
    settle(timezone.now())
    for path in (f"/register/entries/{case.number}/versions/1/proof", f"/register/entries/{case.number}/proof"):
        answer = Machine().get(path)
        assert answer.status == 200, answer.body
        held = check(answer.body, tmp_path, "--key", str(verifier_key()))
        assert held.exit_code == 0, held.stderr
        assert f"entry {case.number}" in held.stdout
        assert Machine().get(path, If_None_Match=answer.headers["etag"]).status == 304
    for path in ("EU-B-2026-999999/proof", f"{case.number}/versions/2/proof", f"{case.number}/versions/0/proof"):
        Machine().get(f"/register/entries/{path}").problem(404, "not-found")


def test_what_the_log_does_not_hold_yet_is_asked_for_again_in_a_second(provider: Organisation) -> None:
    case = filed(provider)
    publish()
    path = f"/register/entries/{case.number}/versions/1/proof"
    for machine, asked in ((Machine(), path), (Machine(token_of(provider)), receipt_path(case))):
        answer = machine.get(asked)
        answer.problem(503, "not-yet-in-log")
        assert answer.headers["retry-after"] == "1"
    sequence_all(timezone.now())
    assert Machine().get(path).status == 200
    # A second version is public before it is in the log: the entry as it stands is not proved with the first one's statement.
    change = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}
    data = section_b(trade_name="Two") | change
    later = timezone.now() + timedelta(seconds=1)
    perform(RegisterExempt.update, case.pk, actor=actor_of(provider), data=data, at=later)
    publish()
    Machine().get(f"/register/entries/{case.number}/proof").problem(503, "not-yet-in-log")


def test_the_filer_gets_a_receipt_that_holds_without_the_office(provider: Organisation, tmp_path: Path) -> None:
    case = filed(provider)
    settle(timezone.now())
    answer = Machine(token_of(provider)).get(receipt_path(case))
    assert answer.status == 200, answer.body
    document = answer.json["document"]
    assert document["trade_name"] == "Essay Formatter"
    assert document["@record"]["actor"]
    assert answer.json["subject"] == {"case": str(case.pk), "step": "exempt-registration.file", "sequence": 1}
    held = check(answer.body, tmp_path, "--key", str(verifier_key(INTERNAL)))
    assert held.exit_code == 0, held.stderr
    assert "Not shown" not in held.stdout
    assert check(answer.body, tmp_path, "--key", str(verifier_key())).exit_code == 1, "the public log did not sign it"


@pytest.mark.parametrize("place", ["trade_name", "conditions", "@record/recorded_at", "@record/to"])
def test_an_altered_receipt_does_not_hold(provider: Organisation, tmp_path: Path, place: str) -> None:
    case = filed(provider)
    settle(timezone.now())
    receipt = Machine(token_of(provider)).get(receipt_path(case)).json
    inner = receipt["document"]
    *way, last = place.split("/")
    for name in way:
        inner = inner[name]
    inner[last] = ["b"] if last == "conditions" else "something else"
    spoilt = check(json.dumps(receipt).encode(), tmp_path, "--key", receipt["key"])
    assert spoilt.exit_code == 1
    assert f"/{place}" in spoilt.stderr
    assert "differs from what the log says of it" in spoilt.stderr


def test_it_comes_as_pdf_too_with_the_same_receipt_in_it(provider: Organisation, tmp_path: Path) -> None:
    case = filed(provider)
    path = f"{receipt_path(case)}.pdf"
    mine = Machine(token_of(provider))
    mine.get(path).problem(503, "not-yet-in-log")
    settle(timezone.now())
    answer = mine.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{case.number}-1.pdf"'
    assert "no-store" in answer.headers["cache-control"]
    held = check(attached(answer.body), tmp_path, "--key", str(verifier_key(INTERNAL)))
    assert held.exit_code == 0, held.stderr
    other = Machine(token_of(organisation("Rival", Capacity.PROVIDER)))
    other.get(path).problem(404, "not-found")
    Machine().get(path).problem(401, "token-needed")
    mine.get(f"{receipt_path(case, 9)}.pdf").problem(404, "not-found")
    french = mine.get(path, Accept_Language="fr")
    assert french.headers["content-language"] == "fr"
    assert french.body != answer.body


def test_nobody_else_gets_it(provider: Organisation, office: Organisation) -> None:
    case = filed(provider)
    settle(timezone.now())
    other = Machine(token_of(organisation("Rival", Capacity.PROVIDER)))
    other.get(receipt_path(case)).problem(404, "not-found")
    Machine().get(receipt_path(case)).problem(401, "token-needed")
    mine = Machine(token_of(provider))
    for sequence in (0, 2, 10**12):
        mine.get(receipt_path(case, sequence)).problem(404, "not-found")


def test_an_authority_that_reads_the_case_is_not_told_which_person_acted(
    provider: Organisation, office: Organisation, tmp_path: Path
) -> None:
    case = filed(provider)
    settle(timezone.now())
    answer = Machine(token_of(office)).get(receipt_path(case))
    assert answer.json["document"]["@record"]["actor"] is None
    assert "/@record/actor" not in answer.json["salts"]
    held = check(answer.body, tmp_path, "--key", str(verifier_key(INTERNAL)))
    assert held.exit_code == 0
    assert "Not shown here: /@record/actor" in held.stdout


def test_a_receipt_of_the_secure_section_goes_to_its_readers_alone(
    provider: Organisation, office: Organisation, tmp_path: Path
) -> None:
    case = filed(provider, secure=True)
    settle(timezone.now())
    assert case.secure
    Machine(token_of(office)).get(receipt_path(case)).problem(404, "not-found")
    authority = organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    Machine(token_of(authority)).get(receipt_path(case)).problem(404, "not-found")
    answer = Machine(token_of(provider)).get(receipt_path(case))
    assert check(answer.body, tmp_path, "--key", str(verifier_key(INTERNAL))).exit_code == 0


def test_what_was_erased_is_gone_and_the_receipt_still_holds(
    provider: Organisation, office: Organisation, tmp_path: Path
) -> None:
    case = filed(provider)
    change = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}
    later = timezone.now()
    perform(
        RegisterExempt.update, case.pk, actor=actor_of(provider), data=section_b(trade_name="Two") | change, at=later
    )
    erasure = {"sequence": 1, "reason": "Personal data of a third person"}
    perform(RegisterExempt.erase, case.pk, actor=actor_of(office), data=erasure, at=timezone.now())
    settle(timezone.now())
    answer = Machine(token_of(provider)).get(receipt_path(case))
    assert answer.json["document"]["trade_name"] is None
    assert "Essay Formatter" not in answer.body.decode()
    assert [pointer for pointer in answer.json["salts"] if not pointer.startswith("/@record/")] == []
    held = check(answer.body, tmp_path, "--key", str(verifier_key(INTERNAL)))
    assert held.exit_code == 0, held.stderr
    assert "Not shown here: /trade_name (erased on 2026-11-23, as the file says)" in held.stdout
    assert answer.json["erased"] == {"": "2026-11-23"}
    assert check(Machine(token_of(provider)).get(receipt_path(case, 3)).body, tmp_path).exit_code == 0


def test_a_step_without_a_form_has_a_receipt_too(provider: Organisation, tmp_path: Path) -> None:
    from aioffice.desks.admission.procedure import RepresentativeMandate

    other = organisation("Representation", Capacity.AUTHORISED_REPRESENTATIVE)
    proposal = {"representative": other.name, "scope": "All systems"}
    at = timezone.now()
    mandate = perform(RepresentativeMandate.propose, None, actor=actor_of(provider), data=proposal, at=at).case
    perform(RepresentativeMandate.confirm, mandate.pk, actor=acting_for(other), data={}, at=timezone.now())
    settle(timezone.now())
    held = check(Machine(token_of(other)).get(receipt_path(mandate, 2)).body, tmp_path)
    assert held.exit_code == 0, held.stderr
    assert "Not shown" not in held.stdout
