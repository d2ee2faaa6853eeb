"""`aioffice ledger`: whoever has the log, or a copy of it, finds out whether it is what the Office signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server_stays")]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between two looks."""
    monkeypatch.setattr(standalone, "PAUSE", 0.01)


@pytest.fixture
def number() -> str:
    """A public entry."""
    return file("Essay Formatter")


def file(name: str) -> str:
    provider = acting_for(organisation(f"Provider of {name}", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=name), at=NOW).case
    settle(NOW)
    return str(case.number)


def run(*words: str) -> Result:
    said = CliRunner().invoke(app, ["ledger", *words])
    if words[0] == "check-receipt" and "--key" in words:
        # The verifier in one file, which shares no code with that command, comes to the same end.
        assert _status_of_verifier([one for one in words[1:] if one != "--json"]) == said.exit_code
    return said


def _status_of_verifier(words: list[str]) -> int:
    try:
        return standalone.main(words)
    except SystemExit as end:
        return int(str(end.code))


def alter(sql: str) -> None:
    address = conninfo("owner", settings())
    assert address is not None
    with psycopg.connect(**address) as owner:
        assert owner.execute(sql).rowcount >= 1  # type: ignore[arg-type]  # texts of this test alone


def test_an_office_that_published_nothing_has_nothing_to_check() -> None:
    result = run("verify")
    assert result.exit_code == 0, result.stderr
    assert "nothing has been published yet" in result.stdout
    assert run("export", "nowhere").exit_code == 1


def test_the_office_checks_its_own_log(number: str) -> None:
    result = run("verify")
    assert result.exit_code == 0, result.stderr
    assert "Checked 3 entries, 1 tile, 2 public documents" in result.stdout
    found = json.loads(run("verify", "--json").stdout)
    assert (found["fits"], found["size"], found["documents"], found["keys_from"]) == (True, 3, 2, "office")


@pytest.mark.parametrize(
    ("alteration", "named"),
    [
        (
            "update published.version set body = convert_to(replace(convert_from(body, 'UTF8'), 'layout', 'content'), 'UTF8')",
            "{number}, version 1: /fields/intended_purpose differs from what the log says of it (entry 1)",
        ),
        (
            (
                "update published.statement set salts = jsonb_set(salts, '{/number}', '\"00112233445566778899aabbccddeeff\"') "
                "where index = 2"
            ),
            "{number}: /number differs from what the log says of it (entry 2)",
        ),
        (
            (
                "update published.log_entry set entry = convert_to(replace(convert_from(entry, 'UTF8'), '\"version\":1', '\"version\":2'), "
                "'UTF8') where index = 1"
            ),
            "entry 1 (entry {number}, version 2)",
        ),
        (
            "update published.log_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)",
            "is altered: it is not the hash of entry 1 (entry {number}, version 1)",
        ),
        (
            "update published.log_checkpoint set note = set_byte(note, 44, get_byte(note, 44) # 1)",
            "checkpoint",
        ),
        ("delete from published.statement where subject like '%version%'", "in the log (entry 1)"),
    ],
)
def test_whatever_is_altered_is_named(number: str, alteration: str, named: str) -> None:
    alter(alteration)
    result = run("verify")
    assert result.exit_code == 1
    assert named.format(number=number) in result.stderr
    found = json.loads(run("verify", "--json").stdout)
    assert not found["fits"]
    assert found["findings"]


def test_a_checkpoint_kept_from_before_is_held_against_the_log(number: str, tmp_path: Path) -> None:
    kept = str(tmp_path / "seen")
    assert run("verify", "--save", kept).exit_code == 0
    file("Another")
    assert run("verify", "--since", kept, "--save", kept).exit_code == 0
    (tmp_path / "seen").write_bytes((tmp_path / "seen").read_bytes().replace(b"\n5\n", b"\n4\n"))
    result = run("verify", "--since", kept)
    assert result.exit_code == 1
    assert "the earlier checkpoint was altered" in result.stderr


