"""Who is e-mailed about a notice, and doing it once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.notices.mail import compose
from aioffice.kernel.notices.models import Mailing, Notice
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Membership, Person
from aioffice.kernel.parties.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

NOTIFIER = "notifier"
MAILED_ROLES = [Role.EDITOR, Role.SIGNATORY, Role.ADMINISTRATOR]


class MailNotSent(RuntimeError):
    """Some e-mails did not go out; the others did, and a repetition sends only what is missing."""


def recipients(notice: Notice) -> list[Person]:
    """Return the people who are written to: members with a role in the work; for secure notices, those who may see the case."""
    members = (
        Membership.objects.filter(
            organisation=notice.organisation_id, roles__overlap=MAILED_ROLES, person__is_active=True
        )
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
    notifier = service(NOTIFIER)
    with acting(notifier, at):
        notices = list(Notice.objects.filter(pk__in=notice_ids, mailed_at=None).select_related("organisation"))
        done = set(Mailing.objects.filter(notice__in=notices).values_list("notice_id", "person_id"))
        waiting = [(n, [p for p in recipients(n) if (n.pk, p.pk) not in done]) for n in notices]
    sent, faults = 0, []
    for notice, people in waiting:
        failed = False
        for person in people:
            try:
                sent += _send_one(notice, person, at)
            except OSError as error:  # what smtplib raises: refused, unreachable, timed out
                failed = True
                faults.append(f"{notice.pk} to {person.pk}: {type(error).__name__}")
        if not failed:
            with acting(notifier, at):
                Notice.objects.filter(pk=notice.pk).update(mailed_at=at)
    if faults:
        raise MailNotSent(f"{len(faults)} e-mails were not sent: {'; '.join(faults[:5])}")
    return sent


def _send_one(notice: Notice, person: Person, at: datetime) -> bool:
    """Claim the pair of notice and person, send, and commit; a second worker waits at the claim and then finds it taken."""
    with acting(service(NOTIFIER), at):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into office.notices_mailing (notice_id, person_id, organisation_id, sent_at) "
                "values (%s, %s, %s, %s) on conflict (notice_id, person_id) do nothing",
                [notice.pk, person.pk, notice.organisation_id, at],
            )
            if not cursor.rowcount:
                return False
        compose(notice, person).send()
        return True


def left_over(*, at: datetime, older_than: timedelta, newer_than: timedelta) -> list[UUID]:
    """Return notices whose job seems lost: not mailed, neither too fresh nor too old to be worth an e-mail."""
    with acting(service(NOTIFIER), at):
        rows = Notice.objects.filter(mailed_at=None, created_at__lt=at - older_than, created_at__gt=at - newer_than)
        return list(rows.order_by("created_at").values_list("pk", flat=True)[:1000])
