"""My organisation by page: founding it, its people and their roles, its tokens, acting for another one."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from aioffice.kernel.clocks.feeds import new_address
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actors import actor_for_token
from aioffice.kernel.parties.invitations import send
from aioffice.kernel.parties.models import Invitation, Membership, Organisation, Person
from aioffice.kernel.parties.tokens import create_token
from aioffice.kernel.parties.vocabulary import Capacity, Role
from tests.support.desk import Somebody, at_the_desk, somebody
from tests.support.parties import NOW, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Organisation:
    return organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI")


@pytest.fixture
def ana(company: Organisation) -> Somebody:
    """Does everything at a provider."""
    return somebody(company, name="Ana Novak")


def membership(of: Organisation, email: str) -> Membership | None:
    """Somebody's place in an organisation."""
    with plumbing():
        return Membership.objects.filter(organisation=of, person__email=email).select_related("person").first()


def test_somebody_new_registers_their_organisation_and_goes_on_to_its_application() -> None:
    with plumbing():
        person = Person.objects.create(email="new@kolibri.example", password="!", name="Nina Nova")
    nina = at_the_desk(person)
    assert "You do not act for any organisation yet" in nina.see("").text
    wrong = nina.send("organisation/new/", {"name": "", "country": "XX"})
    assert wrong.status == 422
    assert "Write the name of your organisation." in wrong.text
    assert "Choose the country of the seat." in wrong.text
    answer = nina.send("organisation/new/", {"name": "Nova d.o.o.", "country": "SI"})
    assert answer.leads_to == reverse("office_opening", args=["operator-admission", "apply"])
    form = nina.see(answer.leads_to)
    assert form.value("name") == "Nova d.o.o."
    assert "Your organisation is not admitted yet" in nina.see("").text
    assert nina.see("organisation/new/").status == 302, "nobody founds a second one before the first is admitted"


def test_an_administrator_lets_somebody_in_who_then_gets_an_e_mail(ana: Somebody, company: Organisation) -> None:
    wrong = ana.fill("organisation/people/invite/", {"email": "bor", "roles": []})
    assert wrong.status == 422
    assert "Write an e-mail address" in wrong.text
    assert "Choose at least one role" in wrong.text
    assert wrong.value("email") == "bor"
    done = ana.fill(
        "organisation/people/invite/", {"email": "bor@kolibri.example", "name": "Bor Bajt", "roles": ["editor"]}
    )
    assert done.status == 302
    page = ana.see("organisation/people/")
    assert "Bor Bajt" in page.text
    assert "Invited, has not signed in yet" in page.text
    found = membership(company, "bor@kolibri.example")
    assert found is not None
    assert found.roles == ["editor"]
    with acting(ana.actor, NOW):
        invitation = Invitation.objects.get()
    assert send(invitation.pk, at=NOW)
    assert mail.outbox[-1].to == ["bor@kolibri.example"]


def test_roles_change_and_members_go_but_never_the_last_who_can(ana: Somebody, company: Organisation) -> None:
    member(company, roles=[Role.READER], email="bor@kolibri.example")
    bor, own = membership(company, "bor@kolibri.example"), membership(company, ana.person.email)
    assert bor is not None
    assert own is not None
    assert ana.fill(f"organisation/people/{bor.pk}/", {"roles": ["signatory", "editor"]}).status == 302
    changed = membership(company, "bor@kolibri.example")
    assert changed is not None
    assert sorted(changed.roles) == ["editor", "signatory"]
    last = ana.fill(f"organisation/people/{own.pk}/", {"roles": ["reader"]})
    assert last.status == 422
    assert "keeps at least one administrator" in last.text
    ana.send(f"organisation/people/{own.pk}/remove/", {})
    assert "keeps at least one administrator" in ana.see("organisation/people/").text
    ana.send(f"organisation/people/{bor.pk}/remove/", {})
    assert membership(company, "bor@kolibri.example") is None


def test_who_does_not_administer_reads_and_changes_nothing(company: Organisation) -> None:
    editor = somebody(company, Role.EDITOR)
    page = editor.see("organisation/people/")
    assert page.status == 200
    assert "Let somebody in" not in page.html
    for path in ("organisation/people/invite/", "organisation/tokens/", "organisation/tokens/new/"):
        assert editor.see(path).status == 403
    assert (
        editor.send("organisation/people/invite/", {"email": "x@example.eu", "roles": ["administrator"]}).status == 403
    )
    assert membership(company, "x@example.eu") is None


