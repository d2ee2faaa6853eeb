"""Who is e-mailed about a notice, and doing it once for each."""

from __future__ import annotations

import smtplib
import socket
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.notices.mail import compose
from aioffice.kernel.notices.models import Mailing, Notice
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Membership, Person
from aioffice.kernel.parties.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

NOTIFIER = "notifier"
CLAIMED_FOR = timedelta(minutes=10)
"""So long an e-mail is left to whoever set about sending it: longer than any mail server takes, shorter than the sweep waits."""
MAILED_ROLES = [Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR]


_UNREACHABLE = (
    smtplib.SMTPConnectError,
    smtplib.SMTPServerDisconnected,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)


class MailNotSent(RuntimeError):
    """Some e-mails did not go out; the others did, and a repetition sends only what is missing."""


def recipients(notice: Notice) -> list[Person]:
    """Return the people who are written to: members with a role in the work; for secure notices, those who may see the case.

    A notice about no case is about how the organisation is set up: its administrators.
    """
    roles = MAILED_ROLES if notice.case_id else [Role.ADMINISTRATOR]
    members = (
        Membership.objects.filter(organisation=notice.organisation_id, roles__overlap=roles, person__is_active=True)
        .select_related("person")
        .order_by("since", "id")
    )
    people = [member.person for member in members]
    if notice.secure:
        wanted = set(notice.audience)
        people = [p for p in people if wanted & set(actor_for_person(p, notice.organisation_id).keys)]
    return people


def send(notice_ids: Sequence[UUID], *, at: datetime) -> int:
    """E-mail everyone concerned by these notices who was not e-mailed yet; return how many e-mails went out.

    Each e-mail commits for itself. Raises `MailNotSent` at the end when some could not be sent.
    """
    notifier, begun = service(NOTIFIER), monotonic()
    with acting(notifier, at):
        notices = list(Notice.objects.filter(pk__in=notice_ids, mailed_at=None).select_related("organisation"))
        waiting = [(notice, recipients(notice)) for notice in notices]
    sent, faults = 0, []
    for notice, people in waiting:
        for person in people:
            try:
                # A batch takes its time: each claim counts from its own moment.
                sent += _send_one(notice, person, at + timedelta(seconds=monotonic() - begun))
            except _UNREACHABLE as error:  # nobody else would get anything either, and each would wait as long
                raise MailNotSent(f"The mail server does not answer: {type(error).__name__}") from error
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one of them, the others are written to
                faults.append(f"{notice.pk} to {person.pk}: {type(error).__name__}")
        with acting(notifier, at):
            written_to = Mailing.objects.filter(notice=notice, person__in=people).exclude(sent_at=None).count()
            if written_to == len(people):
                Notice.objects.filter(pk=notice.pk).update(mailed_at=at)
    if faults:
        raise MailNotSent(f"{len(faults)} e-mails were not sent: {'; '.join(faults[:5])}")
    return sent


_CLAIM = """
insert into office.notices_mailing as m (notice_id, person_id, organisation_id, claimed_at)
values (%(notice)s, %(person)s, %(organisation)s, %(at)s)
    on conflict (notice_id, person_id) do update set claimed_at = excluded.claimed_at
 where m.sent_at is null and m.claimed_at < %(lapsed)s
"""


def _send_one(notice: Notice, person: Person, at: datetime) -> bool:
    """Claim the pair of notice and person, send, confirm; False when it was sent before, or somebody else is about it.

    Nothing of the database is held while a mail server takes its time. Whoever dies after sending and before confirming lets the
    e-mail go out again once the claim has lapsed; its Message-ID is the same.
    """
    claim: dict[str, Any] = {"notice": notice.pk, "person": person.pk, "organisation": notice.organisation_id, "at": at}
    with acting(service(NOTIFIER), at), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {**claim, "lapsed": at - CLAIMED_FOR})
        if not cursor.rowcount:
            return False
    reach("mail.claimed")
    try:
        compose(notice, person).send()
    except Exception:
        with acting(service(NOTIFIER), at):
            Mailing.objects.filter(notice=notice, person=person, sent_at=None).delete()
        raise
    reach("mail.sent")
    with acting(service(NOTIFIER), at):
        Mailing.objects.filter(notice=notice, person=person).update(sent_at=at)
    return True


def left_over(*, at: datetime, older_than: timedelta, newer_than: timedelta) -> list[UUID]:
    """Return notices whose job seems lost: not mailed, neither too fresh nor too old to be worth an e-mail."""
    with acting(service(NOTIFIER), at):
        rows = Notice.objects.filter(mailed_at=None, created_at__lt=at - older_than, created_at__gt=at - newer_than)
        return list(rows.order_by("created_at").values_list("pk", flat=True)[:1000])
