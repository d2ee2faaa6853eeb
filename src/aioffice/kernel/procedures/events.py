"""Events from one desk to another: an outbox row in the step's transaction, a job, and a handler that acts once per event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.declaration import Event
from aioffice.kernel.procedures.models import HandledEvent, OutboxEvent

Handler = Callable[[Sequence[OutboxEvent], datetime], None]

_handlers: dict[str, dict[str, tuple[str, Handler]]] = {}


def subscribe(event: type[Event], *, handler: Handler, acts_as: str) -> None:
    """Let `handler` deal with every `event`, acting as the named service. Called from a desk's `apps.py`."""
    key = f"{handler.__module__}.{handler.__qualname__}"
    _handlers.setdefault(event.name, {})[key] = (acts_as, handler)


def handlers_of(event_name: str) -> list[str]:
    """Return the keys of the handlers that subscribe to an event."""
    return sorted(_handlers.get(event_name, {}))


def deliver(event_name: str, handler_key: str, event_ids: Sequence[UUID], *, at: datetime) -> int:
    """Hand the events to one handler, leaving out those it has dealt with; return how many it got.

    The proof of handling commits with the handler's own work. Raises whatever the handler raises, having changed nothing.
    """
    acts_as, handler = _handlers[event_name][handler_key]
    with acting(service(acts_as), at):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into office.procedures_handledevent (event_id, handler) select unnest(%s::uuid[]), %s "
                "on conflict do nothing returning event_id",
                [list(event_ids), handler_key],
            )
            fresh = [row[0] for row in cursor.fetchall()]
        if fresh:
            handler(list(OutboxEvent.objects.filter(pk__in=fresh).order_by("recorded_at", "id")), at)
        reach("deliver.handled")
    reach("deliver.committed")
    return len(fresh)


def deliver_pending(*, at: datetime, batch: int = 1000) -> int:
    """Deliver every event no handler has dealt with yet; return how many deliveries were made.

    Jobs do this as events happen; imports and the rebuild call it to have the result at once, and it mends what a lost job left.
    """
    delivered = 0
    for event_name, handlers in sorted(_handlers.items()):
        for key, (acts_as, _handler) in sorted(handlers.items()):
            while True:
                with acting(service(acts_as), at):
                    done = HandledEvent.objects.filter(handler=key).values("event_id")
                    pending = OutboxEvent.objects.filter(name=event_name).exclude(pk__in=done).order_by("id")
                    ids = list(pending.values_list("pk", flat=True)[:batch])
                if not ids:
                    break
                delivered += deliver(event_name, key, ids, at=at)
    return delivered
