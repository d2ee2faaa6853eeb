"""The shape of one case with everything that hangs on it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from aioffice.doors.api.schemas import CaseSummary, Shape, StepOffered, TimelineRecord
from aioffice.doors.api.schemas_clocks import DeadlineShape, Words


class ClockShape(Shape):
    """A time limit that runs, or ran, in a case."""

    id: UUID
    limit: str = Field(examples=["INC-15"])
    action: Words = Field(description="What has to be done.")
    state: str = Field(
        description="running; suspended; met: done in time; lapsed: ended, and silence had its effect; stopped: not due any "
        "more; expired: ended, and what was due had not been done."
    )
    started_at: datetime
    settled_at: datetime | None
    addressee: str | None = Field(description="Of a round, whose it is: each addressee has its own; null: of the case.")
    yours: bool = Field(description="Whether your organisation has to act.")
    on_silence: str = Field(description="The step that silence brings about; empty: none.")
    days_left: int | None = Field(description="Of a suspended clock, the days with which it goes on.")
    earlier_end: date | None = Field(
        description="An earlier end that a corrected calendar found: it holds only if a person decides so."
    )
    deadline: DeadlineShape


class CaseDetail(CaseSummary):
    """A case with what may be done now, everything that was done, and its time limits."""

    steps: list[StepOffered]
    timeline: list[TimelineRecord]
    clocks: list[ClockShape]
