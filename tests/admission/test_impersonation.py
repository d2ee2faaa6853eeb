"""One report stops a filer's publications at once; the Office looks; what waited is published, or the admission ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from aioffice.desks.admission.procedure import IdentityHearing, ImpersonationReport, OperatorAdmission
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.queries import inbox
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.case_view import view_case, visible_case
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.models import Case, StepPayload
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.admission.applying import actor_of, admitted, application, somebody
from tests.support.filings import section_b, secure_a
from tests.support.parties import NOW, acting_for, organisation

SECRET = "We are the real Kolibri; our register number is 123."


@pytest.fixture
def office() -> Actor:
    """A signatory of the AI Office."""
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))


@pytest.fixture
def filer() -> Actor:
    """A provider that has been admitted by its letter."""
    actor, _case = admitted(somebody("jan@kolibri.example"), name="Kolibri d.o.o.")
    return actor


@pytest.fixture
def reporter() -> Actor:
    """Somebody who is not even admitted."""
    return acting_for(organisation("Reporter and Daughters", Capacity.PROVIDER, admitted=False))


def file(actor: Actor, name: str = "Formatter") -> Case:
    return perform(RegisterExempt.file, None, actor=actor, data=section_b(trade_name=name), at=NOW).case


def reported(reporter: Actor, what: str = "Kolibri d.o.o.", **more: Any) -> Case:
    data = {"filer": what, "reasons": SECRET}
    return perform(ImpersonationReport.report, None, actor=reporter, data=data, at=more.pop("at", NOW)).case


def frozen(actor: Actor) -> bool:
    with plumbing():
        return Organisation.objects.get(pk=actor.organisation).publications_frozen_at is not None


def hearing_of(filer: Actor) -> Case:
    with acting(filer, NOW):
        return Case.objects.get(procedure="identity-hearing", organisation=filer.organisation)


def decide(name: str, case: Case, office: Actor) -> Case:
    step = getattr(ImpersonationReport, name)
    return perform(step, case, actor=office, data={"reasons": "Looked at the statutes."}, at=NOW).case


@pytest.mark.django_db
def test_a_report_stops_publications_at_once(filer: Actor, reporter: Actor) -> None:
    number = file(filer).number
    assert number is not None
    deliver_pending(at=NOW)
    case = reported(reporter, f"https://office.example/en/register/{number}")
    assert (case.state, case.counterpart_id) == ("reported", filer.organisation)
    assert frozen(filer)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["EU-B-2026-999999", "Nobody", "AI Office"])
def test_only_filers_that_are_here_are_reported(office: Actor, filer: Actor, reporter: Actor, what: str) -> None:
    with pytest.raises(Invalid) as caught:
        reported(reporter, what)
    assert [fault.pointer for fault in caught.value.errors] == ["/filer"]


@pytest.mark.django_db
def test_a_secure_number_finds_nobody(filer: Actor, reporter: Actor) -> None:
    data = secure_a(member_states=["SI"])
    case = perform(RegisterHighRisk.file, None, actor=filer, data=data, at=NOW).case
    with pytest.raises(Invalid):
        reported(reporter, str(case.number))
    with acting(reporter, NOW), connections["default"].cursor() as cursor:
        cursor.execute("select office.admission_filer_of(%s)", [case.number])
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_nobody_without_an_organisation_reports() -> None:
    with pytest.raises(NotAllowed):
        reported(actor_of(somebody("nobody@example.example")), "Kolibri d.o.o.")


@pytest.mark.django_db
def test_reports_are_not_to_be_had_for_nothing(office: Actor, filer: Actor, reporter: Actor) -> None:
    case = reported(reporter)
    with pytest.raises(Refused, match="already"):
        reported(reporter)
    with pytest.raises(Invalid, match="own"):
        reported(filer)
    decide("dismiss", case, office)
    with pytest.raises(Refused, match="dismissed"):
        reported(reporter)
    assert not frozen(filer)
    assert reported(reporter, at=NOW + timedelta(days=181)).state == "reported"


@pytest.mark.django_db
def test_an_organisation_has_three_open_reports_at_the_most(reporter: Actor) -> None:
    for number in range(4):
        organisation(f"Filer {number}", Capacity.PROVIDER)
    for number in range(3):
        reported(reporter, f"Filer {number}")
    with pytest.raises(Refused, match="3 of your reports"):
        reported(reporter, "Filer 3")


@pytest.mark.django_db
def test_the_filer_is_heard_and_learns_of_the_report_but_not_from_whom(
    office: Actor, filer: Actor, reporter: Actor
) -> None:
    case = reported(reporter)
    deliver_pending(at=NOW)
    hearing = hearing_of(filer)
    with pytest.raises(NotFound):
        perform(ImpersonationReport.dismiss, case, actor=filer, data={"reasons": "x"}, at=NOW)
    with acting(filer, NOW):
        (item,) = [item for item in inbox(filer).items if item.case_id == hearing.pk]
        assert "reported" in item.title
        assert item.opens_case
        shown = view_case(visible_case(hearing.pk, actor=filer, door=None), actor=filer)
        everything = repr(shown) + repr(list(StepPayload.objects.values_list("data", flat=True)))
        notices = repr(list(Notice.objects.values()))
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not shown.links
    for told in (everything, notices):
        assert "Reporter and Daughters" not in told
        assert SECRET not in told
        assert str(reporter.organisation) not in told
        assert str(case.pk) not in told
    answered = perform(IdentityHearing.answer, hearing, actor=filer, data={"text": "We are."}, at=NOW)
    assert answered.to_state == "open_hearing"
    with acting(office, NOW):
        assert [
            link.id for link in view_case(visible_case(hearing.pk, actor=office, door=None), actor=office).links
        ] == [case.pk]


@pytest.mark.django_db
def test_several_reports_are_one_hearing_and_the_last_dismissal_frees(
    office: Actor, filer: Actor, reporter: Actor
) -> None:
    first = reported(reporter)
    second = reported(acting_for(organisation("Second", Capacity.DEPLOYER)))
    deliver_pending(at=NOW)
    hearing = hearing_of(filer)
    decide("dismiss", first, office)
    deliver_pending(at=NOW)
    assert frozen(filer)
    assert hearing_of(filer).state == "open_hearing"
    decide("dismiss", second, office)
    deliver_pending(at=NOW)
    assert not frozen(filer)
    assert (hearing_of(filer).pk, hearing_of(filer).state) == (hearing.pk, "cleared")


@pytest.mark.django_db
def test_upholding_withdraws_the_admission_and_publications_stay_stopped(
    office: Actor, filer: Actor, reporter: Actor
) -> None:
    case = reported(reporter)
    deliver_pending(at=NOW)
    assert decide("uphold", case, office).state == "upheld"
    deliver_pending(at=NOW)
    with acting(service("registrar"), NOW):
        admission = Case.objects.get(procedure="operator-admission", organisation=filer.organisation)
    assert admission.state == "withdrawn"
    assert frozen(filer)
    assert hearing_of(filer).state == "confirmed"
    with plumbing():
        assert Organisation.objects.get(pk=filer.organisation).admitted_at is None
    with pytest.raises(Refused, match="impersonation"):
        perform(OperatorAdmission.apply, None, actor=filer, data=application(), at=NOW)


@pytest.mark.django_db
def test_dismissing_another_report_does_not_free_whom_one_report_found_out(
    office: Actor, filer: Actor, reporter: Actor
) -> None:
    first, second = reported(reporter), reported(acting_for(organisation("Second", Capacity.DEPLOYER)))
    decide("uphold", first, office)
    decide("dismiss", second, office)
    deliver_pending(at=NOW)
    assert frozen(filer)


def on_site() -> set[str]:
    with connections["site"].cursor() as cursor:
        cursor.execute("select name from published.entry")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True, databases=["default", "site"])
def test_what_is_published_stays_and_what_is_new_waits_until_dismissal(
    office: Actor, filer: Actor, reporter: Actor
) -> None:
    before = file(filer, "Before")
    deliver_pending(at=NOW)
    assert on_site() == {"Before"}
    case = reported(reporter)
    file(filer, "While stopped")
    change = {"valid_from": "2026-11-20", "reason": "New name."}
    perform(RegisterExempt.update, before, actor=filer, data=section_b(trade_name="Renamed", change=change), at=NOW)
    deliver_pending(at=NOW)
    assert on_site() == {"Before"}
    decide("dismiss", case, office)
    deliver_pending(at=NOW)
    assert on_site() == {"Renamed", "While stopped"}
