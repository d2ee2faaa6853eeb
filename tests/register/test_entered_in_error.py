"""An entry declared an error stays readable and stays supervised; the past is not rewritten; who relied on it is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.notices.queries import inbox
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register import public_queries
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.filings import section_a, section_b, section_c
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=2)
CHANGE = {"valid_from": "2026-11-20", "reason": "New telephone number"}


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


@pytest.fixture
def authority() -> Actor:
    return acting_for(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY))


@pytest.fixture
def deployer() -> Actor:
    return acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))


def declared(provider: Actor, case: Any) -> None:
    perform(RegisterHighRisk.declare_error, case, actor=provider, data={"reason": "Filed twice"}, at=LATER)
    deliver_pending(at=LATER)


def registered(provider: Actor) -> Any:
    case = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    deliver_pending(at=NOW)
    return case


def found(known: datetime | None = None) -> list[str]:
    page = public_queries.search(text="", known=known)
    return [hit.number for hit in page.hits]


def test_authorities_go_on_asking(provider: Actor, authority: Actor) -> None:
    case = registered(provider)
    declared(provider, case.pk)
    question = {"text": "Where is the system now?"}
    perform(RegisterHighRisk.question, case.pk, actor=authority, data=question, at=LATER)
    answer = perform(RegisterHighRisk.reply, case.pk, actor=provider, data={"text": "Nowhere."}, at=LATER)
    assert answer.to_state == "entered_in_error"


def test_the_register_as_it_was_known_before_still_shows_it(provider: Actor) -> None:
    case = registered(provider)
    declared(provider, case.pk)
    assert found() == []
    assert found(known=NOW + timedelta(hours=1)) == [case.number]
    assert found(known=LATER + timedelta(hours=1)) == []


def test_who_registered_its_use_is_told_on_its_own_case(provider: Actor, deployer: Actor) -> None:
    case = registered(provider)
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(case.number), at=NOW).case
    declared(provider, case.pk)
    with acting(deployer, LATER):
        told = [notice for notice in inbox(deployer).items if "field C 3" in str(notice.title)]
    assert [notice.case_id for notice in told] == [use.pk]


def test_its_use_is_still_kept_up_to_date_and_nobody_new_selects_it(provider: Actor, deployer: Actor) -> None:
    case = registered(provider)
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(case.number), at=NOW).case
    declared(provider, case.pk)
    data = {**section_c(case.number), "change": CHANGE}
    assert perform(RegisterUse.update, use.pk, actor=deployer, data=data, at=LATER).to_state == "registered"
    with pytest.raises(Invalid, match="no entry"):
        perform(RegisterUse.file, None, actor=deployer, data=section_c(case.number), at=LATER)


def test_a_use_declared_an_error_no_longer_stands_at_the_system(provider: Actor, deployer: Actor) -> None:
    case = registered(provider)
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(case.number), at=NOW).case
    deliver_pending(at=NOW)
    shown = public_queries.entry(number=case.number)
    assert shown is not None
    assert shown.document["uses"] == [use.number]
    perform(RegisterUse.declare_error, use.pk, actor=deployer, data={"reason": "Never used"}, at=LATER)
    deliver_pending(at=LATER)
    shown = public_queries.entry(number=case.number)
    assert shown is not None
    assert shown.document["uses"] == []


def test_only_the_name_of_the_register_leads_to_an_entry(provider: Actor, deployer: Actor) -> None:
    case = registered(provider)
    for text in (f"see {case.number}", f"https://evil.example/?to={case.number}", f"{case.number} and more"):
        with pytest.raises(Invalid):
            perform(RegisterUse.file, None, actor=deployer, data=section_c(text), at=NOW)
    address = f"https://register.example/en/register/{case.number}/"
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(address), at=NOW).case
    deliver_pending(at=NOW)
    shown = public_queries.entry(number=use.number)
    assert shown is not None
    assert shown.document["fields"]["provider_entry"] == case.number


def test_an_exempt_system_has_no_use_to_register(provider: Actor, deployer: Actor) -> None:
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW).case
    with pytest.raises(Invalid, match="not high-risk"):
        perform(RegisterUse.file, None, actor=deployer, data=section_c(case.number), at=NOW)
