"""Access to the secure section is granted apart from the capacity, and staff of the Commission are cleared by name."""

from __future__ import annotations

from uuid import UUID

import pytest

from aioffice.desks.admission.effects import access
from aioffice.desks.admission.procedure import CapacityGranted, SecureAccess, StaffClearance
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.keys import SECURE_COMMISSION, SECURE_EDPS
from aioffice.kernel.parties.models import AuditEntry, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, Refused
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import secure_a
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.django_db

POLICE = Capacity.ARTICLE_74_8_AUTHORITY


@pytest.fixture
def commission() -> Organisation:
    """The AI Office."""
    return organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")


@pytest.fixture
def office(commission: Organisation) -> Actor:
    """A signatory and administrator there, not cleared."""
    return acting_for(commission)


@pytest.fixture
def police() -> Organisation:
    """An authority under Article 74(8) in Portugal, without access yet."""
    return organisation("Example Police", POLICE, state="PT")


def of(person: Person) -> Actor:
    """Who the person acts as now, whatever was known of it before."""
    with plumbing():
        return actor_for_person(Person.objects.get(pk=person.pk))


def granted(office: Actor, name: str, state: str | None) -> Case:
    data = {"receiver": name, "member_state": state, "reasons": "Competent for the section."}
    return perform(SecureAccess.grant, None, actor=office, data=data, at=NOW).case


def secure_filing(state: str) -> Case:
    provider = acting_for(organisation(f"Provider {state}", Capacity.PROVIDER, state=state))
    data = secure_a(member_states=[state])
    return perform(RegisterHighRisk.file, None, actor=provider, data=data, at=NOW).case


def sees(actor: Actor, case: Case) -> bool:
    with acting(actor, NOW):
        return Case.objects.filter(pk=case.pk).exists()


def test_the_capacity_alone_opens_nothing_and_the_access_opens_the_own_state_only(
    office: Actor, police: Organisation
) -> None:
    person = member(police)
    here, elsewhere = secure_filing("PT"), secure_filing("SI")
    assert not sees(of(person), here)
    case = granted(office, "Example Police", "PT")
    assert (case.state, case.facts) == ("in_force", {"capacity": POLICE.value, "member_state": "PT"})
    assert sees(of(person), here)
    assert not sees(of(person), elsewhere)
    perform(SecureAccess.end, case, actor=office, data={"reason": "succeeded", "explanation": "Moved."}, at=NOW)
    assert not sees(of(person), here)
    assert of(person).capacities == {POLICE}


