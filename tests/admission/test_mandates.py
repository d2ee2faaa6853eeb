"""A mandate is in force once provider and representative confirmed it; either side ends it, and 22(4) tells the authorities."""

from __future__ import annotations

import pytest

from aioffice.desks.admission.procedure import RepresentativeMandate
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Identifier, Mandate, Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused, WrongState
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.support.filings import PARTY, pdf, section_a, section_b
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db

AR = Capacity.AUTHORISED_REPRESENTATIVE


@pytest.fixture
def provider() -> Actor:
    """A provider from a third country."""
    return acting_for(organisation("Overseas Inc", Capacity.PROVIDER, state="", country="US"))


@pytest.fixture
def representative() -> Actor:
    """An authorised representative in Portugal."""
    return acting_for(organisation("Mandatária Lda", AR, state="PT"))


def proposed(provider: Actor, **changes: object) -> Case:
    data = {"representative": "Mandatária Lda", "scope": "All high-risk AI systems", **changes}
    return perform(RepresentativeMandate.propose, None, actor=provider, data=data, at=NOW).case


def in_force(provider: Actor, representative: Actor) -> Case:
    case = proposed(provider)
    return perform(RepresentativeMandate.confirm, case, actor=representative, data={}, at=NOW).case


def mandate_of(case: Case) -> Mandate:
    with plumbing():
        return Mandate.objects.get(case_id=case.pk)


def sees(actor: Actor, case: Case) -> bool:
    with acting(actor, NOW):
        return Case.objects.filter(pk=case.pk).exists()


def test_it_takes_both_sides(provider: Actor, representative: Actor) -> None:
    case = proposed(provider, mandate_copy=pdf(provider, "mandate.pdf"))
    assert (case.number, case.member_states) == ("MAN-2026-000001", ["PT"])
    assert not mandate_of(case).in_force
    with pytest.raises(NotAllowed):
        perform(RepresentativeMandate.confirm, case, actor=provider, data={}, at=NOW)
    record = perform(RepresentativeMandate.confirm, case, actor=representative, data={}, at=NOW)
    assert record.case.state == "in_force"
    assert mandate_of(case).in_force


def test_the_representative_is_told_and_only_its_signatory_confirms(provider: Actor, representative: Actor) -> None:
    case = proposed(provider)
    with acting(representative, NOW):
        assert Notice.objects.filter(case=case, step="mandate.propose").exists()
        own = Organisation.objects.get(pk=representative.organisation)
    editor = acting_for(own, roles=[Role.EDITOR])
    with pytest.raises(NotAllowed):
        perform(RepresentativeMandate.confirm, case, actor=editor, data={}, at=NOW)


def test_a_mandate_is_between_the_two_and_nobody_else_sees_it(provider: Actor, representative: Actor) -> None:
    case = in_force(provider, representative)
    assert sees(representative, case)
    for capacity in (Capacity.MARKET_SURVEILLANCE_AUTHORITY, Capacity.PROVIDER):
        assert not sees(acting_for(organisation(f"Other {capacity}", capacity, state="PT")), case)


def test_the_representative_is_found_by_number_and_must_be_one(provider: Actor, representative: Actor) -> None:
    with plumbing():
        Identifier.objects.create(organisation_id=representative.organisation, scheme="vat", value="PT501964843")
    assert proposed(provider, representative="pt501964843").counterpart_id == representative.organisation
    organisation("Importer Lda", Capacity.IMPORTER, state="PT")
    organisation("Unadmitted AR", AR, state="PT", admitted=False)
    for name in ("Importer Lda", "Unadmitted AR", "Nobody"):
        with pytest.raises(Invalid) as caught:
            proposed(provider, representative=name)
        assert [fault.pointer for fault in caught.value.errors] == ["/representative"]


def test_two_of_one_name_are_told_apart_by_number(provider: Actor, representative: Actor) -> None:
    organisation("MANDATÁRIA LDA", AR, state="PT")
    with pytest.raises(Invalid, match="identifier"):
        proposed(provider)


def test_nobody_represents_itself() -> None:
    both = acting_for(organisation("Both", Capacity.PROVIDER, AR, state="PT"))
    with pytest.raises(Invalid, match="somebody else"):
        proposed(both, representative="Both")


def test_a_proposal_is_declined_or_taken_back(provider: Actor, representative: Actor) -> None:
    declined = perform(
        RepresentativeMandate.decline,
        proposed(provider),
        actor=representative,
        data={"reasons": "No capacity."},
        at=NOW,
    ).case
    retracted = perform(RepresentativeMandate.retract, proposed(provider), actor=provider, data={}, at=NOW).case
    assert (declined.state, retracted.state) == ("declined", "retracted")
    assert mandate_of(declined).ended_at == mandate_of(retracted).ended_at == NOW
    with pytest.raises(WrongState):
        perform(RepresentativeMandate.confirm, declined, actor=representative, data={}, at=NOW)


