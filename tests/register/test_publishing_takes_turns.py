"""Two jobs about one entry: what was read earlier never replaces what was read later, so withheld text stays withheld."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register import public_queries, public_rows
from aioffice.register.procedure import RegisterExempt
from aioffice.register.publishing import publish_entries
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)


def publish(case_id: Any, at: datetime) -> None:
    try:
        with acting(service("publisher"), at):
            publish_entries([case_id])
    finally:
        connections.close_all()


def test_a_slow_reader_does_not_undo_a_tombstone(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW).case
    deliver_pending(at=NOW)
    has_read, may_write = threading.Event(), threading.Event()
    rows_of = public_rows.rows_of

    def slowly(*args: Any) -> public_rows.EntryRows:
        rows = rows_of(*args)
        if threading.current_thread().name == "slow":
            has_read.set()
            assert may_write.wait(20)
        return rows

    monkeypatch.setattr(public_rows, "rows_of", slowly)
    slow = threading.Thread(target=publish, args=(case.pk, NOW), name="slow")
    slow.start()
    assert has_read.wait(20)
    withheld = {"field": "provider.contact", "ground": "personal_data", "reason": "A private number"}
    perform(RegisterExempt.withhold, case.pk, actor=office, data=withheld, at=LATER)
    quick = threading.Thread(target=publish, args=(case.pk, LATER), name="quick")
    quick.start()
    quick.join(0.5)
    assert quick.is_alive(), "it waits for its turn"
    may_write.set()
    slow.join(20)
    quick.join(20)
    shown = public_queries.entry(number=str(case.number))
    assert shown is not None
    assert "contact" not in shown.document["fields"]["provider"]
