"""Sending what is due to a webhook: claimed, sent, written down, in three steps that hold nothing of the database meanwhile.

Whoever dies between sending and writing down leaves a claim that lapses: the message is sent again, with the same id. It is never lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.notices.mailing import NOTIFIER
from aioffice.kernel.notices.service import tell_organisation
from aioffice.kernel.outside import NoAnswer, Outside, Refused, outside
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.webhooks.models import Delivery, Outcome, State, Webhook
from aioffice.kernel.webhooks.payload import body_of
from aioffice.kernel.webhooks.queueing import keys_of
from aioffice.kernel.webhooks.signing import signatures

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=18),
    timedelta(hours=22),
)
"""How long after each failed attempt the next one comes: ten attempts over three days."""
GIVEN_UP_AFTER = timedelta(days=3)
SWITCHED_OFF_AFTER = timedelta(days=5)
"""So long an address may fail, without one success in between, before the Office switches it off."""
RESTS_FOR = timedelta(minutes=1)
"""So long an address that failed is left alone, whatever else waits for it: a slow one costs one call of ten seconds a minute."""
CLAIMED_FOR = timedelta(minutes=2)
"""So long a delivery is left to whoever set about it: longer than a call takes."""
AT_ONCE, AT_MOST_SECONDS = 20, 5.0
"""How many deliveries to one address are made in a row, and for how long, before others have their turn: a receiver that
takes its messages slowly has one call a turn, since no call begins after these seconds."""
TOLD_OF_LOSS = timedelta(days=1)
"""An organisation is told once in such a time that messages to an address were given up."""
GONE = 410
SAID = 200

LOST = _("Messages to a webhook could not be delivered and were given up")
OFF = _("A webhook was switched off: its address has failed for days, or says that it is gone")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery that was claimed, ready to go."""

    delivery: UUID
    attempt: int
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt."""

    outcome: Outcome
    milliseconds: int
    status: int | None = None
    said: str = ""


def deliver(webhook_id: UUID, *, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False) -> bool:
    """Send what is due to a webhook, one after the other; return whether something is left that could go at once.

    Ends after the first failure: the rest waits until the address has rested.
    """
    end = time.monotonic() + AT_MOST_SECONDS
    for _turn in range(AT_ONCE):
        if stop() or time.monotonic() >= end:
            return True
        letter = claim(webhook_id, at=now())
        if letter is None:
            return False
        result = send(letter, through=outside())
        reach("webhooks.sent")
        record(letter, result, at=now())
        if result.outcome is not Outcome.ACCEPTED:
            return False
    return True


_CLAIM = """
update office.webhooks_delivery set attempts = attempts + 1, attempted_at = %(at)s, due_at = %(lapses)s
 where id = (
   select d.id from office.webhooks_delivery d join office.webhooks_webhook w on w.id = d.webhook_id
    where w.id = %(webhook)s and w.active and w.removed_at is null and d.state = 'waiting' and d.due_at <= %(at)s
      and (d.notice_id is null or w.rests_until is null or w.rests_until <= %(at)s)
    order by d.notice_id is not null, d.due_at, d.id limit 1 for update of d skip locked)
