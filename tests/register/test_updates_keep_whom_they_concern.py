"""An update changes what the entry says, not who watches it: nobody updates an authority, a provider or a system away."""

from __future__ import annotations

from typing import Any

import pytest

from aioffice.desks.admission.procedure import RepresentativeMandate
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid, NotFound, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk, RegisterUse
from tests.support.filings import PARTY, section_a, section_c, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db

CHANGE = {"change": {"valid_from": "2026-11-20", "reason": "Kept up to date"}}
AS_REPRESENTATIVE = {**section_a()["routing"], "filer_capacity": "authorised_representative"}
MSA = Capacity.MARKET_SURVEILLANCE_AUTHORITY


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Example Provider", Capacity.PROVIDER))


def mandated(provider: Actor, representative: Actor, name: str) -> None:
    proposal = {"representative": name, "scope": "All systems"}
    case = perform(RepresentativeMandate.propose, None, actor=provider, data=proposal, at=NOW).case
    perform(RepresentativeMandate.confirm, case, actor=representative, data={}, at=NOW)


@pytest.fixture
def representative(provider: Actor) -> Actor:
    actor = acting_for(organisation("Representation", Capacity.AUTHORISED_REPRESENTATIVE, state="IE"))
    mandated(provider, actor, "Representation")
    return actor


def represented(actor: Actor, filing: dict[str, Any], **changes: Any) -> dict[str, Any]:
    named = {"representative": {**PARTY, "name": "Representation"}, "submitter": PARTY}
    routing = {**filing["routing"], "filer_capacity": "authorised_representative"}
    return {**filing, **named, "provider": {**PARTY, "name": "Example Provider"}, "routing": routing, **changes}


def sees(actor: Actor, case: Any) -> bool:
    with acting(actor, NOW):
        return Case.objects.filter(pk=case.pk).exists()


def test_a_state_once_named_stays_concerned(provider: Actor) -> None:
    there = acting_for(organisation("Authority SI", MSA, state="SI"))
    case = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    perform(
        RegisterHighRisk.update, case, actor=provider, data=section_a(provider, member_states=["PT"]) | CHANGE, at=NOW
    )
    assert sees(there, case)
    perform(RegisterHighRisk.question, case.pk, actor=there, data={"text": "Withdrawn from Slovenia?"}, at=NOW)


@pytest.mark.parametrize(
    ("routing", "pointer"),
    [
        ({"filer_capacity": "on_behalf_of_deployer", "deployer_seat": "SI"}, "/routing/filer_capacity"),
        ({"deployer_seat": "SI"}, "/routing/deployer_seat"),
    ],
)
def test_a_use_keeps_its_deployer(provider: Actor, routing: dict[str, str], pointer: str) -> None:
    deployer = acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))
    entry = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    filing = section_c(entry.number)
    use = perform(RegisterUse.file, None, actor=deployer, data=filing, at=NOW).case
    moved = {**filing, "routing": {**filing["routing"], **routing}, **CHANGE}
    with pytest.raises(Invalid) as caught:
        perform(RegisterUse.update, use, actor=deployer, data=moved, at=NOW)
    assert [fault.pointer for fault in caught.value.errors] == [pointer]


def test_a_use_keeps_its_system(provider: Actor) -> None:
    deployer = acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))
    first, other = (
        perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case for _ in range(2)
    )
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(first.number), at=NOW).case
    with pytest.raises(Invalid, match="another system"):
        perform(RegisterUse.update, use, actor=deployer, data=section_c(other.number) | CHANGE, at=NOW)


def test_a_representative_names_who_submits(provider: Actor, representative: Actor) -> None:
    filing = represented(representative, section_a(representative))
    del filing["submitter"]
    with pytest.raises(Invalid) as caught:
        perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW)
    assert [fault.pointer for fault in caught.value.errors] == ["/submitter"]


def test_a_representative_does_not_move_an_entry_to_another_provider(provider: Actor, representative: Actor) -> None:
    other = acting_for(organisation("Other Provider", Capacity.PROVIDER))
    mandated(other, representative, "Representation")
    filing = represented(representative, section_a(representative))
    case = perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW).case
    moved = {**filing, "provider": {**PARTY, "name": "Other Provider"}, **CHANGE}
    with pytest.raises(Invalid) as caught:
        perform(RegisterHighRisk.update, case, actor=representative, data=moved, at=NOW)
    assert [fault.pointer for fault in caught.value.errors] == ["/provider/name"]


