"""A message arrives at least once: failures are repeated for three days, then given up and told; an address that stays dead goes off."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.notices.mailing import send as send_mails
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.queries import inbox
from aioffice.kernel.outside import Answer, NoAnswer, Refused
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.models import AuditEntry
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Refused as NotNow
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.webhooks import delivering
from aioffice.kernel.webhooks.jobs import wake
from aioffice.kernel.webhooks.models import Delivery, Outcome, State, Webhook
from aioffice.kernel.webhooks.queueing import due
from aioffice.kernel.webhooks.service import change_webhook, remove_webhook, send_again, send_test
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, member, organisation
from tests.support.receiving import receiver
from tests.support.webhooks import URL, Machine, deliveries, fresh, go, queued, tell, through, told, webhook

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ERROR = Answer(500, b"out of order")


@pytest.fixture(autouse=True)
def machine() -> Iterator[Machine]:
    made = Machine()
    with through(made):
        yield made


@pytest.fixture
def filer() -> Actor:
    return acting_for(organisation("Example Systems", Capacity.PROVIDER))


@pytest.fixture
def case(filer: Actor) -> Case:
    return perform(RegisterExempt.file, None, actor=filer, data=section_b(), at=NOW).case


@pytest.fixture
def authority(case: Case) -> Actor:
    return acting_for(organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY))


@pytest.fixture
def made(authority: Actor) -> Webhook:
    return webhook(authority).webhook


def run(made: Webhook, since: datetime, until: datetime, step: timedelta = 10 * MINUTE) -> None:
    """Let time pass as the sweep sees it."""
    at = since
    while at <= until:
        if made.pk in due(at=at):
            go(made, at=at)
        at += step


def test_a_message_that_was_accepted_is_done(machine: Machine, made: Webhook, case: Case, filer: Actor) -> None:
    machine.always(Answer(202, b"thanks\n\x00\x1b[31m" + b"x" * 900))
    queued(tell(case, filer, made.organisation_id))
    assert go(made, at=NOW) is False
    assert go(made, at=NOW + DAY) is False
    (found,) = deliveries(made)
    assert (found.state, found.attempts, found.status, found.outcome) == (State.DELIVERED, 1, 202, Outcome.ACCEPTED)
    assert found.said.startswith("thanks [31mxxx")
    assert len(found.said) == 200
    assert found.attempted_at == NOW
    assert len(machine.sent) == 1


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        (Answer(500, b""), Outcome.STATUS, 500),
        (Answer(404, b""), Outcome.STATUS, 404),
        (Answer(302, b""), Outcome.REDIRECT, 302),
        (Answer(102, b""), Outcome.STATUS, 102),
        (NoAnswer("timeout"), Outcome.TIMEOUT, None),
        (NoAnswer("tls"), Outcome.TLS, None),
        (NoAnswer("connection"), Outcome.CONNECTION, None),
        (NoAnswer("protocol"), Outcome.PROTOCOL, None),
    ],
)
def test_anything_else_is_a_failure_that_is_repeated(
    machine: Machine, made: Webhook, case: Case, filer: Actor, answer: Answer | NoAnswer, outcome: str, status: int
) -> None:
    machine.always(answer)
    queued(tell(case, filer, made.organisation_id))
    go(made, at=NOW)
    (found,) = deliveries(made)
    assert (found.state, found.outcome, found.status) == (State.WAITING, outcome, status)
    assert found.due_at == NOW + delivering.WAITS[0]
    assert go(made, at=NOW + MINUTE / 2) is False
    assert len(machine.sent) == 1
    machine.always(Answer(200, b""))
    go(made, at=NOW + MINUTE)
    (found,) = deliveries(made)
    assert (found.state, found.attempts) == (State.DELIVERED, 2)
    ids = {headers["webhook-id"] for _url, headers, _body in machine.sent}
    assert len(ids) == 1


def test_an_address_that_came_to_lie_inside_is_not_called_at_sending_either(
    machine: Machine, made: Webhook, case: Case, filer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object, **_named: object) -> Answer:
        raise Refused("inside")

    monkeypatch.setattr(machine, "call", refuse)
    queued(tell(case, filer, made.organisation_id))
    go(made, at=NOW)
    (found,) = deliveries(made)
    assert (found.state, found.outcome, found.said) == (State.WAITING, Outcome.REFUSED, "")


def test_after_three_days_it_is_given_up_and_told_once(
    machine: Machine, made: Webhook, case: Case, filer: Actor, authority: Actor
) -> None:
    machine.always(ERROR)
    for _message in range(3):
        queued(tell(case, filer, made.organisation_id))
    run(made, NOW, NOW + 4 * DAY)
    assert {found.state for found in deliveries(made)} == {State.GIVEN_UP}
    first = machine.sent[0][1]["webhook-id"]
    stamps = [
        datetime.fromtimestamp(int(h["webhook-timestamp"]), NOW.tzinfo) for _u, h, _b in machine.sent if h["webhook-id"] == first
    ]  # fmt: skip
    assert len(stamps) == 10
    assert 2.8 * DAY < stamps[-1] - stamps[0] < 3.4 * DAY
    assert told(made.organisation_id) == [("webhooks.given_up", "Case system")]
    assert fresh(made).active
    with acting(authority, NOW):
        item = next(one for one in inbox(authority).items if one.case_id is None)
    assert item.title == "Messages to a webhook could not be delivered and were given up"
    assert item.reference == "Case system"
    assert not item.opens_case


def test_one_that_fails_for_five_days_is_switched_off_and_its_administrators_are_told(
    machine: Machine, made: Webhook, case: Case, filer: Actor, authority: Actor
) -> None:
    member(authority_of(made), roles=[Role.EDITOR], email="editor@example.test")
    member(authority_of(made), roles=[Role.ADMINISTRATOR], email="chief@example.test")
    machine.always(ERROR)
    queued(tell(case, filer, made.organisation_id))
    run(made, NOW, NOW + 4 * DAY, HOUR)
    later = NOW + 5 * DAY + HOUR
    queued(tell(case, filer, made.organisation_id, at=later), at=later)
    queued(tell(case, filer, made.organisation_id, at=later), at=later)
    go(made, at=later)
    found = fresh(made)
    assert not found.active
    assert found.switched_off_at == later
    assert {one.state for one in deliveries(made)} == {State.GIVEN_UP}
    assert told(made.organisation_id) == [
        ("webhooks.given_up", "Case system"),
        ("webhooks.switched_off", "Case system"),
    ]
    with acting(service("notifier"), NOW):
        notice = Notice.objects.get(step="webhooks.switched_off")
    mail.outbox.clear()
    send_mails([notice.pk], at=later)
    assert {to for sent in mail.outbox for to in sent.to} >= {"chief@example.test"}
    assert "editor@example.test" not in {to for sent in mail.outbox for to in sent.to}
    assert "About: Case system" in str(mail.outbox[0].body)
    with acting(authority, NOW):
        entry = AuditEntry.objects.get(action="webhook.switch_off")
    assert (entry.actor, entry.organisation_id) == ("service:notifier", made.organisation_id)
    assert queued(tell(case, filer, made.organisation_id, at=later + HOUR), at=later + HOUR) == []


def authority_of(made: Webhook):  # type: ignore[no-untyped-def]
    from aioffice.kernel.parties.models import Organisation

    with plumbing():
        return Organisation.objects.get(pk=made.organisation_id)


def test_a_success_in_between_starts_the_five_days_anew(
    machine: Machine, made: Webhook, case: Case, filer: Actor
) -> None:
    for day in range(12):
        machine.always(Answer(200, b"") if day == 4 else ERROR)
        at = NOW + day * DAY
        queued(tell(case, filer, made.organisation_id, at=at), at=at)
        run(made, at, at, DAY)
        assert fresh(made).active is (day < 10), day


def test_gone_is_gone(machine: Machine, made: Webhook, case: Case, filer: Actor) -> None:
    machine.always(Answer(410, b""))
    queued(tell(case, filer, made.organisation_id))
    go(made, at=NOW)
    assert not fresh(made).active
    assert told(made.organisation_id) == [("webhooks.switched_off", "Case system")]


def test_switched_on_again_it_starts_afresh(
    machine: Machine, made: Webhook, case: Case, filer: Actor, authority: Actor
) -> None:
    machine.always(Answer(410, b""))
    queued(tell(case, filer, made.organisation_id))
    go(made, at=NOW)
    back = change_webhook(made.pk, active=True, actor=authority, at=NOW + HOUR)
    assert (back.failing_since, back.switched_off_at, back.active) == (None, None, True)


def test_one_that_fails_rests_whatever_else_waits(machine: Machine, made: Webhook, case: Case, filer: Actor) -> None:
    """A dead receiver with a hundred messages waiting costs one call a minute, not a hundred times ten seconds."""
    machine.always(NoAnswer("timeout"))
    for _message in range(30):
        queued(tell(case, filer, made.organisation_id))
    run(made, NOW, NOW + 10 * MINUTE, MINUTE / 4)
    assert len(machine.sent) == 11
    machine.always(Answer(200, b""))
    run(made, NOW + 11 * MINUTE, NOW + 12 * MINUTE, MINUTE / 4)
    assert [found.state for found in deliveries(made)].count(State.DELIVERED) >= 20


def test_many_messages_are_sent_in_turns(
    machine: Machine, made: Webhook, case: Case, filer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "AT_MOST_SECONDS", 600.0)
    for _message in range(delivering.AT_ONCE + 5):
        queued(tell(case, filer, made.organisation_id))
    assert go(made, at=NOW) is True, "others have their turn"
    assert len(machine.sent) == delivering.AT_ONCE
    assert go(made, at=NOW) is False
    assert len(machine.sent) == delivering.AT_ONCE + 5


def test_a_receiver_that_takes_its_messages_slowly_has_one_call_a_turn(
    machine: Machine, made: Webhook, case: Case, filer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "AT_MOST_SECONDS", 2.0)
    for _message in range(3):
        queued(tell(case, filer, made.organisation_id))

    def slowly(_turn: int) -> Answer:
        time.sleep(2.1)
        return Answer(204, b"")

    machine.answers = slowly
    assert go(made, at=NOW) is True, "others have their turn"
    assert len(machine.sent) == 1


def test_asked_to_stop_it_stops_between_two_messages(machine: Machine, made: Webhook, case: Case, filer: Actor) -> None:
    for _message in range(3):
        queued(tell(case, filer, made.organisation_id))
    assert delivering.deliver(made.pk, now=lambda: NOW, stop=lambda: len(machine.sent) > 0) is True
    assert len(machine.sent) == 1


def test_a_test_is_tried_once_and_changes_nothing_for_the_address(
    machine: Machine, made: Webhook, authority: Actor
) -> None:
    machine.always(ERROR)
    send_test(made.pk, actor=authority, at=NOW)
    go(made, at=NOW)
    (found,) = deliveries(made)
    assert (found.state, found.outcome, found.said) == (State.GIVEN_UP, Outcome.STATUS, "out of order")
    assert fresh(made).failing_since is None
    assert told(made.organisation_id) == []


def test_sent_again_by_hand_it_has_its_three_days_again(
    machine: Machine, made: Webhook, case: Case, filer: Actor, authority: Actor
) -> None:
    machine.always(ERROR)
    queued(tell(case, filer, made.organisation_id))
    (found,) = deliveries(made)
    with pytest.raises(NotNow, match="waits to be sent"):
        send_again(made.pk, found.pk, actor=authority, at=NOW)
    run(made, NOW, NOW + 4 * DAY, HOUR)
    at = NOW + 4 * DAY
    send_again(made.pk, found.pk, actor=authority, at=at)
    go(made, at=at)
    assert [one.state for one in deliveries(made)] == [State.WAITING]
    machine.always(Answer(200, b""))
    go(made, at=at + MINUTE)
    assert [one.state for one in deliveries(made)] == [State.DELIVERED]


def test_removed_its_messages_are_given_up_and_nothing_is_sent(
    machine: Machine, made: Webhook, case: Case, filer: Actor, authority: Actor
) -> None:
    queued(tell(case, filer, made.organisation_id))
    remove_webhook(made.pk, actor=authority, at=NOW)
    go(made, at=NOW)
    assert machine.sent == []
    assert [one.state for one in deliveries(made)] == [State.GIVEN_UP]


def test_a_claim_is_left_alone_until_it_lapses(machine: Machine, made: Webhook, case: Case, filer: Actor) -> None:
    queued(tell(case, filer, made.organisation_id))
    letter = delivering.claim(made.pk, at=NOW)
    assert letter is not None
    assert delivering.claim(made.pk, at=NOW + MINUTE) is None, "the first may still be at it"
    again = delivering.claim(made.pk, at=NOW + delivering.CLAIMED_FOR)
    assert again is not None
    assert again.headers["webhook-id"] == letter.headers["webhook-id"]
    late = delivering.Result(Outcome.ACCEPTED, 1, 200)
    delivering.record(letter, late, at=NOW + 3 * MINUTE)
    assert [one.state for one in deliveries(made)] == [State.WAITING], "the second attempt has the say now"
    delivering.record(again, late, at=NOW + 3 * MINUTE)
    assert [one.state for one in deliveries(made)] == [State.DELIVERED]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_the_database_is_held_while_a_receiver_takes_its_time(
    machine: Machine, made: Webhook, authority: Actor
) -> None:
    inside = []

    def note(_turn: int) -> Answer:
        inside.append(connection.in_atomic_block)
        return Answer(200, b"")

    machine.answers = note
    send_test(made.pk, actor=authority, at=NOW)
    go(made, at=NOW)
    assert inside == [False]


def test_jobs_for_one_webhook_wait_for_each_other_and_for_no_other(made: Webhook, authority: Actor) -> None:
    other = webhook(authority, URL + "/other").webhook
    wake([made.pk, other.pk])
    wake([made.pk])
    with plumbing():
        jobs = list(ProcrastinateJob.objects.filter(task_name="webhooks.deliver"))
    assert sorted(job.lock for job in jobs) == sorted(f"webhook:{one.pk}" for one in (made, other))
    assert {job.queue_name for job in jobs} == {"outside"}


def test_what_is_long_done_is_forgotten(
    machine: Machine, made: Webhook, case: Case, filer: Actor, authority: Actor
) -> None:
    queued(tell(case, filer, made.organisation_id))
    go(made, at=NOW)
    change_webhook(made.pk, active=True, actor=authority, at=NOW)
    queued(tell(case, filer, made.organisation_id))
    change_webhook(made.pk, active=False, actor=authority, at=NOW)
    assert delivering.forget(at=NOW + 4 * DAY) == 0
    assert [one.state for one in deliveries(made)] == [State.DELIVERED, State.GIVEN_UP]
    assert delivering.forget(at=NOW + 31 * DAY) == 2
    with acting(service("notifier"), NOW):
        assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_over_a_real_connection_two_slow_receivers_keep_a_third_waiting_for_nothing(
    authority: Actor, tmp_path: Path
) -> None:
    """Three at a time: the quick one is done while the slow ones are still being waited for."""
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder in folders:
        folder.mkdir()
    with receiver(folders[0]) as slow, receiver(folders[1]) as slower, receiver(folders[2]) as quick:
        slow.delay = slower.delay = 1.5
        hooks = {}
        for one in (slow, slower, quick):
            with through(one.pinned()):
                hooks[one.port] = webhook(authority, one.url()).webhook
                send_test(hooks[one.port].pk, actor=authority, at=NOW)
        finished: dict[int, float] = {}
        begin = time.monotonic()

        def work(port: int, adapter: object) -> None:
            letter = delivering.claim(hooks[port].pk, at=NOW)
            assert letter is not None
            delivering.record(letter, delivering.send(letter, through=adapter), at=NOW)  # type: ignore[arg-type]
            finished[port] = time.monotonic() - begin
            connection.close()

        threads = [threading.Thread(target=work, args=(one.port, one.pinned())) for one in (slow, slower, quick)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert finished[quick.port] < 1.2 < min(finished[slow.port], finished[slower.port])
    assert {one.state for hook in hooks.values() for one in deliveries(hook)} == {State.DELIVERED}
