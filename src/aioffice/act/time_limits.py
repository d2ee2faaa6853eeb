"""Every time limit of the Act: what starts it, who has to do what, how long it is and by which rule it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from aioffice.act.lookup import csv_rows, find
from aioffice.act.periods import Counting, Direction, Period, Unit


class Nature(StrEnum):
    """What kind of time limit it is."""

    DEADLINE = "deadline"
    OBJECTION_PERIOD = "objection_period"
    VALIDITY = "validity"
    RETENTION = "retention"
    WAITING_PERIOD = "waiting_period"
    RECURRING = "recurring"
    MAXIMUM_DURATION = "maximum_duration"
    LIMITATION = "limitation"
    IMMEDIATE = "immediate"
    FIXED_DATE = "fixed_date"

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"nature.{self.value}"


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much a limit may be made longer at a time, and how often (None: the Act or a setting caps it otherwise)."""

    n: int
    unit: Unit
    times: int | None


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit of the Act.

    `trigger`, `actor`, `addressee` and `theme` are codes with texts (`trigger_key` and so on); `action_key` is the key of what has to
    be done. `basis` cites the provision. `at_once`: the Act asks for the action at once, and the length is the outer limit alone.
    `date` is the fixed day, or the first of several. `n` units of `unit` in `direction`: n = 0 makes the event itself the limit, None
    means that the Act gives no number. `tacit_effect` is what silence brings: approved, justified, no_objection, renewed or nothing.
    `setting` names the setting of law that decides where the Act alone does not. `acts_at` is where the action has to be taken: `EU`
    (institutions), `EDPS`, or `MS` for a Member State that the case decides.
    """

    id: str
    theme: str
    trigger: str
    actor: str
    addressee: str
    basis: str
    at_once: bool
    date: date | None
    n: int | None
    unit: Unit | None
    direction: Direction
    counting: Counting
    nature: Nature
    tacit_effect: str
    extension: Extension | None
    setting: str
    acts_at: str

    @property
    def theme_key(self) -> str:
        """Key of the theme's text."""
        return f"theme.{self.theme}"

    @property
    def trigger_key(self) -> str:
        """Key of the text that says what starts the clock."""
        return f"trigger.{self.trigger}"

    @property
    def actor_key(self) -> str:
        """Key of the text that says who has to act."""
        return f"who.{self.actor}"

    @property
    def addressee_key(self) -> str:
        """Key of the text that says towards whom; empty where the Act names nobody."""
        return f"who.{self.addressee}" if self.addressee else ""

    @property
    def action_key(self) -> str:
        """Key of the text that says what has to be done."""
        return f"time_limit.{self.id}"

    @property
    def period(self) -> Period | None:
        """Its length as a period; None where there is no length to count."""
        if not self.n or self.unit is None:
            return None
        direction = Direction.FORWARD if self.direction is Direction.FIXED else self.direction
        return Period(self.n, self.unit, direction, self.counting)

    @property
    def repeats(self) -> bool:
        """Whether there is a second, a third end after the first: yearly duties, and terms that are renewed by silence."""
        return (
            (self.nature is Nature.RECURRING and self.counting is not Counting.NONE)
            or self.asks_cycle
            or (self.n is not None and (self.date is not None or self.id == "DEL-5Y"))
        )

    @property
    def needs_event(self) -> bool:
        """Whether its end depends on when something happened."""
        if self.nature is Nature.IMMEDIATE or self.date is not None or self.n == 0 or self.asks_cycle:
            return False
        return self.counting is not Counting.NONE

    @property
    def asks_cycle(self) -> bool:
        """Whether it comes every year and the Act names no first day of the cycle."""
        return self.setting == "reporting_cycle_start"


def time_limits() -> tuple[TimeLimit, ...]:
    """All of them, in the order of the table: by theme."""
    return tuple(_by_id().values())


def time_limit(id: str) -> TimeLimit:
    """The time limit with this id, such as `INC-15`. Raises UnknownCodeError with the nearest right one."""
    return find("time limit", id, _by_id())


@cache
def _by_id() -> dict[str, TimeLimit]:
    return {row["id"]: _read(row) for row in csv_rows("time_limits.csv")}


def _read(row: dict[str, str]) -> TimeLimit:
    return TimeLimit(
        id=row["id"],
        theme=row["theme"],
        trigger=row["trigger"],
        actor=row["actor"],
        addressee=row["addressee"],
        basis=row["basis"],
        at_once=row["at_once"] == "yes",
        date=date.fromisoformat(row["date"]) if row["date"] else None,
        n=int(row["n"]) if row["n"] else None,
        unit=Unit(row["unit"]) if row["unit"] else None,
        direction=Direction(row["direction"]),
        counting=Counting(row["counting"]),
        nature=Nature(row["nature"]),
        tacit_effect=row["tacit_effect"],
        extension=_extension(row["extension"]),
        setting=row["setting"],
        acts_at=row["acts_at"],
    )


def _extension(written: str) -> Extension | None:
    if not written:
        return None
    n, unit, times = written.split(":")
    return Extension(int(n), Unit(unit), int(times) if times else None)
