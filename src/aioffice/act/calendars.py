"""Which days are working days at a place: neither a public holiday there, nor a Saturday, nor a Sunday (1182/71, Article 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SATURDAY, SUNDAY = 5, 6


class CalendarNotPublishedError(ValueError):
    """A day lies outside the years whose holidays are known: nothing is guessed.

    `place` and `day` say which, `first_year` and `last_year` what is known. `nominal` is the day found by counting alone, where it is
    known and only whether it moves is not.
    """

    def __init__(self, place: str, day: date, first_year: int, last_year: int, nominal: date | None = None) -> None:
        counted = f" By counting alone the period ends on {nominal.isoformat()}." if nominal else ""
        super().__init__(
            f"The holidays of {place} are known for {first_year} to {last_year}, and {day.isoformat()} lies outside: "
            f"its calendar is not published yet.{counted}"
        )
        self.place = place
        self.day = day
        self.first_year = first_year
        self.last_year = last_year
        self.nominal = nominal

    def counted_to(self, nominal: date) -> CalendarNotPublishedError:
        """The same, knowing the day found by counting alone."""
        return CalendarNotPublishedError(self.place, self.day, self.first_year, self.last_year, nominal)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The public holidays of a place in whole years, both ends included.

    `holidays` has, by day, the names by language (`own` is the place's own name). `version` says where they come from and when.
    `unchecked` are years whose official list nobody has compared yet; what is computed in them says so.
    """

    place: str
    version: str
    first_year: int
    last_year: int
    holidays: Mapping[date, Mapping[str, str]] = field(hash=False)
    unchecked: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people work that day. Raises CalendarNotPublishedError."""
        self._known(day)
        return day.weekday() < SATURDAY and day not in self.holidays

    def names(self, day: date) -> Mapping[str, str]:
        """The names of the holiday on that day by language; empty when it is none. Raises CalendarNotPublishedError."""
        self._known(day)
        return self.holidays.get(day, {})

    def next_working_day(self, day: date) -> date:
        """The first working day after that day. Raises CalendarNotPublishedError."""
        return self._nearest(day, timedelta(days=1))

    def working_day_before(self, day: date) -> date:
        """The last working day before that day. Raises CalendarNotPublishedError."""
        return self._nearest(day, timedelta(days=-1))

    def _nearest(self, day: date, step: timedelta) -> date:
        found = day + step
        while not self.is_working_day(found):
            found += step
        return found

    def _known(self, day: date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise CalendarNotPublishedError(self.place, day, self.first_year, self.last_year)
