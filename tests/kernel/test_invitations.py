"""Nobody acts for an organisation without having said yes, and no organisation has the Office write to whomever it likes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties import invitations
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.inviting import (
    accept_invitation,
    decline_invitation,
    invitations_to,
    invite_first_administrator,
    invite_member,
    open_invitations,
    withdraw_invitation,
)
from aioffice.kernel.parties.models import AuditEntry, Invitation, Membership, Organisation, Person
from aioffice.kernel.parties.queries import workplaces
from aioffice.kernel.parties.services import members, remove_member
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.settings import settings
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.django_db
SOON, LATER = NOW + timedelta(minutes=30), NOW + timedelta(hours=2)


@pytest.fixture
def company() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def administrator(company: Organisation) -> Actor:
    return acting_for(company)


@pytest.fixture
def bo() -> Person:
    """Somebody with an account and no organisation."""
    with plumbing():
        return Person.objects.create(email="bo@example.eu", password="pbkdf2$x", name="Bo Secret")


def actor_of(person: Person) -> Actor:
    with plumbing():
        return actor_for_person(person)


def queued() -> int:
    """How many e-mails about invitations wait to go out."""
    with plumbing():
        return ProcrastinateJob.objects.filter(task_name="parties.send_invitation").count()


def test_somebody_new_is_invited_and_can_act(administrator: Actor) -> None:
    made = invite_member(" Ana@Example.EU ", {Role.EDITOR}, name="Ana", actor=administrator, at=NOW)
    ana = actor_of(made.person)
    assert made.person.email == "ana@example.eu"
    assert not made.person.has_usable_password()
    assert ana.organisation == administrator.organisation
    assert ana.roles == {Role.EDITOR}
    with acting(administrator, NOW):
        actions = set(AuditEntry.objects.filter(actor=administrator.id).values_list("action", flat=True))
        assert [one.person_id for one in members(actor=administrator)] == [administrator.person, made.person_id]
        assert open_invitations(actor=administrator) == []
    assert actions == {"person.create", "membership.add"}


def test_the_invitation_says_for_whom_in_which_roles_and_how_to_begin(administrator: Actor) -> None:
    made = invite_member("ana@example.eu", {Role.EDITOR}, language="fr", actor=administrator, at=NOW)
    assert invitations.send(made.pk, at=NOW)
    (sent,) = mail.outbox
    assert sent.to == ["ana@example.eu"]
    assert "Example Systems" in sent.subject
    assert "/fr/account/password/reset/" in sent.body


def test_somebody_new_who_is_removed_again_gets_no_e_mail(administrator: Actor) -> None:
    made = invite_member("ana@example.eu", {Role.EDITOR}, actor=administrator, at=NOW)
    with plumbing():
        place = Membership.objects.get(person=made.person)
    remove_member(place.pk, actor=administrator, at=NOW)
    assert not invitations.send(made.pk, at=NOW)
    assert mail.outbox == []


def test_who_has_an_account_is_asked_and_until_then_is_nobody_there(administrator: Actor, bo: Person) -> None:
    made = invite_member("BO@example.eu", {Role.READER, Role.ADMINISTRATOR}, name="Bob", actor=administrator, at=NOW)
    assert (made.person_id, made.email, made.outcome) == (bo.pk, "bo@example.eu", "")
    before = actor_of(bo)
    assert (before.organisation, before.roles, before.keys) == (None, frozenset(), ())
    with plumbing():
        assert workplaces(bo.pk) == []
        assert not Membership.objects.filter(person=bo).exists()
    with acting(administrator, NOW):
        assert [one.pk for one in open_invitations(actor=administrator)] == [made.pk]
    invitations.send(made.pk, at=NOW)
    assert "asks you to act for it" in mail.outbox[0].body
    assert "/account/login/" in mail.outbox[0].body
    assert "Bo Secret" not in mail.outbox[0].body


def test_saying_yes_makes_the_membership_and_is_audited_where_it_counts(administrator: Actor, bo: Person) -> None:
    made = invite_member("bo@example.eu", {Role.READER}, actor=administrator, at=NOW)
    with acting(actor_of(bo), NOW):
        assert [one.organisation.name for one in invitations_to(actor_of(bo))] == ["Example Systems"]
    accept_invitation(made.pk, actor=actor_of(bo), at=SOON)
    after = actor_of(bo)
    assert (after.organisation, after.roles) == (administrator.organisation, {Role.READER})
    with acting(administrator, NOW):
        entry = AuditEntry.objects.get(action="membership.add")
    assert (entry.actor, entry.organisation_id) == (f"person:{bo.pk}", administrator.organisation)
    with pytest.raises(NotFound):
        accept_invitation(made.pk, actor=actor_of(bo), at=SOON)
    with pytest.raises(Invalid, match="member already"):
        invite_member("bo@example.eu", {Role.READER}, actor=administrator, at=LATER)


def test_an_organisation_one_has_already_stays_the_first(administrator: Actor) -> None:
    other = organisation("Another")
    known = member(other, email="known@example.eu")
    made = invite_member("known@example.eu", {Role.EDITOR}, actor=administrator, at=NOW)
    assert actor_of(known).organisation == other.pk
    accept_invitation(made.pk, actor=actor_of(known), at=SOON)
    assert actor_of(known).organisation == other.pk
    with plumbing():
        assert [place.name for place in workplaces(known.pk)] == ["Another", "Example Systems"]


def test_nobody_answers_for_somebody_else(administrator: Actor, bo: Person) -> None:
    made = invite_member("bo@example.eu", {Role.READER}, actor=administrator, at=NOW)
    stranger = acting_for(organisation("Stranger"))
    for answer in (accept_invitation, decline_invitation, withdraw_invitation):
        with pytest.raises(NotFound):
            answer(made.pk, actor=stranger, at=NOW)
    with pytest.raises(NotFound):
        accept_invitation(made.pk, actor=administrator, at=NOW)
    with pytest.raises(NotAllowed):
        withdraw_invitation(made.pk, actor=actor_of(bo), at=NOW)
    with acting(stranger, NOW):
        assert not Invitation.objects.exists()
    with pytest.raises(NotFound):
        accept_invitation(uuid4(), actor=actor_of(bo), at=NOW)


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_what_was_declined_or_withdrawn_makes_nobody_a_member_and_is_not_sent(
    administrator: Actor, bo: Person, end: str
) -> None:
    made = invite_member("bo@example.eu", {Role.READER}, actor=administrator, at=NOW)
    if end == "decline":
        decline_invitation(made.pk, actor=actor_of(bo), at=SOON)
    else:
        withdraw_invitation(made.pk, actor=administrator, at=SOON)
    assert not invitations.send(made.pk, at=SOON)
    with pytest.raises(NotFound):
        accept_invitation(made.pk, actor=actor_of(bo), at=SOON)
    with acting(administrator, NOW):
        assert AuditEntry.objects.filter(action=f"invitation.{end}", organisation=administrator.organisation).exists()


def test_asked_again_one_is_written_to_at_most_once_an_hour(administrator: Actor, bo: Person) -> None:
    first = invite_member("bo@example.eu", {Role.READER}, actor=administrator, at=NOW)
    assert queued() == 1
    again = invite_member("bo@example.eu", {Role.EDITOR}, actor=administrator, at=SOON)
    assert (again.pk, again.roles, queued()) == (first.pk, ["editor"], 1)
    withdraw_invitation(first.pk, actor=administrator, at=SOON)
    invite_member("bo@example.eu", {Role.EDITOR}, actor=administrator, at=SOON)
    assert queued() == 1, "withdrawing and asking anew is no way round it"
    invite_member("bo@example.eu", {Role.EDITOR}, actor=administrator, at=LATER)
    assert queued() == 2


def test_an_organisation_that_is_not_admitted_invites_nobody() -> None:
    half_made = acting_for(organisation("You have won (fictional)", admitted=False))
    with pytest.raises(Refused, match="once it is admitted"):
        invite_member("bo@example.eu", {Role.READER}, actor=half_made, at=NOW)
    assert queued() == 0
    with plumbing():
        assert not Person.objects.filter(email="bo@example.eu").exists()


def test_no_organisation_asks_more_people_than_may_be(
    administrator: Actor, bo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = settings().model_copy(update={"open_invitations": 3})
    monkeypatch.setattr("aioffice.kernel.parties.inviting.settings", lambda: few)
    made = [invite_member(f"{n}@example.eu", {Role.READER}, actor=administrator, at=NOW) for n in "ab"]
    asked = invite_member("bo@example.eu", {Role.READER}, actor=administrator, at=NOW)
    withdraw_invitation(asked.pk, actor=administrator, at=NOW)
    with pytest.raises(Refused, match="3 people"):
        invite_member("c@example.eu", {Role.READER}, actor=administrator, at=LATER)
    assert queued() == 3
    assert invite_member("c@example.eu", {Role.READER}, actor=administrator, at=NOW + timedelta(days=2)).pk
    assert {one.outcome for one in made} == {"joined"}


def test_a_first_administrator_with_an_account_is_asked_too_and_only_one(bo: Person) -> None:
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state=""))
    new = organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    words = {"name": "", "language": "en", "pointer": "/email", "actor": office, "at": NOW}
    made = invite_first_administrator(new, "bo@example.eu", **words)
    assert made.outcome == ""
    assert actor_of(bo).organisation is None
    accept_invitation(made.pk, actor=actor_of(bo), at=SOON)
    assert actor_of(bo).roles == {Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR}
    with pytest.raises(Refused, match="people already"):
        invite_first_administrator(new, "eva@example.eu", **words)


def test_a_machine_of_the_office_brings_an_organisation_in_too() -> None:
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state=""))
    machine = replace(office, id=f"token:{uuid4()}", person=None)
    new = organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    made = invite_first_administrator(
        new, "eva@example.eu", name="Eva", language="en", pointer="/email", actor=machine, at=NOW
    )
    assert made.invited_by == machine.id


@pytest.mark.parametrize(
    ("email", "roles", "pointers"),
    [
        ("ana", {Role.EDITOR}, ["/email"]),
        ("ana@example.eu", set(), ["/roles"]),
        ("", {"emperor"}, ["/roles", "/email"]),
    ],
)
def test_an_invitation_that_makes_no_sense(
    administrator: Actor, email: str, roles: set[Role], pointers: list[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        invite_member(email, roles, actor=administrator, at=NOW)
    assert [error.pointer for error in refusal.value.errors] == pointers


def test_nobody_is_a_member_twice(administrator: Actor) -> None:
    invite_member("ana@example.eu", {Role.EDITOR}, actor=administrator, at=NOW)
    with pytest.raises(Invalid, match="member already"):
        invite_member("ana@example.eu", {Role.READER}, actor=administrator, at=NOW)


def test_whoever_wrote_an_address_down_first_does_not_get_what_its_owner_is_asked() -> None:
    """An account that never showed that its address is its own loses the password somebody chose for it."""
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    authority = organisation("New authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    with plumbing():
        squatted = Person.objects.create_user("head@authority.example", "a password of the squatter", name="Squatter")
        EmailAddress.objects.create(user=squatted, email=squatted.email, verified=False, primary=True)
    invite_first_administrator(
        authority, squatted.email, name="Head", language="en", pointer="/email", actor=office, at=NOW
    )
    with plumbing():
        squatted.refresh_from_db()
        assert not squatted.has_usable_password()
        assert AuditEntry.objects.filter(action="person.take_password", target=f"person:{squatted.pk}").exists()
    with acting(service("notifier"), NOW):
        invitation = Invitation.objects.select_related("person", "organisation").get(person=squatted)
    assert "Set a password for your account here" in invitations.compose(invitation).body