@pytest.mark.parametrize(
    ("receiver", "state", "pointer"),
    [
        ("Example Police", "SI", "/member_state"),
        ("Example Watch", "PT", "/receiver"),
        ("Example Police", None, "/receiver"),
    ],
)
def test_access_rests_on_the_capacity(
    office: Actor, police: Organisation, receiver: str, state: str | None, pointer: str
) -> None:
    organisation("Example Watch", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")
    with pytest.raises(Invalid) as caught:
        granted(office, receiver, state)
    assert [fault.pointer for fault in caught.value.errors] == [pointer]


def test_access_is_granted_once(office: Actor, police: Organisation) -> None:
    granted(office, "Example Police", "PT")
    with pytest.raises(Invalid, match="already"):
        granted(office, "Example Police", "PT")


def test_no_contact_point_grants_access(police: Organisation) -> None:
    both = (Capacity.MARKET_SURVEILLANCE_AUTHORITY, Capacity.SINGLE_POINT_OF_CONTACT)
    contact_point = acting_for(organisation("Contact Point", *both, state="PT"))
    with pytest.raises(NotAllowed):
        granted(contact_point, "Example Police", "PT")


def test_the_office_does_not_end_for_a_reason_of_its_own_what_the_act_gives(
    office: Actor, police: Organisation
) -> None:
    case = granted(office, "Example Police", "PT")
    with pytest.raises(Invalid) as caught:
        perform(SecureAccess.end, case, actor=office, data={"reason": "other", "explanation": "Reviewed."}, at=NOW)
    assert [fault.pointer for fault in caught.value.errors] == ["/reason"]


def test_the_edps_gets_the_key_to_the_part_of_union_bodies_when_the_setting_says_so(
    office: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    edps = organisation("EDPS", Capacity.EDPS, state="", country="EU")
    person = member(edps)
    assert SECURE_EDPS not in of(person).audience_names()
    with pytest.raises(Refused, match="AIOFFICE_EDPS_READS_SECURE_SECTION"):
        granted(office, "EDPS", None)
    chosen = settings().model_copy(update={"edps_reads_secure_section": True})
    monkeypatch.setattr(access, "settings", lambda: chosen)
    granted(office, "EDPS", None)
    assert SECURE_EDPS in of(person).audience_names()


def test_with_the_capacity_ends_the_access(office: Actor) -> None:
    data = {
        "capacity": POLICE.value,
        "member_state": "PT",
        "organisation": {"name": "New Police", "address": "Rua 1", "contact": "p@example.test", "country": "PT"},
        "administrator": {"name": "Rui", "email": "rui@police.example"},
        "designation": "Law of 1 July 2026.",
    }
    capacity = perform(CapacityGranted.grant, None, actor=office, data=data, at=NOW).case
    access = granted(office, "New Police", "PT")
    end = {"reason": "designation_ended", "explanation": "Another authority follows."}
    perform(CapacityGranted.end, capacity, actor=office, data=end, at=NOW)
    deliver_pending(at=NOW)
    with acting(service("registrar"), NOW):
        access.refresh_from_db()
    assert (access.state, access.facts["reason"]) == ("ended", "capacity_ended")
    with plumbing():
        person = Person.objects.get(email="rui@police.example")
    assert not of(person).secure_access


def test_clearance_is_personal_and_opens_the_section(office: Actor, commission: Organisation) -> None:
    cleared = member(commission, roles=[Role.EDITOR], email="irena@office.example")
    other = member(commission, roles=[Role.EDITOR], email="otto@office.example")
    secure = secure_filing("PT")
    assert not sees(of(cleared), secure)
    data = {"email": "Irena@office.example", "ground": "Handles the section; clearance of 2026."}
    case = perform(StaffClearance.clear, None, actor=office, data=data, at=NOW).case
    assert SECURE_COMMISSION in of(cleared).audience_names()
    assert sees(of(cleared), secure)
    assert not sees(of(other), secure)
    with plumbing():
        assert AuditEntry.objects.filter(action="person.clear", target=f"person:{cleared.pk}").exists()
    perform(StaffClearance.end, case, actor=office, data={"reasons": "Moved on."}, at=NOW)
    assert not sees(of(cleared), secure)


def test_nobody_clears_themselves_or_somebody_elsewhere(office: Actor, commission: Organisation) -> None:
    own = member(commission, email="head@office.example")
    outsider = member(organisation("Elsewhere", Capacity.PROVIDER), email="outsider@elsewhere.example")
    with pytest.raises(NotAllowed, match="themselves"):
        perform(StaffClearance.clear, None, actor=of(own), data={"email": own.email, "ground": "I."}, at=NOW)
    with pytest.raises(Invalid, match="staff"):
        perform(StaffClearance.clear, None, actor=office, data={"email": outsider.email, "ground": "x"}, at=NOW)


def test_only_administrators_of_the_office_clear(commission: Organisation) -> None:
    signatory = acting_for(commission, roles=[Role.SIGNATORY, Role.EDITOR])
    member(commission, roles=[Role.EDITOR], email="irena@office.example")
    data = {"email": "irena@office.example", "ground": "x"}
    with pytest.raises(NotAllowed):
        perform(StaffClearance.clear, None, actor=signatory, data=data, at=NOW)


def test_the_clearance_of_somebody_who_left_can_still_be_ended(office: Actor, commission: Organisation) -> None:
    person = member(commission, roles=[Role.EDITOR], email="irena@office.example")
    data = {"email": "irena@office.example", "ground": "x"}
    case = perform(StaffClearance.clear, None, actor=office, data=data, at=NOW).case
    with plumbing():
        Membership.objects.filter(person=person).delete()
    perform(StaffClearance.end, case, actor=office, data={"reasons": "Left."}, at=NOW)
    with plumbing():
        assert Person.objects.get(pk=UUID(str(person.pk))).cleared_at is None