returning id
"""


def claim(webhook_id: UUID, *, at: datetime) -> Letter | None:
    """Take the next delivery that is due; None when there is none. It is due again when the claim lapses."""
    with acting(service(NOTIFIER), at):
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_CLAIM, {"webhook": webhook_id, "at": at, "lapses": at + CLAIMED_FOR})
                row = cursor.fetchone()
            if row is None:
                return None
            found = Delivery.objects.select_related("webhook", "organisation", "notice").get(pk=row[0])
            if found.notice is None or not found.notice.secure or set(found.notice.audience) & set(_keys(found)):
                return _letter(found, at)
            found.delete()  # the organisation may see the case no more


def _keys(delivery: Delivery) -> tuple[int, ...]:
    return keys_of(delivery.organisation)


def _letter(delivery: Delivery, at: datetime) -> Letter:
    body = body_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "aioffice-webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures(delivery.webhook, delivery.message_id, body, at=at),
    }
    return Letter(delivery.pk, delivery.attempts, delivery.webhook.url, headers, body)


def send(letter: Letter, *, through: Outside) -> Result:
    """Send a message once. Nothing of the database is held."""
    begin = time.monotonic()

    def result(outcome: Outcome, status: int | None = None, said: str = "") -> Result:
        return Result(outcome, round((time.monotonic() - begin) * 1000), status, said)

    try:
        answer = through.call("POST", letter.url, body=letter.body, headers=letter.headers)
    except Refused:
        return result(Outcome.REFUSED)
    except NoAnswer as error:
        return result(Outcome(error.code))
    outcome = {2: Outcome.ACCEPTED, 3: Outcome.REDIRECT}.get(answer.status // 100, Outcome.STATUS)
    return result(outcome, answer.status, _beginning(answer.body))


def _beginning(body: bytes) -> str:
    """The first characters of an answer, without line ends and signs that are none."""
    text = "".join(sign if sign.isprintable() else " " for sign in body[: 4 * SAID].decode("utf-8", "replace"))
    return " ".join(text.split())[:SAID]


def record(letter: Letter, result: Result, *, at: datetime) -> None:
    """Write down what came of an attempt, and what follows: done, once more later, given up, switched off."""
    with acting(service(NOTIFIER), at):
        delivery = Delivery.objects.filter(pk=letter.delivery).first()
        if delivery is None:
            return
        webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
        changed: dict[str, Any] = {
            "outcome": result.outcome,
            "status": result.status,
            "said": result.said,
            "milliseconds": result.milliseconds,
            **_what_follows(delivery, result, at),
        }
        # Only the attempt that is the latest has a say: one whose claim lapsed comes too late.
        current = Delivery.objects.filter(pk=letter.delivery, state=State.WAITING, attempts=letter.attempt)
        if not current.update(**changed):
            return
        if result.outcome is Outcome.ACCEPTED:
            Webhook.objects.filter(pk=webhook.pk).update(failing_since=None, rests_until=None)
        elif delivery.notice_id is not None:
            _failed(webhook, result, at, lost=changed["state"] == State.GIVEN_UP)


def _what_follows(delivery: Delivery, result: Result, at: datetime) -> dict[str, Any]:
    if result.outcome is Outcome.ACCEPTED:
        return {"state": State.DELIVERED}
    last = delivery.notice_id is None or delivery.attempts > len(WAITS) or at - delivery.queued_at >= GIVEN_UP_AFTER
    if last:
        return {"state": State.GIVEN_UP}
    return {"state": State.WAITING, "due_at": at + WAITS[delivery.attempts - 1]}


def _failed(webhook: Webhook, result: Result, at: datetime, *, lost: bool) -> None:
    since = webhook.failing_since or at
    changed: dict[str, Any] = {"failing_since": since, "rests_until": at + RESTS_FOR}
    off = webhook.active and (result.status == GONE or at - since >= SWITCHED_OFF_AFTER)
    if off:
        changed |= {"active": False, "switched_off_at": at}
        Delivery.objects.filter(webhook=webhook, state=State.WAITING).update(state=State.GIVEN_UP)
        by = replace(service(NOTIFIER), organisation=webhook.organisation_id)
        audit(by, "webhook.switch_off", f"webhook:{webhook.pk}", {"failing_since": since.isoformat()}, at)
    elif lost and (webhook.told_of_loss_at is None or at - webhook.told_of_loss_at >= TOLD_OF_LOSS):
        changed["told_of_loss_at"] = at
    else:
        lost = False
    Webhook.objects.filter(pk=webhook.pk).update(**changed)
    if off or lost:
        log.info("webhook_failed", webhook=str(webhook.pk), outcome=result.outcome.value, switched_off=off)
        tell_organisation(
            organisation=webhook.organisation_id,
            about="webhooks.switched_off" if off else "webhooks.given_up",
            title=OFF if off else LOST,
            reference=webhook.name,
            record_id=webhook.pk,
            at=at,
        )


KEPT = timedelta(days=30)
"""So long deliveries are kept after they were queued."""


def forget(*, at: datetime) -> int:
    """Give up what waits for addresses that are switched off, and delete deliveries of long ago; return how many were deleted."""
    with acting(service(NOTIFIER), at):
        waiting = Delivery.objects.filter(state=State.WAITING, queued_at__lt=at - GIVEN_UP_AFTER)
        waiting.filter(webhook__active=False).update(state=State.GIVEN_UP)
        waiting.exclude(webhook__removed_at=None).update(state=State.GIVEN_UP)
        old = Delivery.objects.filter(queued_at__lt=at - KEPT).exclude(state=State.WAITING)
        return old.delete()[0]
