"""The command line: verbs people guess, results on stdout, everything else on stderr, exit statuses that mean something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel.db import acting
from aioffice.kernel.documents.models import Document
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case, NumberSeries
from tests.support.api import publish, token_of
from tests.support.filings import PDF, section_a, section_b, secure_a
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day", "server_stays")]


@pytest.fixture
def provider() -> Organisation:
    """A provider in Portugal."""
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def token(provider: Organisation) -> str:
    """The provider's token."""
    return token_of(provider)


def run(*words: str, token: str = "", **environment: str) -> Result:
    """Run `aioffice` with these words."""
    given = environment | ({"AIOFFICE_TOKEN": token} if token else {})
    return CliRunner().invoke(app, list(words), env=given or None)


def written(folder: Path, data: Any, name: str = "system.yaml") -> str:
    """Write the data to a file; return its path."""
    path = folder / name
    path.write_text(json.dumps(data) if name.endswith(".json") else yaml.safe_dump(data), encoding="utf-8")
    return str(path)


def test_a_registration_is_filed_from_yaml_and_becomes_public(token: str, tmp_path: Path) -> None:
    filed = run("file", "B", written(tmp_path, section_b()), token=token)
    assert filed.exit_code == 0, filed.stderr
    assert filed.stdout.splitlines()[0] == "EU-B-2026-000001  Registered, version 1"
    assert run("register", "show", "EU-B-2026-000001").exit_code == 4
    published = run("publish", "--json")
    assert json.loads(published.stdout) == {"delivered": 1, "rebuilt": False, "entries": 0}
    shown = run("register", "show", "eu-b-2026-000001", "--json")
    assert json.loads(shown.stdout)["fields"]["trade_name"] == "Essay Formatter"
    assert "trade_name: Essay Formatter" in run("register", "show", "EU-B-2026-000001").stdout
    assert run("register", "show", "EU-B-2026-000001", "--on", "2024-09-01").exit_code == 4
    assert run("register", "show", "EU-B-2026-000001", "--version", "1").exit_code == 0


def test_files_beside_the_data_are_sent_in_first(token: str, tmp_path: Path) -> None:
    (tmp_path / "declaration.pdf").write_bytes(PDF)
    (tmp_path / "instructions.pdf").write_bytes(PDF)
    data = section_a(declaration_of_conformity="declaration.pdf", instructions_for_use="instructions.pdf")
    filed = run("file", "A", written(tmp_path, data, "system.json"), "--json", token=token)
    assert filed.exit_code == 0, filed.stderr
    assert json.loads(filed.stdout)["case"]["number"] == "EU-A-2026-000001"
    missing = section_a(declaration_of_conformity="gone.pdf", instructions_for_use="instructions.pdf")
    refused = run("file", "A", written(tmp_path, missing), token=token)
    assert refused.exit_code == 6
    assert "/declaration_of_conformity" in refused.stderr


def test_a_dry_run_checks_everything_and_leaves_nothing(provider: Organisation, token: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    data = section_a(declaration_of_conformity="a.pdf", instructions_for_use="a.pdf")
    tried = run("file", "A", written(tmp_path, data), "--dry-run", token=token)
    assert tried.exit_code == 0, tried.stderr
    assert "Nothing was filed" in tried.stdout
    wrong = run("file", "A", written(tmp_path, {**data, "status": "sold"}), "--dry-run", token=token)
    assert wrong.exit_code == 6
    assert wrong.stderr.startswith("/status:")
    assert wrong.stdout == ""
    with acting(acting_for(provider), NOW):
        assert Case.objects.count() == NumberSeries.objects.count() == Document.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        ({}, 6, "/trade_name: This is needed"),
        ({**section_b(), "colour": "red"}, 6, "/colour:"),
        ({**section_b(), "trade_name": 1.5}, 6, "/trade_name: Write a whole number"),
        (["a list"], 6, "no object"),
        ({1: "x"}, 6, "no text"),
    ],
)
def test_what_does_not_fit_stands_on_stderr_by_field(
    token: str, tmp_path: Path, data: Any, status: int, says: str
) -> None:
    refused = run("file", "B", written(tmp_path, data), token=token)
    assert refused.exit_code == status
    assert says in refused.stderr
    assert refused.stdout == ""


