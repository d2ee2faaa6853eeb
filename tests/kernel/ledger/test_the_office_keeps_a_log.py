"""From a filing to a log that anyone can check: what is published stands in the public log, every step in the internal one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from aioffice.kernel.db import acting
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.checking import check_document
from aioffice.kernel.ledger.sequencer import SEQUENCER, anchor, sequence
from aioffice.kernel.ledger.signing import INTERNAL, LOGS, PUBLIC, verifier_key
from aioffice.kernel.ledger.statements import parse_statement
from aioffice.kernel.ledger.store import SITE, STORES
from aioffice.kernel.ledger.verifying import Report, verify_log
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from aioffice.register.publishing import rebuild
from tests.support.filings import section_b, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)
CHANGE = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


@pytest.fixture
def office() -> Actor:
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))


def settle(at: Any = NOW) -> None:
    """What the jobs would do: publish, and sequence both logs."""
    deliver_pending(at=at)
    for log in LOGS:
        sequence(log, at)


def verified() -> Report:
    return verify_log(SITE.fetch, site.publications, [verifier_key()])


def entries(log: str) -> Iterator[Any]:
    with acting(SEQUENCER, NOW):
        store = STORES[log]
        newest = store.checkpoint()
        for index in range(newest.size if newest else 0):
            yield parse_statement(store.reader(newest.size).entry(index))  # type: ignore[union-attr]


def kinds(log: str) -> list[str]:
    return [one.kind for one in entries(log)]


def filed(provider: Actor, **changes: Any) -> Any:
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(**changes), at=NOW).case
    settle()
    return case


def test_a_filing_stands_in_the_public_log_and_the_log_verifies(provider: Actor) -> None:
    case = filed(provider)
    report = verified()
    assert report.findings == []
    assert kinds(PUBLIC) == ["key", "publication", "publication"]
    subjects = [dict(one.subject) for one in entries(PUBLIC)][1:]
    assert subjects == [{"entry": case.number, "version": 1}, {"entry": case.number}]


def test_what_does_not_change_is_not_said_twice(provider: Actor) -> None:
    filed(provider)
    list(rebuild(at=LATER))
    settle(LATER)
    assert len(kinds(PUBLIC)) == 3
    assert verified().findings == []


def test_every_version_and_every_mark_is_in_it(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    perform(RegisterExempt.update, case.pk, actor=provider, data=section_b(trade_name="Two") | CHANGE, at=LATER)
    settle(LATER)
    perform(RegisterExempt.flag, case.pk, actor=office, data={"text": "Really?"}, at=LATER)
    settle(LATER)
    assert verified().findings == []
    said = [dict(one.subject) for one in entries(PUBLIC)][3:]
    # Version 1 is superseded, version 2 is new, the entry says version 2; then the entry carries a mark.
    assert said == [
        {"entry": case.number, "version": 1},
        {"entry": case.number, "version": 2},
        {"entry": case.number},
        {"entry": case.number},
    ]


def test_withheld_text_is_redacted_and_leaves_no_salt(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    with connections["site"].cursor() as cursor:
        cursor.execute("select salts ->> '/fields/provider/contact' from published.statement")
        salts = [row[0] for row in cursor.fetchall()]
    withheld = {"field": "provider.contact", "ground": "personal_data", "reason": "A private number"}
    perform(RegisterExempt.withhold, case.pk, actor=office, data=withheld, at=LATER)
    settle(LATER)
    assert verified().findings == []
    redactions = [one for one in entries(PUBLIC) if one.kind == "redaction"]
    assert [one.says for one in redactions] == [{"basis": "71(5)", "pointers": ["/fields/provider/contact"]}] * 2
    with connections["site"].cursor() as cursor:
        cursor.execute("select string_agg(s::text, ' ') from published.statement s")
        everything = cursor.fetchone()[0]
    assert len(salts) == 2
    assert not [salt for salt in salts if salt in everything]


def test_each_step_stands_in_the_internal_log_with_what_was_sent_and_what_was_recorded(provider: Actor) -> None:
    case = filed(provider)
    secure = perform(RegisterHighRisk.file, None, actor=provider, data=secure_a(), at=NOW).case
    settle()
    steps = [one for one in entries(INTERNAL) if one.kind == "step"]
    assert [one.subject["case"] for one in steps] == [str(case.pk), str(secure.pk)]
    assert {"/trade_name", "/@record/actor", "/@record/basis"} <= set(steps[0].digests)
    assert len(kinds(PUBLIC)) == 3, "nothing of the secure section is in the public log"


def test_the_internal_log_is_anchored_in_the_public_one_whatever_happened(provider: Actor) -> None:
    anchor(NOW)
    settle()
    filed(provider)
    anchor(LATER)
    settle(LATER)
    anchor(LATER + timedelta(days=1))
    settle(LATER)
    anchors = [one for one in entries(PUBLIC) if one.kind == "anchor"]
    assert [set(one.says) for one in anchors] == [{"root"}] * 3, "not how much happened"
    assert len({one.says["root"] for one in anchors}) == 3, "nor whether anything did"
    assert kinds(INTERNAL).count("anchor") == 3
    assert verified().findings == []


def test_nobody_but_the_sequencer_reads_or_takes_what_waits(provider: Actor) -> None:
    perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW)
    for table in ("ledger_pending", "ledger_entry"):
        with acting(provider, NOW), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from office.{table}")
            assert cursor.fetchone() == (0,)
            cursor.execute(f"delete from office.{table}") if table == "ledger_pending" else None
    assert sequence(INTERNAL, NOW) == 1


@pytest.mark.parametrize(
    "alteration",
    [
        "update published.version set body = convert_to(replace(convert_from(body, 'UTF8'), 'layout', 'content'), 'UTF8')",
        "update published.entry set body = convert_to(replace(convert_from(body, 'UTF8'), 'false', 'true'), 'UTF8')",
        "update published.statement set salts = jsonb_set(salts, '{/number}', '\"00112233445566778899aabbccddeeff\"')",
        "update published.log_entry set entry = replace(entry::text, '61', '62')::bytea where index = 1",
        "update published.log_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)",
        "update published.log_checkpoint set note = set_byte(note, 30, get_byte(note, 30) # 1)",
        "delete from published.version",
        "delete from published.statement where subject like '%version%'",
    ],
)
def test_whatever_is_altered_is_found(provider: Actor, alteration: str) -> None:
    case = filed(provider)
    assert verified().findings == []
    address = conninfo("owner", settings())
    assert address is not None
    with psycopg.connect(**address) as owner:
        assert owner.execute(alteration).rowcount >= 1  # type: ignore[arg-type]  # texts of this test alone
    try:
        findings = " ".join(verified().findings)
    except Exception as error:  # noqa: BLE001 - whatever refuses says why
        findings = str(error)
    assert findings
    if "version" in alteration or "statement" in alteration or "published.entry" in alteration:
        assert str(case.number) in findings


def test_a_proof_leads_from_the_page_to_the_signature(provider: Actor) -> None:
    case = filed(provider)
    proof = site.proof_of({"entry": case.number, "version": 1})
    assert proof is not None
    statement, checkpoint = proof.receipt.verify([verifier_key()])
    assert checkpoint.size == 3
    assert check_document(proof.document, proof.salts, statement) == []
    assert check_document({**proof.document, "number": "EU-B-2026-999999"}, proof.salts, statement) != []
    assert site.proof_of({"entry": "EU-B-2026-999999"}) is None
    assert json.loads(proof.receipt.encode())["index"] == 1
