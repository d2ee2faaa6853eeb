"""Filing by API: the generated operations of the procedures carry a filing to the public register."""

from __future__ import annotations

import pytest

from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from tests.support.api import Machine, publish, token_of
from tests.support.filings import PDF, section_a, section_b
from tests.support.parties import organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day")]


@pytest.fixture
def provider() -> Organisation:
    """A provider in Portugal."""
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def machine(provider: Organisation) -> Machine:
    """The provider's release pipeline."""
    return Machine(token_of(provider))


def test_a_filing_is_registered_at_once_and_public_when_delivered(machine: Machine) -> None:
    filed = machine.post("/procedures/exempt-registration/file", section_b())
    assert filed.status == 201, filed.body
    case = filed.json["case"]
    assert case["number"] == "EU-B-2026-000001"
    assert case["state"] == "registered"
    assert case["version"] == 1
    assert filed.headers["location"] == case["links"]["self"]
    assert filed.headers["etag"] == '"1"'
    assert filed.json["record"]["basis"] == "49(2), 6(4), 71(2)"
    publish()
    entry = Machine().get("/register/entries/EU-B-2026-000001")
    assert entry.status == 200
    assert entry.json["fields"]["trade_name"] == "Essay Formatter"


def test_section_a_takes_documents_sent_in_before(machine: Machine) -> None:
    ids = {}
    for name in ("declaration_of_conformity", "instructions_for_use"):
        sent = machine.upload(f"{name}.pdf", PDF)
        assert sent.status == 201, sent.body
        ids[name] = sent.json["id"]
    filed = machine.post("/procedures/high-risk-registration/file", section_a(**ids))
    assert filed.status == 201, filed.body
    publish()
    number = filed.json["case"]["number"]
    shown = Machine().get(f"/register/entries/{number}").json["fields"]["declaration_of_conformity"]
    public = Machine().get(f"/register/documents/{shown['sha256']}")
    assert public.status == 200
    assert public.body == PDF
    assert public.headers["content-disposition"].startswith("attachment")
    assert public.headers["x-content-type-options"] == "nosniff"


def test_a_reader_may_not_file(provider: Organisation) -> None:
    reader = Machine(token_of(provider, [Role.READER]))
    refused = reader.post("/procedures/exempt-registration/file", section_b()).problem(403, "not-allowed")
    assert "Provider (signatory)" in refused["detail"]


def test_a_provider_keeps_the_files_that_its_representative_sent_in(machine: Machine) -> None:
    named = {"name": "Rep", "address": "Rua Exemplo 2", "contact": "rep@example.test"}
    representative = Machine(token_of(organisation("Rep", Capacity.AUTHORISED_REPRESENTATIVE)))
    mandate = machine.post("/procedures/mandate/propose", {"representative": "Rep", "scope": "All systems"}).json[
        "case"
    ]
    confirmed = representative.post(f"/procedures/mandate/cases/{mandate['id']}/confirm", {}, If_Match='"1"')
    assert confirmed.status == 200, confirmed.body
    files = {
        name: representative.upload(f"{name}.pdf", PDF).json["id"]
        for name in ("declaration_of_conformity", "instructions_for_use")
    }
    data = section_a(representative=named, **files)
    data["provider"] = {**data["provider"], "name": "Example Systems"}
    data["submitter"] = data["provider"]
    routing = {**data["routing"], "filer_capacity": "authorised_representative"}
    case = representative.post("/procedures/high-risk-registration/file", {**data, "routing": routing}).json["case"]
    path = f"/procedures/high-risk-registration/cases/{case['id']}/update_by_provider"
    change = {"valid_from": "2026-11-20", "reason": "A new declaration."}
    own = machine.upload("newer.pdf", PDF + b"\n").json["id"]
    updated = machine.post(path, {**data, "declaration_of_conformity": own, "change": change}, If_Match='"1"')
    assert updated.status == 200, updated.body
    strangers = Machine(token_of(organisation("Stranger", Capacity.PROVIDER))).upload("x.pdf", PDF).json["id"]
    refused = machine.post(path, {**data, "declaration_of_conformity": strangers, "change": change}, If_Match='"2"')
    assert refused.problem(422, "invalid")["errors"][0]["pointer"] == "/declaration_of_conformity"
