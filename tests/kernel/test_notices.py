"""Whoever has to know is told: in the inbox of their organisation, and by an e-mail that goes out once."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.functional import lazy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.notices import mailing
from aioffice.kernel.notices.mailing import MailNotSent, left_over, send
from aioffice.kernel.notices.models import Mailing, Notice
from aioffice.kernel.notices.queries import inbox, unread_count
from aioffice.kernel.notices.service import mark_all_read, mark_read, queue_notices
from aioffice.kernel.parties.actor import ANONYMOUS, Actor, service
from aioffice.kernel.parties.models import Membership, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import section_a, secure_a
from tests.support.parties import NOW, acting_for, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer() -> Actor:
    return acting_for(organisation("Example Systems", Capacity.PROVIDER))


@pytest.fixture
def case(filer: Actor) -> Case:
    return filed(filer)


@pytest.fixture
def authority(case: Case) -> Organisation:
    """An authority that came after the filing, so that the filing itself has told it nothing."""
    return organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY)


def filed(filer: Actor, *, secure: bool = False) -> Case:
    """File a system."""
    record = perform(RegisterHighRisk.file, None, actor=filer, data=secure_a() if secure else section_a(filer), at=NOW)
    return record.case


def tell(
    case: Case, filer: Actor, *organisations: Organisation, title: Any = "Registered", at: Any = NOW
) -> list[UUID]:
    """Tell organisations of a case, as the filer's own step would."""
    with acting(filer, at):
        return queue_notices(
            case=case,
            record_id=case.pk,
            organisations=[one.pk for one in organisations],
            step="high-risk-registration.file",
            title=title,
            at=at,
        )


def test_the_organisation_told_finds_the_notice_and_nobody_else_does(
    case: Case, filer: Actor, authority: Organisation
) -> None:
    reader, stranger = acting_for(authority, roles=[Role.READER]), acting_for(organisation("Another"))
    (notice,) = tell(case, filer, authority, authority)
    with acting(reader, NOW):
        (item,) = inbox(reader).items
        assert (item.id, item.case_id, item.reference, item.title) == (
            notice,
            case.pk,
            "EU-A-2026-000001",
            "Registered",
        )
        assert item.opens_case
        assert unread_count(reader) == 1
    for outsider in (stranger, filer):
        with acting(outsider, NOW):
            assert inbox(outsider).items == ()
            assert not Notice.objects.exists(), "row-level security hides it even from a query that forgets to filter"


def test_a_step_that_is_undone_tells_nobody(case: Case, filer: Actor, authority: Organisation) -> None:
    before = _jobs()

    def tell_and_fail() -> None:
        with acting(filer, NOW):
            tell(case, filer, authority)
            assert len(_jobs()) == len(before) + 1
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        tell_and_fail()
    assert _jobs() == before
    reader = acting_for(authority)
    with acting(reader, NOW):
        assert unread_count(reader) == 0


def _jobs() -> list[dict[str, Any]]:
    with plumbing():
        return [job.args for job in ProcrastinateJob.objects.filter(task_name="notices.send_notices").order_by("id")]


def test_one_job_carries_all_notices_of_a_step(case: Case, filer: Actor, authority: Organisation) -> None:
    other = organisation("Outra", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="SI")
    before = len(_jobs())
    ids = tell(case, filer, authority, other)
    assert [job["notice_ids"] for job in _jobs()[before:]] == [[str(one) for one in ids]]


def test_nobody_told_means_no_job(case: Case, filer: Actor) -> None:
    before = len(_jobs())
    assert tell(case, filer) == []
    assert len(_jobs()) == before


def test_the_title_is_read_in_the_readers_language(case: Case, filer: Actor, authority: Organisation) -> None:
    def words() -> str:
        return "Enregistré" if translation.get_language() == "fr" else "Registered"

    reader = acting_for(authority)
    with translation.override("fr"):
        tell(case, filer, authority, title=lazy(words, str)())
    with acting(reader, NOW):
        assert Notice.objects.get().title == "Registered", "kept as it stands in the code, translated when it is read"


def test_each_person_marks_for_itself_what_was_read(case: Case, filer: Actor, authority: Organisation) -> None:
    one, other = acting_for(authority), acting_for(authority, roles=[Role.EDITOR])
    ids = tell(case, filer, authority) + tell(case, filer, authority)
    assert mark_read(ids[:1], actor=one, at=NOW) == 1
    assert mark_read(ids[:1], actor=one, at=NOW) == 0
    with acting(one, NOW):
        assert unread_count(one) == 1
        assert {item.id: item.read for item in inbox(one).items} == {ids[0]: True, ids[1]: False}
        assert [item.id for item in inbox(one, unread_only=True).items] == [ids[1]]
    with acting(other, NOW):
        assert unread_count(other) == 2
    assert mark_all_read(actor=other, at=NOW) == 2
    with acting(other, NOW):
        assert unread_count(other) == 0


