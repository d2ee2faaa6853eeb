"""Idempotency keys: a repeated request is answered by the record that the first one made, never by a second one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from aioffice.kernel.canonical import differing_pointers, digest
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.ask import kept
from aioffice.kernel.procedures.errors import IdempotencyMismatch
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.work import Work


def scope(actor: Actor) -> str:
    """Whose idempotency keys these are: an organisation's. Cleared people have a scope apart: no colleague meets a key of theirs."""
    if actor.organisation is None:
        return actor.id
    return f"{actor.organisation}/secure" if actor.secure_access else str(actor.organisation)


REQUEST = "#request"
"""Where a payload keeps the salt of its request's digest, beside those of its values: a pointer never begins like this."""


def request_digest(work: Work, salt: str) -> str:
    """The hash by which a repetition is known: step, case and what is kept of the data.

    The salt goes with the payload, so what was erased cannot be guessed from the hash.
    """
    case = "" if work.item.case is None else str(work.case.pk)
    return digest({"salt": salt, "step": work.step.key, "case": case, "data": kept(work.step.asks, work.item.data)})


def recognise_repetitions(works: Sequence[Work]) -> None:
    """Give each work whose key was used before its first record; fail those whose key was used for something else."""
    keyed = {work.item.idempotency_key: work for work in works if work.item.idempotency_key and work.error is None}
    if not keyed:
        return
    keys_of = scope(works[0].actor)
    # Taken before looking, so that two requests with one key come one after the other and the second finds the first's record.
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(k, 0)) from unnest(%s::text[]) k order by k",
            [sorted(f"{keys_of}/{key}" for key in keyed)],
        )
    earlier = {
        record.idempotency_key: record
        for record in StepRecord.objects.filter(idempotency_scope=keys_of, idempotency_key__in=list(keyed))
        .select_related("case", "payload")
        .order_by("id")
    }
    seen: set[str] = set()
    for work in works:
        key = work.item.idempotency_key
        if not key or work.error is not None:
            continue
        if key in seen:
            work.fail(IdempotencyMismatch(_("The same idempotency key stands twice in this request."), pointers=[]))
            continue
        seen.add(key)
        record = earlier.get(key)
        if record is None:
            continue
        payload = getattr(record, "payload", None)
        # Without its salt, a part of what was sent has been erased: nothing tells whether this is the same, nor what differs.
        salt = payload.salts.get(REQUEST) if payload is not None else None
        if salt is not None and record.request_digest == request_digest(work, salt):
            work.record, work.case, work.replayed = record, record.case, True
        else:
            pointers = differing_pointers(payload.data, dict(work.item.data)) if payload and salt else []
            work.fail(
                IdempotencyMismatch(
                    _(
                        "This idempotency key was used before for another filing. Use a new key, or send the same content."
                    ),
                    pointers=pointers,
                )
            )
