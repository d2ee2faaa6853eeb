"""The answer on paper: accessible, in the language of the page, what was given never read as markup, and the result attached."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import translation
from typer.testing import CliRunner

from aioffice.act.classification import classify
from aioffice.act.duties import duties, vocabulary
from aioffice.act.results import again, result_of
from aioffice.act.text import LANGUAGES, texts
from aioffice.act.words_of_rules import help_of, options, question
from aioffice.doors.answer_pdf import answer_pdf
from aioffice.doors.api import limits
from aioffice.doors.cli import app
from aioffice.doors.typesetting import known
from aioffice.doors.web.public_check_answer import context, told_of
from aioffice.doors.web.public_checking_form import as_text
from aioffice.kernel.results import jws, signing
from aioffice.kernel.settings import settings
from tests.support.api import Machine
from tests.support.pdf import attached, inside

if TYPE_CHECKING:
    from pathlib import Path

AT, ON = datetime(2026, 11, 25, 10, tzinfo=UTC), date(2026, 11, 25)
SCREENER: dict[str, Any] = {
    "is_ai_system": True,
    "is_provider": True,
    "placed_on_union_market": True,
    "recruits": True,
    "profiles_people": True,
    "first_placed_on": "2028-03-01",
}
JOSE = b"eyJ"


def made(given: dict[str, Any] = SCREENER, language: str = "en", signed: str = "", **more: Any) -> bytes:
    answer, found = classify(given, known_as=vocabulary()), duties(given)
    with translation.override(language):
        answers = {name: as_text(answer.facts[name]) for name in given}
        shown = context(answer, found, ON, language) | {"told": told_of(answers, language)} | more
        return answer_pdf(shown, result_of(answer, found, ON, given), at=AT, signed=signed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_it_is_accessible_and_in_which_language(language: str) -> None:
    whole = inside(made(language=language))
    assert b"pdfuaid:part" in whole
    assert b"/StructTreeRoot" in whole
    assert re.search(rb"/Lang ?\(" + language.encode(), whole)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"is_ai_system": False, "is_gpai_model": False},
        SCREENER | {"solely_military": True},
        SCREENER | {"scrapes_faces": True, "infers_emotions": True},
        {"is_gpai_model": True, "is_provider": True, "placed_on_union_market": True, "training_compute": 2 * 10**25},
    ],
)
def test_every_kind_of_answer_can_be_printed(given: dict[str, Any]) -> None:
    assert made(given).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "*bold* _it_ $1/0$ = head",
        "] } ) \" ' ` \\",
        "漢字 😀 \u202e\x00",
        "žř Ελ бг",
    ],
)
def test_whatever_was_given_is_text(text: str) -> None:
    assert made(told=[{"question": text, "said": text}]).startswith(b"%PDF-")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_sign_of_the_questions_and_texts(language: str) -> None:
    facts = list(vocabulary())
    said = [question(fact, language) for fact in facts] + [help_of(fact, language) for fact in facts]
    said += [words for fact in facts for _code, words in options(fact, language)]
    said += [text for key, text in texts(language).items() if key.startswith(("duty.", "outcome.", "role.", "since."))]
    for text in said:
        assert known(text) == text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_gives_a_pdf_with_the_signed_result_in_it() -> None:
    answer = Client().post("/fr/check/", {"is_ai_system": "yes", "recruits": "yes", "do": "pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="classification.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.search(rb"/Lang ?\(fr", inside(answer.content))
    said = jws.verify(attached(answer.content, JOSE).decode(), signing.checking_keys())
    assert said.content["given"] == ["is_ai_system", "recruits"]
    assert json.loads(json.dumps(again(said.content))) == said.content


def test_without_a_key_the_result_is_attached_as_it_is() -> None:
    content = json.loads(attached(made(), b"{\n"))
    assert set(content["given"]) == set(SCREENER)


def test_the_api_answers_with_a_pdf_in_the_language_asked() -> None:
    answer = Machine().send(
        "POST", "/classification", {"facts": SCREENER}, Accept="application/pdf", Accept_Language="fr"
    )
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-language"] == "fr"
    assert re.search(rb"/Lang ?\(fr", inside(answer.body))


def test_many_pdfs_at_once_are_refused_with_a_time_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    few = settings().model_copy(update={"api_requests_per_minute_address": 15})
    monkeypatch.setattr(limits, "settings", lambda: few)
    limits.forget()
    try:
        first, second = (Client().post("/en/check/", {"is_ai_system": "no", "do": "pdf"}) for _number in range(2))
    finally:
        limits.forget()
    assert first.status_code == 200
    assert second.status_code == 429
    assert int(second.headers["Retry-After"]) > 1
    assert "go back" in second.content.decode()


def test_the_command_line_makes_the_same_without_an_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text("is_ai_system: true\nrecruits: true\n")

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, ["classify", "facts.yaml", *words])

    done = run("--pdf", "answer.pdf", "--language", "fr")
    assert done.exit_code == 0, done.stderr
    pdf = (tmp_path / "answer.pdf").read_bytes()
    assert re.search(rb"/Lang ?\(fr", inside(pdf))
    assert json.loads(attached(pdf, b"{\n"))["given"] == ["is_ai_system", "recruits"]
    CliRunner().invoke(app, ["result-key", "make", "key.json"])
    assert run("--pdf", "answer.pdf", "--sign", "key.json", "--signed-by", "Acme").exit_code == 0
    said = jws.unchecked(attached((tmp_path / "answer.pdf").read_bytes(), JOSE).decode())
    assert said.issuer == "Acme"
    assert run("--pdf", "answer.pdf", "--language", "xx").exit_code == 2
    assert run("--pdf", "no/such/folder/answer.pdf").exit_code == 1
