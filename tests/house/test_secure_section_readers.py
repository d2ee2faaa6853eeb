"""Who may read the secure section (Article 49(4)) reads it, and only as long as filing, grant and setting say so."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from aioffice.desks.admission.procedure import SecureAccess
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.keys import SECURE_EDPS, audience_key
from aioffice.kernel.parties.models import CapacityGrant
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.settings import settings
from aioffice.register import who
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import secure_a
from tests.support.matrix import SECURE_READERS
from tests.support.matrix_build import do
from tests.support.matrix_world import (
    EDPS,
    EDPS_CLEARED,
    EIGHT,
    EIGHT_CLEARED,
    FILER,
    MARKS,
    OFFICE,
    OFFICE_CLEARED,
    OTHER_EIGHT_CLEARED,
    World,
    undone,
)
from tests.support.parties import NOW, acting_for, organisation
from tests.support.secrets_kept import (
    OUTSIDERS,
    ask,
)

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize("name", sorted(SECURE_READERS))
def test_readers_read_the_case_with_everything_that_was_said(name: str, world: World) -> None:
    shown = ask(world.people[name], f"/en/office/cases/{world.ids['secure']}/")
    for mark in ("later_name", "purpose", "provider", "contact", "question", "reply", "flag"):
        assert MARKS[mark] in shown, mark
    assert world.ids["secure number"] in shown


@pytest.mark.parametrize("kind", [FILER, EIGHT_CLEARED])
def test_machines_of_readers_read_it_too(kind: str, world: World) -> None:
    shown = ask(world.machines[f"{kind}/reader"], f"/api/v1/cases/{world.ids['secure']}")
    assert MARKS["question"] in shown
    assert world.ids["secure number"] in ask(world.machines[f"{kind}/reader"], "/api/v1/cases")


def test_no_machine_of_the_office_reads_it_clearance_being_personal(world: World) -> None:
    assert ask(world.machines[f"{OFFICE}/signatory"], f"/api/v1/cases/{world.ids['secure']}").startswith("404")


def test_an_authority_reads_its_own_state_only_from_when_a_filing_first_names_it(world: World) -> None:
    """Where a system "has been" made available (A 10), the authority goes on reading: no later version sends it away."""
    filer, away = world.cast.actors[f"{FILER}/signatory"], world.cast.actors[f"{OTHER_EIGHT_CLEARED}/editor"]
    with undone():
        filing = secure_a(member_states=["PT"], trade_name="Travels")
        case = do(RegisterHighRisk.file, None, filer, filing)
        for states, seen in ((["PT"], False), (["PT", "SI"], True), (["PT"], True)):
            change = {"valid_from": "2026-11-20", "reason": "Moved"}
            do(RegisterHighRisk.update, case, filer, {**filing, "member_states": states, "change": change})
            assert _sees(away, case) is seen
            with acting(away, NOW), connection.cursor() as cursor:
                for table in (
                    "procedures_steprecord",
                    "procedures_steppayload",
                    "register_entryversion",
                    "register_system",
                ):
                    cursor.execute(f"select count(*) > 0 from office.{table} t where t::text like %s", ["%Travels%"])
                    assert not (cursor.fetchone()[0] and not seen), table


def _sees(actor: Actor, case: Case) -> bool:
    with acting(actor, NOW):
        return policy.visible_to(actor).filter(pk=case.pk).exists() and Case.objects.filter(pk=case.pk).exists()


def test_access_ends_with_the_grant_though_the_session_lives(world: World) -> None:
    path = f"/en/office/cases/{world.ids['secure']}/"
    authority = world.cast.organisations[EIGHT_CLEARED]
    caller = world.people[f"{EIGHT_CLEARED}/editor"]
    with undone():
        with acting(service("registrar"), NOW):
            CapacityGrant.objects.filter(organisation=authority).update(secure_access=False)
        answer = caller.ask("GET", path)
    assert answer.status == 404
    with undone():
        with acting(service("registrar"), NOW):
            CapacityGrant.objects.filter(organisation=authority).update(ended_at=NOW)
        answer = caller.ask("GET", path)
        token = world.machines[f"{EIGHT_CLEARED}/editor"].ask("GET", f"/api/v1/cases/{world.ids['secure']}")
    assert (answer.status, token.status) == (404, 404)


def test_the_separate_access_holds_for_the_state_it_was_given_for(world: World) -> None:
    """An authority that holds the capacity for two States reads the section of the one for which access was granted."""
    two = organisation("Two States' authority", Capacity.ARTICLE_74_8_AUTHORITY, state="SI", secure_access=True)
    with acting(service("registrar"), NOW):
        CapacityGrant.objects.create(
            organisation=two,
            capacity=Capacity.ARTICLE_74_8_AUTHORITY,
            member_state="PT",
            granted_by="test",
            granted_at=NOW,
        )
    actor = acting_for(two)
    with acting(actor, NOW):
        assert not policy.visible_to(actor).filter(pk=world.ids["secure"]).exists()


def test_access_is_given_by_the_office_alone(world: World) -> None:
    data = {"receiver": world.cast.organisations[EIGHT].name, "member_state": "PT", "reasons": "Self-help"}
    for name, actor in world.cast.actors.items():
        kind, _slash, role = name.rpartition("/")
        if (kind in (OFFICE, OFFICE_CLEARED) and role == "signatory") or actor.service:
            continue
        with undone(), pytest.raises(Exception, match=r"You may not take the step|sign in"):
            perform(SecureAccess.grant, None, actor=actor, data=data, at=NOW)


@pytest.mark.parametrize("opened", [False, True])
def test_the_data_protection_supervisor_reads_of_union_bodies_when_the_setting_says_so(
    opened: bool, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings().model_copy(update={"edps_reads_secure_section": opened})
    monkeypatch.setattr(who, "settings", lambda: chosen)
    agency = acting_for(organisation("Border agency", Capacity.PROVIDER, state="", country="EU", public_body=True))
    supervisor, without = world.cast.actors[f"{EDPS_CLEARED}/editor"], world.cast.actors[f"{EDPS}/editor"]
    national = world.cast.actors[f"{FILER}/signatory"]
    with undone():
        of_union = do(RegisterHighRisk.file, None, agency, secure_a(trade_name="Union", member_states=["PT"]))
        of_state = do(RegisterHighRisk.file, None, national, secure_a(trade_name="State", member_states=["PT"]))
        assert (audience_key(SECURE_EDPS) in of_union.audience) is opened
        assert _sees(supervisor, of_union) is opened
        assert not _sees(supervisor, of_state)
        assert not _sees(without, of_union)
        assert not _sees(world.cast.actors[f"{OFFICE}/administrator"], of_union)


def test_taking_a_step_on_a_secure_case_by_guessing_its_id_is_not_found(world: World) -> None:
    for name in OUTSIDERS:
        actor = world.people[name].actor
        if actor is None or actor.organisation is None:
            continue
        with undone(), pytest.raises(NotFound):
            perform(RegisterHighRisk.flag, UUID(world.ids["secure"]), actor=actor, data={"text": "x"}, at=NOW)
