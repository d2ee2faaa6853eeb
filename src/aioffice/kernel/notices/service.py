"""What changes in the inbox: notices come in with the step that causes them, people mark them as read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import translation

from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.keys import audience_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.models import Case


type Onward = Callable[[list[str]], object]
_onward: list[Onward] = []


def told_onward_by(queue: Onward) -> None:
    """Let notices about cases be carried onward by a job beside the one that sends e-mails.

    `queue` is given the ids of the notices just written and queues the job, in the current transaction.
    """
    if queue not in _onward:
        _onward.append(queue)


MAILED_TOGETHER = 100
"""Notices whose e-mails one job sends."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told of one case: `record_id` is the step or the clock it is of, `step` the step's key.

    `title` is best lazy, so that everyone reads it in their own language.
    """

    case: Case
    record_id: UUID
    organisations: Iterable[UUID]
    step: str
    title: Any


def queue_notices(
    *, case: Case, record_id: UUID, organisations: Iterable[UUID], step: str, title: Any, at: datetime
) -> list[UUID]:
    """Write a notice to each organisation and queue the jobs that carry it on, by e-mail and webhook; return the notices' ids.

    Both happen in the current transaction: a step that is undone tells nobody.
    """
    return queue_messages([Message(case, record_id, organisations, step, title)], at=at)


def queue_messages(messages: Sequence[Message], *, at: datetime) -> list[UUID]:
    """`queue_notices` for many messages, in a handful of statements."""
    from aioffice.kernel.notices.jobs import send_notices

    with translation.override(None, deactivate=True):
        notices = [notice for message in messages for notice in _notices(message, at)]
    Notice.objects.bulk_create(notices, batch_size=1000)
    ids = [notice.pk for notice in notices]
    for some in batched(ids, MAILED_TOGETHER):
        send_notices.defer(notice_ids=[str(pk) for pk in some])
    if ids:
        for queue in _onward:
            queue([str(pk) for pk in ids])
    return ids


def _notices(message: Message, at: datetime) -> Iterator[Notice]:
    case, text = message.case, str(message.title)
    audience = sorted({*case.audience, audience_key(f"org:{case.organisation_id}")}) if case.secure else []
    for organisation in dict.fromkeys(message.organisations):
        yield Notice(
            organisation_id=organisation,
            case=case,
            record_id=message.record_id,
            step=message.step,
            title=text,
            reference=case.number or "",
            secure=case.secure,
            audience=audience,
            created_at=at,
        )


def tell_organisation(
    *, organisation: UUID, about: str, title: Any, reference: str, record_id: UUID, at: datetime
) -> UUID:
    """Write a notice about no case but about how the organisation is set up here, and e-mail its administrators; return its id.

    In the current transaction. `about` is a code of its own (`webhooks.switched_off`), `reference` the name of the thing it is about, whose
    id is `record_id`; `title` is best lazy.
    """
    from aioffice.kernel.notices.jobs import send_notices

    with translation.override(None, deactivate=True):
        text = str(title)
    notice = Notice.objects.create(
        organisation_id=organisation, record_id=record_id, step=about, title=text, reference=reference, created_at=at
    )
    send_notices.defer(notice_ids=[str(notice.pk)])
    return notice.pk


_MARK = """
insert into office.notices_readmark (notice_id, person_id, organisation_id, read_at)
select n.id, %(person)s, n.organisation_id, %(at)s from office.notices_notice n
 where n.organisation_id = %(organisation)s and (%(all)s or n.id = any(%(ids)s::uuid[]))
    on conflict (notice_id, person_id) do nothing
"""


def mark_read(notice_ids: Sequence[UUID], *, actor: Actor, at: datetime) -> int:
    """Mark notices as read by the acting person; return how many were not marked before. Notices of others are left alone."""
    return _mark({"ids": list(notice_ids), "all": False}, actor, at)


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Mark everything in the inbox as read by the acting person; return how many were not marked before."""
    return _mark({"ids": [], "all": True}, actor, at)


def _mark(what: dict[str, Any], actor: Actor, at: datetime) -> int:
    if actor.person is None or actor.organisation is None or not actor.roles:
        return 0
    with acting(actor, at), connection.cursor() as cursor:
        cursor.execute(_MARK, {**what, "person": actor.person, "organisation": actor.organisation, "at": at})
        return int(cursor.rowcount)
