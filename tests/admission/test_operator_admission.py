"""An operator registers itself, proves who it is, signs, and is admitted; nobody at the Office has to agree."""

from __future__ import annotations

import pytest

from aioffice.desks.admission.founding import apply_for_admission
from aioffice.desks.admission.procedure import OperatorAdmission
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.models import AuditEntry, CapacityGrant, Identifier, Membership, Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.admission.applying import SIGNED, actor_of, admitted, application, applied, proven, somebody
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.django_db
LEI = "529900T8BM49AURSDO55"


def pointers(error: Invalid) -> set[str]:
    return {fault.pointer for fault in error.errors}


def test_somebody_without_an_organisation_founds_it_by_applying() -> None:
    person = somebody()
    actor, case = applied(person)
    assert (case.state, case.number, case.subject) == (
        "proof_asked",
        "ADM-2026-000001",
        "Example Systems d.o.o. (fictional)",
    )
    assert actor.roles == {Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR}
    assert not actor.admitted
    assert not actor.capacities
    with plumbing():
        founded = Organisation.objects.get(pk=actor.organisation)
        assert (founded.country, founded.member_state, founded.admitted_at) == ("SI", "SI", None)
        entry = AuditEntry.objects.get(action="organisation.found")
        assert (entry.actor, entry.target) == (f"person:{person.pk}", f"organisation:{founded.pk}")


