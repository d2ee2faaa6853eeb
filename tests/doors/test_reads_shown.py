"""Who read what, as auditors see it: the page, the file, the API and the command line."""

from __future__ import annotations

import csv
import io
import json

import pytest

from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.doors.test_cli_acting import run
from tests.support.api import Machine, token_of
from tests.support.desk import Somebody, somebody
from tests.support.filings import section_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day", "server_stays")]


@pytest.fixture
def authority() -> Organisation:
    return organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY)


@pytest.fixture
def case() -> Case:
    filer = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    return perform(RegisterHighRisk.file, None, actor=filer, data=section_a(filer), at=NOW).case


@pytest.fixture
def rui(authority: Organisation) -> Somebody:
    return somebody(authority, Role.EDITOR, name="Rui Exemplo")


@pytest.fixture
def vera(authority: Organisation) -> Somebody:
    return somebody(authority, Role.AUDITOR, Role.READER, name="Vera Auditora")


def test_the_page_answers_who_read_a_case(case: Case, rui: Somebody, vera: Somebody) -> None:
    assert rui.see(f"cases/{case.pk}/").status == 200
    page = vera.see(f"cases/{case.pk}/")
    assert f"/en/office/reads/?case={case.pk}" in page.html
    assert f"/en/office/reads/?case={case.pk}" not in rui.see(f"cases/{case.pk}/").html
    seen = vera.see("reads/", case=str(case.number), person="Rui")
    assert f"Rui Exemplo Autoridade Exemplo Case file: {case.number}, version 1" in seen.text
    assert "Market surveillance authority: Portugal Page" in seen.text
    assert vera.see("reads/", case=str(case.number), day="2020-01-01").text.count("Rui Exemplo") == 0
    refused = vera.see("reads/", day="soon")
    assert refused.status == 422
    assert "Write a date as year-month-day" in refused.text


def test_the_navigation_leads_auditors_alone_there(rui: Somebody, vera: Somebody) -> None:
    assert "Who read what" in vera.see().text
    assert "Who read what" not in rui.see().text
    assert rui.see("reads/").status == 403
    assert rui.see("reads.csv").status == 403


def test_the_file_holds_what_the_page_shows(case: Case, rui: Somebody, vera: Somebody) -> None:
    rui.see(f"cases/{case.pk}/")
    given = vera.see("reads.csv", case=str(case.number))
    rows = list(csv.reader(io.StringIO(given.html.removeprefix("\ufeff"))))
    assert rows[0][:4] == ["When", "Who", "Organisation", "What was read"]
    assert [row[1] for row in rows[1:]] == ["Vera Auditora", "Rui Exemplo"]
    assert rows[2][6].endswith(f"/en/office/cases/{case.pk}/")


def test_long_logs_come_in_pages_that_end(case: Case, rui: Somebody, vera: Somebody) -> None:
    for _ in range(51):
        rui.see(f"cases/{case.pk}/")
    first = vera.see("reads/", person="Rui")
    onward = first.html.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "after=" in onward
    assert vera.see(onward).text.count("Case file") == 1


def test_the_api_gives_it_to_a_token_that_audits(case: Case, authority: Organisation, rui: Somebody) -> None:
    machine = Machine(token_of(authority))
    assert machine.get(f"/cases/{case.pk}").status == 200
    machine.get("/reads").problem(403, "not-allowed")
    auditor = Machine(token_of(authority, [Role.AUDITOR]))
    assert auditor.get("/me").json["roles"] == ["auditor"]
    auditor.get(f"/cases/{case.pk}").problem(404, "not-found")
    read = auditor.get(f"/reads?case={case.number}").json
    assert read["complete"]
    asked, found = read["items"]
    assert (asked["thing"], asked["asked"]) == ("log", {"case": case.number})
    assert (found["name"], found["door"], found["thing"]) == ("API token “machine”", "api", "case")
    pages = auditor.get(f"/reads?case={case.number}&limit=1").json
    assert not pages["complete"]
    auditor.get("/reads?day=soon").problem(400, "bad-parameter")


def test_the_command_line_writes_reads_down_and_shows_them(case: Case, authority: Organisation) -> None:
    shown = run("case", "show", str(case.number), token=token_of(authority))
    assert shown.exit_code == 0, shown.stderr
    auditor = token_of(authority, [Role.AUDITOR])
    found = run("reads", "--case", str(case.number), "--json", token=auditor)
    assert [(one["thing"], one["door"]) for one in json.loads(found.stdout)["items"]] == [
        ("log", "cli"),
        ("case", "cli"),
    ]
    table = run("reads", "--case", str(case.number), "--all", token=auditor)
    assert "market_surveillance_authority:PT" in table.stdout
    assert run("reads", token=token_of(authority)).exit_code == 5
    assert run("reads", "--day", "soon", token=auditor).exit_code == 6