def test_a_file_that_is_not_what_it_says(token: str, tmp_path: Path) -> None:
    broken = tmp_path / "x.json"
    broken.write_text("{", encoding="utf-8")
    assert run("file", "B", str(broken), token=token).exit_code == 6
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    assert run("file", "B", str(tmp_path / "x.yaml"), token=token).exit_code == 1
    assert run("file", "B", str(tmp_path / "gone.yaml"), token=token).exit_code == 2
    assert run("file", "D", str(broken), token=token).exit_code == 2


def test_without_a_token_in_force_nothing_is_done(provider: Organisation, tmp_path: Path) -> None:
    path = written(tmp_path, section_b())
    assert run("file", "B", path).exit_code == 2
    assert run("file", "B", path, token="aio_wrong").exit_code == 5
    reader = run("file", "B", path, token=token_of(provider, [Role.READER]))
    assert reader.exit_code == 5
    assert "Provider (signatory)" in reader.stderr


def test_repeating_with_a_key_repeats_the_answer(token: str, tmp_path: Path) -> None:
    path = written(tmp_path, section_b())
    first = run("file", "B", path, "--key", "release-42", "--json", token=token)
    again = run("file", "B", path, "--key", "release-42", "--json", token=token)
    assert json.loads(again.stdout) == {**json.loads(first.stdout), "replayed": True}
    other = run("file", "B", written(tmp_path, section_b(trade_name="Other")), "--key", "release-42", token=token)
    assert other.exit_code == 8
    assert "/trade_name: differs" in other.stderr


def test_cases_are_listed_shown_and_moved(token: str, tmp_path: Path) -> None:
    run("file", "B", written(tmp_path, section_b()), token=token)
    run("file", "B", written(tmp_path, section_b(trade_name="Second")), token=token)
    listed = json.loads(run("case", "list", "--json", token=token).stdout)
    assert [case["subject"] for case in listed["items"]] == ["Second", "Essay Formatter"]
    assert listed["complete"] is True
    cut = run("case", "list", "--limit", "1", token=token)
    assert "1 shown of 2; --all shows every one." in cut.stderr
    assert "EU-B-2026-000002" in cut.stdout
    assert run("case", "list", "--state", "entered_in_error", token=token).stdout == ""
    shown = run("case", "show", "EU-B-2026-000001", token=token)
    assert "update: Update" in shown.stdout
    assert "Example Systems; 49(2), 6(4), 71(2)" in shown.stdout
    change = {"valid_from": "2026-11-20", "reason": "Renamed."}
    update = written(tmp_path, section_b(trade_name="New", change=change))
    assert run("case", "do", "update", "EU-B-2026-000001", update, "--version", "7", token=token).exit_code == 8
    moved = run("case", "do", "update", "EU-B-2026-000001", update, "--version", "1", token=token)
    assert moved.exit_code == 0, moved.stderr
    assert "version 2" in moved.stdout
    reason = written(tmp_path, {"reason": "A test."}, "reason.json")
    case_id = listed["items"][1]["id"]
    assert run("case", "do", "declare-error", case_id, reason, token=token).exit_code == 0
    assert run("case", "do", "declare-error", case_id, reason, token=token).exit_code == 7
    assert run("case", "do", "fly", case_id, token=token).exit_code == 2
    assert run("case", "do", "flag", "EU-B-2026-000002", written(tmp_path, {"text": "x"}), token=token).exit_code == 5


