"""Nobody learns of the secure section (Article 49(4)) by filing something, by repeating a request, or from messages."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from aioffice.desks.admission.procedure import ImpersonationReport
from aioffice.kernel.db import acting
from aioffice.kernel.notices.mailing import send
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.queries import unread_count
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk, RegisterUse
from tests.support.filings import section_a, section_c, secure_a
from tests.support.matrix import SECURE_READERS
from tests.support.matrix_build import do
from tests.support.matrix_world import (
    EIGHT_CLEARED,
    FILER,
    KINDS,
    MARKS,
    OFFICE,
    RIVAL,
    World,
    undone,
)
from tests.support.parties import NOW, acting_for, organisation
from tests.support.secrets_kept import (
    words_in,
)

pytestmark = pytest.mark.usefixtures("quiet")
JSON = "application/json"


def _use(number: str, area: str) -> dict[str, object]:
    routing = {"filer_capacity": "deployer", "area_of_use": area, "language": "en"}
    return {**section_c(number), "routing": routing}


def _deployer(world: World) -> Actor:
    return acting_for(organisation("City of Guessing", Capacity.DEPLOYER, public_body=True, state="SI"))


def test_a_public_use_cannot_select_a_secure_entry_and_so_publish_its_name(world: World) -> None:
    filing = secure_a(trade_name=MARKS["trade_name"])
    filing["routing"] = {**filing["routing"], "annex_iii_point": "1(a)"}
    with undone():
        secure = do(RegisterHighRisk.file, None, world.cast.actors[f"{FILER}/signatory"], filing)
        assert secure.secure
        deployer = _deployer(world)
        with pytest.raises(Invalid) as refused:
            perform(RegisterUse.file, None, actor=deployer, data=_use(str(secure.number), "other"), at=NOW)
        assert MARKS["trade_name"] not in str(refused.value)
        assert [error.pointer for error in refused.value.errors] == ["/routing/area_of_use"]
        held = {
            **_use("", "other"),
            "system_name": "Guess",
            "provider_name": "Guess",
            "provider_email": "guess@example.com",
        }
        del held["provider_entry"]
        waiting = do(RegisterUse.hold, None, deployer, held)
        with pytest.raises(Invalid):
            perform(RegisterUse.complete, waiting, actor=deployer, data={"provider_entry": str(secure.number)}, at=NOW)


def test_field_c_3_answers_for_no_guess(world: World) -> None:
    """Only the exact number of a provider's entry leads anywhere; a Section C number or half a number is like none."""
    with undone():
        deployer = _deployer(world)
        said = []
        for number in (world.ids["secure use number"], "EU-A-S-222222222222", world.ids["secure number"][:-1]):
            with pytest.raises(Invalid) as refused:
                perform(RegisterUse.file, None, actor=deployer, data=_use(number, "law_enforcement"), at=NOW)
            said.append(str(refused.value).replace(number, "<number>"))
        assert len(set(said)) == 1
        assert words_in("".join(said), world) == []


def test_a_report_of_impersonation_finds_no_filer_by_a_secure_number(world: World) -> None:
    said = []
    with undone():
        for number in (world.ids["secure number"], "EU-A-S-222222222222"):
            reported = {"filer": number, "reasons": "Guessing"}
            with pytest.raises(Invalid) as refused:
                perform(
                    ImpersonationReport.report,
                    None,
                    actor=world.cast.actors[f"{RIVAL}/signatory"],
                    data=reported,
                    at=NOW,
                )
            said.append(str(refused.value).replace(number, "<number>"))
    assert said[0] == said[1]


def test_a_colleague_without_clearance_meets_no_idempotency_key_of_a_cleared_one(world: World) -> None:
    path = f"/api/v1/procedures/high-risk-registration/cases/{world.ids['public']}/question"
    machine = world.machines[f"{OFFICE}/editor"]
    shown = []
    for key in (MARKS["key"], "page:another-key"):
        headers = {"If-Match": "*", "Idempotency-Key": key}
        with undone():
            answer = machine.ask("POST", path, b'{"text": "Is it so?"}', JSON, **headers)
        shown.append(answer.status)
        assert words_in(answer.text, world) == []
    assert shown == [200, 200]


