"""What happens to a running clock: it is suspended and resumed, extended, or worked out anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from aioffice.act.clocks.counting import DAY, End, end_of, midnight_after
from aioffice.act.clocks.law import CertificateCap, ForumExtension, LawSettings
from aioffice.act.clocks.steps import HOUSE, step
from aioffice.act.periods import Counting, Period, Unit

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from aioffice.act.calendars import Calendar
    from aioffice.act.time_limits import TimeLimit


class ClockError(ValueError):
    """What a clock cannot do; the message says why and what it could."""


def suspended(end: End, on: date) -> int:
    """The days that are left of a clock when it stops on that day: those after it, up to the nominal end.

    The day on which it stops is used up. Raises ClockError when the clock has already run out.
    """
    if on > end.legal:
        raise ClockError(
            f"The clock ran out on {end.legal.isoformat()}: on {on.isoformat()} nothing is left to suspend."
        )
    return max(0, (end.nominal - on).days)


def resumed(left: int, on: date, counting: Counting, *, calendar: Calendar, zone: ZoneInfo) -> End:
    """The end of a clock that goes on with so many days left; the day on which it does is not counted (1182/71, Article 3(1)).

    The end moves off days without work where `counting` lets it (Article 3(4)). Raises ClockError for a number below zero,
    CalendarNotPublishedError.
    """
    if left < 0:
        raise ClockError(f"{left} days cannot be left.")
    nominal = on + left * DAY
    steps = [step("event_excluded", "3(1)", event=on), step("counted", HOUSE, n=left, unit=Unit.DAY.value, day=nominal)]
    legal = nominal
    if counting is Counting.ROLLS and not calendar.is_working_day(nominal):
        legal = calendar.next_working_day(nominal)
        steps.append(step("rolled", "3(4)", day=legal))
    return End(nominal, legal, midnight_after(legal, zone), tuple(steps))


def times_allowed(limit: TimeLimit, law: LawSettings) -> int | None:
    """How often the limit may be extended; None: without end, 0: not at all."""
    if limit.extension is None:
        return 0
    if limit.setting == "certificate_extension_cap":
        # Article 36(9): nine months, and twelve in all or twelve more, three months at a time.
        return 1 if law.certificate_extension_cap is CertificateCap.WHOLE else 4
    if limit.setting == "forum_term_extension":
        return 1 if law.forum_term_extension is ForumExtension.FOUR_IN_ALL else 2
    return limit.extension.times


def extended(
    limit: TimeLimit, event: date | datetime, times: int, *, calendar: Calendar, zone: ZoneInfo, law: LawSettings
) -> End:
    """The end of a limit that was extended so many times, each counted from the nominal end before it, never from the rolled one.

    Raises ClockError when the limit may not be extended, or not so often; CalendarNotPublishedError.
    """
    allowed = times_allowed(limit, law)
    if limit.extension is None or limit.period is None or (allowed is not None and times > allowed):
        raise ClockError(f"{limit.id} may be extended {allowed} times, not {times} ({limit.basis}).")
    end = end_of(limit.period, event, calendar, zone, limit.nature.value)
    for _time in range(times):
        following = extended_from(limit, end.nominal, calendar=calendar, zone=zone)
        end = End(following.nominal, following.legal, following.due, (*end.steps, *following.steps))
    return end


def extended_from(limit: TimeLimit, nominal: date, *, calendar: Calendar, zone: ZoneInfo) -> End:
    """The end after one extension that begins where the limit ended nominally.

    Raises ClockError when the limit knows none, CalendarNotPublishedError.
    """
    if limit.extension is None:
        raise ClockError(f"{limit.id} may not be extended ({limit.basis}).")
    more = Period(limit.extension.n, limit.extension.unit, counting=limit.counting)
    return end_of(more, nominal, calendar, zone, limit.nature.value)


@dataclass(frozen=True, slots=True)
class Retold:
    """What to tell after an end was worked out anew: `day` holds, and `asks_person` that a person has to decide on an earlier one."""

    day: date
    asks_person: bool


def retold(told: date, computed: date) -> Retold:
    """The end that holds when one was told already: a later one replaces it, an earlier one only when a person decides so.

    People rely on what an office told them: a corrected calendar may give time, and takes none in silence.
    """
    return Retold(max(told, computed), asks_person=computed < told)
