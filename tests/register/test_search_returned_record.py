"""A record that left its source and came back: on the days between it was not there (as of a day, as known at a moment)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.public_queries import Filters, search, version_on, versions
from aioffice.register.reference_procedure import TakeOverDutchRecord
from tests.support.parties import NOW, organisation

pytestmark = pytest.mark.django_db(transaction=True)

DUTCH = Filters(collection="nl-algorithm-register")
IMPORTER = service("importer")


def record(day: int, **changes: object) -> dict[str, object]:
    return {
        "source_id": "1",
        "title": "Parkeercontrole",
        "organisation": "Gemeente Voorbeeld",
        "purpose": "Controle van betaald parkeren.",
        "status": "in_gebruik",
        "impact_assessment": "Ja",
        "legal_basis": "Gemeentewet",
        "last_changed": "2026-05-01",
        "link": "https://algoritmes.overheid.nl/nl/algoritme/1",
        "valid_from": datetime(2026, 6, day, tzinfo=UTC).isoformat(),
        **changes,
    }


def test_a_returned_record_was_gone_in_between() -> None:
    organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    at = NOW
    case = perform(TakeOverDutchRecord.take_over, None, actor=IMPORTER, data=record(1), at=at).case
    gone = {"valid_from": datetime(2026, 6, 10, tzinfo=UTC).isoformat()}
    perform(TakeOverDutchRecord.withdraw, case, actor=IMPORTER, data=gone, at=at + timedelta(minutes=1))
    back = record(20, title="Parkeercontrole 2")
    perform(TakeOverDutchRecord.return_to_collection, case, actor=IMPORTER, data=back, at=at + timedelta(minutes=2))
    deliver_pending(at=at + timedelta(minutes=3))

    assert [version.filing_status for version in versions(number="NL-AR-1")] == ["current", "withdrawn", "superseded"]
    found = {day: [hit.name for hit in search(filters=DUTCH, on=date(2026, 6, day)).hits] for day in (1, 9, 10, 19, 20)}
    assert found == {1: ["Parkeercontrole"], 9: ["Parkeercontrole"], 10: [], 19: [], 20: ["Parkeercontrole 2"]}
    between = version_on(number="NL-AR-1", on=date(2026, 6, 15))
    assert between is not None
    assert between.withdrawn
    # As known before the withdrawal was recorded, the record was there all the time.
    assert search(filters=DUTCH, on=date(2026, 6, 15), known=at + timedelta(seconds=30)).total == 1
