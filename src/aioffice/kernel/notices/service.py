"""What changes in the inbox: notices come in with the step that causes them, people mark them as read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import translation

from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.keys import audience_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
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


def queue_notices(
    *, case: Case, record_id: UUID, organisations: Iterable[UUID], step: str, title: Any, at: datetime
) -> list[UUID]:
    """Write a notice to each organisation and queue the jobs that carry it on, by e-mail and webhook; return the notices' ids.

    Both happen in the current transaction: a step that is undone tells nobody. `title` is best lazy, so that everyone reads it in
    their own language; `step` is the step's key.
    """
    from aioffice.kernel.notices.jobs import send_notices

    with translation.override(None, deactivate=True):
        text = str(title)
    audience = sorted({*case.audience, audience_key(f"org:{case.organisation_id}")}) if case.secure else []
    notices = [
        Notice(
            organisation_id=organisation,
            case=case,
            record_id=record_id,
            step=step,
            title=text,
            reference=case.number or "",
            secure=case.secure,
            audience=audience,
            created_at=at,
        )
        for organisation in dict.fromkeys(organisations)
    ]
    if notices:
        Notice.objects.bulk_create(notices, batch_size=1000)
        ids = [str(notice.pk) for notice in notices]
        send_notices.defer(notice_ids=ids)
        for queue in _onward:
            queue(ids)
    return [notice.pk for notice in notices]


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