def test_an_application_with_a_fault_leaves_no_organisation_behind() -> None:
    person = somebody()
    with pytest.raises(Invalid) as caught:
        apply_for_admission(person, application(country="XX", lei="529900T8BM49AURSDO56"), at=NOW)
    assert pointers(caught.value) == {"/country"}
    with pytest.raises(Invalid) as caught:
        apply_for_admission(person, application(lei="529900T8BM49AURSDO56", vat="SI12345678", euid="?"), at=NOW)
    assert pointers(caught.value) == {"/lei", "/vat", "/euid"}
    with plumbing():
        assert not Organisation.objects.filter(memberships__person=person).exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"country": "US", "capacities": ["authorised_representative"]}, "/capacities"),
        ({"country": "US", "capacities": ["importer", "provider"]}, "/capacities"),
        ({"capacities": ["provider", "provider"]}, "/capacities"),
        ({"capacities": ["ai_office"]}, "/capacities/0"),
        ({"capacities": []}, "/capacities"),
        ({"country": "EU", "public_body": False}, "/public_body"),
    ],
)
def test_what_contradicts_article_3_is_said_at_its_field(changes: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        apply_for_admission(somebody(), application(**changes), at=NOW)
    assert pointers(caught.value) == {pointer}


def test_the_same_key_gives_the_same_application() -> None:
    person = somebody()
    first = apply_for_admission(person, application(), at=NOW, idempotency_key="k1")
    again = apply_for_admission(person, application(), at=NOW, idempotency_key="k1")
    assert first.pk == again.pk
    with plumbing():
        assert Membership.objects.filter(person=person).count() == 1


def test_one_application_at_a_time() -> None:
    person = somebody()
    applied(person)
    with pytest.raises(Refused, match="ADM-2026-000001"):
        apply_for_admission(person, application(name="Another name"), at=NOW)


def test_nothing_but_admission_is_open_before_the_signature() -> None:
    actor, _case = proven()
    with pytest.raises(NotAllowed):
        perform(RegisterExempt.file, None, actor=actor, data=section_b(), at=NOW)


def test_the_signature_admits_with_the_capacities_and_identifiers_that_were_stated() -> None:
    person = somebody()
    actor, case = admitted(person, capacities=["provider", "deployer"], lei=LEI, vat="SI 50223054", public_body=True)
    assert case.state == "admitted"
    assert actor.admitted
    assert actor.capacities == {Capacity.PROVIDER, Capacity.DEPLOYER}
    with plumbing():
        found = Organisation.objects.get(pk=actor.organisation)
        assert (found.admitted_at, found.public_body) == (NOW, True)
        assert set(found.identifiers.values_list("scheme", "value")) == {("lei", LEI), ("vat", "SI50223054")}
    record = perform(RegisterExempt.file, None, actor=actor, data=section_b(), at=NOW)
    assert record.case.number == "EU-B-2026-000001"


def test_signing_needs_a_signatory_and_the_declaration() -> None:
    actor, case = proven()
    with plumbing():
        own = Organisation.objects.get(pk=actor.organisation)
    editor = acting_for(own, roles=[Role.EDITOR])
    with pytest.raises(NotAllowed):
        perform(OperatorAdmission.sign, case, actor=editor, data=SIGNED, at=NOW)
    with pytest.raises(Invalid) as caught:
        perform(OperatorAdmission.sign, case, actor=actor, data={**SIGNED, "declaration": False}, at=NOW)
    assert pointers(caught.value) == {"/declaration"}


def test_an_identifier_belongs_to_whoever_is_admitted_with_it_not_to_whoever_claims_it_first() -> None:
    squatter, held = proven(somebody("squatter@example.test"), name="Squatter", lei=LEI)
    owner, _case = admitted(somebody("owner@example.test"), name="Owner", lei=LEI)
    with pytest.raises(Refused, match="identifiers"):
        perform(OperatorAdmission.sign, held, actor=squatter, data=SIGNED, at=NOW)
    with pytest.raises(Invalid) as caught:
        applied(somebody("third@example.test"), name="Third", lei=LEI.lower())
    assert pointers(caught.value) == {"/lei"}
    with plumbing():
        assert Identifier.objects.get(value=LEI).organisation_id == owner.organisation


def test_others_do_not_see_an_application_and_the_office_does() -> None:
    _actor, case = applied()
    stranger = acting_for(organisation("Stranger", Capacity.PROVIDER))
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    with pytest.raises(NotFound):
        perform(OperatorAdmission.give_up, case, actor=stranger, data={}, at=NOW)
    with acting(office, NOW):
        assert Case.objects.filter(pk=case.pk).exists()


def test_the_office_refuses_with_reasons_and_the_applicant_may_try_again() -> None:
    person = somebody()
    actor, case = applied(person)
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    with pytest.raises(Invalid):
        perform(OperatorAdmission.refuse, case, actor=office, data={}, at=NOW)
    record = perform(OperatorAdmission.refuse, case, actor=office, data={"reasons": "No such company."}, at=NOW)
    assert record.case.state == "refused"
    again = apply_for_admission(person, application(name="Example Systems"), at=NOW)
    assert again.case.organisation_id == actor.organisation
    assert again.case.number == "ADM-2026-000002"


def test_giving_up_ends_the_application() -> None:
    actor, case = applied()
    assert perform(OperatorAdmission.give_up, case, actor=actor, data={}, at=NOW).case.state == "given_up"


def test_withdrawal_of_admission_takes_the_capacities_away() -> None:
    person = somebody()
    _actor, case = admitted(person)
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    perform(OperatorAdmission.withdraw, case, actor=office, data={"reasons": "Dissolved."}, at=NOW)
    after = actor_of(person)
    assert not after.admitted
    assert not after.capacities
    with pytest.raises(NotAllowed):
        perform(RegisterExempt.file, None, actor=after, data=section_b(), at=NOW)


def test_an_admitted_operator_changes_its_capacities_without_a_new_proof() -> None:
    person = somebody()
    actor, case = admitted(person)
    change = {"contact": "new@systems.example", "capacities": ["deployer", "importer"], "public_body": True}
    perform(OperatorAdmission.amend, case, actor=actor, data=change, at=NOW)
    after = actor_of(person)
    assert after.capacities == {Capacity.DEPLOYER, Capacity.IMPORTER}
    with plumbing():
        own = Organisation.objects.get(pk=actor.organisation)
        assert (own.contact, own.public_body) == ("new@systems.example", True)
        assert CapacityGrant.objects.filter(organisation=own, capacity="provider").exclude(ended_at=None).exists()


def test_a_third_country_operator_cannot_become_representative_by_amending() -> None:
    actor, case = admitted(country="US")
    change = {"contact": "x", "capacities": ["authorised_representative"], "public_body": False}
    with pytest.raises(Invalid) as caught:
        perform(OperatorAdmission.amend, case, actor=actor, data=change, at=NOW)
    assert pointers(caught.value) == {"/capacities"}


def test_an_authority_becomes_a_deployer_too_and_keeps_its_name() -> None:
    authority = organisation("Example Police", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="SI")
    actor = acting_for(authority)
    with pytest.raises(Invalid) as caught:
        perform(OperatorAdmission.apply, None, actor=actor, data=application(), at=NOW)
    assert pointers(caught.value) == {"/name"}
    stated = application(name="Example Police", capacities=["deployer"], public_body=True)
    record = perform(OperatorAdmission.apply, None, actor=actor, data=stated, at=NOW)
    assert record.case.state == "proof_asked"


def test_a_member_of_an_admitted_organisation_may_found_another() -> None:
    person = member(organisation("First", Capacity.PROVIDER), email="consultant@example.test")
    record = apply_for_admission(person, application(name="Second"), at=NOW)
    with plumbing():
        assert Membership.objects.filter(person=person).count() == 2
    assert record.case.organisation.name == "Second"
