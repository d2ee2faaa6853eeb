"""How long records are kept: every table is declared, what has reached its end is proposed, a person decides, a job does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app as jobs

from aioffice.kernel.clocks.models import FeedAddress
from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.documents.models import Document
from aioffice.kernel.notices.models import Notice, ReadMark
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import ApiToken, AuditEntry, Invitation, Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.procedures.models import Case, Draft
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.reading.models import Reading
from aioffice.kernel.reading.vocabulary import Door
from aioffice.kernel.retention import deciding
from aioffice.kernel.retention import jobs as nightly
from aioffice.kernel.retention.declaring import KEEPER, End, Retention, keep, schedule
from aioffice.kernel.retention.holding import holds, lift_hold, place_hold
from aioffice.kernel.retention.kinds import SETTABLE
from aioffice.kernel.retention.models import Proposal, Standing
from aioffice.kernel.retention.proposing import propose
from aioffice.kernel.settings import Settings, settings
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import pdf, section_a, secure_a
from tests.support.parties import NOW, acting_for, organisation

LATER = NOW + timedelta(days=7 * 365)
"""When everything of today that has an end, but for what is kept for ten years, has reached it."""


def test_every_table_stands_in_the_schedule_and_the_schedule_names_no_other() -> None:
    found = conninfo("owner", settings())
    assert found is not None
    with psycopg.connect(**found) as owner:
        rows = owner.execute(  # type: ignore[call-overload]
            "select schemaname, tablename from pg_tables where schemaname in ('office', 'published', 'public')"
        ).fetchall()
    there = {table if schema == "office" else f"{schema}.{table}" for schema, table in rows}
    declared = {table for one in schedule() for table in one.all_tables}
    assert declared == there, "declare it in `keeping.py` beside the models"


@pytest.mark.parametrize("one", schedule(), ids=lambda one: one.kind)
def test_a_declaration_says_everything(one: Retention) -> None:
    assert str(one.title)
    assert str(one.why).endswith(".")
    assert one.basis
    assert one.all_tables
    assert (one.days is None) == (not str(one.counted_from))
    if one.job:
        assert one.job in jobs.tasks


def test_what_contradicts_itself_is_refused() -> None:
    for wrong in (
        Retention("drafts", "Twice", (), End.KEPT, "Why.", "1"),
        Retention("endless", "Without days", (), End.AUTOMATIC, "Why.", "1"),
        Retention("kept", "With days", (), End.KEPT, "Why.", "1", days=3),
        Retention("lost", "Proposed, but never found", (), End.PROPOSED, "Why.", "1", days=3),
    ):
        with pytest.raises(ValueError, match=wrong.kind):
            keep(wrong)


def test_the_setting_names_kinds_and_days() -> None:
    assert dict(Settings(retention="drafts=30, reads=900").retention) == {"drafts": 30, "reads": 900}  # type: ignore[arg-type]
    for wrong in ("drafts", "drafts=soon", "drafts=0"):
        with pytest.raises(ValueError, match="number of days"):
            Settings(retention=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["jobs", "decisions-on-keeping", "nothing"])
def test_the_setting_is_refused_for_what_goes_by_itself_or_stays(kind: str) -> None:
    with pytest.raises(ValueError, match=f"“{kind}” is no kind whose end can be set. These are: .*drafts"):
        Settings(retention=f"drafts=30, {kind}=90")  # type: ignore[arg-type]  # as written


def test_the_setting_takes_just_the_kinds_that_a_person_decides_on() -> None:
    assert {one.kind for one in schedule() if one.end in (End.PROPOSED, End.BY_STEP)} == set(SETTABLE)


@pytest.fixture
def office() -> Organisation:
    return organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")


@pytest.fixture
def head(office: Organisation) -> Actor:
    return acting_for(office)


@pytest.fixture
def filer() -> Actor:
    return acting_for(organisation("Example Systems", Capacity.PROVIDER, Capacity.DEPLOYER, public_body=True))


def _case(filer: Actor, *, secure: bool = False) -> Case:
    data = secure_a() if secure else section_a(filer)
    return perform(RegisterHighRisk.file, None, actor=filer, data=data, at=NOW).case


def _draft(filer: Actor, case: Case | None = None, *, audience: list[int] | None = None) -> Draft:
    with acting(filer, NOW):
        return Draft.objects.create(
            person_id=filer.person,
            organisation_id=filer.organisation,
            step="high-risk-registration.file",
            case=case,
            schema_hash="",
            created_at=NOW,
            updated_at=NOW,
            audience=audience or [],
        )


def _waiting(kind: str, *, restricted: bool = False) -> Proposal:
    return next(one for one in propose(at=LATER) if (one.kind, one.restricted) == (kind, restricted))


def _drafts(filer: Actor) -> int:
    with acting(filer, NOW):
        return Draft.objects.count()


pytestmark = pytest.mark.django_db


def test_what_has_reached_its_end_is_proposed_and_nothing_else(filer: Actor, head: Actor) -> None:
    draft = _draft(filer)
    assert [one.kind for one in propose(at=NOW + timedelta(days=729))] == []
    found = _waiting("drafts")
    assert (found.count, found.oldest, found.state) == (1, NOW, Standing.OPEN)
    assert found.sample == [{"id": str(draft.pk), "since": NOW.isoformat(), "number": ""}]
    assert _drafts(filer) == 1
    with acting(head, LATER):
        assert found in deciding.proposals(head)
    # The next night the same proposal is renewed, not made twice; gone with what it was about.
    assert _waiting("drafts").pk == found.pk
    with acting(filer, NOW):
        draft.delete()
    propose(at=LATER)
    with acting(head, LATER):
        assert Proposal.objects.get(pk=found.pk).state == Standing.LAPSED


def test_a_signatory_accepts_and_the_job_deletes_in_batches_audited(
    filer: Actor, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "BATCH", 2)
    for _ in range(5):
        _draft(filer)
    found = _waiting("drafts")
    deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=LATER)
    assert _drafts(filer) == 5
    assert deciding.remove(found.pk, at=LATER) == 5
    assert _drafts(filer) == 0
    with acting(head, LATER):
        done = Proposal.objects.get(pk=found.pk)
        assert (done.state, done.removed, done.decided_by) == (Standing.DONE, 5, head.id)
    with acting(service(KEEPER), LATER):
        batches = AuditEntry.objects.filter(action="retention.delete", target=f"retention:{found.pk}").order_by("id")
        assert [one.detail["count"] for one in batches] == [2, 2, 1, 0]
    assert deciding.remove(found.pk, at=LATER) == 0


def test_a_job_that_was_killed_goes_on_where_it_stopped(
    filer: Actor, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(_place: str) -> None:
        raise Killed

    monkeypatch.setattr(deciding, "BATCH", 2)
    monkeypatch.setattr(deciding, "reach", die)
    for _ in range(3):
        _draft(filer)
    found = _waiting("drafts")
    deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=LATER)
    with pytest.raises(Killed):
        deciding.remove(found.pk, at=LATER)
    assert _drafts(filer) == 1
    assert propose(at=LATER) == [one for one in propose(at=LATER) if one.kind != "drafts"], "it is not proposed anew"
    monkeypatch.undo()
    assert deciding.left_over(at=LATER) == [found.pk]
    assert deciding.remove(found.pk, at=LATER) == 1
    with acting(head, LATER):
        assert Proposal.objects.get(pk=found.pk).removed == 3


def test_what_is_touched_or_held_after_the_decision_stays(filer: Actor, head: Actor) -> None:
    case = _case(filer)
    held, touched, old = _draft(filer, case), _draft(filer), _draft(filer)
    found = _waiting("drafts")
    deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=LATER)
    place_hold(case.pk, "A dispute before the Court", actor=head, at=LATER)
    with acting(filer, NOW):
        Draft.objects.filter(pk=touched.pk).update(updated_at=LATER)
    assert deciding.remove(found.pk, at=LATER) == 1
    with acting(filer, NOW):
        assert {one.pk for one in Draft.objects.all()} == {held.pk, touched.pk}
        assert not Draft.objects.filter(pk=old.pk).exists()


def test_a_hold_is_placed_once_and_lifted(filer: Actor, head: Actor) -> None:
    case = _case(filer)
    hold = place_hold(str(case.number).lower(), "Dispute", actor=head, at=NOW)
    assert place_hold(case.pk, "Again", actor=head, at=NOW).pk == hold.pk
    with acting(head, NOW):
        assert [one.pk for one in holds(head)] == [hold.pk]
    lift_hold(hold.pk, actor=head, at=NOW)
    with acting(head, NOW):
        assert holds(head) == []
    with pytest.raises(Invalid):
        place_hold(case.pk, "  ", actor=head, at=NOW)
    with pytest.raises(NotFound):
        place_hold(uuid4(), "Dispute", actor=head, at=NOW)
    with pytest.raises(NotFound):
        lift_hold(uuid4(), actor=head, at=NOW)


def test_it_is_kept_longer_until_a_day_for_a_reason(filer: Actor, head: Actor) -> None:
    _draft(filer)
    found = _waiting("drafts")
    day = office_day(LATER) + timedelta(days=10)
    for reason, until in (("", day), ("Dispute", office_day(LATER))):
        with pytest.raises(Invalid):
            deciding.keep_longer(found.pk, cutoff=found.cutoff, reason=reason, until=until, actor=head, at=LATER)
    deciding.keep_longer(found.pk, cutoff=found.cutoff, reason="Dispute", until=day, actor=head, at=LATER)
    assert "drafts" not in {one.kind for one in propose(at=LATER + timedelta(days=9))}
    assert "drafts" in {one.kind for one in propose(at=LATER + timedelta(days=10))}
    with pytest.raises(Conflict):
        deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=LATER)


def test_a_proposal_renewed_meanwhile_is_looked_at_again(filer: Actor, head: Actor) -> None:
    _draft(filer)
    seen = _waiting("drafts")
    propose(at=LATER + timedelta(days=1))
    with pytest.raises(Conflict):
        deciding.accept(seen.pk, cutoff=seen.cutoff, actor=head, at=LATER)
    assert _drafts(filer) == 1


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.ADMINISTRATOR])
def test_others_of_the_office_look_and_do_not_decide(role: Role, filer: Actor, office: Organisation) -> None:
    _draft(filer)
    found = _waiting("drafts")
    colleague = acting_for(office, roles=[role])
    with acting(colleague, LATER):
        assert deciding.proposal_of(found.pk, actor=colleague) == found
    with pytest.raises(NotAllowed):
        deciding.accept(found.pk, cutoff=found.cutoff, actor=colleague, at=LATER)
    with pytest.raises(NotAllowed):
        place_hold(uuid4(), "Dispute", actor=colleague, at=LATER)


def test_nobody_else_sees_a_proposal_neither_here_nor_below(filer: Actor) -> None:
    _draft(filer)
    found = _waiting("drafts")
    authority = acting_for(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    for outsider in (filer, authority):
        with acting(outsider, LATER):
            assert not Proposal.objects.exists()
            with pytest.raises(NotAllowed):
                deciding.proposals(outsider)
        with pytest.raises(NotAllowed):
            deciding.accept(found.pk, cutoff=found.cutoff, actor=outsider, at=LATER)


def test_the_secure_section_is_proposed_apart_to_cleared_staff_alone(
    filer: Actor, head: Actor, office: Organisation
) -> None:
    secure = _case(filer, secure=True)
    open_, hidden = _draft(filer), _draft(filer, secure, audience=[1, *filer.keys])
    apart = _waiting("drafts", restricted=True)
    assert (apart.count, _waiting("drafts").count) == (1, 1)
    assert apart.sample[0]["id"] == str(hidden.pk)
    assert _waiting("drafts").sample[0]["id"] == str(open_.pk)
    with acting(head, LATER):
        assert not Proposal.objects.filter(restricted=True).exists()
        with pytest.raises(NotFound):
            deciding.proposal_of(apart.pk, actor=head)
    cleared = acting_for(office, roles=[Role.SIGNATORY], cleared=True)
    hold = place_hold(secure.pk, "Dispute", actor=cleared, at=LATER)
    with acting(head, LATER):
        assert holds(head) == []
    assert ("drafts", True) not in {(one.kind, one.restricted) for one in propose(at=LATER)}
    lift_hold(hold.pk, actor=cleared, at=LATER)
    again = _waiting("drafts", restricted=True)
    deciding.accept(again.pk, cutoff=again.cutoff, actor=cleared, at=LATER)
    assert deciding.remove(again.pk, at=LATER) == 1
    with acting(filer, NOW):
        assert [one.pk for one in Draft.objects.all()] == [open_.pk]


OLD = datetime(2014, 1, 2, tzinfo=UTC)


def _one_of_every_kind(filer: Actor, head: Actor) -> Case:
    case = _case(filer)
    with acting(filer, OLD):
        token = ApiToken.objects.create(
            organisation_id=filer.organisation, name="m", digest="d", roles=["reader"], created_by=filer.id,
            created_at=OLD, expires_at=OLD,
        )  # fmt: skip
        Invitation.objects.create(
            organisation_id=filer.organisation, person_id=filer.person, email="a@example.test", roles=["reader"],
            invited_by=filer.id, invited_at=OLD, ended_at=OLD, outcome="declined",
        )  # fmt: skip
        notice = Notice.objects.create(
            organisation_id=filer.organisation, case=case, record_id=case.pk, step="s", title="t", created_at=OLD
        )
        ReadMark.objects.create(notice=notice, person_id=filer.person, organisation_id=filer.organisation, read_at=OLD)
        audit(filer, "token.create", f"token:{token.pk}", {}, OLD)
        Draft.objects.filter(pk=_draft(filer).pk).update(updated_at=OLD)
        Document.objects.filter(pk=pdf(filer, "unused.pdf")).update(created_at=OLD)
        FeedAddress.objects.create(
            organisation_id=filer.organisation, digest="d", created_by=filer.id, created_at=OLD, ended_at=OLD
        )
    with acting(head, OLD):
        visible_case(case.pk, actor=head, door=Door.PAGE)
    return case


def test_every_kind_that_is_proposed_can_be_deleted(filer: Actor, head: Actor) -> None:
    """Row-level security, grants and functions of the database let the keeper do what was decided, of each kind."""
    _one_of_every_kind(filer, head)
    kinds = {one.kind for one in schedule() if one.end is End.PROPOSED}
    found = [one for one in propose(at=NOW) if one.kind in kinds]
    assert {one.kind for one in found} == kinds
    for one in found:
        deciding.accept(one.pk, cutoff=one.cutoff, actor=head, at=NOW)
        assert deciding.remove(one.pk, at=NOW) == one.count, one.kind
    assert propose(at=NOW) == []


def test_the_reads_and_messages_of_a_held_case_stay(filer: Actor, head: Actor) -> None:
    case = _one_of_every_kind(filer, head)
    place_hold(case.pk, "Dispute", actor=head, at=NOW)
    assert {"reads", "messages"} & {one.kind for one in propose(at=NOW)} == set()


@pytest.mark.parametrize("function", ["forget_reads", "forget_audit"])
def test_the_database_keeps_for_a_year_whatever_the_keeper_says_and_hears_no_other(
    function: str, filer: Actor, head: Actor
) -> None:
    case = _case(filer)
    with acting(head, NOW):
        visible_case(case.pk, actor=head, door=Door.PAGE)
        audit(head, "token.create", "token:1", {}, NOW)
    model = Reading if function == "forget_reads" else AuditEntry
    with acting(service(KEEPER), NOW), connection.cursor() as cursor:
        keys = list(model.objects.values_list("pk", flat=True))
        assert keys
        cursor.execute(f"select office.{function}(%s::uuid[])", [keys])
        assert cursor.fetchone() == (0,)
        assert model.objects.filter(pk__in=keys).count() == len(keys)
    with (
        acting(head, NOW),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="only the keeper"),
        transaction.atomic(),
    ):
        cursor.execute(f"select office.{function}(%s::uuid[])", [keys])


def test_files_of_cases_that_are_over_are_proposed_and_led_to_the_step_that_erases(filer: Actor, head: Actor) -> None:
    case = _case(filer)
    assert "case-files" not in {one.kind for one in propose(at=NOW + timedelta(days=12 * 365))}, "it is not over"
    with acting(service("registrar"), NOW):
        Case.objects.filter(pk=case.pk).update(state="entered_in_error")
    found = next(one for one in propose(at=NOW + timedelta(days=12 * 365)) if one.kind == "case-files")
    assert [(row["id"], row["number"]) for row in found.sample] == [(str(case.pk), case.number)]
    with pytest.raises(Refused, match="erased on its case"):
        deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=NOW)
    place_hold(case.pk, "Dispute", actor=head, at=NOW)
    assert "case-files" not in {one.kind for one in propose(at=NOW + timedelta(days=12 * 365))}


def test_what_goes_by_itself_says_nothing_about_anybody_or_ends_on_its_own() -> None:
    by_itself = {one.kind for one in schedule() if one.end is End.AUTOMATIC}
    assert by_itself == {
        "earlier-publications",
        "events",
        "job-faults",
        "jobs",
        "sessions",
        "sign-in-attempts",
        "webhook-deliveries",
    }


def test_one_that_cannot_be_deleted_keeps_no_other_kind_waiting(
    filer: Actor, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _draft(filer)
    found = _waiting("drafts")
    deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=LATER)
    monkeypatch.setattr(deciding, "remove", broken)
    monkeypatch.setattr(nightly.timezone, "now", lambda: LATER)
    told = nightly.propose_daily.func(0)
    assert told == len(propose(at=LATER))


def broken(*_what: object, **_more: object) -> int:
    """As where a trigger refuses."""
    raise RuntimeError


def test_what_was_accepted_is_deleted_as_of_the_day_it_was_accepted_for(filer: Actor, head: Actor) -> None:
    _draft(filer)
    found = _waiting("drafts")
    with acting(filer, NOW):
        Draft.objects.create(
            person_id=filer.person,
            organisation_id=filer.organisation,
            step="exempt-registration.file",
            schema_hash="",
            created_at=found.cutoff,
            updated_at=found.cutoff + timedelta(days=1),
            audience=[],
        )
    deciding.accept(found.pk, cutoff=found.cutoff, actor=head, at=LATER)
    assert deciding.remove(found.pk, at=LATER + timedelta(days=400)) == 1
    assert _drafts(filer) == 1, "it had not reached its end when somebody decided"