def test_a_copy_in_a_folder_is_checked_without_the_office(number: str, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy")
    made = run("export", copy, "--json")
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["entries"] == 3
    assert "All fits" in run("verify", copy, "--key", str(verifier_key())).stdout
    named = run("verify", copy)
    assert named.exit_code == 0
    assert "taking the one that the log names" in named.stderr
    assert standalone.main([copy, "--key", str(verifier_key())]) == 0
    publications = tmp_path / "copy" / "publications"
    publications.write_bytes(publications.read_bytes().replace(b"Essay Formatter", b"Essay Formatted"))
    spoilt = run("verify", copy)
    assert spoilt.exit_code == 1
    assert f"entry {number}, version 1: /fields/trade_name differs" in spoilt.stderr


def test_what_is_asked_wrongly_is_said(number: str, tmp_path: Path) -> None:
    assert run("verify", str(tmp_path / "nothing")).exit_code == 2
    assert run("verify", "--key", "nonsense").exit_code == 2
    (tmp_path / "empty").mkdir()
    assert "names no key" in run("verify", str(tmp_path / "empty")).stderr
    assert run("prove", "EU-B-2026-999999").exit_code == 4
    assert run("prove", number, "--version", "9").exit_code == 4


def test_an_entry_is_proved_and_the_proof_is_checked_anywhere(number: str, tmp_path: Path) -> None:
    said = run("prove", number.lower())
    assert said.exit_code == 0, said.stderr
    assert f"It holds: entry {number}, recorded" in said.stdout
    proof = tmp_path / "proof.json"
    proof.write_text(run("prove", number, "--version", "1", "--json").stdout)
    checked = run("check-receipt", str(proof), "--key", str(verifier_key()), "--json")
    assert checked.exit_code == 0, checked.stderr
    found = json.loads(checked.stdout)
    assert found["subject"] == {"entry": number, "version": 1}
    assert (found["index"], found["size"], found["not_shown"]) == (1, 3, [])


def _altered(proof: dict[str, Any], part: str) -> dict[str, Any]:
    match part:
        case "document":
            proof["document"]["fields"]["trade_name"] = "Something else"
        case "salt":
            proof["salts"]["/number"] = "00" * 16
        case "salt that is none":
            proof["salts"]["/number"] = "nothing"
        case "entry":
            proof["entry"] = proof["entry"].replace('"version":1', '"version":2')
        case "index":
            proof["index"] = 2
        case "proof":
            proof["proof"][0] = "00" * 32
        case "checkpoint":
            proof["checkpoint"] = proof["checkpoint"].replace("\n3\n", "\n4\n")
        case "missing":
            del proof["document"]["fields"]["trade_name"]
    return proof


@pytest.mark.parametrize(
    "part", ["document", "salt", "salt that is none", "entry", "index", "proof", "checkpoint", "missing"]
)
def test_a_proof_that_was_altered_does_not_hold(number: str, tmp_path: Path, part: str) -> None:
    proof = tmp_path / "proof.json"
    made = json.loads(run("prove", number, "--version", "1", "--json").stdout)
    proof.write_text(json.dumps(_altered(made, part)))
    for words in ((), ("--key", str(verifier_key()))):
        result = run("check-receipt", str(proof), *words)
        assert result.exit_code == 1, result.output


def test_of_a_pdf_the_attached_file_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "receipt.pdf").write_bytes(b"%PDF-1.7\n")
    for words in ((), ("--key", str(verifier_key()))):
        result = run("check-receipt", str(tmp_path / "receipt.pdf"), *words)
        assert result.exit_code == 2
        assert "is a PDF: save the file receipt.json that is attached to it" in result.stderr


def test_what_cannot_be_read_is_not_taken_for_altered(number: str, tmp_path: Path) -> None:
    nobody = ("http://127.0.0.1:9", "--key", str(verifier_key()))
    result = run("verify", *nobody, "--json")
    assert result.exit_code == 3
    assert not json.loads(result.stdout)["read"]
    assert "Nothing is known of whether this log fits" in result.stderr
    assert "Does not fit" not in result.stderr
    assert run("verify", nobody[0]).exit_code == 3
    assert (
        run(
            "witness", *nobody, "--key-file", str(tmp_path / "w"), "--state", str(tmp_path / "s"), "--name", "w"
        ).exit_code
        == 3
    )
    (tmp_path / "empty").mkdir()
    assert run("verify", str(tmp_path / "empty"), *nobody[1:]).exit_code == 3


def test_a_file_of_since_that_is_no_checkpoint_is_a_command_misread(number: str, tmp_path: Path) -> None:
    (tmp_path / "seen").write_text("gossip")
    result = run("verify", "--since", str(tmp_path / "seen"))
    assert result.exit_code == 2
    assert "the file is not a signed note" in result.stderr
    # The state of a witness holds a checkpoint, and is as good.
    copy = str(tmp_path / "copy")
    assert run("export", copy).exit_code == 0
    state = str(tmp_path / "state.json")
    made = run("witness", copy, "--key-file", str(tmp_path / "w"), "--state", state, "--name", "w.example/w1")
    assert made.exit_code == 0, made.stderr
    assert run("verify", "--since", state).exit_code == 0
    assert standalone.main([copy, "--key", str(verifier_key()), "--since", state]) == 0


def test_a_file_that_is_no_receipt_is_refused(tmp_path: Path) -> None:
    for number, text in enumerate(("", "[]", "{}", '{"key": 3}', "\udcff".encode("utf-8", "surrogateescape"))):
        path = tmp_path / f"{number}.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        assert run("check-receipt", str(path)).exit_code in (1, 2), text
        assert run("check-receipt", str(path), "--key", str(verifier_key())).exit_code == 1, text


def test_the_keys_are_shown(number: str) -> None:
    assert run("key").stdout.splitlines() == [str(verifier_key()), str(verifier_key(INTERNAL))]
    assert json.loads(run("key", "--json").stdout)["public"] == str(verifier_key())


def test_every_command_has_an_example() -> None:
    for name in ("verify", "prove", "check-receipt", "export", "key", "witness"):
        said = run(name, "--help")
        words = " ".join(said.stdout.split())
        assert f"Example: aioffice ledger {name}" in words
        assert "Exit status: 0" in words
