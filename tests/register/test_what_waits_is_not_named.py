"""Of a filer under report, what waits shows through no side door: not by a use of it, nor by a report that names its number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aioffice.desks.admission.procedure import ImpersonationReport
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.filings import section_a, section_b, section_c
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)


def test_no_use_is_registered_of_what_waits_and_it_is_named_as_it_was() -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    deployer = acting_for(organisation("City", Capacity.DEPLOYER, public_body=True))
    before = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    deliver_pending(at=NOW)
    with plumbing():
        Organisation.objects.filter(pk=provider.organisation).update(publications_frozen_at=NOW + timedelta(minutes=1))
    renamed = section_a(provider, trade_name="Waiting Name") | {
        "change": {"valid_from": "2026-11-20", "reason": "Renamed"}
    }
    perform(RegisterHighRisk.update, before, actor=provider, data=renamed, at=LATER)
    waits = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=LATER).case
    deliver_pending(at=LATER)
    with pytest.raises(Invalid, match="no entry"):
        perform(RegisterUse.file, None, actor=deployer, data=section_c(waits.number), at=LATER)
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(before.number), at=LATER).case
    assert use.subject == "CV Sorter 2"


def test_a_report_by_number_tells_no_name_that_the_public_is_not_told() -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    reporter = acting_for(organisation("Reporter", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW).case
    report = {"filer": case.number, "reasons": "It is not they."}
    with pytest.raises(Invalid, match="says who filed it"):
        perform(ImpersonationReport.report, None, actor=reporter, data=report, at=NOW)
    deliver_pending(at=NOW)
    withheld = {"field": "provider.name", "ground": "personal_data", "reason": "A person's name"}
    perform(RegisterExempt.withhold, case, actor=office, data=withheld, at=NOW)
    with pytest.raises(Invalid, match="says who filed it"):
        perform(ImpersonationReport.report, None, actor=reporter, data=report, at=LATER)
