"""The shape of the log of reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from aioffice.doors.api.schemas import Page, Shape


class Read(Shape):
    """Somebody opened something that another organisation filed, or this log."""

    id: UUID
    at: datetime
    actor: str = Field(examples=["person:0193a000-0000-7000-8000-000000000031"])
    name: str = Field(description="The actor's name today, or the same as `actor` when it is gone.")
    organisation: str = Field(description="For which they read.")
    thing: str = Field(description="case, step (a form on the case), receipt, letter, document, or log: this log.")
    cases: list[UUID] = Field(description="The cases it belongs to.")
    numbers: list[str] = Field(description="Those of their numbers that they had then.")
    document: UUID | None
    version: int | None = Field(description="The case's version, or the step of a receipt.")
    rights: list[str] = Field(description="The audiences through which the reader may see it.")
    door: str = Field(description="page, api or cli.")
    asked: dict[str, str] = Field(description="What was looked for in this log.")


class Reads(Page):
    """A page of the log of reads."""

    items: list[Read]
