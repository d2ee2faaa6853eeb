"""Whoever has to act is reminded before the end and told of it, once each; an end that moved is reminded of anew."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from aioffice.act.calendars import Calendar
from aioffice.kernel.clocks import computing
from aioffice.kernel.clocks.calendars import calendar
from aioffice.kernel.clocks.models import Clock, Reminder, Standing
from aioffice.kernel.clocks.recomputing import recompute
from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.queries import inbox
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.settings import settings
from tests.support.clocks import DAY, SWEEPER, THURSDAY, clocks_of, opened, take

pytestmark = pytest.mark.django_db


def told(case: Case, actor: Actor) -> list[str]:
    """The titles of the notices about a case, in order."""
    with acting(actor, THURSDAY):
        return list(Notice.objects.filter(case=case).order_by("created_at", "id").values_list("title", flat=True))


def test_each_reminder_comes_once(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    due = clocks_of(case)[0].due_at
    for days in (8, 7, 6, 3, 2, 1, 0, -1):
        sweep(at=due - days * DAY)
        sweep(at=due - days * DAY + timedelta(minutes=1))
    assert told(case, provider) == [
        "A time limit ends in 7 days",
        "A time limit ends in 2 days",
        "A time limit has ended",
    ]
    assert clocks_of(case)[0].state == Standing.EXPIRED


def test_a_reminder_is_nobodys_step(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    sweep(at=clocks_of(case)[0].due_at - DAY)
    with acting(provider, THURSDAY):
        (item,) = inbox(provider).items
    assert (item.title, item.by) == ("A time limit ends in 2 days", "")


def test_after_a_pause_only_the_nearest_is_sent(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    sweep(at=clocks_of(case)[0].due_at - DAY)
    assert told(case, provider) == ["A time limit ends in 2 days"]


def test_what_is_done_is_not_reminded_of(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    take(incidents, "report", case, provider, THURSDAY + DAY)
    assert sweep(at=THURSDAY + 15 * DAY).reminded == 0


def test_a_setting_chooses_the_days(
    incidents: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOFFICE_REMINDERS", "3")
    settings.cache_clear()
    case = opened(incidents, provider)
    sweep(at=clocks_of(case)[0].due_at - 2 * DAY)
    sweep(at=clocks_of(case)[0].due_at)
    settings.cache_clear()
    assert told(case, provider) == ["A time limit ends in 3 days"]


def _with_holiday(monkeypatch: pytest.MonkeyPatch, *days: date) -> None:
    real = calendar("PT")
    names: dict[date, Any] = {day: {"en": "New"} for day in days}
    changed: Calendar = dataclasses.replace(real, version="next", holidays={**real.holidays, **names})
    monkeypatch.setattr(computing, "calendar", lambda code: changed)


def test_a_changed_calendar_lengthens_and_those_who_must_act_are_told(
    incidents: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(incidents, provider)
    sweep(at=THURSDAY + 10 * DAY)
    _with_holiday(monkeypatch, date(2027, 3, 19))
    found = recompute(at=THURSDAY + 11 * DAY)
    assert (found.looked_at, found.later, found.asks_person) == (1, [case.pk], [])
    (clock,) = clocks_of(case)
    assert (clock.nominal_end, clock.legal_end, clock.calendar) == (date(2027, 3, 19), date(2027, 3, 22), "next")
    assert recompute(at=THURSDAY + 11 * DAY).later == []
    sweep(at=clock.due_at - 2 * DAY)
    assert told(case, provider) == [
        "A time limit ends in 7 days",
        "A time limit ends later than you were told",
        "A time limit ends in 2 days",
    ]


def test_a_changed_calendar_shortens_nothing_without_a_person(
    incidents: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        _with_holiday(before, date(2027, 3, 19))
        case = opened(incidents, provider)
    assert clocks_of(case)[0].legal_end == date(2027, 3, 22)
    found = recompute(at=THURSDAY + DAY)
    assert (found.later, found.asks_person) == ([], [case.pk])
    (clock,) = clocks_of(case)
    assert (clock.legal_end, clock.earlier_end) == (date(2027, 3, 22), date(2027, 3, 19))


def test_what_was_suspended_and_resumed_keeps_its_days_when_worked_out_anew(
    incidents: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(incidents, provider)
    take(incidents, "halt", case, provider, THURSDAY + 5 * DAY)
    take(incidents, "go_on", case, provider, THURSDAY + 100 * DAY)
    _with_holiday(monkeypatch, date(2027, 6, 22))
    recompute(at=THURSDAY + 101 * DAY)
    assert clocks_of(case)[0].legal_end == date(2027, 6, 23)


def test_reminders_are_the_sweepers_alone(incidents: type[Procedure], provider: Actor) -> None:
    case = opened(incidents, provider)
    sweep(at=clocks_of(case)[0].due_at)
    with acting(SWEEPER, THURSDAY):
        assert Reminder.objects.count() == 1
    with acting(provider, THURSDAY):
        assert (Clock.objects.count(), Reminder.objects.count()) == (1, 0)