def test_members_of_another_organisation_are_not_found(ana: Somebody) -> None:
    other = organisation("Other")
    member(other, roles=[Role.READER], email="theirs@example.eu")
    theirs = membership(other, "theirs@example.eu")
    assert theirs is not None
    assert ana.see(f"organisation/people/{theirs.pk}/").status == 404
    assert ana.send(f"organisation/people/{theirs.pk}/remove/", {}).status == 404
    assert membership(other, "theirs@example.eu") is not None


def test_a_token_is_shown_once_works_and_is_revoked(ana: Somebody) -> None:
    day = (timezone.now() + timedelta(days=30)).date().isoformat()
    wrong = ana.fill("organisation/tokens/new/", {"name": "", "roles": ["administrator"], "expires_at": "soon"})
    assert wrong.status == 422
    assert "Write a date as year-month-day" in wrong.text
    made = ana.fill("organisation/tokens/new/", {"name": "Release pipeline", "roles": ["editor"], "expires_at": day})
    assert made.status == 200
    assert made.response.headers["Cache-Control"] == "no-store, private"
    secret = re.search(r"aio_[\w-]+", made.html)
    assert secret
    with plumbing():
        machine = actor_for_token(secret.group(), timezone.now())
    assert machine is not None
    assert machine.roles == {Role.EDITOR}
    listed = ana.see("organisation/tokens/")
    assert "Release pipeline" in listed.text
    assert secret.group() not in listed.html
    revoke = re.search(r'action="(/en/office/organisation/tokens/[0-9a-f-]+/revoke/)"', listed.html)
    assert revoke
    ana.send(revoke[1], {})
    with plumbing():
        assert actor_for_token(secret.group(), timezone.now()) is None


def test_somebody_in_two_organisations_acts_for_one_at_a_time(ana: Somebody) -> None:
    second = organisation("Second employer", Capacity.PROVIDER, state="AT")
    stranger = organisation("Stranger")
    with plumbing():
        Membership.objects.create(
            person=ana.person, organisation=second, roles=["reader"], since=NOW + timedelta(days=1)
        )
    assert "You act for Kolibri d.o.o." in ana.see("").text
    ana.send("organisation/switch/", {"organisation": str(second.pk)})
    assert "You act for Second employer" in ana.see("").text
    assert ana.see("organisation/tokens/").status == 403, "with the roles held there"
    ana.send("organisation/switch/", {"organisation": str(stranger.pk)})
    assert "You act for Second employer" in ana.see("").text, "asking for one that is not one's own changes nothing"


def test_the_organisation_s_page_says_what_it_holds(ana: Somebody, company: Organisation) -> None:
    page = ana.see("organisation/").text
    assert "Provider since" in page
    assert "None given." in page
    assert "No mandates." in page
    with acting(ana.actor, NOW):
        Organisation.objects.filter(pk=UUID(str(company.pk))).update(publications_frozen_at=NOW)
    assert "Publications are stopped" in ana.see("organisation/").text


def test_whoever_removes_somebody_is_told_what_goes_on_without_them() -> None:
    of = organisation("Example Systems", Capacity.PROVIDER)
    ana, luka = somebody(of), somebody(of, Role.ADMINISTRATOR, email="luka@example.test", name="Luka Kranjc")
    create_token("Old script", {Role.EDITOR}, expires_at=NOW + timedelta(days=9), actor=luka.actor, at=NOW)
    new_address(actor=luka.actor, at=NOW)
    with acting(ana.actor, NOW):
        theirs = Membership.objects.get(person=luka.person)
    ana.send(f"organisation/people/{theirs.pk}/remove/", {})
    told = ana.see("organisation/people/").text
    assert "Luka Kranjc made these and may still use them: the token “Old script”, the address of the calendar." in told


def test_a_field_with_the_sign_nul_is_no_fault_of_the_office() -> None:
    ana = somebody(organisation("Example Systems", Capacity.PROVIDER))
    assert ana.send("organisation/webhooks/new/", {"name": "a\0b", "url": "https://example.eu/"}).status == 400