def test_a_case_of_others_is_not_found(token: str, tmp_path: Path) -> None:
    run("file", "A", written(tmp_path, secure_a()), token=token)
    number = json.loads(run("case", "list", "--json", token=token).stdout)["items"][0]["number"]
    stranger = token_of(organisation("Stranger", Capacity.PROVIDER))
    hidden = run("case", "show", number, token=stranger)
    nothing = run("case", "show", "EU-A-S-AAAAAAAAAAAA", token=stranger)
    assert hidden.exit_code == nothing.exit_code == 4
    assert hidden.stderr == nothing.stderr
    run("publish")
    assert run("register", "search", "zephyrine").exit_code == 4
    assert run("register", "show", number).exit_code == 4


def test_the_register_is_searched(token: str, tmp_path: Path) -> None:
    for n in range(5):
        run("file", "B", written(tmp_path, section_b(trade_name=f"Essay Formatter {n}")), token=token)
    publish()
    found = run("register", "search", "essays", "--section", "B", "--seat", "PT", "--sort", "name", "--limit", "2")
    assert found.exit_code == 0, found.stderr
    assert "Essay Formatter 0" in found.stdout
    assert "2 shown of 5; --all shows every one." in found.stderr
    everything = json.loads(run("register", "search", "--all", "--json").stdout)
    assert len(everything["items"]) == 5
    assert everything["complete"] is True
    assert run("register", "search", "--member-state", "EL").exit_code == 2
    assert "GR" in run("register", "search", "--member-state", "EL").stderr
    assert run("register", "search", "--sort", "date").exit_code == 2
    assert run("register", "search", "nothing-of-this").exit_code == 4
    assert run("register", "search", "--on", "2024-09-01").exit_code == 4
    rebuilt = run("publish", "--rebuild")
    assert "5 entries published anew" in rebuilt.stdout
    assert json.loads(run("register", "search", "--all", "--json").stdout) == everything


def test_tokens_are_made_listed_and_ended_by_an_administrator(provider: Organisation) -> None:
    from aioffice.kernel.db import plumbing

    person = member(provider, email="ana@example.test")
    with plumbing():
        person.set_password("a long enough secret")
        person.save()
    known = ("--email", "ana@example.test", "--password", "a long enough secret")
    made = run("token", "create", "pipeline", *known, "--role", "signatory", "--role", "reader", "--days", "30")
    assert made.exit_code == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("aio_")
    me = json.loads(run("token", "whoami", "--json", token=secret).stdout)
    assert me["organisation_name"] == "Example Systems"
    assert me["roles"] == ["reader", "signatory"]
    listed = json.loads(run("token", "list", *known, "--json").stdout)
    (line,) = listed["items"]
    assert line["name"] == "pipeline"
    assert secret not in json.dumps(listed)
    assert run("token", "revoke", line["id"], *known).exit_code == 0
    assert run("token", "whoami", token=secret).exit_code == 5
    wrong = run("token", "list", "--email", "ana@example.test", "--password", "a guess")
    assert wrong.exit_code == 5


def test_a_second_factor_is_not_passed_by(provider: Organisation) -> None:
    from allauth.mfa.models import Authenticator

    from aioffice.kernel.db import plumbing

    person = member(provider, email="ana@example.test")
    with plumbing():
        person.set_password("a long enough secret")
        person.save()
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={}, created_at=timezone.now())
    refused = run("token", "list", "--email", "ana@example.test", "--password", "a long enough secret")
    assert refused.exit_code == 5
    assert "second factor" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("register", "search"), ("register", "show"), ("case", "list"), ("case", "show"), ("case", "do"), ("file",), ("publish",),
        ("token", "create"), ("token", "list"), ("token", "revoke"), ("token", "whoami"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    shown = run(*words, "--help")
    assert shown.exit_code == 0
    assert f"Example: aioffice {' '.join(words)}" in " ".join(shown.stdout.split())
    assert "Exit status: 0" in " ".join(shown.stdout.split())
