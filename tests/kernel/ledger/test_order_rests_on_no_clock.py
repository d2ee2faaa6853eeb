"""The log has statements in the order in which they became true, though the machines that write them have different clocks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.ids import uuid7
from aioffice.kernel.ledger import site, statements, writing
from aioffice.kernel.ledger.sequencer import SEQUENCER
from aioffice.kernel.ledger.signing import verifier_key
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import verify_log
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(seconds=1)
CHANGE = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}


def test_a_newer_version_that_a_machine_with_a_slow_clock_publishes_comes_behind_the_older_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW).case
    deliver_pending(at=NOW)
    five_seconds = 5_000 << 80
    monkeypatch.setattr(writing, "uuid7", lambda: UUID(int=uuid7().int - five_seconds))
    perform(RegisterExempt.update, case.pk, actor=provider, data=section_b(trade_name="Other") | CHANGE, at=SOON)
    settle(SOON)
    report = verify_log(SITE.fetch, site.publications, [verifier_key()])
    assert report.findings == []
    assert report.documents == 3


def test_what_waited_before_there_were_numbers_comes_first_in_its_old_order() -> None:
    with acting(SEQUENCER, NOW):
        ids = writing.add(
            "internal",
            [
                (statements.step({"case": str(number), "step": "x", "sequence": 1}, NOW, {}), None)
                for number in range(4)
            ],
            NOW,
        )
    address = conninfo("owner", settings())
    assert address is not None
    with psycopg.connect(**address) as owner:
        owner.execute("update office.ledger_pending set turn = null where id = any(%s)", [ids[2:]])
    settle(SOON)
    with acting(SEQUENCER, SOON), connection.cursor() as cursor:
        cursor.execute(
            "select convert_from(entry, 'UTF8')::jsonb -> 'subject' ->> 'case' from office.ledger_entry where index > 0 order by index"
        )
        order = [row[0] for row in cursor.fetchall()]
    assert order == ["2", "3", "0", "1"]
