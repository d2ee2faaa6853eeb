"""Events reach their handlers whatever becomes of others: one that fails holds nobody up, and what is settled is forgotten in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError

from aioffice.kernel.db import acting
from aioffice.kernel.jobs import deliver_what_was_left
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures import events
from aioffice.kernel.procedures.declaration import Event
from aioffice.kernel.procedures.models import HandledEvent, OutboxEvent
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db


class Told(Event):
    """An event for tests."""

    name = "test-told"


class Listener:
    """A handler that fails on some events, and remembers the others."""

    __module__ = "tests"

    def __init__(self, name: str = "listener") -> None:
        self.__qualname__ = name
        self.bad: set[UUID] = set()
        self.got: list[UUID] = []
        self.calls = 0

    def __call__(self, told: Sequence[OutboxEvent], at: datetime) -> None:
        self.calls += 1
        if self.bad & {one.pk for one in told}:
            raise ValueError("poisoned")
        self.got += [one.pk for one in told]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setattr(events, "_handlers", {})
    made = Listener()
    events.subscribe(Told, handler=made, acts_as="dispatcher")
    return made


def told(count: int, *, at: datetime = NOW) -> list[UUID]:
    """Write so many events."""
    with acting(service("dispatcher"), at):
        rows = [OutboxEvent(name=Told.name, case_id=uuid4(), record_id=uuid4(), recorded_at=at) for _ in range(count)]
        OutboxEvent.objects.bulk_create(rows)
    return [row.pk for row in rows]


def test_an_event_that_fails_holds_up_no_other_in_its_batch(listener: Listener) -> None:
    ids = told(20)
    listener.bad = {ids[3], ids[12]}
    with pytest.raises(events.NotDelivered) as caught:
        events.deliver(Told.name, "tests.listener", ids, at=NOW)
    assert caught.value.event_ids == (ids[3], ids[12])
    assert sorted(listener.got) == sorted(set(ids) - listener.bad)
    listener.bad = set()
    assert events.deliver(Told.name, "tests.listener", ids, at=NOW) == 2, (
        "a repetition tries what failed, and nothing else"
    )


def test_an_event_that_fails_holds_up_nothing_behind_it(listener: Listener) -> None:
    ids = told(25)
    listener.bad = {ids[0]}
    with pytest.raises(events.NotDelivered) as caught:
        events.deliver_pending(at=NOW, batch=10)
    assert caught.value.event_ids == (ids[0],)
    assert sorted(listener.got) == sorted(ids[1:])


def test_a_database_that_is_away_is_no_fault_of_an_event(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = told(8)
    monkeypatch.setattr(Listener, "__call__", _away)
    with pytest.raises(OperationalError):
        events.deliver(Told.name, "tests.listener", ids, at=NOW)
    assert listener.calls == 1


def _away(self: Listener, told: Sequence[OutboxEvent], at: datetime) -> None:
    self.calls += 1
    raise OperationalError("the server closed the connection")


def test_the_sweep_leaves_fresh_events_to_their_jobs(listener: Listener) -> None:
    old, fresh = told(1, at=NOW - timedelta(minutes=5)), told(1, at=NOW - timedelta(seconds=5))
    assert events.deliver_pending(at=NOW, older_than=timedelta(minutes=1)) == 1
    assert listener.got == old
    assert events.deliver_pending(at=NOW) == 1
    assert listener.got == old + fresh


def test_the_sweep_goes_on_every_minute_though_an_event_fails(listener: Listener) -> None:
    ids = told(3)
    listener.bad = {ids[1]}
    assert deliver_what_was_left(timestamp=0) == 0
    assert sorted(listener.got) == sorted([ids[0], ids[2]])


def test_what_everybody_has_dealt_with_is_forgotten_in_time(listener: Listener) -> None:
    second = Listener("second")
    events.subscribe(Told, handler=second, acts_as="dispatcher")
    old, fresh = told(2, at=NOW - timedelta(days=40)), told(1)
    events.deliver(Told.name, "tests.listener", old + fresh, at=NOW)
    before = NOW - timedelta(days=30)
    assert events.forget_delivered(before=before, at=NOW) == 0, "one handler has not had its turn"
    second.bad = {old[1]}
    with pytest.raises(events.NotDelivered):
        events.deliver_pending(at=NOW)
    assert events.forget_delivered(before=before, at=NOW) == 2
    with acting(service("dispatcher"), NOW):
        assert set(OutboxEvent.objects.values_list("pk", flat=True)) == {old[1], *fresh}
        assert not HandledEvent.objects.filter(event_id=old[0]).exists()
    calls = listener.calls
    assert events.deliver(Told.name, "tests.listener", old[:1], at=NOW) == 0, "a late job finds nothing to do"
    assert listener.calls == calls
