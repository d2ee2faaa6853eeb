"""The receipt on paper: accessible, whatever was sent never read as markup, and the receipt that programs check inside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from aioffice.doors.proofs import receipt_data
from aioffice.doors.receipt_pdf import receipt_pdf
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
from tests.support.pdf import inside
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
def test_the_filer_saves_it_from_the_case_page() -> None:
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
    assert "Receipt (PDF)" in browser.get(f"/en/office/cases/{case.pk}/").content.decode()
