"""A filing that passes validation is registered and public at once, approved by nobody (AI Act, Articles 49 and 71)."""

from __future__ import annotations

import json

import pytest
from django.db import connections

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.filings import section_a, section_b, section_c, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)


def published(number: str) -> dict[str, object] | None:
    """What the public site could read of an entry."""
    with connections["site"].cursor() as cursor:
        cursor.execute("select body from published.entry where number = %s", [number])
        row = cursor.fetchone()
    return json.loads(bytes(row[0])) if row else None


def test_section_a_is_public_with_its_number() -> None:
    provider = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    record = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW)
    deliver_pending(at=NOW)
    assert record.case.number == "EU-A-2026-000001"
    body = published("EU-A-2026-000001")
    assert body is not None
    assert body["fields"]["trade_name"] == "CV Sorter 2"
    assert body["points"]["trade_name"] == "A.4"


def test_an_update_supersedes_and_keeps_the_history() -> None:
    provider = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    filing = section_a(provider)
    record = perform(RegisterHighRisk.file, None, actor=provider, data=filing, at=NOW)
    change = {"valid_from": "2026-11-20", "reason": "New name"}
    perform(
        RegisterHighRisk.update,
        record.case,
        actor=provider,
        data={**filing, "trade_name": "CV Sorter 3", "change": change},
        at=NOW,
        expected_version=1,
    )
    deliver_pending(at=NOW)
    body = published("EU-A-2026-000001")
    assert body is not None
    assert body["fields"]["trade_name"] == "CV Sorter 3"
    assert [version["filing_status"] for version in body["versions"]] == ["superseded", "current"]


def test_section_b_and_c() -> None:
    provider = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    deployer = acting_for(organisation("City of Example", Capacity.DEPLOYER, public_body=True, state="SI"))
    perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW)
    perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW)
    perform(RegisterUse.file, None, actor=deployer, data=section_c("EU-A-2026-000001"), at=NOW)
    deliver_pending(at=NOW)
    used = published("EU-A-2026-000001")
    use = published("EU-C-2026-000001")
    assert published("EU-B-2026-000001") is not None
    assert used is not None
    assert used["uses"] == ["EU-C-2026-000001"]
    assert use is not None
    assert use["provider_entry"] == "EU-A-2026-000001"


def test_the_secure_section_shows_nowhere() -> None:
    provider = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    record = perform(RegisterHighRisk.file, None, actor=provider, data=secure_a(), at=NOW)
    perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW)
    deliver_pending(at=NOW)
    assert record.case.secure
    assert record.case.number.startswith("EU-A-S-")
    with connections["site"].cursor() as cursor:
        cursor.execute("select number from published.entry")
        assert cursor.fetchall() == [("EU-A-2026-000001",)], "the public series has no gap that would tell"


def test_annex_iii_point_2_is_sent_to_the_national_register() -> None:
    provider = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    filing = section_a(provider)
    filing["routing"]["annex_iii_point"] = "2"
    with pytest.raises(Invalid) as refusal:
        perform(RegisterHighRisk.file, None, actor=provider, data=filing, at=NOW)
    assert refusal.value.errors[0].pointer == "/routing/annex_iii_point"
    assert "49(5)" in refusal.value.errors[0].message
