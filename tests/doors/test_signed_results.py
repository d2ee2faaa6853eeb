"""A result signed by the Office: by API and on the page, checked by the command line with the key that the Office publishes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from aioffice.act.results import again
from aioffice.doors.api.classification import EXAMPLE
from aioffice.doors.cli import app
from aioffice.kernel.results import jws, signing
from aioffice.kernel.results.keys import parse_set
from tests.support.api import Machine

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.django_db(databases=["default", "site"])  # the banner of announcements, and nothing else
JOSE = "application/jose"


@pytest.fixture(autouse=True)
def _only_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def published() -> bytes:
    answer = Client().get("/.well-known/jwks.json")
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.content


def test_the_api_signs_what_it_answers() -> None:
    plain = Machine().send("POST", "/classification", EXAMPLE)
    answer = Machine().send("POST", "/classification", EXAMPLE, Accept=JOSE)
    assert (answer.status, answer.headers["content-type"]) == (200, JOSE)
    assert answer.headers["cache-control"] == "no-store"
    said = jws.verify(answer.body.decode(), parse_set(published()))
    for name in ("format", "law", "rules", "outcome", "holds", "facts", "given", "missing"):
        assert said.content[name] == plain.json[name]
    assert json.loads(json.dumps(again(said.content))) == said.content


def test_only_public_halves_are_published() -> None:
    keys = json.loads(published())["keys"]
    assert keys
    assert all("d" not in key and key["alg"] == "EdDSA" for key in keys)


def test_a_process_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Any:
        raise signing.NoKey("There is no key.")

    monkeypatch.setattr(signing, "signing_key", none)
    answer = Machine().send("POST", "/classification", EXAMPLE, Accept=JOSE)
    answer.problem(503, "cannot-sign")
    assert answer.headers["retry-after"] == "600"
    assert Client().get("/.well-known/jwks.json").status_code == 404
    assert Client().post("/en/check/", {"is_ai_system": "yes", "do": "signed"}).status_code == 503


def test_the_page_gives_a_signed_file_that_the_command_line_checks() -> None:
    answer = Client().post("/en/check/", {"is_ai_system": "yes", "recruits": "yes", "do": "signed"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="classification.jws"'
    assert answer.headers["Cache-Control"] == "no-store"
    with open("result.jws", "wb") as file:  # noqa: PTH123 - beside the test
        file.write(answer.content)
    with open("keys.json", "wb") as file:  # noqa: PTH123
        file.write(published())
    said = run("classify", "--verify", "result.jws", "--keys", "keys.json")
    assert said.exit_code == 0, said.stderr
    assert "The signature holds." in said.stdout
    assert (
        "Made with Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744, as of 2026-07-27." in said.stdout
    )
    assert "The rules of today give the same answer." in said.stdout
    assert run("classify", "--verify", "result.jws").exit_code == 0, "the office's own key is known here"


FACTS = "is_ai_system: true\nis_provider: true\nplaced_on_union_market: true\nrecruits: true\nprofiles_people: true\n"


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A result signed with an organisation's own key, which lies beside it, with its public half."""
    (tmp_path / "facts.yaml").write_text(FACTS)
    made = run("result-key", "make", "key.json")
    assert made.exit_code == 0, made.stderr
    (tmp_path / "public.json").write_text(made.stdout)
    path = tmp_path / "own.jws"
    path.write_text(
        run("classify", "facts.yaml", "--sign", "key.json", "--signed-by", "Acme", "--on", "2026-11-25").stdout
    )
    return path


def test_an_organisation_signs_with_its_own_key(signed: Path) -> None:
    assert (signed.parent / "key.json").stat().st_mode & 0o077 == 0, "the key is for its owner alone"
    said = run("classify", "--verify", signed, "--keys", "public.json", "--json")
    assert said.exit_code == 0, said.stderr
    told = json.loads(said.stdout)
    assert (told["signature"]["by"], told["signature"]["checked"]) == ("Acme", True)
    assert told["same_answer"] is True
    assert run("result-key", "show", "key.json").stdout == (signed.parent / "public.json").read_text()
    assert run("result-key", "make", "key.json").exit_code == 1, "a key is never written over"


def test_a_signature_of_an_unknown_key_is_not_taken_for_checked(signed: Path) -> None:
    said = run("classify", "--verify", signed)
    assert said.exit_code == 1
    assert "The signature is NOT checked." in said.stdout
    assert "--keys" in said.stderr


def test_an_altered_result_is_refused(signed: Path) -> None:
    head, body, tail = signed.read_text().strip().split(".")
    signed.write_text(f"{head}.{body[:-8]}AAAAAAAA.{tail}")
    said = run("classify", "--verify", signed, "--keys", "public.json")
    assert said.exit_code == 6
    assert said.stdout == ""


def test_a_result_that_the_rules_of_today_do_not_give_says_what_changed(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS)
    kept = json.loads(run("classify", "facts.yaml", "--json", "--on", "2026-11-25").stdout)
    kept["holds"][0]["since"] = [{"day": "2026-08-02", "basis": "113"}]
    kept["rules"]["digest"] = "sha256:0"
    (tmp_path / "kept.json").write_text(json.dumps(kept))
    said = run("classify", "--verify", "kept.json")
    assert said.exit_code == 8
    assert "It is not signed." in said.stdout
    assert "The rules here are others" in said.stdout
    assert "conclusion Annex III 4(a): holds, from 2026-08-02 (113) -> holds, from" in said.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "no text in UTF-8"),
        (b"{", "neither a signed result nor JSON"),
        (b"[" * 100_000, "neither a signed result nor JSON"),
        (b"{}", "no result of a classification"),
        (b"a.b.c", "no signed result"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x").write_bytes(content)
    refused = run("classify", "--verify", "x")
    assert refused.exit_code == 6
    assert said in refused.stderr


def test_no_key_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS)
    assert run("classify", "facts.yaml", "--sign", "facts.yaml").exit_code == 6
    assert run("classify", "facts.yaml", "--sign", "none.json").exit_code == 6