def test_a_representative_no_longer_named_reads_no_further(provider: Actor, representative: Actor) -> None:
    named = section_a(provider, representative={**PARTY, "name": "Representation"})
    case = perform(RegisterHighRisk.file, None, actor=provider, data=named, at=NOW).case
    assert sees(representative, case)
    perform(RegisterHighRisk.update, case, actor=provider, data=section_a(provider) | CHANGE, at=NOW)
    assert not sees(representative, case)


def test_the_provider_answers_what_its_representative_is_asked(provider: Actor, representative: Actor) -> None:
    authority = acting_for(organisation("Authority", MSA))
    filing = represented(representative, section_a(representative))
    case = perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW).case
    perform(RegisterHighRisk.question, case.pk, actor=authority, data={"text": "?"}, at=NOW)
    perform(RegisterHighRisk.reply_by_provider, case.pk, actor=provider, data={"text": "Ours."}, at=NOW)


def test_the_provider_keeps_its_entry_in_the_secure_section_up_to_date(provider: Actor, representative: Actor) -> None:
    filing = represented(representative, secure_a())
    case = perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW).case
    recalled = {**filing, "status": "recalled", **CHANGE}
    assert perform(RegisterHighRisk.update_by_provider, case.pk, actor=provider, data=recalled, at=NOW).sequence == 2
    stranger = acting_for(organisation("Stranger", Capacity.PROVIDER))
    with pytest.raises(NotFound):
        perform(RegisterHighRisk.update_by_provider, case.pk, actor=stranger, data=recalled, at=NOW)


def test_the_provider_declares_an_error_after_the_mandate_has_ended(provider: Actor, representative: Actor) -> None:
    filing = represented(representative, section_a(representative))
    case = perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW).case
    with acting(provider, NOW):
        mandate = Case.objects.get(procedure=RepresentativeMandate.slug)
    perform(RepresentativeMandate.end, mandate, actor=provider, data={"reasons": "Over"}, at=NOW)
    with pytest.raises(Refused):
        perform(RegisterHighRisk.declare_error, case.pk, actor=representative, data={"reason": "x"}, at=NOW)
    done = perform(RegisterHighRisk.declare_error_by_provider, case.pk, actor=provider, data={"reason": "x"}, at=NOW)
    assert done.to_state == "entered_in_error"


def test_nothing_is_true_since_before_the_act(provider: Actor) -> None:
    case = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    long_ago = {"change": {"valid_from": "0001-01-01", "reason": "Typed wrongly"}}
    with pytest.raises(Invalid) as caught:
        perform(RegisterHighRisk.update, case, actor=provider, data=section_a(provider) | long_ago, at=NOW)
    assert [fault.pointer for fault in caught.value.errors] == ["/change/valid_from"]


def test_the_mark_stays_until_every_authority_that_doubts_has_taken_its_own_away(provider: Actor) -> None:
    here, there = (acting_for(organisation(f"Authority {state}", MSA, state=state)) for state in ("PT", "SI"))
    case = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    for one in (here, there):
        perform(RegisterHighRisk.flag, case.pk, actor=one, data={"text": "Doubtful"}, at=NOW)
    perform(RegisterHighRisk.unflag, case.pk, actor=here, data={"reason": "Cleared up"}, at=NOW)
    with pytest.raises(Refused, match="another authority"):
        perform(RegisterHighRisk.unflag, case.pk, actor=here, data={"reason": "Theirs too"}, at=NOW)
    perform(RegisterHighRisk.update, case.pk, actor=provider, data=section_a(provider) | CHANGE, at=NOW)
    perform(RegisterHighRisk.unflag, case.pk, actor=there, data={"reason": "Cleared up"}, at=NOW)
    with pytest.raises(Refused, match="does not carry"):
        perform(RegisterHighRisk.unflag, case.pk, actor=there, data={"reason": "Again"}, at=NOW)


def test_of_two_providers_with_one_name_neither_gets_the_entry_of_the_other(
    provider: Actor, representative: Actor
) -> None:
    namesake = acting_for(organisation("Example Provider", Capacity.PROVIDER))
    filing = represented(representative, secure_a())
    case = perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW).case
    mandated(namesake, representative, "Representation")
    with pytest.raises(Refused, match="several providers of this name"):
        perform(RegisterHighRisk.file, None, actor=representative, data=filing, at=NOW)
    updated = perform(RegisterHighRisk.update, case, actor=representative, data=filing | CHANGE, at=NOW)
    assert updated.case.counterpart_id == provider.organisation
    assert not sees(namesake, case)
