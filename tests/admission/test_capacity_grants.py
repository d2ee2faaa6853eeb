"""Capacities of authorities and bodies are granted: by the AI Office, or by a State's single point of contact for its own State."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from aioffice.desks.admission.procedure import CapacityGranted
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.invitations import send
from aioffice.kernel.parties.models import CapacityGrant, Invitation, Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db

MSA = Capacity.MARKET_SURVEILLANCE_AUTHORITY
SPOC = Capacity.SINGLE_POINT_OF_CONTACT


@pytest.fixture
def office() -> Actor:
    """A signatory of the AI Office."""
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))


@pytest.fixture
def contact_point() -> Actor:
    """A signatory of Slovenia's single point of contact, which is a market surveillance authority there."""
    return acting_for(organisation("Contact Point", MSA, SPOC, state="SI"))


def new(capacity: Capacity = MSA, state: str | None = "SI", **changes: Any) -> dict[str, Any]:
    """A grant to an organisation that is not here yet."""
    return {
        "capacity": capacity.value,
        "member_state": state,
        "organisation": {
            "name": f"Example {capacity.label} (fictional)",
            "address": "Primerna ulica 2, Ljubljana",
            "contact": "office@authority.example",
            "country": state or "EU",
        },
        "administrator": {"name": "Maja Kos", "email": "maja@authority.example"},
        "designation": "Notified to the Commission on 1 August 2026.",
        **changes,
    }


def existing(receiver: str, capacity: Capacity, state: str | None = "SI") -> dict[str, Any]:
    """A grant to an organisation that is here."""
    return {"capacity": capacity.value, "member_state": state, "receiver": receiver, "designation": "By decision."}


def given(actor: Actor, data: dict[str, Any]) -> Case:
    return perform(CapacityGranted.grant, None, actor=actor, data=data, at=NOW).case


def faults(actor: Actor, data: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as caught:
        given(actor, data)
    return {fault.pointer for fault in caught.value.errors}


def test_a_new_authority_is_admitted_at_once_with_its_first_administrator_invited(office: Actor) -> None:
    case = given(office, new())
    assert (case.number, case.state, case.member_states) == ("CAP-2026-000001", "held", ["SI"])
    with plumbing():
        made = Organisation.objects.get(pk=case.counterpart_id)
        person = Person.objects.get(email="maja@authority.example")
        membership = Membership.objects.get(person=person, organisation=made)
        actor = actor_for_person(person)
    assert made.admitted_at == NOW
    assert set(membership.roles) == {Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR}
    assert actor.capacity_states == {(MSA, "SI")}
    with acting(service("notifier"), NOW):
        invitation = Invitation.objects.get(person=person)
    assert send(invitation.pk, at=NOW)
    assert mail.outbox[-1].to == ["maja@authority.example"]


def test_an_organisation_that_is_here_gets_a_further_capacity(office: Actor) -> None:
    organisation("Example Authority", MSA, state="SI")
    case = given(office, existing("example authority", Capacity.NOTIFYING_AUTHORITY))
    with plumbing():
        held = CapacityGrant.objects.filter(organisation=case.counterpart_id, ended_at=None)
        assert set(held.values_list("capacity", flat=True)) == {MSA.value, "notifying_authority"}
    assert faults(office, existing("Example Authority", Capacity.NOTIFYING_AUTHORITY)) == {"/receiver"}


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        (new(state=None), {"/member_state"}),
        (new(Capacity.BOARD, "SI"), {"/member_state"}),
        (new(receiver="Somebody"), {"/receiver"}),
        (new(administrator=None), {"/administrator"}),
        (existing("Nobody here", MSA), {"/receiver"}),
        (new(Capacity.PROVIDER), {"/capacity"}),
        (new(Capacity.AI_OFFICE, None), {"/capacity"}),
        (new(administrator={"name": "Maja Kos", "email": "not an address"}), {"/administrator/email"}),
    ],
)
def test_contradictions_are_said_at_their_fields(office: Actor, data: dict[str, Any], pointers: set[str]) -> None:
    assert faults(office, data) == pointers


