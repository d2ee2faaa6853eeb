"""Events from one desk to another: an outbox row in the step's transaction, a job, and a handler that acts once per event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import OperationalError, connection
from django.db.models import Exists, OuterRef, QuerySet

from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.declaration import Event
from aioffice.kernel.procedures.models import HandledEvent, OutboxEvent

Handler = Callable[[Sequence[OutboxEvent], datetime], None]

DISPATCHER = "dispatcher"
"""The service actor that puts delivered events away."""

log = structlog.get_logger(__name__)


class NotDelivered(RuntimeError):
    """Some events failed by themselves; all others were delivered, and a repetition tries only those that failed."""

    def __init__(self, event_ids: Sequence[UUID]) -> None:
        self.event_ids = tuple(event_ids)
        named = ", ".join(str(one) for one in event_ids[:5])
        super().__init__(f"{len(event_ids)} events were not delivered: {named}")


_handlers: dict[str, dict[str, tuple[str, Handler]]] = {}


def subscribe(event: type[Event], *, handler: Handler, acts_as: str) -> None:
    """Let `handler` deal with every `event`, acting as the named service. Called from a desk's `apps.py`."""
    key = f"{handler.__module__}.{handler.__qualname__}"
    _handlers.setdefault(event.name, {})[key] = (acts_as, handler)


def handlers_of(event_name: str) -> list[str]:
    """Return the keys of the handlers that subscribe to an event."""
    return sorted(_handlers.get(event_name, {}))


def subscriptions() -> list[tuple[str, str]]:
    """Every pair of an event's name and the key of a handler of it."""
    return [(name, key) for name in sorted(_handlers) for key in handlers_of(name)]


def deliver(event_name: str, handler_key: str, event_ids: Sequence[UUID], *, at: datetime) -> int:
    """Hand the events to one handler, leaving out those it has dealt with; return how many it got.

    The proof of handling commits with the handler's own work. What fails together is tried in halves, so that one event never holds
    up the others; raises `NotDelivered` in the end, naming those that failed by themselves, which have changed nothing.
    """
    delivered, failed = _deliver(event_name, handler_key, list(event_ids), at)
    if failed:
        raise NotDelivered(failed)
    return delivered


def _deliver(event_name: str, handler_key: str, ids: list[UUID], at: datetime) -> tuple[int, list[UUID]]:
    """Return how many events the handler got, and those it failed on."""
    try:
        return _deliver_together(event_name, handler_key, ids, at), []
    except OperationalError:
        raise  # the database, not an event
    except Exception:  # whatever a handler raises concerns its own events alone
        if len(ids) == 1:
            log.exception("event_not_delivered", event_name=event_name, handler=handler_key, event_id=str(ids[0]))
            return 0, ids
    half = len(ids) // 2
    first, second = (_deliver(event_name, handler_key, part, at) for part in (ids[:half], ids[half:]))
    return first[0] + second[0], first[1] + second[1]


def _deliver_together(event_name: str, handler_key: str, ids: Sequence[UUID], at: datetime) -> int:
    acts_as, handler = _handlers[event_name][handler_key]
    with acting(service(acts_as), at):
        with connection.cursor() as cursor:
            # In one order, so that two deliveries of the same events wait for each other one way only.
            cursor.execute(
                "insert into office.procedures_handledevent (event_id, handler) "
                "select id, %s from office.procedures_outboxevent where id = any(%s::uuid[]) order by id "
                "on conflict do nothing returning event_id",
                [handler_key, list(ids)],
            )
            fresh = [row[0] for row in cursor.fetchall()]
        if fresh:
            handler(list(OutboxEvent.objects.filter(pk__in=fresh).order_by("recorded_at", "id")), at)
        reach("deliver.handled")
    reach("deliver.committed")
    return len(fresh)


def deliver_pending(*, at: datetime, batch: int = 1000, older_than: timedelta | None = None) -> int:
    """Deliver every event no handler has dealt with yet; return how many deliveries were made.

    Jobs do this as events happen; imports and the rebuild call it to have the result at once, and it mends what a lost job left.
    With `older_than`, events recorded since then are left to their jobs. An event that fails is logged and passed over: everything
    behind it is delivered, then `NotDelivered` is raised.
    """
    before = None if older_than is None else at - older_than
    delivered = 0
    failed: list[UUID] = []
    for event_name, handlers in sorted(_handlers.items()):
        for key, (acts_as, _handler) in sorted(handlers.items()):
            after: UUID | None = None
            while True:
                with acting(service(acts_as), at):
                    ids = list(_pending(event_name, key, after, before)[:batch])
                if not ids:
                    break
                got, missed = _deliver(event_name, key, ids, at)
                delivered, failed, after = delivered + got, failed + missed, ids[-1]
    if failed:
        raise NotDelivered(failed)
    return delivered


def _pending(
    event_name: str, handler_key: str, after: UUID | None, before: datetime | None
) -> QuerySet[OutboxEvent, UUID]:
    done = HandledEvent.objects.filter(handler=handler_key, event_id=OuterRef("pk"))
    found = OutboxEvent.objects.filter(~Exists(done), name=event_name).order_by("id")
    if after is not None:
        found = found.filter(pk__gt=after)
    if before is not None:
        found = found.filter(recorded_at__lte=before)
    return found.values_list("pk", flat=True)


_FORGET = """
with gone as (
  delete from office.procedures_outboxevent e
   where e.name = %(name)s and e.recorded_at < %(before)s
     and not exists (
       select from unnest(%(handlers)s::text[]) wanted
        where not exists (
          select from office.procedures_handledevent h where h.event_id = e.id and h.handler = wanted))
  returning e.id)
delete from office.procedures_handledevent h using gone where h.event_id = gone.id
"""


def forget_delivered(*, before: datetime, at: datetime) -> int:
    """Delete events recorded before a moment that every handler has dealt with; return how many proofs of handling went with them.

    An event is a message, not a record: what it told of stands in the step records, which stay.
    """
    forgotten = 0
    with acting(service(DISPATCHER), at), connection.cursor() as cursor:
        for event_name in sorted(_handlers):
            cursor.execute(_FORGET, {"name": event_name, "before": before, "handlers": handlers_of(event_name)})
            forgotten += cursor.rowcount
    return forgotten