@pytest.mark.parametrize("side", ["provider", "representative"])
def test_either_side_ends_it(provider: Actor, representative: Actor, side: str) -> None:
    case = in_force(provider, representative)
    actor = provider if side == "provider" else representative
    record = perform(RepresentativeMandate.end, case, actor=actor, data={"reasons": "Contract ended."}, at=NOW)
    assert record.case.state == "ended"
    assert not mandate_of(case).in_force


def test_termination_for_breach_tells_the_authority_and_the_notified_body_with_the_reasons(
    provider: Actor, representative: Actor
) -> None:
    here = acting_for(organisation("MSA PT", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT"))
    elsewhere = acting_for(organisation("MSA SI", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="SI"))
    body = acting_for(organisation("Example Notified Body", Capacity.NOTIFIED_BODY, state="SI"))
    uninvolved = acting_for(organisation("Other Notified Body", Capacity.NOTIFIED_BODY, state="PT"))
    case = in_force(provider, representative)
    assert not sees(here, case)
    data = {"reasons": "No technical documentation.", "notified_body": "Example Notified Body"}
    with pytest.raises(NotAllowed):
        perform(RepresentativeMandate.terminate, case, actor=provider, data=data, at=NOW)
    record = perform(RepresentativeMandate.terminate, case, actor=representative, data=data, at=NOW)
    assert (record.case.state, record.basis) == ("terminated", "22(4)")
    for told in (here, body, provider):
        assert sees(told, case)
        with acting(told, NOW):
            assert Notice.objects.filter(case=case, step="mandate.terminate").count() == 1
    for untold in (elsewhere, uninvolved):
        assert not sees(untold, case)
        with acting(untold, NOW):
            assert not Notice.objects.filter(case=case).exists()


def test_termination_names_a_notified_body_that_is_one(provider: Actor, representative: Actor) -> None:
    case = in_force(provider, representative)
    data = {"reasons": "x", "notified_body": "Mandatária Lda"}
    with pytest.raises(Invalid) as caught:
        perform(RepresentativeMandate.terminate, case, actor=representative, data=data, at=NOW)
    assert [fault.pointer for fault in caught.value.errors] == ["/notified_body"]


def test_a_stranger_knows_of_no_mandate(provider: Actor, representative: Actor) -> None:
    case = in_force(provider, representative)
    stranger = acting_for(organisation("Other AR", AR, state="PT"))
    with pytest.raises(NotFound):
        perform(RepresentativeMandate.end, case, actor=stranger, data={"reasons": "x"}, at=NOW)


def test_the_register_rests_on_mandates_in_force(provider: Actor, representative: Actor) -> None:
    """The representative files for its provider, and is asked about the field that names it."""
    routing = {**section_b()["routing"], "filer_capacity": "authorised_representative"}
    filing = section_b(
        submitter=PARTY,
        routing=routing,
        provider={**PARTY, "name": "Overseas Inc"},
        representative={**PARTY, "name": "Mandatária Lda"},
    )
    case = proposed(provider)
    with pytest.raises(Refused, match="both sides"):
        perform(RegisterExempt.file, None, actor=representative, data=filing, at=NOW)
    perform(RepresentativeMandate.confirm, case, actor=representative, data={}, at=NOW)
    entered = perform(RegisterExempt.file, None, actor=representative, data=filing, at=NOW).case
    assert entered.counterpart_id == provider.organisation, "the provider sees what was filed for it"
    named = section_a(
        provider, provider={**PARTY, "name": "Overseas Inc"}, representative={**PARTY, "name": "Mandatária Lda"}
    )
    registered = perform(RegisterHighRisk.file, None, actor=provider, data=named, at=NOW).case
    assert registered.counterpart_id == representative.organisation
    perform(RepresentativeMandate.end, case, actor=provider, data={"reasons": "Over."}, at=NOW)
    with pytest.raises(Refused, match="both sides"):
        perform(RegisterExempt.file, None, actor=representative, data=filing, at=NOW)
    # The provider keeps its entry up to date itself; the former representative may say nothing more about it.
    change = {"valid_from": "2026-11-20", "reason": "No longer offered"}
    own = {
        **filing,
        "routing": {**routing, "filer_capacity": "provider"},
        "status": "no_longer_on_market_or_in_service",
    }
    perform(RegisterExempt.update_by_provider, entered, actor=provider, data={**own, "change": change}, at=NOW)
    with pytest.raises(Refused, match="ended"):
        perform(RegisterExempt.declare_error, entered, actor=representative, data={"reason": "Mine"}, at=NOW)