def test_nobody_marks_the_notices_of_others(case: Case, filer: Actor, authority: Organisation) -> None:
    stranger = acting_for(organisation("Another"))
    ids = tell(case, filer, authority)
    assert mark_read(ids, actor=stranger, at=NOW) == 0
    assert mark_all_read(actor=stranger, at=NOW) == 0
    assert mark_all_read(actor=ANONYMOUS, at=NOW) == 0


def test_the_inbox_pages_to_the_very_end(case: Case, filer: Actor, authority: Organisation) -> None:
    reader = acting_for(authority)
    told = [tell(case, filer, authority, at=NOW + timedelta(minutes=n // 2))[0] for n in range(7)]
    seen: list[UUID] = []
    after = None
    with acting(reader, NOW):
        while True:
            page = inbox(reader, after=after, size=3)
            seen += [item.id for item in page.items]
            if (after := page.after) is None:
                break
    assert len(seen) == 7
    assert set(seen) == set(told)
    assert seen[-2:] == [told[1], told[0]] or set(seen[-2:]) == {told[0], told[1]}


def test_an_unknown_cursor_is_an_empty_page(filer: Actor) -> None:
    with acting(filer, NOW):
        assert inbox(filer, after=UUID(int=5)).items == ()


def test_a_notice_of_the_restricted_section_is_seen_by_cleared_staff_alone(filer: Actor) -> None:
    case = filed(filer, secure=True)
    office = organisation("AI Office", Capacity.AI_OFFICE, state="")
    cleared, other = acting_for(office, cleared=True), acting_for(office, roles=[Role.EDITOR])
    tell(case, filer, office)
    with acting(cleared, NOW):
        assert unread_count(cleared) == 1
        assert inbox(cleared).items[0].secure
    with acting(other, NOW):
        assert unread_count(other) == 0
        assert inbox(other).items == ()
        assert not Notice.objects.exists()
    assert mark_all_read(actor=other, at=NOW) == 0


def test_notices_are_neither_changed_nor_deleted(case: Case, filer: Actor, authority: Organisation) -> None:
    reader = acting_for(authority)
    tell(case, filer, authority)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting(reader, NOW),
        connection.cursor() as cursor,
    ):
        cursor.execute("update office.notices_notice set title = 'x'")
    with acting(reader, NOW), connection.cursor() as cursor:
        cursor.execute("delete from office.notices_notice")
        assert cursor.rowcount == 0, "the keeper alone deletes, by the schedule of keeping"
        assert Notice.objects.exists()


def test_nobody_unknown_writes_into_an_inbox(case: Case, filer: Actor, authority: Organisation) -> None:
    with pytest.raises(DatabaseError, match="row-level security"):
        tell(case, ANONYMOUS, authority)


class TestMail:
    """E-mails about notices."""

    def test_members_with_work_to_do_are_written_to_in_their_language(
        self, case: Case, filer: Actor, authority: Organisation
    ) -> None:
        ana = member(authority, roles=[Role.EDITOR], email="ana@example.eu")
        member(authority, roles=[Role.READER], email="reader@example.eu")
        left = member(authority, roles=[Role.SIGNATORY], email="left@example.eu")
        with plumbing():
            Person.objects.filter(pk=ana.pk).update(language="fr")
            Person.objects.filter(pk=left.pk).update(is_active=False)
        ids = tell(case, filer, authority)
        assert send(ids, at=NOW) == 1
        (sent,) = mail.outbox
        assert sent.to == ["ana@example.eu"]
        assert sent.subject.startswith("Nouveau message : Enregistré")
        assert "EU-A-2026-000001" in sent.subject
        assert "Autoridade Exemplo" in sent.body
        assert "/fr/office/messages" in sent.body

    def test_nobody_is_written_to_twice(self, case: Case, filer: Actor, authority: Organisation) -> None:
        member(authority, roles=[Role.EDITOR])
        ids = tell(case, filer, authority)
        assert send(ids, at=NOW) == 1
        assert send(ids, at=NOW) == 0
        with acting(service("notifier"), NOW):
            Notice.objects.filter(pk__in=ids).update(mailed_at=None)
        assert send(ids, at=NOW) == 0, "the claim on notice and person holds on its own"
        assert len(mail.outbox) == 1

    def test_about_the_restricted_section_only_that_there_is_a_message(self, filer: Actor) -> None:
        case = filed(filer, secure=True)
        office = organisation("AI Office", Capacity.AI_OFFICE, state="")
        member(office, roles=[Role.EDITOR], email="cleared@example.eu", cleared=True)
        member(office, roles=[Role.SIGNATORY], email="other@example.eu")
        ids = tell(case, filer, office, title="Zephyrine registered")
        assert send(ids, at=NOW) == 1
        (sent,) = mail.outbox
        assert sent.to == ["cleared@example.eu"]
        whole = sent.subject + sent.body + str(sent.extra_headers)
        for secret in ("Zephyrine", str(case.number), case.subject, str(case.pk), "Example Systems"):
            assert secret not in whole

    def test_a_failure_keeps_nobody_else_waiting_and_is_mended_by_a_repetition(
        self, case: Case, filer: Actor, authority: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        member(authority, roles=[Role.EDITOR], email="a@example.eu")
        member(authority, roles=[Role.SIGNATORY], email="b@example.eu")
        ids = tell(case, filer, authority)
        real = EmailMessage.send

        def refuse_a(self: EmailMessage, *args: Any, **more: Any) -> int:
            if self.to == ["a@example.eu"]:
                raise smtplib.SMTPDataError(451, b"try again later")
            return real(self, *args, **more)

        with monkeypatch.context() as broken:
            broken.setattr(EmailMessage, "send", refuse_a)
            with pytest.raises(MailNotSent, match="1 e-mails were not sent"):
                send(ids, at=NOW)
        assert [sent.to for sent in mail.outbox] == [["b@example.eu"]]
        assert send(ids, at=NOW) == 1
        assert [sent.to for sent in mail.outbox] == [["b@example.eu"], ["a@example.eu"]]

    def test_an_address_that_cannot_be_written_to_keeps_nobody_else_waiting(
        self, case: Case, filer: Actor, authority: Organisation
    ) -> None:
        member(authority, roles=[Role.EDITOR], email=f"a@{'ä' * 60}.eu")
        member(authority, roles=[Role.SIGNATORY], email="b@example.eu")
        ids = [*tell(case, filer, authority), *tell(case, filer, authority)]
        with pytest.raises(MailNotSent, match="2 e-mails were not sent"):
            send(ids, at=NOW)
        assert [sent.to for sent in mail.outbox] == [["b@example.eu"]] * 2

    @pytest.mark.parametrize(
        "fault", [smtplib.SMTPServerDisconnected("gone"), TimeoutError(), ConnectionRefusedError()]
    )
    def test_a_server_that_does_not_answer_is_asked_once(
        self, case: Case, filer: Actor, authority: Organisation, monkeypatch: pytest.MonkeyPatch, fault: Exception
    ) -> None:
        for name in "abc":
            member(authority, roles=[Role.EDITOR], email=f"{name}@example.eu")
        ids = tell(case, filer, authority)
        asked: list[str] = []

        def gone(self: EmailMessage, *args: Any, **more: Any) -> int:
            asked.extend(self.to)
            raise fault

        with monkeypatch.context() as broken:
            broken.setattr(EmailMessage, "send", gone)
            with pytest.raises(MailNotSent, match="The mail server does not answer"):
                send(ids, at=NOW)
        assert len(asked) == 1
        assert send(ids, at=NOW) == 3, "nothing is left claimed"

    def test_a_batch_that_takes_long_is_not_sent_twice(
        self, case: Case, filer: Actor, authority: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        member(authority, roles=[Role.EDITOR])
        ids = tell(case, filer, authority)
        real, minutes = EmailMessage.send, iter([0, 20])
        monkeypatch.setattr(mailing, "monotonic", lambda: 60 * next(minutes, 20))

        def slow(self: EmailMessage, *args: Any, **more: Any) -> int:
            monkeypatch.setattr(EmailMessage, "send", real)
            assert send(ids, at=NOW + timedelta(minutes=20)) == 0, (
                "claimed a moment ago, by a batch that began long ago"
            )
            return real(self, *args, **more)

        monkeypatch.setattr(EmailMessage, "send", slow)
        assert send(ids, at=NOW) == 1
        assert len(mail.outbox) == 1

    def test_a_notice_whose_job_was_lost_is_found_again(
        self, case: Case, filer: Actor, authority: Organisation
    ) -> None:
        member(authority, roles=[Role.EDITOR])
        ids = tell(case, filer, authority)
        window = {"older_than": timedelta(minutes=15), "newer_than": timedelta(days=2)}
        assert left_over(at=NOW + timedelta(minutes=10), **window) == []
        assert left_over(at=NOW + timedelta(minutes=20), **window) == ids
        assert left_over(at=NOW + timedelta(days=3), **window) == []
        send(ids, at=NOW)
        assert left_over(at=NOW + timedelta(minutes=20), **window) == []

    def test_somebody_who_has_left_is_not_written_to(self, case: Case, filer: Actor, authority: Organisation) -> None:
        gone = member(authority, roles=[Role.EDITOR])
        ids = tell(case, filer, authority)
        with plumbing():
            Membership.objects.filter(person=gone).delete()
        assert send(ids, at=NOW) == 0
        with acting(service("notifier"), NOW):
            assert not Mailing.objects.exists()
            assert Notice.objects.get(pk=ids[0]).mailed_at == NOW


@pytest.mark.django_db(transaction=True)
def test_a_worker_finds_the_jobs_and_sends(case: Case, filer: Actor, authority: Organisation) -> None:
    member(authority, roles=[Role.EDITOR], email="ana@example.eu")
    tell(case, filer, authority)
    names = set(app.tasks)
    assert {
        "kernel.deliver_events",
        "kernel.deliver_pending",
        "notices.send_notices",
        "notices.send_left_over",
        "parties.send_invitation",
        "documents.sweep",
    } <= names
    with plumbing():
        job = ProcrastinateJob.objects.filter(task_name="notices.send_notices").latest("id")
    app.tasks["notices.send_notices"].func(**job.args)
    assert [sent.to for sent in mail.outbox] == [["ana@example.eu"]]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield
