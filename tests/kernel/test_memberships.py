"""Administrators say who acts for an organisation in which roles, and never so that nobody is left to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_person, actor_for_token
from aioffice.kernel.parties.inviting import invite_member
from aioffice.kernel.parties.leaving import tokens_made_by
from aioffice.kernel.parties.models import AuditEntry, Membership, Organisation, Person
from aioffice.kernel.parties.services import (
    change_roles,
    remove_member,
    set_clearance,
)
from aioffice.kernel.parties.tokens import create_token
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import NotAllowed, NotFound, Refused
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def administrator(company: Organisation) -> Actor:
    return acting_for(company)


def own(actor: Actor) -> UUID:
    """The id of the actor's own membership."""
    with acting(actor, NOW):
        return Membership.objects.get(person=actor.person, organisation=actor.organisation).pk


def joined(administrator: Actor, email: str = "ana@example.eu") -> Membership:
    """An editor among the colleagues of an administrator."""
    with plumbing():
        of = Organisation.objects.get(pk=administrator.organisation)
    person = member(of, roles=[Role.EDITOR], email=email)
    with plumbing():
        return Membership.objects.select_related("person").get(person=person)


def test_roles_change_and_the_change_is_audited(administrator: Actor) -> None:
    made = joined(administrator)
    changed = change_roles(made.pk, {Role.SIGNATORY, Role.EDITOR}, actor=administrator, at=NOW)
    assert changed.roles == ["editor", "signatory"]
    with acting(administrator, NOW):
        entry = AuditEntry.objects.get(action="membership.change")
    assert entry.detail == {
        "person": str(made.person_id),
        "before": ["editor"],
        "after": ["editor", "signatory"],
    }


@pytest.mark.parametrize("left", [{Role.SIGNATORY, Role.EDITOR}, {Role.ADMINISTRATOR, Role.EDITOR}])
def test_the_last_administrator_and_signatory_keep_their_roles(administrator: Actor, left: set[Role]) -> None:
    with pytest.raises(Refused):
        change_roles(own(administrator), left, actor=administrator, at=NOW)
    with pytest.raises(Refused):
        remove_member(own(administrator), actor=administrator, at=NOW)
    with acting(administrator, NOW):
        kept = Membership.objects.get(person=administrator.person)
        assert set(kept.roles) == {role.value for role in Role}
        assert not AuditEntry.objects.filter(action__startswith="membership.").exists()


def test_before_admission_an_organisation_needs_no_signatory() -> None:
    founder = acting_for(organisation("New", admitted=False))
    changed = change_roles(own(founder), {Role.ADMINISTRATOR}, actor=founder, at=NOW)
    assert changed.roles == ["administrator"]
    with pytest.raises(Refused, match="administrator"):
        change_roles(own(founder), {Role.SIGNATORY}, actor=founder, at=NOW)


def test_a_person_who_cannot_sign_in_does_not_count(company: Organisation, administrator: Actor) -> None:
    gone = member(company, roles=[Role.ADMINISTRATOR, Role.SIGNATORY])
    with plumbing():
        Person.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(Refused):
        remove_member(own(administrator), actor=administrator, at=NOW)


def test_with_somebody_else_in_place_one_may_leave(company: Organisation, administrator: Actor) -> None:
    acting_for(company, roles=[Role.ADMINISTRATOR, Role.SIGNATORY])
    remove_member(own(administrator), actor=administrator, at=NOW)
    with acting(administrator, NOW):
        assert not Membership.objects.filter(person=administrator.person).exists()


def test_anybody_may_leave_and_only_administrators_remove_others(company: Organisation, administrator: Actor) -> None:
    editor = acting_for(company, roles=[Role.EDITOR])
    with pytest.raises(NotAllowed):
        remove_member(own(administrator), actor=editor, at=NOW)
    remove_member(own(editor), actor=editor, at=NOW)


