"""A time limit of the Act applied to an event at a place, under the settings of law: what is due when, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from aioffice.act.clocks.counting import End, midnight_after, shifted
from aioffice.act.clocks.law import INCIDENT_LIMITS, LawSettings
from aioffice.act.clocks.question import Question, ended, noted
from aioffice.act.clocks.results import Deadline, Outcome, QuestionError
from aioffice.act.clocks.steps import HOUSE, Step, step
from aioffice.act.periods import Counting, Direction, Period, Unit
from aioffice.act.registration import open_question
from aioffice.act.time_limits import Nature, TimeLimit, time_limit

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from aioffice.act.calendars import Calendar

DELEGATIONS = (date(2024, 8, 1), date(2026, 7, 27))
"""Since when the powers of Article 97 are delegated: those of 2024, and those of 2(13) and 30(2)."""


def deadline(
    limit: TimeLimit | str,
    *,
    calendar: Calendar,
    zone: ZoneInfo,
    event: date | datetime | None = None,
    law: LawSettings | None = None,
    k: int | None = None,
) -> Deadline:
    """What the time limit comes to when the event happened then, where the action has to be taken at the place of the calendar.

    `event` is a day, or a moment with an offset (which limits in hours need); limits with a day of their own need none. `k` counts the
    ends of a limit that repeats, from 1; without it, the first, or of fixed dates the first on or after the event. Nothing here reads
    a clock.

    Raises UnknownCodeError for a limit, QuestionError for what was asked, CalendarNotPublishedError for a day whose holidays are not
    known, OverflowError or ValueError for a day outside the calendar of Python.
    """
    asked = time_limit(limit) if isinstance(limit, str) else limit
    if k is not None and (k < 1 or (k > 1 and not asked.repeats)):
        raise QuestionError("k", "not_recurring", f"{asked.id} has no end number {k}.")
    if isinstance(event, datetime) and event.tzinfo is None:
        raise QuestionError("event", "no_offset", f"{event.isoformat()} lacks an offset from UTC.")
    question = Question(asked, calendar, zone, event, law or LawSettings(), k or 0)
    return _answer(question)


def _answer(q: Question) -> Deadline:
    limit = q.limit
    if limit.setting == "article_73_case":
        return _incident_in_test(q)
    if limit.setting == "delegation_start" and q.event is None:
        return _delegation(q)
    if limit.nature is Nature.IMMEDIATE:
        return q.without_day(Outcome.IMMEDIATELY)
    if limit.setting == "period_set_by_authority":
        return _set_by_authority(q)
    if limit.n == 0:
        return _at_event(q)
    if limit.setting == "forum_meetings_per_year":
        return q.without_day(Outcome.TIMES_A_YEAR, noted(q, str(q.law.forum_meetings_per_year)))
    if limit.asks_cycle:
        return _cycle(q)
    if limit.date is not None:
        return _fixed(q)
    return _period(q)


def _incident_in_test(q: Question) -> Deadline:
    chosen = (q.law.article_73_case,) if q.law.article_73_case else INCIDENT_LIMITS
    found = tuple(_answer(replace(q, limit=time_limit(one), event=q.moment)) for one in chosen)
    note = noted(q, q.law.article_73_case or "not_known")
    if len(found) == 1:
        return replace(found[0], limit=q.limit, steps=(note, *found[0].steps))
    return q.without_day(Outcome.CASE_DECIDES, note, alternatives=found)


def _delegation(q: Question) -> Deadline:
    """Without an event, from the day on which each power was delegated."""
    term = time_limit("DEL-5Y")
    assert term.period is not None
    found = []
    for start in (q.law.delegation_start,) if q.law.delegation_start else DELEGATIONS:
        ends = shifted(start, term.period.n * max(q.k, 1), term.period.unit)[0]
        one = _period(replace(q, event=start if q.limit.id == term.id else ends))
        found.append(replace(one, steps=(noted(q, start.isoformat()), *one.steps)))
    if len(found) == 1:
        return found[0]
    return q.without_day(Outcome.CASE_DECIDES, noted(q, "by_power"), alternatives=tuple(found))


def _set_by_authority(q: Question) -> Deadline:
    given = q.law.period_set_by_authority
    if given is None:
        return q.without_day(Outcome.SET_BY_AUTHORITY)
    if isinstance(given, Period):
        note = step("setting", HOUSE, name=q.limit.setting, n=given.n, unit=given.unit.value)
        return ended(q, q.end_of(given, q.moment), note)
    return _on_day(q, given, noted(q, given.isoformat()))


def _at_event(q: Question) -> Deadline:
    notes = (noted(q, open_question(q.limit.setting).cautious_reading.value),) if q.limit.setting else ()
    before = q.limit.direction is Direction.BACKWARD
    return q.without_day(Outcome.BEFORE_THE_EVENT if before else Outcome.AT_THE_EVENT, *notes)


def _cycle(q: Question) -> Deadline:
    start, years, k = q.law.reporting_cycle_start, q.limit.n, max(q.k, 1)
    if start is None or years is None:
        return q.without_day(Outcome.NO_CYCLE_START)
    day = shifted(start, k * years, Unit.YEAR)[0]
    counted = step("occurrence", HOUSE, k=k, first=start, n=years, unit=Unit.YEAR.value)
    return _on_day(q, day, noted(q, start.isoformat()), counted)


def _fixed(q: Question) -> Deadline:
    first, years = q.limit.date, q.limit.n
    assert first is not None
    notes: list[Step] = []
    if q.limit.setting == "penalty_rules_date":
        first = q.law.penalty_rules_date
        notes.append(noted(q, first.isoformat()))
    if q.limit.setting == "review_cycle_112":
        years = q.law.review_cycle_112
        notes.append(noted(q, str(years) if years else "once"))
        if q.k > 1 and years is None:
            raise QuestionError(
                "k", "not_recurring", f"{q.limit.id} has one end only, by the setting review_cycle_112."
            )
    if years is None:
        return _on_day(q, first, *notes)
    return _repeated(q, first, years, *notes)


def _repeated(q: Question, first: date, years: int, *notes: Step) -> Deadline:
    """The k-th day, counted from the first and never from the last one met."""
    k = q.k or 1
    day = shifted(first, (k - 1) * years, Unit.YEAR)[0]
    while not q.k and q.event is not None and day < q.day:
        k += 1
        day = shifted(first, (k - 1) * years, Unit.YEAR)[0]
    return _on_day(q, day, *notes, step("occurrence", HOUSE, k=k, first=first, n=years, unit=Unit.YEAR.value))


def _on_day(q: Question, day: date, *notes: Step) -> Deadline:
    return ended(q, _named(q, day), *notes)


def _named(q: Question, day: date) -> End:
    """The end on a day that is named: it does not move."""
    rule = HOUSE if q.limit.asks_cycle else "5"
    steps = (step("fixed_date", rule, day=day), step("no_roll", rule, reason="fixed_date"))
    return End(day, day, midnight_after(day, q.zone), steps)


def _period(q: Question) -> Deadline:
    period = q.limit.period
    assert period is not None, q.limit.id
    notes: list[Step] = []
    moment = q.moment
    if q.limit.setting == "log_retention":
        given = q.law.log_retention
        period = replace(given, counting=Counting.MINIMUM)
        notes.append(step("setting", HOUSE, name=q.limit.setting, n=given.n, unit=given.unit.value))
    elif q.limit.setting == "prbi_clock_start":
        notes.append(noted(q, q.law.prbi_clock_start.value))
    elif q.limit.setting == "limitation_rules":
        begun = max((day for day in q.law.limitation_rules if day > q.day), default=None)
        notes.append(noted(q, begun.isoformat() if begun else "no_interruption"))
        moment = begun or moment
    elif q.limit.setting == "sectoral_corrective_period":
        return _corrective(q, period)
    if q.limit.nature is Nature.RECURRING or q.limit.id == "DEL-5Y":
        k = max(q.k, 1)
        period = replace(period, n=period.n * k)
        if k > 1:
            notes.append(step("occurrence", "3(2)(c)", k=k, first=q.day, n=q.limit.n or 0, unit=period.unit.value))
    end = q.end_of(period, moment, q.limit.nature.value)
    return ended(q, end, *notes)


def _corrective(q: Question, general: Period) -> Deadline:
    end = q.end_of(general, q.moment)
    sectoral = q.law.sectoral_corrective_period
    if sectoral is None:
        return ended(q, end, noted(q, "none"))
    if isinstance(sectoral, date):
        named, note = _named(q, sectoral), noted(q, sectoral.isoformat())
        if named.due < end.due:
            return ended(q, named, note)
        return ended(q, end, note, step("shorter_period", "AI Act 79(2)", n=general.n, unit=general.unit.value))
    other = q.end_of(sectoral, q.moment)
    shorter, period = (other, sectoral) if other.due < end.due else (end, general)
    note = step("setting", HOUSE, name=q.limit.setting, n=sectoral.n, unit=sectoral.unit.value)
    chosen = step("shorter_period", "AI Act 79(2)", n=period.n, unit=period.unit.value)
    return ended(q, shorter, note, chosen)