def test_a_key_used_on_a_case_that_one_no_longer_sees_is_refused_and_no_more(world: World) -> None:
    machine = world.machines[f"{EIGHT_CLEARED}/editor"]
    headers = {"If-Match": "*", "Idempotency-Key": "one-key"}
    path = "/api/v1/procedures/high-risk-registration/cases/{}/question"
    filer = world.cast.actors[f"{FILER}/signatory"]
    with undone():
        other = do(RegisterHighRisk.file, None, filer, secure_a(member_states=["PT"], trade_name="Another"))
        asked = machine.ask("POST", path.format(world.ids["secure"]), b'{"text": "First"}', JSON, **headers)
        assert asked.status == 200
        # As if the case had been moved out of this authority's sight.
        with acting(service("registrar"), NOW), connection.cursor() as cursor:
            for table, column in (("procedures_case", "id"), ("procedures_steprecord", "case_id")):
                cursor.execute(
                    f"update office.{table} set audience = '{{}}' where {column} = %s", [world.ids["secure"]]
                )
        answer = machine.ask("POST", path.format(other.pk), b'{"text": "Second"}', JSON, **headers)
    assert answer.status == 409
    assert "idempotency-mismatch" in answer.text
    assert words_in(answer.text, world) == []


def test_the_public_series_has_no_gap_that_would_tell(world: World) -> None:
    filer = world.cast.actors[f"{FILER}/signatory"]
    with undone():
        first = do(RegisterHighRisk.file, None, filer, section_a(filer, trade_name="One"))
        do(RegisterHighRisk.file, None, filer, secure_a(trade_name="Two"))
        third = do(RegisterHighRisk.file, None, filer, section_a(filer, trade_name="Three"))
    assert int(str(third.number)[-6:]) - int(str(first.number)[-6:]) == 1


def test_e_mails_say_nothing_and_reach_only_those_who_may_see_the_case(world: World) -> None:
    with undone():
        with acting(service("notifier"), NOW):
            notices = list(Notice.objects.all())
        mail.outbox.clear()
        assert send([notice.pk for notice in notices], at=timezone.now()) > 10
        secure = {notice.pk: notice for notice in notices if notice.secure}
        assert len(secure) >= 3
        written = {}
        for message in mail.outbox:
            text = f"{message.subject}\n{message.body}\n{message.from_email}"
            assert words_in(text, world) == []
            ours = [pk for pk in secure if str(pk) in message.extra_headers["Message-ID"]]
            if ours:
                written.setdefault(message.to[0], text)
                assert "Register" not in message.subject
    cleared = {f"cleared-{role}@example.test" for role in ("editor", "signatory", "administrator")}
    organisations = {
        kind: world.cast.organisations[kind].id.hex[-12:] for kind in KINDS if kind in world.cast.organisations
    }
    office, eight = organisations[OFFICE], organisations[EIGHT_CLEARED]
    assert cleared <= set(written)
    assert not [to for to in written if to.startswith(office)], "people of the Office without clearance"
    assert [to for to in written if to.startswith(eight)]
    for kind, tail in organisations.items():
        if f"{kind}/reader" not in SECURE_READERS:
            assert not [to for to in written if to.startswith(tail)], kind


def test_messages_about_secure_cases_are_not_even_counted_for_others(world: World) -> None:
    for role in ("reader", "editor", "signatory", "administrator"):
        actor = world.cast.actors[f"{OFFICE}/{role}"]
        with acting(actor, NOW):
            assert not Notice.objects.filter(secure=True).exists()
            assert unread_count(actor) == Notice.objects.count()
