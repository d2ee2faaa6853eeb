"""One piece of work on its way through `perform_many`: the case, what was sent, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aioffice.kernel.ids import uuid7

if TYPE_CHECKING:
    from aioffice.kernel.clocks.models import Clock
    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.ask import Form
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.errors import ProcedureError
    from aioffice.kernel.procedures.models import Case, RoundPlace, StepRecord


@dataclass(frozen=True, slots=True)
class Item:
    """One filing handed to `perform_many`: a case (or its id; None opens one), the data, and how to recognise a repetition."""

    data: Mapping[str, Any]
    case: Case | UUID | None = None
    expected_version: int | None = None
    idempotency_key: str | None = None
    took_place_at: datetime | None = None
    evidence: str = ""
    place: UUID | None = None
    """The place in a round that a service fills for whoever was silent; nobody else says it."""


@dataclass(slots=True, eq=False)
class Work:
    """What an effect works on. `form` is the validated data, `data` the same as plain JSON; `case` may be changed until it is saved."""

    step: Step
    item: Item
    actor: Actor
    at: datetime
    case: Case
    data: dict[str, Any] = field(default_factory=dict)
    form: Form | None = None
    record_id: UUID = field(default_factory=uuid7)
    from_state: str = ""
    record: StepRecord | None = None
    error: ProcedureError | None = None
    replayed: bool = False
    target: str = ""
    """Name of another state of the procedure the case shall end in, where a round decided; empty for the declared one."""
    undoes: Clock | None = None
    """The clock whose effect of silence an answer given before its end undoes."""
    undone_to: str = ""
    """The state the case is in as if that effect had not been."""
    place: RoundPlace | None = None
    """The place in a round that the step fills."""
    over: tuple[UUID, ...] = ()
    """Places of the round that the step closes before they were filled."""

    def fail(self, error: ProcedureError) -> None:
        """Take this piece out: it will not be performed, and `error` is its answer."""
        self.error = error

    @property
    def took_place_at(self) -> datetime:
        """When it happened: as said with the filing, else now."""
        return self.item.took_place_at or self.at


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one item ended: a record (perhaps of an earlier, identical request), or the error that stopped it."""

    record: StepRecord | None
    error: ProcedureError | None
    replayed: bool = False
