"""From notices to deliveries: which webhooks are told of which notices, once each. A row is the truth; jobs only hurry.

Whoever takes a step may not read the webhooks of those who are told. So the notice queues a job, which finds them as the service
`notifier`; and every minute a sweep finds what no job found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.ids import uuid7
from aioffice.kernel.notices.mailing import NOTIFIER
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.actors import actor_for_organisation
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.webhooks.models import Delivery, Webhook

BATCH = 1000
LOOKED_BACK = timedelta(days=1)
"""So far back the sweep looks for notices whose job was lost."""

# One of the secure section goes to addresses that take everything: that it came through a filter would tell what it is about.
_UNTOLD = """
select w.id, w.organisation_id, n.id from office.webhooks_webhook w
  join office.notices_notice n on n.organisation_id = w.organisation_id
 where w.active and w.removed_at is null and n.case_id is not null
   and n.created_at >= greatest(w.since, %(since)s) and n.created_at <= %(at)s
   and (%(ids)s::uuid[] is null or n.id = any(%(ids)s))
   and n.secure = %(secure)s
   and (cardinality(w.procedures) = 0 or (not n.secure and split_part(n.step, '.', 1) = any(w.procedures)))
   and (not n.secure or (w.organisation_id = %(organisation)s and n.audience && %(keys)s::bigint[]))
   and not exists (select from office.webhooks_delivery d where d.webhook_id = w.id and d.notice_id = n.id)
 order by n.created_at, n.id limit %(batch)s
"""


def keys_of(organisation: Organisation) -> tuple[int, ...]:
    """Audiences to which the organisation as a whole belongs: what a token of its own would see, nothing of a person's clearance."""
    actor = actor_for_organisation(
        actor_id=f"webhooks of {organisation.pk}", name="", organisation=organisation, roles=["reader"]
    )
    return actor.keys


def queue(notice_ids: Collection[UUID] | None, *, at: datetime) -> list[UUID]:
    """Queue a delivery of each of these notices (None: of those since yesterday) to each webhook that takes it and has none yet.

    Returns the webhooks that got something.
    """
    given = None if notice_ids is None else list(notice_ids)
    asked: dict[str, Any] = {"ids": given, "since": at - LOOKED_BACK, "at": at, "batch": BATCH}
    with acting(service(NOTIFIER), at):
        found = _found({**asked, "secure": False, "organisation": None, "keys": []})
        for organisation in _told_in_confidence(given, since=at - LOOKED_BACK):
            found += _found(
                {**asked, "secure": True, "organisation": organisation.pk, "keys": list(keys_of(organisation))}
            )
        rows = [
            Delivery(
                id=uuid7(),
                webhook_id=webhook,
                organisation_id=organisation,
                notice_id=notice,
                created_at=at,
                queued_at=at,
                due_at=at,
            )
            for webhook, organisation, notice in found
        ]
        Delivery.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return list(dict.fromkeys(webhook for webhook, _organisation, _notice in found))


def _found(asked: dict[str, Any]) -> list[tuple[UUID, UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD, asked)
        return list(cursor.fetchall())


def _told_in_confidence(notice_ids: Sequence[UUID] | None, *, since: datetime) -> list[Organisation]:
    """Organisations with a webhook and a notice of the secure section among these."""
    notices = Notice.objects.filter(secure=True, created_at__gte=since)
    if notice_ids is not None:
        notices = notices.filter(pk__in=notice_ids)
    takers = Webhook.objects.filter(active=True, removed_at=None, procedures=[])
    wanted = notices.filter(organisation__in=takers.values("organisation")).values("organisation")
    return list(Organisation.objects.filter(pk__in=wanted))


def due(*, at: datetime) -> list[UUID]:
    """Webhooks to which something is due."""
    with acting(service(NOTIFIER), at):
        found = Delivery.objects.filter(
            state="waiting", due_at__lte=at, webhook__active=True, webhook__removed_at=None
        ).exclude(webhook__rests_until__gt=at, notice__isnull=False)
        return list(found.values_list("webhook", flat=True).distinct().order_by("webhook"))
