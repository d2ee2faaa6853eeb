"""Tried as somebody who means harm: things and people of others, roles one does not hold, ways in that have ended."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from aioffice.desks.admission.procedure import CapacityGranted, ImpersonationReport, StaffClearance
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.models import ApiToken, Membership, Organisation, Person
from aioffice.kernel.parties.tokens import create_token, revoke_token
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, ProcedureError
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.support.filings import section_a, section_b
from tests.support.matrix_build import do
from tests.support.matrix_world import (
    ANONYMOUS,
    CONTACT_POINT,
    FILER,
    FROZEN,
    OFFICE,
    RIVAL,
    UNADMITTED,
    Caller,
    World,
    undone,
)
from tests.support.parties import NOW

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

pytestmark = pytest.mark.usefixtures("quiet")


def send(caller: Caller, path: str, data: Any, **headers: str) -> Any:
    """POST JSON; return the answer."""
    return caller.ask("POST", path, json.dumps(data).encode(), JSON, **headers)


# Things and people of others


@pytest.mark.parametrize(
    "name", [f"{RIVAL}/administrator", f"{RIVAL}/signatory", f"{FILER}/editor", f"{FILER}/signatory", ANONYMOUS]
)
def test_nobody_but_their_own_administrator_changes_people(name: str, world: World) -> None:
    place = f"/en/office/organisation/people/{world.ids['membership']}"
    with undone():
        world.people[name].ask("POST", f"{place}/remove/", b"", FORM)
        world.people[name].ask("POST", f"{place}/", b"roles=administrator&roles=signatory", FORM)
        with plumbing():
            kept = Membership.objects.get(pk=world.ids["membership"])
    assert kept.roles == ["reader"]


def test_readers_do_not_give_themselves_roles(world: World) -> None:
    with undone():
        answer = world.people[f"{FILER}/reader"].ask(
            "POST", f"/en/office/organisation/people/{world.ids['membership']}/", b"roles=administrator", FORM
        )
        assert answer.status == 403
        with plumbing():
            assert Membership.objects.get(pk=world.ids["membership"]).roles == ["reader"]


def test_an_organisation_that_is_not_ones_own_cannot_be_acted_for(world: World) -> None:
    caller = world.people[f"{RIVAL}/signatory"]
    with undone():
        caller.client.post("/en/office/organisation/switch/", {"organisation": world.ids["organisation"]})
        shown = caller.client.get("/en/office/organisation/").content.decode()
        assert "Other provider" in shown
        assert caller.client.get(f"/en/office/cases/{world.ids['exempt']}/").status_code == 404


def test_a_session_that_names_an_organisation_one_has_left_falls_back(world: World) -> None:
    caller = world.people[f"{RIVAL}/signatory"]
    session = caller.client.session
    with undone(), plumbing():
        session["organisation"] = world.ids["organisation"]
        session.save()
        assert caller.client.get(f"/en/office/cases/{world.ids['exempt']}/").status_code == 404
        assert caller.client.get("/en/office/").status_code == 200


def test_a_document_of_others_cannot_be_filed_as_ones_own(world: World) -> None:
    rival = world.cast.actors[f"{RIVAL}/signatory"]
    for stolen in ("document", "secure document"):
        filing = section_a(declaration_of_conformity=world.ids[stolen], instructions_for_use=world.ids[stolen])
        with undone(), pytest.raises(Invalid) as refused:
            perform(RegisterHighRisk.file, None, actor=rival, data=filing, at=NOW)
        assert {error.code for error in refused.value.errors} == {"no-such-document"}


def test_a_draft_of_others_is_not_taken_over_by_naming_it(world: World) -> None:
    path = "/en/office/file/exempt-registration/file/draft/"
    data = f"_draft={world.ids['draft']}&trade_name=Overwritten".encode()
    with undone():
        answer = world.people[f"{RIVAL}/editor"].ask("POST", path, data, FORM)
        assert answer.status == 200
        assert json.loads(answer.body)["draft"] != world.ids["draft"]
        with acting(world.cast.actors[f"{FILER}/editor"], NOW):
            from aioffice.kernel.procedures.models import Draft

            assert Draft.objects.get(pk=world.ids["draft"]).values == {"trade_name": ["Essay Formatter 2"]}


# What no form asks for


@pytest.mark.parametrize(
    "extra",
    [
        {"organisation": "x"}, {"organisation_id": "x"}, {"state": "entered_in_error"}, {"number": "EU-B-2026-999999"},
        {"secure": True}, {"audience": [1]}, {"case": {"secure": True}}, {"actor": "service:publisher"}, {"recorded_at": "2020-01-01"},
    ],
    ids=lambda extra: next(iter(extra)),
)  # fmt: skip
def test_nothing_is_assigned_that_no_form_asks(extra: dict[str, Any], world: World) -> None:
    machine = world.machines[f"{FILER}/signatory"]
    with undone():
        answer = send(machine, "/api/v1/procedures/exempt-registration/file", {**section_b(), **extra})
    assert answer.status == 422
    assert f'"/{next(iter(extra))}"' in answer.text
    with undone():
        nested = {**section_b(), "provider": {**section_b()["provider"], **extra}}
        assert send(machine, "/api/v1/procedures/exempt-registration/file", nested).status == 422
    name = next(iter(extra))
    with undone():
        assert send(machine, f"/api/v1/procedures/exempt-registration/file?{name}=x", section_b()).status == 400


def test_a_page_assigns_nothing_that_its_form_does_not_ask(world: World) -> None:
    path = f"/en/office/cases/{world.ids['public']}/flag/"
    data = "text=Doubt&_version=&_once=x1&state=given_up&organisation=x&secure=1&audience=1&number=EU-A-1&actor=service%3Apublisher"
    with undone():
        answer = world.people["market_surveillance_authority/PT/editor"].ask("POST", path, data.encode(), FORM)
        with acting(world.cast.actors[f"{FILER}/reader"], NOW):
            case = Case.objects.get(pk=world.ids["public"])
            last = StepRecord.objects.filter(case=case).latest("sequence")
    assert answer.status in (302, 422)
    assert (case.state, str(case.organisation_id), case.secure) == ("registered", world.ids["organisation"], False)
    assert not last.actor.startswith("service:")


def test_nobody_acts_as_a_service_by_saying_so(world: World) -> None:
    machine = world.machines[f"{FILER}/signatory"]
    for slug, step in (("nl-algorithm-register", "take_over"), ("identity-hearing", "begin")):
        assert send(machine, f"/api/v1/procedures/{slug}/{step}", {}).status == 404
        assert world.people[f"{FILER}/signatory"].ask("GET", f"/en/office/file/{slug}/{step}/").status == 404


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_turns_reading_into_writing(header: str, world: World) -> None:
    path = f"/api/v1/cases/{world.ids['public']}"
    answer = world.machines[f"{FILER}/signatory"].ask("GET", path, b"", "", **{header: "DELETE"})
    assert answer.status == 200


# Roles


def test_editors_and_signatories_make_no_tokens_and_no_token_manages(world: World) -> None:
    data = b"name=mine&roles=signatory&expires_at=2027-01-01"
    for role in ("reader", "editor", "signatory"):
        with undone():
            assert (
                world.people[f"{FILER}/{role}"].ask("POST", "/en/office/organisation/tokens/new/", data, FORM).status
                == 403
            )
        until = timezone.now() + timedelta(days=1)
        with pytest.raises(NotAllowed):
            create_token("mine", [Role.READER], expires_at=until, actor=world.cast.actors[f"{FILER}/{role}"], at=NOW)
    with undone():
        answer = world.people[f"{FILER}/administrator"].ask(
            "POST", "/en/office/organisation/tokens/new/", b"name=mine&roles=administrator&expires_at=2027-01-01", FORM
        )
        assert answer.status == 422
    administrator = world.cast.actors[f"{FILER}/administrator"]
    until = NOW + timedelta(days=1)
    with undone(), pytest.raises(Invalid):
        create_token("mine", [Role.ADMINISTRATOR], expires_at=until, actor=administrator, at=NOW)


def test_nobody_clears_themselves_and_no_contact_point_grants_beyond_its_state(world: World) -> None:
    administrator = world.cast.actors[f"{OFFICE}/administrator"]
    with undone():
        with plumbing():
            Person.objects.filter(pk=administrator.person).update(email="self@example.com")
        data = {"email": "self@example.com", "ground": "Curiosity"}
        with pytest.raises(NotAllowed):
            perform(StaffClearance.clear, None, actor=administrator, data=data, at=NOW)
    contact = world.cast.actors[f"{CONTACT_POINT}/signatory"]
    for capacity, state in (
        ("ai_office", ""),
        ("market_surveillance_authority", "SI"),
        ("edps", ""),
        ("single_point_of_contact", "PT"),
    ):
        data = {"capacity": capacity, "receiver": "Filer", "designation": "None"} | (
            {"member_state": state} if state else {}
        )
        with undone(), pytest.raises(ProcedureError) as refused:
            perform(CapacityGranted.grant, None, actor=contact, data=data, at=NOW)
        assert not isinstance(refused.value, Invalid) or refused.value.errors


# Ways that have ended


def _token(world: World, **more: Any) -> tuple[str, ApiToken]:
    made = create_token(
        "passing",
        [Role.SIGNATORY],
        expires_at=timezone.now() + timedelta(days=1),
        actor=world.cast.actors[f"{RIVAL}/administrator"],
        at=timezone.now(),
    )
    return made.secret, made.token


def test_revoked_and_expired_tokens_open_nothing(world: World) -> None:
    administrator = world.cast.actors[f"{RIVAL}/administrator"]
    with undone():
        secret, token = _token(world)
        caller = Caller("passing", Client(), token=secret)
        assert caller.ask("GET", "/api/v1/me").status == 200
        revoke_token(token.pk, actor=administrator, at=timezone.now())
        assert caller.ask("GET", "/api/v1/me").status == 401
    with undone():
        secret, token = _token(world)
        with plumbing():
            ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert Caller("passing", Client(), token=secret).ask("GET", "/api/v1/me").status == 401
    for wrong in (secret[:-1], secret.upper(), f" {secret}", "aio_", "", "null", "' or 1=1 --", "aio_" + "x" * 100_000):
        assert Caller("passing", Client(), token=wrong).ask("GET", "/api/v1/me").status == 401


def test_a_token_is_no_more_than_its_organisation_is_now(world: World) -> None:
    machine = world.machines[f"{FILER}/signatory"]
    path = "/api/v1/procedures/exempt-registration/file"
    with undone():
        assert send(machine, path, section_b()).status == 201
        with plumbing():
            world.cast.organisations[FILER].grants.update(ended_at=NOW)
        assert send(machine, path, section_b()).status == 403, "its capacity has ended"
    with undone():
        with plumbing():
            Organisation.objects.filter(pk=world.ids["organisation"]).update(admitted_at=None)
        assert send(machine, path, section_b()).status == 403, "its admission was withdrawn"
    assert send(world.machines[f"{UNADMITTED}/signatory"], path, section_b()).status == 403


def test_what_a_frozen_filer_files_stays_unpublished_until_somebody_has_looked(world: World) -> None:
    frozen, office = world.cast.actors[f"{FROZEN}/signatory"], world.cast.actors[f"{OFFICE}/signatory"]
    with undone():
        filed = do(RegisterExempt.file, None, frozen, section_b(trade_name="Frozen Novelty"))
        deliver_pending(at=NOW)
        with connections["default"].cursor() as cursor, acting(frozen, NOW):
            cursor.execute("select count(*) from published.entry where number = %s", [filed.number])
            assert cursor.fetchone() == (0,)
        with acting(office, NOW):
            report = Case.objects.get(pk=world.ids["report"])
        do(ImpersonationReport.dismiss, report, office, {"reasons": "It is who it says."})
        deliver_pending(at=NOW)
        with connections["default"].cursor() as cursor, acting(frozen, NOW):
            cursor.execute("select count(*) from published.entry where number = %s", [filed.number])
            assert cursor.fetchone() == (1,)


def test_whoever_was_reported_learns_nothing_of_the_reporter(world: World) -> None:
    rival = world.cast.organisations[RIVAL]
    for role in ("reader", "editor", "signatory", "administrator"):
        caller = world.people[f"{FROZEN}/{role}"]
        for path in (
            "/en/office/", "/en/office/cases/", "/en/office/cases.csv", "/en/office/messages/", "/en/office/organisation/",
            f"/en/office/cases/{world.ids['hearing']}/",
        ):  # fmt: skip
            shown = caller.ask("GET", path).text
            for secret in (rival.name, str(rival.pk), "Their letterhead is ours.", world.ids["report"], "IMP-2026"):
                assert secret not in shown, (role, path, secret)
    machine = world.machines[f"{FROZEN}/reader"]
    for path in ("/api/v1/cases", f"/api/v1/cases/{world.ids['hearing']}"):
        assert rival.name not in machine.ask("GET", path).text
