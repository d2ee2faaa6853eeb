"""Making the prepared Union: organisations, filings in every state, a secure section, drafts, messages, and everyone's way in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from aioffice.desks.admission.procedure import (
    CapacityGranted,
    IdentityHearing,
    ImpersonationReport,
    OperatorAdmission,
    RepresentativeMandate,
    SecureAccess,
    StaffClearance,
)
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.documents.service import upload
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.inviting import invite_member
from aioffice.kernel.parties.models import CapacityGrant, Membership, Organisation, Person
from aioffice.kernel.parties.tokens import create_token, list_tokens
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.declaration import Step
from aioffice.kernel.procedures.drafts import save_draft
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.spec import schema_hash
from aioffice.kernel.retention.declaring import KEEPER
from aioffice.kernel.retention.holding import audience_of
from aioffice.kernel.retention.models import Proposal
from aioffice.kernel.webhooks.queueing import queue
from aioffice.kernel.webhooks.service import send_test
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.cast import HOME, Cast, whole_cast
from tests.support.filings import PARTY, PDF, section_a, section_b, section_c, secure_a
from tests.support.matrix_world import (
    ANONYMOUS,
    AUDITOR,
    AUTHORITY,
    COUNTERPART,
    EIGHT_CLEARED,
    ENDED,
    FILER,
    FROZEN,
    KINDS,
    LEFT,
    MARKS,
    NOBODYS,
    OFFICE,
    OFFICE_CLEARED,
    OPERATORS,
    RIVAL,
    ROLES,
    SHUT_OUT,
    TOKEN_ROLES,
    UNADMITTED,
    Caller,
    World,
    session_of,
)
from tests.support.parties import NOW, acting_for, member, organisation
from tests.support.published import analyse
from tests.support.sequencing import sequence_all
from tests.support.webhooks import Machine, go, through, webhook


def build() -> World:
    """Make the Union. Everything is committed."""
    cast = whole_cast()
    world = World(cast)
    cast.add(FROZEN, organisation("Frozen Systems", Capacity.PROVIDER, state=HOME))
    _file(world)
    _admission(world)
    _secure(world)
    deliver_pending(at=NOW)
    sequence_all(NOW)
    with acting(_service("registrar"), NOW):
        hearing = Case.objects.get(procedure=IdentityHearing.slug)
    world.ids["hearing"] = str(hearing.pk)
    _drafts(world)
    _notices(world)
    _callers(world)
    sequence_all(NOW)
    analyse()
    return world


def _service(name: str) -> Actor:
    return service(name)


def do(step: Step, case: Any, actor: Actor, data: Mapping[str, Any], **more: Any) -> Case:
    """Perform a step; return its case."""
    return perform(step, case, actor=actor, data=data, at=NOW, **more).case


def _file(world: World) -> None:
    actors, ids = world.cast.actors, world.ids
    filer, counterpart = actors[f"{FILER}/signatory"], actors[f"{COUNTERPART}/signatory"]
    mandate = do(RepresentativeMandate.propose, None, filer, {"representative": "Counterpart", "scope": "All systems"})
    do(RepresentativeMandate.confirm, mandate, counterpart, {})
    party = {"name": "Counterpart", "address": "Rua Exemplo 2", "contact": "rep@example.test"}
    public = do(
        RegisterHighRisk.file,
        None,
        filer,
        section_a(filer, member_states=[HOME], representative=party, submitter=PARTY),
    )
    do(RegisterHighRisk.question, public, actors[f"{AUTHORITY}/editor"], {"text": "Is point 7 still right?"})
    do(RegisterHighRisk.flag, public, actors[f"{OFFICE}/editor"], {"text": "Point 7 looks old."})
    exempt = do(RegisterExempt.file, None, filer, section_b())
    use = do(RegisterUse.file, None, filer, section_c(str(public.number)))
    wait = {
        **section_c(""),
        "system_name": "Street Counter",
        "provider_name": "Far Systems",
        "provider_email": "desk@example.com",
    }
    del wait["provider_entry"]
    held = do(RegisterUse.hold, None, filer, wait)
    frozen = do(RegisterExempt.file, None, actors[f"{FROZEN}/signatory"], section_b(trade_name="Imitation Sorter"))
    biometric = do(
        RegisterExempt.file, None, filer, section_b(routing={**section_b()["routing"], "annex_iii_point": "1(a)"})
    )
    agency = acting_for(organisation("Union agency", Capacity.PROVIDER, state="", country="EU", public_body=True))
    union = do(RegisterHighRisk.file, None, agency, section_a(agency, member_states=[HOME]))
    mistake = do(RegisterExempt.file, None, filer, section_b(trade_name="Essay Formatter Twice"))
    do(RegisterExempt.declare_error, mistake, filer, {"reason": "Filed twice."})
    named = {
        "biometric": biometric,
        "union": union,
        "mandate": mandate,
        "public": public,
        "exempt": exempt,
        "use": use,
        "held": held,
        "frozen": frozen,
        "mistake": mistake,
    }
    ids |= {name: str(case.pk) for name, case in named.items()}
    ids |= {f"{name} number": str(named[name].number) for name in ("public", "exempt", "use", "frozen", "mistake")}
    ids["frozen filer"] = frozen.organisation.name
    ids["nothing"] = str(uuid4())
    with acting(filer, NOW):
        documents = list(public.documents.select_related("document"))
    ids["document"] = str(documents[0].document_id)
    ids["digest"] = documents[0].document.digest
    ids["filename"] = documents[0].document.filename


def _admission(world: World) -> None:
    actors, ids = world.cast.actors, world.ids
    office, administrator = actors[f"{OFFICE}/signatory"], actors[f"{OFFICE}/administrator"]
    late = organisation("Late authority", Capacity.ARTICLE_74_8_AUTHORITY, state=HOME)
    granted = {
        "capacity": "fundamental_rights_authority", "member_state": HOME, "receiver": late.name, "designation": "Decree 1",
    }  # fmt: skip
    member(world.cast.organisations[OFFICE], roles=[Role.READER], email="late@example.com")
    application = {
        "name": "Unadmitted", "country": HOME, "address": "Rua Exemplo 1", "contact": "office@example.test",
        "legal_representative": {"name": "Ana Primeira", "position": "Director"}, "capacities": ["provider"], "public_body": False,
    }  # fmt: skip
    found = {
        "application": do(OperatorAdmission.apply, None, actors[f"{UNADMITTED}/signatory"], application),
        "capacity": do(CapacityGranted.grant, None, office, granted),
        "access": do(
            SecureAccess.grant, None, office, {"receiver": late.name, "member_state": HOME, "reasons": "Decree 2"}
        ),
        "clearance": do(
            StaffClearance.clear, None, administrator, {"email": "late@example.com", "ground": "Section head"}
        ),
        "report": do(
            ImpersonationReport.report,
            None,
            actors[f"{RIVAL}/signatory"],
            {"filer": ids["frozen filer"], "reasons": "Their letterhead is ours."},
        ),
    }
    ids |= {name: str(case.pk) for name, case in found.items()}


def _secure(world: World) -> None:
    actors, ids = world.cast.actors, world.ids
    filer, cleared, eight = (
        actors[f"{FILER}/signatory"],
        actors[f"{OFFICE_CLEARED}/editor"],
        actors[f"{EIGHT_CLEARED}/editor"],
    )
    party = {"name": MARKS["provider"], "address": "Rua Exemplo 9, Lisboa", "contact": MARKS["contact"]}
    filing = secure_a(
        provider=party, trade_name=MARKS["trade_name"], intended_purpose=MARKS["purpose"], member_states=[HOME]
    )
    secure = do(RegisterHighRisk.file, None, filer, filing, evidence=MARKS["evidence"])
    change = {"valid_from": "2026-11-20", "reason": MARKS["change"]}
    do(RegisterHighRisk.update, secure, filer, {**filing, "trade_name": MARKS["later_name"], "change": change})
    do(RegisterHighRisk.question, secure, cleared, {"text": MARKS["question"]}, idempotency_key=MARKS["key"])
    do(RegisterHighRisk.reply, secure, filer, {"text": MARKS["reply"]})
    do(RegisterHighRisk.flag, secure, eight, {"text": MARKS["flag"]})
    withheld = {"field": "provider.contact", "ground": "trade_secret", "reason": MARKS["withheld"]}
    do(RegisterHighRisk.withhold, secure, cleared, withheld)
    routing = {"filer_capacity": "deployer", "area_of_use": "law_enforcement", "language": "en"}
    use_data = {"routing": routing, "deployer": party, "submitter": party}
    use = do(RegisterUse.file, None, filer, {**use_data, "provider_entry": str(secure.number)})
    wait = {
        **use_data,
        "system_name": MARKS["held"],
        "provider_name": MARKS["held_provider"],
        "provider_email": MARKS["contact"],
    }
    held = do(RegisterUse.hold, None, filer, wait)
    assert secure.secure
    assert use.secure
    assert held.secure
    with acting(filer, NOW):
        content = PDF + MARKS["content"].encode()
        document = upload(io.BytesIO(content), f"{MARKS['document']}.pdf", actor=filer, at=NOW)
    ids |= {"secure": str(secure.pk), "secure use": str(use.pk), "secure held": str(held.pk)}
    ids |= {"secure number": str(secure.number), "secure use number": str(use.number)}
    ids |= {"secure document": str(document.pk), "secure digest": document.digest}


def _drafts(world: World) -> None:
    actors, ids = world.cast.actors, world.ids

    def draft(actor: Actor, step: Step, case: str, **values: str) -> str:
        assert step.asks is not None
        return str(
            save_draft(
                {name: [value] for name, value in values.items()},
                actor=actor,
                at=NOW,
                step=step.key,
                schema_hash=schema_hash(step.asks),
                case_id=UUID(ids[case]) if case else None,
            ).draft.pk
        )

    ids["draft"] = draft(actors[f"{FILER}/editor"], RegisterExempt.file, "", trade_name="Essay Formatter 2")
    ids["secure draft"] = draft(actors[f"{FILER}/editor"], RegisterHighRisk.update, "secure", trade_name=MARKS["draft"])
    ids["secure office draft"] = draft(
        actors[f"{OFFICE_CLEARED}/editor"], RegisterHighRisk.question, "secure", text=MARKS["office_draft"]
    )
    ids["secure authority draft"] = draft(
        actors[f"{EIGHT_CLEARED}/editor"], RegisterHighRisk.question, "secure", text=MARKS["authority_draft"]
    )


def _notices(world: World) -> None:
    actors, ids = world.cast.actors, world.ids
    with acting(actors[f"{FILER}/reader"], NOW):
        ids["notice"] = str(Notice.objects.filter(case=ids["public"]).latest("id").pk)
    for name, reader in (("secure notice", f"{FILER}/reader"), ("secure office notice", f"{OFFICE_CLEARED}/reader")):
        with acting(actors[reader], NOW):
            ids[name] = str(Notice.objects.filter(secure=True).latest("id").pk)


def _callers(world: World) -> None:
    cast = world.cast
    for kind in KINDS:
        for role in (*ROLES, AUDITOR):
            world.people[f"{kind}/{role}"] = _person(f"{kind}/{role}", cast.actors[f"{kind}/{role}"])
    for name, person in _single_people(cast).items():
        with plumbing():
            world.people[name] = Caller(name, session_of(person), actor=actor_for_person(person))
    with plumbing():
        Person.objects.filter(memberships__organisation__name="Closed account (fictional)").update(is_active=False)
    world.people[ANONYMOUS] = Caller(ANONYMOUS, Client())
    now = timezone.now()
    for kind in KINDS:
        if kind == OFFICE_CLEARED:
            continue  # clearance is personal: no token of the Office holds it
        administrator = cast.actors[f"{kind}/administrator"]
        for role in TOKEN_ROLES:
            maker = administrator
            if role == AUDITOR:
                if kind in OPERATORS:
                    continue  # an operator has no auditor, and who is none makes no such token
                maker = replace(administrator, audits=True)
            made = create_token(
                f"{role} machine", [Role(role)], expires_at=now + timedelta(days=30), actor=maker, at=now
            )
            world.machines[f"{kind}/{role}"] = Caller(
                f"{kind}/{role}", Client(), token=made.secret, actor=administrator
            )
    world.machines[ANONYMOUS] = Caller(ANONYMOUS, Client())
    with acting(cast.actors[f"{FILER}/administrator"], now):
        world.ids["token"] = str(list_tokens(actor=cast.actors[f"{FILER}/administrator"])[0].pk)
    _webhook(world)
    with plumbing():
        found = Membership.objects.filter(organisation=cast.organisations[FILER], roles=["reader"]).get()
    world.ids["membership"] = str(found.pk)
    invitation = invite_member("alone@example.test", [Role.READER], actor=cast.actors[f"{FILER}/administrator"], at=now)
    world.ids["invitation"] = str(invitation.pk)
    with acting(service(KEEPER), now):
        proposal = Proposal.objects.create(
            kind="drafts",
            cutoff=NOW,
            count=1,
            oldest=NOW,
            sample=[{"id": str(UUID(int=1)), "since": NOW.isoformat(), "number": ""}],
            proposed_at=NOW,
            audience=audience_of(restricted=False),
        )
    world.ids["proposal"] = str(proposal.pk)
    world.ids["organisation"] = str(cast.organisations[FILER].pk)
    world.ids["rival organisation"] = str(cast.organisations[RIVAL].pk)


def _webhook(world: World) -> None:
    """One of the filer, to which a test was sent and a matter of the secure section waits."""
    administrator = world.cast.actors[f"{FILER}/administrator"]
    machine = Machine()
    with through(machine):
        made = webhook(administrator, name="Release pipeline").webhook
        delivery = send_test(made.pk, actor=administrator, at=NOW)
        go(made, at=NOW)
        queue([UUID(world.ids["secure notice"])], at=NOW)
    world.ids["webhook"], world.ids["delivery"] = str(made.pk), str(delivery.pk)


def _person(name: str, actor: Actor) -> Caller:
    with plumbing():
        return Caller(name, session_of(Person.objects.get(pk=actor.person)), actor=actor)


def _single_people(cast: Cast) -> dict[str, Person]:
    with plumbing():
        alone = Person.objects.create(email="alone@example.test", password="!", name="Alone")
    left = member(cast.organisations[FILER], roles=[Role.SIGNATORY], email="left@example.test")
    ended_authority = organisation("Ended authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state=HOME)
    ended = member(ended_authority, roles=[Role.SIGNATORY], email="ended@example.test")
    shut_out = member(_closed(), roles=[Role.ADMINISTRATOR], email="shut-out@example.test")
    with plumbing():
        Membership.objects.filter(person=left).delete()
        CapacityGrant.objects.filter(organisation=ended_authority).update(ended_at=NOW)
    return {NOBODYS: alone, LEFT: left, ENDED: ended, SHUT_OUT: shut_out}


def _closed() -> Organisation:
    return organisation("Closed account (fictional)", Capacity.PROVIDER, state=HOME)
