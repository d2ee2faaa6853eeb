"""The steps of a computation: each a code with its parameters and the rule it follows, so that any door can word it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

type Value = date | datetime | int | str | Mapping[str, str]

HOUSE = "house"
"""The rule of a step that this software decided; `docs/DIVERGENCES.md` says why."""

CODES = frozenset(
    {
        "event_excluded", "counted", "counted_back", "working_days_counted", "holiday_skipped", "month_end",
        "hours_begin", "hours_counted", "clock_change",
        "on_working_day", "not_working_day", "rolled", "two_working_days", "no_roll",
        "fixed_date", "occurrence", "setting", "shorter_period",
        "whole_period", "possible_from", "target_nominal", "target_before", "at_once", "tacit", "unchecked_calendar",
    }
)  # fmt: skip
"""Every code there is. Each has a text `step.<code>`, or one for each reason (`step.<code>.<reason>`), or, of settings of law,
`setting.<name>`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its `code`, the `rule` it follows (`3(4)` is of Regulation 1182/71, `AI Act 79(2)` of the Act, `house` our own)."""

    code: str
    rule: str
    parameters: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        """Key of its text, in which the parameters stand in braces."""
        return f"step.{self.code}"


def step(code: str, rule: str, **parameters: Value) -> Step:
    """A step with its parameters by name."""
    assert code in CODES, code
    return Step(code, rule, parameters)
