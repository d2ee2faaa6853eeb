"""The status of a system (Annex VIII, Section A point 7 and Section B point 8) and the conditions of Article 6(3).

The Act names "on the market, or in service", "no longer placed on the market/in service" and "recalled": three statuses.
This is the status of the system; the status of the filing (current, superseded, entered in error) is another axis.
"""

from __future__ import annotations

from dataclasses import dataclass

from aioffice.act.lookup import find
from aioffice.act.text import text


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a system. `available` says whether people may still meet the system on the market or in service."""

    code: str
    available: bool

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"status.{self.code}"

    @property
    def title(self) -> str:
        """Its English words."""
        return text(self.key, "en")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of Article 6(3), second subparagraph; one is enough for a system not to be high-risk."""

    code: str

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"condition.{self.code}"

    @property
    def basis(self) -> str:
        """The provision, `6(3)(a)` to `6(3)(d)`."""
        return f"6(3)({self.code})"

    @property
    def title(self) -> str:
        """Its short English title."""
        return text(self.key, "en")


PROFILING_BAR = "condition.profiling_bar"
"""Key of the text that says a system which profiles natural persons is always high-risk (6(3), last subparagraph)."""

_STATUSES = {
    status.code: status
    for status in (
        Status("on_market_or_in_service", available=True),
        Status("no_longer_on_market_or_in_service", available=False),
        Status("recalled", available=False),
    )
}
_CONDITIONS = {code: Condition(code) for code in "abcd"}


def statuses() -> tuple[Status, ...]:
    """All statuses, in the order of Annex VIII."""
    return tuple(_STATUSES.values())


def status(code: str) -> Status:
    """The status with this code. Raises UnknownCodeError."""
    return find("status of a system", code, _STATUSES)


def conditions() -> tuple[Condition, ...]:
    """The four conditions, (a) to (d)."""
    return tuple(_CONDITIONS.values())


def condition(code: str) -> Condition:
    """The condition with this letter. Raises UnknownCodeError."""
    return find("condition of Article 6(3)", code, _CONDITIONS, also={f"({letter})": letter for letter in "abcd"})
