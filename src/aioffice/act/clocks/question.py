"""A question on its way through the rules, and how its answer is made up: what to work towards, what silence brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.counting import DAY, End, end_of, local_day
from aioffice.act.clocks.results import Deadline, Outcome, QuestionError
from aioffice.act.clocks.steps import HOUSE, Step, step
from aioffice.act.periods import Counting, Direction, Period, Unit
from aioffice.act.time_limits import Nature, TimeLimit

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from aioffice.act.calendars import Calendar
    from aioffice.act.clocks.law import LawSettings


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, handed from rule to rule."""

    limit: TimeLimit
    calendar: Calendar
    zone: ZoneInfo
    event: date | datetime | None
    law: LawSettings
    k: int

    @property
    def day(self) -> date:
        return local_day(self.moment, self.zone)

    @property
    def moment(self) -> date | datetime:
        if self.event is None:
            raise QuestionError("event", "event_missing", f"{self.limit.id} runs from an event: say when it happened.")
        return self.event

    def end_of(self, period: Period, event: date | datetime, why: str = "") -> End:
        """Where a period ends at this place."""
        if period.unit is Unit.HOUR and not isinstance(event, datetime):
            raise QuestionError(
                "event", "hour_missing", f"{self.limit.id} runs in hours: say the hour of the event too."
            )
        return end_of(period, event, self.calendar, self.zone, why)

    def without_day(self, outcome: Outcome, *steps: Step, alternatives: tuple[Deadline, ...] = ()) -> Deadline:
        """An answer that names no day."""
        at_once = (step("at_once", f"AI Act {self.limit.basis}"),) if self.limit.at_once else ()
        without = Deadline(
            self.limit,
            self.calendar.place,
            self.zone.key,
            self.calendar.version,
            outcome,
            self.event,
            steps=at_once + steps,
            alternatives=alternatives,
        )
        if not alternatives:
            return without
        first = alternatives[0]
        return replace(without, nominal=first.nominal, legal=first.legal, due=first.due, target=first.target)


def noted(q: Question, value: str) -> Step:
    """The step that tells which value of its setting of law an answer rests on."""
    return step("setting", HOUSE, name=q.limit.setting, value=value)


def ended(q: Question, end: End, *notes: Step) -> Deadline:
    """The answer with a day: beside the end itself, what to work towards, what silence brings, and whether it binds."""
    limit = q.limit
    steps = [*((step("at_once", f"AI Act {limit.basis}"),) if limit.at_once else ()), *notes, *end.steps]
    target, why = _target(q, end)
    silence = _silence(q)
    if limit.setting == "article_58_act_applies":
        steps.append(noted(q, "yes" if q.law.article_58_act_applies else "no"))
    if why is not None:
        steps.append(why)
    if limit.nature is Nature.WAITING_PERIOD:
        steps.append(step("possible_from", HOUSE, day=end.legal + DAY))
    if silence:
        steps.append(step("tacit", f"AI Act {limit.basis}", effect=silence))
    steps += [step("unchecked_calendar", HOUSE, year=year) for year in end.years if year in q.calendar.unchecked]
    return Deadline(
        limit, q.calendar.place, q.zone.key, q.calendar.version, Outcome.COMPUTED, q.event,
        nominal=end.nominal, legal=end.legal, due=end.due, target=target, silence=silence, steps=tuple(steps),
        binding=limit.setting != "article_58_act_applies" or q.law.article_58_act_applies,
    )  # fmt: skip


def _target(q: Question, end: End) -> tuple[date, Step | None]:
    if q.limit.setting == "conservative_incident_dates" and q.law.conservative_incident_dates:
        return end.nominal, step("target_nominal", HOUSE, day=end.nominal)
    if q.limit.nature is Nature.LIMITATION:
        return end.legal - DAY, step("target_before", HOUSE, day=end.legal - DAY, reason="limitation")
    if q.limit.counting is Counting.MINIMUM and q.limit.direction is Direction.BACKWARD:
        try:
            if not q.calendar.is_working_day(end.legal):
                day = q.calendar.working_day_before(end.legal)
                return day, step("target_before", HOUSE, day=day, reason="not_working")
        except CalendarNotPublishedError:
            return end.legal, None  # the limit itself asks no calendar
    return end.legal, None


def _silence(q: Question) -> str:
    if q.limit.setting != "tacit_approval_by_state":
        return q.limit.tacit_effect
    known = q.law.tacit_approval_by_state.get(q.calendar.place)
    return "not_known" if known is None else (q.limit.tacit_effect if known else "not_approved")
