"""Since when something applies: the first entry whose condition holds gives the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from aioffice.act.reasoning.expressions import ALWAYS, Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.act.reasoning.evaluating import Evaluation, Reason


@dataclass(frozen=True, slots=True)
class Since:
    """From `day` on, by the provision `basis`, where `when` holds. `day` None: not at all, as long as `when` holds."""

    day: date | None
    basis: str
    when: Expression = ALWAYS


@dataclass(frozen=True, slots=True)
class Timetable:
    """Entries in order, the exceptions first; the last one holds always."""

    entries: tuple[Since, ...]


class Application(NamedTuple):
    """When something applies.

    `possible` are the entries that the facts leave open, in order; there is one where enough is known. `reasons` say why the others fell.
    """

    possible: tuple[Since, ...]
    reasons: tuple[Reason, ...]

    @property
    def days(self) -> dict[date | None, str]:
        """The days from which it may apply, each with the first provision that says so; None: not at all."""
        days: dict[date | None, str] = {}
        for since in self.possible:
            days.setdefault(since.day, since.basis)
        return days

    @property
    def settled(self) -> bool:
        """Whether one day, or "not at all", is certain."""
        return len(self.days) == 1

    @property
    def earliest(self) -> date | None:
        """The first day on which it can apply; None: it does not."""
        return min((day for day in self.days if day is not None), default=None)

    def on(self, day: date) -> bool | None:
        """Whether it applies on a day; None where that is not known."""
        answers = {since is not None and since <= day for since in self.days}
        return answers.pop() if len(answers) == 1 else None


def application(timetable: Timetable, evaluation: Evaluation) -> Application:
    """When something with this timetable applies for the facts of the evaluation."""
    possible, reasons = [], []
    for since in timetable.entries:
        reason = evaluation.reason(since.when)
        reasons.append(reason)
        if reason.value is not False:
            possible.append(since)
        if reason.value is True:
            break
    return Application(tuple(possible), tuple(reasons))


def timetable(*entries: Since) -> Timetable:
    """A timetable. Raises ValueError unless the last entry holds always."""
    if not entries or entries[-1].when is not ALWAYS:
        raise ValueError("The last entry of a timetable holds always.")
    return Timetable(entries)


type Timetables = Mapping[str, Timetable]
