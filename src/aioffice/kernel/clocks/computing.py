"""What a clock comes to: worked out from its event, its place, settings of law and what happened to it since; and kept as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aioffice.act.calendars import Calendar, CalendarNotPublishedError
from aioffice.act.clocks import changing, law
from aioffice.act.clocks.counting import DAY, midnight_after
from aioffice.act.clocks.deadlines import deadline
from aioffice.act.clocks.results import Deadline, Outcome
from aioffice.act.clocks.steps import Step, Value
from aioffice.act.places import place
from aioffice.act.time_limits import TimeLimit, time_limit
from aioffice.kernel.clocks.calendars import calendar

if TYPE_CHECKING:
    from aioffice.act.clocks.counting import End
    from aioffice.kernel.clocks.models import Clock


def worked_out(
    limit: TimeLimit,
    where: str,
    event: date | datetime,
    *,
    settings: Mapping[str, str],
    changes: Sequence[Mapping[str, Any]] = (),
    by: Calendar | None = None,
) -> Deadline:
    """The deadline of a limit that runs from an event at a place, after the changes in their order.

    A change is `{"resumed": day, "left": days}` or `{"extended": day}`, days as ISO 8601 writes them. `by` replaces the calendar of the
    place. Where the calendar of the years concerned is not known yet, what counting alone finds is told, and `calendar` is empty.
    Raises UnknownCodeError, QuestionError, SettingError, ClockError.
    """
    found = place(where)
    days, zone = by or calendar(found.code), ZoneInfo(found.zone)
    decided = law.read(settings)
    try:
        so_far = deadline(limit, calendar=days, zone=zone, event=event, law=decided)
    except CalendarNotPublishedError as error:
        if error.nominal is None:
            raise
        so_far = _counted_alone(limit, found.code, zone, event, error.nominal)
    for change in changes:
        assert so_far.nominal is not None, "a clock without a day neither resumes nor is extended"
        try:
            if "left" in change:
                on = date.fromisoformat(change["resumed"])
                end = changing.resumed(change["left"], on, limit.counting, calendar=days, zone=zone)
            else:
                end = changing.extended_from(limit, so_far.nominal, calendar=days, zone=zone)
        except CalendarNotPublishedError as error:
            counted = error.nominal
            if counted is None and "left" in change:
                counted = date.fromisoformat(change["resumed"]) + change["left"] * DAY
            if counted is None:
                raise
            alone = _counted_alone(limit, found.code, zone, event, counted)
            so_far = replace(alone, steps=so_far.steps, silence=so_far.silence)
            continue
        so_far = _ending(so_far, end, decided)
    return so_far


def _counted_alone(limit: TimeLimit, where: str, zone: ZoneInfo, event: date | datetime, nominal: date) -> Deadline:
    return Deadline(
        limit, where, zone.key, "", Outcome.COMPUTED, event,
        nominal=nominal, legal=nominal, due=midnight_after(nominal, zone), target=nominal, silence=limit.tacit_effect,
    )  # fmt: skip


def _ending(found: Deadline, end: End, decided: law.LawSettings) -> Deadline:
    early = found.limit.setting == "conservative_incident_dates" and decided.conservative_incident_dates
    return replace(
        found,
        nominal=end.nominal,
        legal=end.legal,
        due=end.due,
        target=end.nominal if early else end.legal,
        steps=(*found.steps, *end.steps),
    )


def keep(clock: Clock, found: Deadline) -> None:
    """Write into a clock what was worked out."""
    clock.outcome = found.outcome.value
    clock.nominal_end, clock.legal_end, clock.target = found.nominal, found.legal, found.target
    clock.due_at = found.due if found.outcome is Outcome.COMPUTED else None
    clock.binding, clock.silence, clock.calendar = found.binding, found.silence, found.calendar
    clock.steps = [_plain_step(one) for one in found.steps]


def deadline_of(clock: Clock) -> Deadline:
    """A clock as the deadline that it tells, to be put into words."""
    limit, where = time_limit(clock.limit), place(clock.place)
    return Deadline(
        limit, where.code, where.zone, clock.calendar, Outcome(clock.outcome), clock.event_at,
        nominal=clock.nominal_end, legal=clock.legal_end, due=clock.due_at, target=clock.target, binding=clock.binding,
        silence=clock.silence, steps=tuple(_read_step(one) for one in clock.steps),
    )  # fmt: skip


def _plain_step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "rule": step.rule,
        "parameters": {name: _plain(value) for name, value in step.parameters.items()},
    }


def _read_step(kept: Mapping[str, Any]) -> Step:
    return Step(kept["code"], kept["rule"], {name: _read(value) for name, value in kept["parameters"].items()})


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"#moment": value.isoformat()}
    if isinstance(value, date):
        return {"#day": value.isoformat()}
    return dict(value) if isinstance(value, Mapping) else value


def _read(value: Any) -> Value:
    """A name of a holiday never begins with the sign that marks days and moments."""
    if isinstance(value, dict) and "#moment" in value:
        return datetime.fromisoformat(value["#moment"])
    if isinstance(value, dict) and "#day" in value:
        return date.fromisoformat(value["#day"])
    found: Value = value
    return found
