"""The receipt on paper: accessible, whatever was sent never read as markup, and the receipt that programs check inside it."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.doors.proofs import receipt_data
from aioffice.doors.receipt_pdf import command_of, receipt_pdf
from aioffice.kernel.db import plumbing
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
from aioffice.kernel.ledger.evidence import Evidence, parse_evidence
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.keys import generate_key
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.ledger.statements import step
from aioffice.kernel.ledger.verifying import Receipt
from aioffice.kernel.parties.models import Person
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.matrix_world import session_of
from tests.support.parties import acting_for, organisation
from tests.support.pdf import attached as file_in
from tests.support.pdf import inside, streams
from tests.support.sequencing import settle

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = generate_key("office.example/ledger/internal")
URL = "https://office.example/en/office/cases/1/records/1/receipt.json"


def a_receipt() -> dict[str, Any]:
    entry = step({"case": "1", "step": "mandate.confirm", "sequence": 1}, AT, {}).encode()
    root = Edge().grow([leaf_hash(entry)]).edge.root()
    note = bytes(sign_checkpoint(Checkpoint(KEY.name, 1, root), KEY))
    return receipt_data(Evidence({}, {}, Receipt(entry, 0, (), note), {}), KEY.verifier)


def made(*facts: tuple[str, str]) -> bytes:
    return receipt_pdf(a_receipt(), facts or (("Step", "Register"),), url=URL, at=AT)


def attached(pdf: bytes) -> bytes:
    """The receipt within the PDF."""
    return file_in(pdf, b'{"subject"')


def test_it_says_that_it_is_accessible_and_in_which_language() -> None:
    whole = inside(made())
    assert b"pdfuaid:part" in whole
    assert re.search(rb"/Lang ?\(en", whole)
    assert b"/StructTreeRoot" in whole
    with translation.override("fr"):
        assert re.search(rb"/Lang ?\(fr", inside(made()))


def test_the_receipt_that_programs_check_is_in_it() -> None:
    held = parse_evidence(attached(made())).check([KEY.verifier])
    assert held.statement.subject == {"case": "1", "step": "mandate.confirm", "sequence": 1}


def test_codes_are_copied_as_they_are() -> None:
    """No sign that nobody sees stands between theirs: a key with such signs is another key."""
    maps = [one for one in streams(made()) if b"beginbfchar" in one or b"beginbfrange" in one]
    assert maps
    for unseen in (b"200b", b"200c", b"200d", b"2060", b"00ad", b"feff"):
        assert not any(b"<" + unseen + b">" in one.lower() for one in maps)


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "*bold* _it_ $1/0$ = head",
        "\\u{1F600} ] } ) \" ' `",
        "漢字 😀 \u202e\x00\ufeff",
        "žřœ Ελ бг",
    ],
)
def test_whatever_was_sent_is_text(text: str) -> None:
    assert made(("Subject", text)).startswith(b"%PDF-")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("the_day")
def test_the_filer_saves_it_from_the_case_page_and_the_printed_command_checks_it(tmp_path: Path) -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=timezone.now()).case
    with plumbing():
        browser = session_of(Person.objects.get(pk=provider.person))
    path = f"/en/office/cases/{case.pk}/records/1/receipt.pdf"
    assert browser.get(path).status_code == 302
    settle(timezone.now())
    answer = browser.get(path)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{case.number}-1.pdf"'
    held = parse_evidence(attached(answer.content)).check([verifier_key(INTERNAL)])
    assert (held.differences, held.not_shown) == ([], [])
    words = shlex.split("\n".join(command_of(json.loads(attached(answer.content)))).replace("\\\n", " "))
    assert words[:5] == ["aioffice", "ledger", "check-receipt", "receipt.json", "--key"]
    assert words[5] == str(verifier_key(INTERNAL)), "the key is in it: a false file would name a false one"
    (tmp_path / words[3]).write_bytes(attached(answer.content))
    with contextlib.chdir(tmp_path):
        assert CliRunner().invoke(app, words[1:]).exit_code == 0
        false = generate_key(verifier_key(INTERNAL).name).verifier
        assert CliRunner().invoke(app, [*words[1:5], str(false)]).exit_code == 1
    assert "Receipt (PDF)" in browser.get(f"/en/office/cases/{case.pk}/").content.decode()
