"""What a computation comes to, and what is wrong with a question that cannot be answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from aioffice.act.clocks.steps import Step
    from aioffice.act.time_limits import TimeLimit


class Outcome(StrEnum):
    """What a computation comes to: a day, or why there is none."""

    COMPUTED = "computed"
    IMMEDIATELY = "immediately"
    AT_THE_EVENT = "at_the_event"
    BEFORE_THE_EVENT = "before_the_event"
    SET_BY_AUTHORITY = "set_by_authority"
    NO_CYCLE_START = "no_cycle_start"
    TIMES_A_YEAR = "times_a_year"
    CASE_DECIDES = "case_decides"
    """Which of several limits holds follows from the case; all stand in `alternatives`."""

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"outcome.{self.value}"


class QuestionError(ValueError):
    """A question that cannot be answered as it was asked.

    `field` is what to mend (`event`, `k`), `code` the kind of fault with the text `question.error.<code>`.
    """

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a time limit comes to.

    `nominal` is the day found by counting, `legal` the last day in time, `due` the moment at which it is over (24:00 at the place,
    written as 00:00 of the day after; an hour for periods in hours), `target` the day to work towards, never after `legal`. All are
    None where `outcome` says that there is no day; of several `alternatives`, those of the first. Of a waiting or retention period,
    `legal` is its last day. `binding` is False for a day that is expected only. `silence` is what happens if nothing happens: the
    tacit effect, `not_known`, or nothing. `calendar` is the version of the calendar asked.
    """

    limit: TimeLimit
    place: str
    zone: str
    calendar: str
    outcome: Outcome
    event: date | datetime | None = None
    nominal: date | None = None
    legal: date | None = None
    due: datetime | None = None
    target: date | None = None
    binding: bool = True
    silence: str = ""
    steps: tuple[Step, ...] = ()
    alternatives: tuple[Deadline, ...] = ()
