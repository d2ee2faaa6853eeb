"""A receipt that is looked at again is the same: it tells nothing of what others did meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from aioffice.doors.proofs import step_receipt
from aioffice.kernel.db import acting
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.receipts import step_evidence
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = pytest.mark.django_db(transaction=True)


def file(provider: Actor, name: str) -> StepRecord:
    record = perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=name), at=NOW)
    settle(NOW)
    return record


def receipt(record: StepRecord, reader: Actor) -> dict[str, Any]:
    with acting(reader, NOW):
        evidence = step_evidence(StepRecord.objects.select_related("payload").get(pk=record.pk), reader=reader, at=NOW)
    assert evidence is not None
    return step_receipt(evidence)


def test_it_does_not_count_what_others_do_meanwhile() -> None:
    ana = acting_for(organisation("Ana's", Capacity.PROVIDER))
    daan = acting_for(organisation("Daan's", Capacity.PROVIDER))
    record = file(ana, "One")
    before = receipt(record, ana)
    size = Checkpoint.parse(parse_note(before["checkpoint"].encode()).text).size
    for name in ("Two", "Three"):
        file(daan, name)
    after = receipt(record, ana)
    assert after == before
    assert Checkpoint.parse(parse_note(after["checkpoint"].encode()).text).size == size