def test_an_authority_has_its_seat_in_its_state(office: Actor) -> None:
    abroad = new()
    abroad["organisation"] = {**abroad["organisation"], "country": "PT"}
    assert faults(office, abroad) == {"/organisation/country"}
    organisation("Example Lisbon Authority", MSA, state="PT")
    assert faults(office, existing("Example Lisbon Authority", Capacity.ARTICLE_74_8_AUTHORITY, "SI")) == {"/receiver"}


def test_a_contact_point_grants_national_capacities_of_its_own_state(contact_point: Actor) -> None:
    case = given(contact_point, new(Capacity.NOTIFIED_BODY))
    assert case.organisation_id == contact_point.organisation
    with pytest.raises(NotAllowed, match="own Member State"):
        given(contact_point, new(Capacity.NOTIFIED_BODY, "PT"))
    for capacity, state in ((Capacity.EDPS, None), (Capacity.SAFETY_ALLIANCE_ASSESSOR, None), (SPOC, "SI")):
        with pytest.raises(NotAllowed, match="AI Office"):
            given(contact_point, new(capacity, state))


def test_the_contact_point_is_one_of_the_market_surveillance_authorities(office: Actor) -> None:
    with pytest.raises(Refused, match=r"70\(2\)"):
        given(office, new(SPOC))
    organisation("Example Police", Capacity.ARTICLE_74_8_AUTHORITY, state="SI")
    with pytest.raises(Refused, match=r"70\(2\)"):
        given(office, existing("Example Police", SPOC))
    organisation("First Authority", MSA, state="SI")
    organisation("Second Authority", MSA, state="SI")
    given(office, existing("First Authority", SPOC))
    with pytest.raises(Refused, match="First Authority"):
        given(office, existing("Second Authority", SPOC))


def test_the_end_of_the_last_capacity_ends_the_admission(office: Actor) -> None:
    case = given(office, new())
    end = {"reason": "designation_ended", "explanation": "Merged."}
    record = perform(CapacityGranted.end, case, actor=office, data=end, at=NOW)
    assert (record.case.state, record.case.facts["reason"]) == ("ended", "designation_ended")
    with plumbing():
        assert Organisation.objects.get(pk=case.counterpart_id).admitted_at is None
        actor = actor_for_person(Person.objects.get(email="maja@authority.example"))
    assert not actor.capacities
    assert not actor.admitted


def test_a_contact_point_ends_capacities_of_its_state_and_not_its_own(office: Actor, contact_point: Actor) -> None:
    end = {"reason": "designation_ended", "explanation": "Merged."}
    case = given(office, new(Capacity.FUNDAMENTAL_RIGHTS_AUTHORITY))
    assert perform(CapacityGranted.end, case, actor=contact_point, data=end, at=NOW).case.state == "ended"
    elsewhere = given(office, new(MSA, "PT", administrator={"name": "Rui", "email": "rui@authority.example"}))
    with pytest.raises(NotFound):
        perform(CapacityGranted.end, elsewhere, actor=contact_point, data=end, at=NOW)
    with plumbing():
        CapacityGrant.objects.filter(capacity=SPOC).delete()
    own = given(office, existing("Contact Point", SPOC))
    with pytest.raises(NotAllowed):
        perform(CapacityGranted.end, own, actor=contact_point, data=end, at=NOW)


def test_the_receiver_sees_its_grant_and_other_states_do_not(office: Actor) -> None:
    case = given(office, new())
    with plumbing():
        receiver = actor_for_person(Person.objects.get(email="maja@authority.example"))
    elsewhere = acting_for(organisation("Lisbon", MSA, SPOC, state="PT"))
    with acting(receiver, NOW):
        assert Case.objects.filter(pk=case.pk).exists()
    with acting(elsewhere, NOW):
        assert not Case.objects.filter(pk=case.pk).exists()
