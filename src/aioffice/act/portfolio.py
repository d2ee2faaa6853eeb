"""Many systems at once: how many are what, and which of them the law changes on which day ahead.

Systems are added one by one and not kept: what grows with their number are the ids of those that change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aioffice.act.classification import Answer, Outcome

if TYPE_CHECKING:
    from aioffice.act.duties import DutyFound
    from aioffice.act.reasoning.timetable import Application


@dataclass(frozen=True, slots=True)
class Change:
    """What a day of the law brings for one system: conclusions and duties that apply from then on.

    `before` and `after` are the gravest outcomes in application, empty where none is. `certain` is False where what is known leaves the
    day open, and it is one of several.
    """

    day: date
    conclusions: tuple[str, ...]
    duties: tuple[str, ...]
    before: str
    after: str
    certain: bool


class Day:
    """What a day of the law brings for all of them.

    `systems` are the ids of those that change, `perhaps` of those of which what is known leaves open whether that is the day; `outcomes`
    counts from which outcome in application to which, `duties` how many begin to apply.
    """

    __slots__ = ("duties", "outcomes", "perhaps", "systems")

    def __init__(self) -> None:
        self.systems: list[str] = []
        self.perhaps: list[str] = []
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.duties = 0


class Portfolio:
    """Systems seen from a day: their number, counts by outcome, and the days `ahead` on which something changes for some of them."""

    __slots__ = ("ahead", "on", "outcomes", "systems")

    def __init__(self, on: date) -> None:
        self.on = on
        self.systems = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.ahead: dict[date, Day] = {}

    def add(self, id: str, answer: Answer, found: Iterable[DutyFound]) -> tuple[Change, ...]:
        """Count a system in. Returns what changes for it, the nearest day first."""
        self.systems += 1
        self.outcomes[answer.outcome] += 1
        coming = tuple(changes(answer, found, self.on))
        for change in coming:
            day = self.ahead.setdefault(change.day, Day())
            (day.systems if change.certain else day.perhaps).append(id)
            if change.certain:
                day.outcomes[change.before, change.after] += 1
                day.duties += len(change.duties)
        return coming

    def days(self) -> Iterator[tuple[date, Day]]:
        """The days ahead, the nearest first."""
        yield from sorted(self.ahead.items())


def changes(answer: Answer, found: Iterable[DutyFound], on: date) -> Iterator[Change]:
    """What changes for a system after a day, the nearest first: what certainly binds, from each day on which it may begin to apply."""
    conclusions: dict[date, list[tuple[str, bool]]] = {}
    duties: dict[date, list[tuple[str, bool]]] = {}
    for finding in answer.holding():
        if finding.binding:
            _begins(conclusions, finding.provision, finding.application, on)
    for one in found:
        if one.value:
            _begins(duties, one.duty.provision, one.application, on)
    for day in sorted({*conclusions, *duties}):
        begins = (*conclusions.get(day, ()), *duties.get(day, ()))
        yield Change(
            day,
            tuple(provision for provision, _certain in conclusions.get(day, ())),
            tuple(provision for provision, _certain in duties.get(day, ())),
            _applies(answer, day - timedelta(days=1)),
            _applies(answer, day),
            any(certain for _provision, certain in begins),
        )


def _begins(found: dict[date, list[tuple[str, bool]]], provision: str, application: Application, on: date) -> None:
    for day in application.days:
        if day is not None and day > on:
            found.setdefault(day, []).append((provision, application.settled))


def _applies(answer: Answer, on: date) -> str:
    """The gravest outcome in application on a day; empty for none."""
    finding = next(iter(answer.in_application(on)), None)
    return finding.conclusion.outcome.value if finding is not None else ""
