"""One report of impersonation stops what a filer would publish. What stood there before stays, and the Office can still act on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from aioffice.register.publishing import publish_entries, rebuild
from tests.support.filings import section_a, section_b, section_c
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)

REPORTED = NOW + timedelta(hours=1)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def filer() -> Actor:
    return acting_for(organisation("Filer", Capacity.PROVIDER, Capacity.DEPLOYER, public_body=True))


@pytest.fixture
def office() -> Actor:
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))


def freeze(filer: Actor, since: datetime | None = REPORTED) -> None:
    with plumbing():
        Organisation.objects.filter(pk=filer.organisation).update(publications_frozen_at=since)


def filed(filer: Actor, at: datetime = NOW) -> Any:
    case = perform(RegisterExempt.file, None, actor=filer, data=section_b(), at=at).case
    deliver_pending(at=at)
    return case


def update(case_id: UUID, filer: Actor) -> None:
    data = {**section_b(trade_name="Another Name"), "change": {"valid_from": "2026-11-20", "reason": "Renamed"}}
    perform(RegisterExempt.update, case_id, actor=filer, data=data, at=LATER)
    deliver_pending(at=LATER)


def public(number: str) -> dict[str, Any] | None:
    """The public document of an entry."""
    with connections["site"].cursor() as cursor:
        cursor.execute("select body from published.entry where number = %s", [number])
        row = cursor.fetchone()
    return json.loads(bytes(row[0])) if row else None


def test_what_stood_there_stays_and_what_is_new_waits(filer: Actor) -> None:
    case = filed(filer)
    before = public(case.number)
    freeze(filer)
    update(case.pk, filer)
    assert public(case.number) == before
    new = perform(RegisterExempt.file, None, actor=filer, data=section_b(trade_name="New"), at=LATER).case
    deliver_pending(at=LATER)
    assert public(new.number) is None


def test_when_the_report_is_dismissed_what_waited_is_published(filer: Actor) -> None:
    case = filed(filer)
    freeze(filer)
    update(case.pk, filer)
    freeze(filer, None)
    with acting(service("publisher"), LATER):
        publish_entries([case.pk])
    shown = public(case.number)
    assert shown is not None
    assert shown["fields"]["trade_name"] == "Another Name"
    assert [version["filing_status"] for version in shown["versions"]] == ["superseded", "current"]


def test_the_office_withholds_and_marks_all_the_same(filer: Actor, office: Actor) -> None:
    case = filed(filer)
    freeze(filer)
    update(case.pk, filer)
    withheld = {"field": "provider.contact", "ground": "personal_data", "reason": "A private number"}
    perform(RegisterExempt.withhold, case.pk, actor=office, data=withheld, at=LATER)
    perform(RegisterExempt.flag, case.pk, actor=office, data=_doubt(), at=LATER)
    deliver_pending(at=LATER)
    shown = public(case.number)
    assert shown is not None
    assert "contact" not in shown["fields"]["provider"]
    assert shown["withheld"]["provider.contact"]["ground"] == "personal_data"
    assert shown["accuracy_questioned"] is True
    assert shown["fields"]["trade_name"] == section_b()["trade_name"], "the update still waits"
    assert [version["filing_status"] for version in shown["versions"]] == ["current"]


def _doubt() -> dict[str, str]:
    asks = RegisterExempt.flag.asks
    assert asks is not None
    return dict.fromkeys(asks.model_fields, "Nobody knows this company")


def test_a_use_that_waits_does_not_show_at_the_providers_entry(filer: Actor) -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    entry = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    first = perform(RegisterUse.file, None, actor=filer, data=section_c(entry.number), at=NOW).case
    deliver_pending(at=NOW)
    freeze(filer)
    perform(RegisterUse.file, None, actor=filer, data=section_c(entry.number), at=LATER)
    deliver_pending(at=LATER)
    shown = public(entry.number)
    assert shown is not None
    assert shown["uses"] == [first.number]


def test_declaring_an_entry_an_error_waits_too(filer: Actor) -> None:
    case = filed(filer)
    before = public(case.number)
    freeze(filer)
    perform(RegisterExempt.declare_error, case.pk, actor=filer, data={"reason": "Gone"}, at=LATER)
    deliver_pending(at=LATER)
    assert public(case.number) == before
    freeze(filer, None)
    with acting(service("publisher"), LATER):
        publish_entries([case.pk])
    shown = public(case.number)
    assert shown is not None
    assert shown["filing_status"] == "entered_in_error"


def test_the_rebuild_keeps_what_stood_there(filer: Actor) -> None:
    case = filed(filer)
    before = public(case.number)
    freeze(filer)
    update(case.pk, filer)
    list(rebuild(at=LATER))
    assert public(case.number) == before
