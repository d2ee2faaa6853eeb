"""Being asked to act for an organisation, by page: what either side sees before and after the answer."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity
from tests.support.desk import Somebody, at_the_desk, somebody
from tests.support.parties import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Organisation:
    return organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI")


@pytest.fixture
def ana(company: Organisation) -> Somebody:
    """Administers a provider."""
    return somebody(company, name="Ana Novak")


@pytest.fixture
def bor() -> Somebody:
    """Has an account and no organisation."""
    with plumbing():
        return at_the_desk(Person.objects.create(email="bor@example.eu", password="!", name="Bor Bajt"))


def ask(ana: Somebody) -> None:
    sent = {"email": "bor@example.eu", "name": "", "roles": ["editor"]}
    assert ana.fill("organisation/people/invite/", sent).status == 302


def button(who: Somebody, page: str, name: str) -> str:
    """Where a button of the page sends to."""
    found = re.search(rf'action="([^"]+/{name}/)"', who.see(page).html)
    assert found, f"no way to {name}"
    return found[1]


def test_whoever_is_asked_reads_it_on_the_first_page_and_says_yes(ana: Somebody, bor: Somebody) -> None:
    ask(ana)
    theirs = ana.see("organisation/people/").text
    assert "bor@example.eu Asked, has not answered yet" in theirs
    assert "Bor Bajt" not in theirs, "the account's name is not theirs to see"
    assert "Kolibri d.o.o. asks you to act for it" in bor.see("").text
    assert bor.send(button(bor, "", "accept"), {}).status == 302
    assert "You now act for Kolibri d.o.o." in bor.see("").text
    assert "Bor Bajt" in ana.see("organisation/people/").text
    assert mail.outbox == []


def test_saying_no_leaves_everything_as_it_was(ana: Somebody, bor: Somebody, company: Organisation) -> None:
    ask(ana)
    bor.send(button(bor, "", "decline"), {})
    assert "asks you to act" not in bor.see("").text
    assert "Asked, has not answered yet" not in ana.see("organisation/people/").text
    with plumbing():
        assert not Membership.objects.filter(organisation=company, person=bor.person).exists()


def test_an_invitation_is_withdrawn(ana: Somebody, bor: Somebody) -> None:
    ask(ana)
    accept = button(bor, "", "accept")
    ana.send(button(ana, "organisation/people/", "withdraw"), {})
    assert bor.send(accept, {}).status == 404
    assert "asks you to act" not in bor.see("").text


def test_somebody_with_an_organisation_is_asked_on_the_page_of_today(ana: Somebody) -> None:
    other = somebody(organisation("Another", Capacity.DEPLOYER), name="Eva Another")
    ana.fill("organisation/people/invite/", {"email": other.person.email, "name": "", "roles": ["reader"]})
    assert "Kolibri d.o.o. asks you to act for it" in other.see("").text


def test_an_organisation_that_is_not_admitted_is_told_when_it_may() -> None:
    nina = somebody(organisation("Nova d.o.o.", admitted=False), name="Nina Nova")
    page = nina.see("organisation/people/")
    assert "lets people in once it is admitted" in page.text
    assert "Let somebody in" not in page.text
    answer = nina.see("organisation/people/invite/")
    assert answer.status == 409
    assert "once it is admitted" in answer.text
