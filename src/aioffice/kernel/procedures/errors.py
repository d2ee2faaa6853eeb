"""Why a step was not performed. Each error says what to do next; doors turn them into pages, problem documents and exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong in what was sent: where (JSON pointer), what and what would be right, and a stable code."""

    pointer: str
    message: str
    code: str


class ProcedureError(Exception):
    """Base of all refusals of `perform`; the case was not changed."""

    code = "procedure-error"
    lasting = False
    """Whether what the effect wrote before it refused stays, such as the count of wrong codes. Set on the error by the effect."""

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extra = extra


class NotFound(ProcedureError):
    """There is no such case, or it does not concern whoever asks: both look the same from outside."""

    code = "not-found"


class NotAllowed(ProcedureError):
    """This actor may not take this step."""

    code = "not-allowed"


class WrongState(ProcedureError):
    """The step cannot be taken from the state the case is in."""

    code = "wrong-state"


class Conflict(ProcedureError):
    """Somebody moved the case meanwhile."""

    code = "conflict"


class IdempotencyMismatch(ProcedureError):
    """The idempotency key was used before for something else; `pointers` names what differs."""

    code = "idempotency-mismatch"


class Refused(ProcedureError):
    """The law does not let this happen here: the reason, its basis, and where to go instead."""

    code = "refused"


@dataclass(eq=False)
class Invalid(ProcedureError):
    """The data do not fit the step's form, field by field."""

    errors: Sequence[FieldError] = field(default_factory=tuple)
    code = "invalid"

    def __post_init__(self) -> None:
        super().__init__("; ".join(f"{error.pointer or '/'}: {error.message}" for error in self.errors))
