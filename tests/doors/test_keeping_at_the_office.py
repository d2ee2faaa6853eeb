"""How long records are kept, at the desk of the Office, on the command line, and told to the public."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case, Draft
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.retention.deciding import remove
from aioffice.kernel.retention.models import Proposal
from aioffice.kernel.retention.proposing import propose
from aioffice.register.procedure import RegisterHighRisk
from tests.doors.test_cli_acting import run
from tests.kernel.test_retention import OLD
from tests.support.desk import Somebody, somebody
from tests.support.filings import section_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day", "server_stays")]


@pytest.fixture
def office() -> Organisation:
    return organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")


@pytest.fixture
def hanna(office: Organisation) -> Somebody:
    return somebody(office, name="Hanna Vogel", email="hanna@example.test")


@pytest.fixture
def case() -> Case:
    """A case, and a draft of its filer that nobody has touched for years."""
    filer = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    with acting(filer, OLD):
        Draft.objects.create(
            person_id=filer.person,
            organisation_id=filer.organisation,
            step="high-risk-registration.file",
            schema_hash="",
            values={"trade_name": "Nobody's business"},
            created_at=OLD,
            updated_at=OLD,
        )
    return perform(RegisterHighRisk.file, None, actor=filer, data=section_a(filer), at=NOW).case


def _proposal() -> Proposal:
    (found,) = propose(at=NOW)
    return found


def test_a_signatory_looks_and_accepts(case: Case, hanna: Somebody) -> None:
    found = _proposal()
    page = hanna.see("keeping/")
    assert "Drafts 1 row" in page.text
    assert "2 years from the last change" in page.text
    shown = hanna.see(f"keeping/{found.pk}/")
    assert found.sample[0]["id"] in shown.text
    assert "Nobody's business" not in shown.text
    done = hanna.send(f"keeping/{found.pk}/", {"accept": "1", "cutoff": found.cutoff.isoformat()})
    assert done.status == 302
    assert "Nothing waits." in hanna.see("keeping/").text
    assert remove(found.pk, at=NOW) == 1
    assert "1 row deleted" in hanna.see(f"keeping/{found.pk}/").text


def test_or_keeps_it_longer_with_a_reason(case: Case, hanna: Somebody) -> None:
    found = _proposal()
    path, cutoff = f"keeping/{found.pk}/", found.cutoff.isoformat()
    refused = hanna.send(path, {"cutoff": cutoff, "reason": "", "until": "2030-01-31"})
    assert refused.status == 422
    assert "Give a reason" in refused.text
    assert hanna.send(path, {"cutoff": cutoff, "reason": "Dispute", "until": "soon"}).status == 422
    assert hanna.send(path, {"cutoff": "soon", "reason": "Dispute", "until": "2030-01-31"}).status == 404
    assert hanna.send(path, {"cutoff": cutoff, "reason": "Dispute", "until": "2030-01-31"}).status == 302
    assert "Kept longer" in hanna.see(path).text
    assert propose(at=NOW) == []


def test_a_case_is_held_and_let_go(case: Case, hanna: Somebody, office: Organisation) -> None:
    assert hanna.send("keeping/hold/", {"case": "EU-A-2026-999999", "reason": "Dispute"}).status == 422
    assert hanna.send("keeping/hold/", {"case": str(case.number), "reason": "Dispute C-1/27"}).status == 302
    page = hanna.see("keeping/")
    assert f"{case.number} Dispute C-1/27" in page.text
    colleague = somebody(office, Role.EDITOR)
    assert "Dispute C-1/27" in colleague.see("keeping/").text
    assert "Hold a case" not in colleague.see("keeping/").text
    lift = page.html.partition("/lift/")[0].rpartition('action="')[2] + "/lift/"
    assert colleague.send(lift, {}).status == 403
    assert hanna.send(lift, {}).status == 302
    assert "No case is held." in hanna.see("keeping/").text


def test_others_are_not_led_there_and_not_let_in(case: Case) -> None:
    rui = somebody(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY), name="Rui Exemplo")
    assert "How long we keep" not in rui.see().text
    found = _proposal()
    for path in ("keeping/", f"keeping/{found.pk}/"):
        assert rui.see(path).status == 403
    assert rui.send(f"keeping/{found.pk}/", {"accept": "1", "cutoff": found.cutoff.isoformat()}).status == 403


def test_the_command_line_proposes_lists_and_takes_a_decision(case: Case, hanna: Somebody) -> None:
    with plumbing():
        hanna.person.set_password("swordfish-3-swordfish")
        hanna.person.save()
    sign_in = ("--email", "hanna@example.test", "--password", "swordfish-3-swordfish")
    proposed = run("retention", "propose")
    assert proposed.stdout.startswith("drafts: 1, the oldest of 2014-01-02")
    assert "A signatory of the Office decides" in proposed.stderr
    (line,) = json.loads(run("retention", "list", *sign_in, "--json").stdout)["items"]
    assert (line["kind"], line["count"]) == ("drafts", 1)
    assert run("retention", "decide", line["id"], *sign_in).exit_code == 2
    assert run("retention", "decide", line["id"], *sign_in, "--until", "soon").exit_code == 2
    assert run("retention", "decide", line["id"], *sign_in, "--until", "2030-01-31").exit_code == 6
    kept = run("retention", "decide", line["id"], *sign_in, "--until", "2030-01-31", "--reason", "Dispute")
    assert kept.stdout == "drafts: kept until 2030-01-31.\n"
    assert run("retention", "decide", line["id"], *sign_in, "--accept").exit_code == 8
    nothing = run("retention", "propose")
    assert (nothing.stdout, nothing.stderr) == ("", "Nothing outside the secure section has reached its end.\n")


def test_the_page_says_what_goes_without_a_decision_and_where_the_law_is_silent(hanna: Somebody) -> None:
    english, french = hanna.see("keeping/").text, hanna.client.get("/fr/office/keeping/").content.decode()
    assert "go by themselves" in english
    for page in (english, french):
        assert "AIOFFICE_RETENTION" not in page
    assert "the law is silent" in english
    assert "le droit ne dit rien" in french
    assert "compare 18(1)" not in french


def test_the_public_is_told_how_long() -> None:
    english = Client().get("/en/privacy/").content.decode()
    assert "2 years from the last change" in english
    assert "Deleted when a person of the Office decides so" in english
    assert "2 ans après la dernière modification" in Client().get("/fr/privacy/").content.decode()
