"""The shapes of answers on time limits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from aioffice.doors.api.schemas import Page, Shape

Words = dict[str, str]
"""A text by language."""


class ExtensionShape(Shape):
    """By how much a limit may be extended at a time, and how often; null: capped otherwise, or not at all."""

    n: int
    unit: str
    times: int | None


class TimeLimitShape(Shape):
    """A time limit of the Act."""

    id: str = Field(examples=["INC-15"])
    theme: str
    theme_title: Words
    nature: str = Field(description="deadline, objection_period, validity, retention, waiting_period, recurring, …")
    nature_title: Words
    trigger: Words = Field(description="What starts the clock.")
    actor: Words = Field(description="Who has to act.")
    addressee: Words | None = Field(description="Towards whom.")
    action: Words = Field(description="What has to be done.")
    legal_basis: str
    at_once: bool = Field(description="The Act asks for it at once; the length is the outer limit.")
    date: str | None = Field(
        description="The fixed day, or the first of several.", json_schema_extra={"format": "date"}
    )
    n: int | None = Field(description="Length; 0: the event itself is the limit; null: the Act gives none.")
    unit: str | None = Field(description="hour, day, working_day, week, month or year.")
    direction: str = Field(description="forward from the event, backward from it, or fixed.")
    counting: str = Field(description="How the end is found (Regulation (EEC, Euratom) No 1182/71).")
    tacit_effect: str = Field(description="What silence brings; empty: nothing.")
    extension: ExtensionShape | None
    setting: str = Field(description="Setting of law that decides where the Act alone does not; empty: none.")
    place: str = Field(description="EU or EDPS where an institution acts; empty: the Member State that the case names.")
    url: str


class TimeLimits(Page):
    """All time limits of the Act."""

    items: list[TimeLimitShape]


class StepShape(Shape):
    """One step of a computation."""

    code: str = Field(description="Stable; for programs.")
    rule: str = Field(
        description="Article of Regulation 1182/71; `AI Act …`; or `house` for a decision of this software."
    )
    rule_text: Words
    text: Words
    parameters: dict[str, Any]


class DeadlineShape(Shape):
    """What a time limit comes to. Days and moments are null where there is none; `outcome` says why."""

    limit: str
    legal_basis: str
    outcome: str = Field(
        description="computed, or why there is no day: immediately, at_the_event, before_the_event, set_by_authority, "
        "no_cycle_start, times_a_year; case_decides: see `alternatives`, the shortest first."
    )
    outcome_text: Words
    answer: Words | None = Field(description="The moment `due` written out with weekday and place.")
    event: date | datetime | None
    place: str
    zone: str = Field(description="IANA time zone of the place.")
    calendar: str = Field(description="Version of the holidays used.")
    nominal_end: date | None = Field(description="The day found by counting alone.")
    legal_end: date | None = Field(description="The last day on which the action is in time.")
    due: datetime | None = Field(
        description="When that day is over, written as 00:00 of the day after; an hour for hours."
    )
    target: date | None = Field(description="The day to work towards; never after `legal_end`.")
    binding: bool = Field(description="False: the day is expected, not binding.")
    silence: str = Field(description="What happens if nothing happens; empty: nothing.")
    steps: list[StepShape]
    alternatives: list[DeadlineShape]
