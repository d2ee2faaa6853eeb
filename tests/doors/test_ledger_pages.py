"""The public log in plain words: each text says since when it stands there, and leads to the exact way of checking it."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.kernel.db import plumbing
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.parties.models import Person
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.api import publish
from tests.support.filings import section_b
from tests.support.matrix_world import session_of
from tests.support.parties import acting_for, organisation
from tests.support.sequencing import sequence_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day")]


def words(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def filed() -> tuple[str, str, Client]:
    """A filing that is public but not sequenced: its number, its case, and the filer's browser."""
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=timezone.now()).case
    publish()
    with plumbing():
        person = Person.objects.get(pk=provider.person)
    return str(case.number), str(case.pk), session_of(person)


def test_an_empty_log_says_so() -> None:
    assert "Nothing has been published yet, so that the log is empty." in words("/en/ledger/")
    assert "Rien n’a encore été publié" in words("/fr/ledger/")


def test_a_text_says_since_when_it_stands_in_the_log() -> None:
    number, _case, _browser = filed()
    version = f"/en/register/{number}/versions/1/"
    waiting = "It stands in the public log within a second."
    for path in (f"/en/register/{number}/", version, f"{version}proof/", f"/en/register/{number}/proof/"):
        assert waiting in words(path)
    assert "s-maxage=1" in Client().get(version).headers["Cache-Control"], "true for a second, kept for one"
    sequence_all(timezone.now())
    assert "in the public log since Monday 23 November 2026, 11:00 Brussels time, as entry 1 of 3." in words(version)
    assert "as entry 2 of 3." in words(f"/en/register/{number}/")
    assert "s-maxage=1" in Client().get(version).headers["Cache-Control"], "what is erased of it is served by no cache"


def test_the_way_of_checking_stands_there_with_the_very_values() -> None:
    number, _case, _browser = filed()
    sequence_all(timezone.now())
    shown = words(f"/en/register/{number}/versions/1/proof/")
    key = str(verifier_key())
    assert f"python verifier.py proof.json --key '{key}'" in shown
    assert f"aioffice ledger check-receipt proof.json --key '{key}'" in shown
    assert "python -m pip install cryptography curl -O http://localhost:8000/ledger/verifier.py" in shown
    assert f"python verifier.py http://localhost:8000/ledger --key '{key}' --save seen" in shown
    proof = Client().get(f"/api/v1/register/entries/{number}/versions/1/proof").json()
    digests = dict(json.loads(proof["entry"])["digests"])
    assert all(pointer in shown and digest in shown for pointer, digest in digests.items())
    assert all(one in shown for one in proof["proof"])
    log = words("/en/ledger/")
    assert key in log
    assert "3 entries, signed on Monday 23 November 2026" in log
    assert 'href="/en/ledger/"' in Client().get("/en/").content.decode()


def test_no_proof_is_shown_of_what_is_not_public() -> None:
    number, _case, _browser = filed()
    for path in ("EU-B-2026-999999/proof/", f"{number}/versions/2/proof/"):
        assert Client().get(f"/en/register/{path}").status_code == 404
    low = Client().get(f"/en/register/{number.lower()}/proof/")
    assert (low.status_code, low.headers["Location"]) == (302, f"/en/register/{number}/proof/")


def test_the_filer_saves_the_receipt_from_the_case_page(tmp_path: Path) -> None:
    number, case, browser = filed()
    path = f"/en/office/cases/{case}/records/1/receipt.json"
    early = browser.get(path)
    assert (early.status_code, early.headers["Location"]) == (302, f"/en/office/cases/{case}/")
    page = browser.get(f"/en/office/cases/{case}/").content.decode()
    assert "The receipt is being signed." in page
    assert f'href="{path}"' in page
    sequence_all(timezone.now())
    given = browser.get(path)
    assert given.headers["Content-Disposition"] == f'attachment; filename="receipt-{number}-1.json"'
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(given.content)
    held = CliRunner().invoke(app, ["ledger", "check-receipt", str(receipt), "--key", str(verifier_key(INTERNAL))])
    assert held.exit_code == 0, held.stderr
    assert browser.get(f"/en/office/cases/{case}/records/9/receipt.json").status_code == 404