def test_only_administrators_of_the_organisation_have_a_say(company: Organisation, administrator: Actor) -> None:
    editor = acting_for(company, roles=[Role.EDITOR, Role.SIGNATORY])
    stranger = acting_for(organisation("Another"))
    for attempt in (
        lambda: invite_member("x@example.eu", {Role.EDITOR}, actor=editor, at=NOW),
        lambda: change_roles(own(editor), {Role.ADMINISTRATOR}, actor=editor, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(NotFound):
        change_roles(own(editor), {Role.READER}, actor=stranger, at=NOW)
    with pytest.raises(NotFound):
        remove_member(own(editor), actor=stranger, at=NOW)


def test_the_restricted_section_opens_to_named_staff_cleared_by_somebody_else() -> None:
    office = organisation("AI Office", Capacity.AI_OFFICE, state="")
    head, clerk = acting_for(office), member(office, roles=[Role.EDITOR])
    cleared = set_clearance(clerk.pk, cleared=True, actor=head, at=NOW)
    assert cleared.cleared_at == NOW
    with plumbing():
        assert actor_for_person(cleared).secure_access
    with pytest.raises(NotAllowed, match="Nobody clears themselves"):
        set_clearance(UUID(str(head.person)), cleared=True, actor=head, at=NOW)
    assert set_clearance(clerk.pk, cleared=False, actor=head, at=NOW).cleared_at is None


def test_a_clearance_ends_with_the_place_in_the_office() -> None:
    office = organisation("AI Office", Capacity.AI_OFFICE, state="")
    head, clerk = acting_for(office), acting_for(office, roles=[Role.EDITOR], cleared=True)
    place = own(clerk)
    remove_member(place, actor=head, at=NOW)
    with acting(head, NOW):
        ended = AuditEntry.objects.get(action="person.end_clearance")
    assert ended.target == f"person:{clerk.person}"
    with plumbing():
        person = Person.objects.get(pk=clerk.person)
        assert person.cleared_at is None


def test_a_clearance_of_before_does_not_come_back_with_a_new_membership() -> None:
    office = organisation("AI Office", Capacity.AI_OFFICE, state="")
    clerk = member(office, roles=[Role.EDITOR], cleared=True)
    with plumbing():
        assert actor_for_person(clerk).secure_access
        Membership.objects.filter(person=clerk).update(since=NOW + timedelta(days=1))
        assert not actor_for_person(clerk).secure_access


def test_leaving_another_organisation_leaves_the_clearance() -> None:
    office, company = organisation("AI Office", Capacity.AI_OFFICE, state=""), organisation("Example Systems")
    clerk = member(office, roles=[Role.EDITOR], cleared=True)
    administrator = acting_for(company)
    with plumbing():
        place = Membership.objects.create(person=clerk, organisation=company, roles=["reader"], since=NOW)
    remove_member(place.pk, actor=administrator, at=NOW)
    with plumbing():
        assert Person.objects.get(pk=clerk.pk).cleared_at == NOW


def test_nobody_outside_the_office_clears_anybody(administrator: Actor) -> None:
    with pytest.raises(NotAllowed, match="AI Office"):
        set_clearance(UUID(int=1), cleared=True, actor=administrator, at=NOW)
    head = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state=""))
    with pytest.raises(NotFound):
        set_clearance(UUID(str(administrator.person)), cleared=True, actor=head, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_in_the_same_moment() -> None:
    company = organisation("Example Systems", admitted=False)
    one, other = (acting_for(company, roles=[Role.ADMINISTRATOR, role]) for role in (Role.EDITOR, Role.READER))
    start = Barrier(2)

    def remove(actor: Actor, victim: UUID) -> str:
        start.wait(timeout=10)
        try:
            remove_member(victim, actor=actor, at=NOW)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "removed"

    victims = own(other), own(one)
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(remove, (one, other), victims))
    assert sorted(ends) == ["refused", "removed"]
    with plumbing():
        assert Membership.objects.filter(organisation=company).count() == 1


@pytest.mark.parametrize("how", ["another role", "gone"])
def test_with_an_auditor_end_the_tokens_that_audit(how: str) -> None:
    of = organisation("Example Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    administrator = acting_for(of)
    vera = member(of, roles=[Role.ADMINISTRATOR, Role.AUDITOR], email="vera@example.eu")
    with plumbing():
        auditor = actor_for_person(vera, of.pk)
    soon = NOW + timedelta(days=30)
    made = create_token("Reads", {Role.AUDITOR, Role.READER}, expires_at=soon, actor=auditor, at=NOW)
    other = create_token("Pipeline", {Role.EDITOR}, expires_at=soon, actor=auditor, at=NOW)
    place = own(auditor)
    if how == "gone":
        remove_member(place, actor=administrator, at=NOW)
    else:
        change_roles(place, {Role.ADMINISTRATOR}, actor=administrator, at=NOW)
    with plumbing():
        assert actor_for_token(made.secret, NOW) is None
        assert actor_for_token(other.secret, NOW) is not None, "it is the organisation's"
    with acting(administrator, NOW):
        assert [token.name for token in tokens_made_by(vera.pk, of.pk, NOW)] == ["Pipeline"]
        assert AuditEntry.objects.get(action="token.revoke").detail == {"with": "auditor"}
