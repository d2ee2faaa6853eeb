"""What changes in the inbox: notices come in with the step that causes them, people mark them as read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection
from django.utils import translation

from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.keys import audience_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.models import Case


class Queued(Protocol):
    """A job that is told which notices were written."""

    def defer(self, *, notice_ids: list[str]) -> Any:
        """Queue the job in the current transaction."""


_onward: list[Queued] = []


def told_onward_by(job: Queued) -> None:
    """Let a job carry every notice about a case onward, beside the one that sends e-mails."""
    if job not in _onward:
        _onward.append(job)


def queue_notices(
    *, case: Case, record_id: UUID, organisations: Iterable[UUID], step: str, title: Any, at: datetime
) -> list[UUID]:
    """Write a notice to each organisation and queue the jobs that carry it on, to their people by e-mail and to their webhooks; return the notices' ids.

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
        for job in (send_notices, *_onward):
            job.defer(notice_ids=[str(notice.pk) for notice in notices])
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
