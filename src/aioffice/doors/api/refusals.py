"""From what is raised inside to the problem that goes out. Words come from the procedure; nothing of a case is added to them."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import AuthenticationError, HttpError, ValidationError

from aioffice.doors.api.problems import Problem
from aioffice.kernel.db import is_busy
from aioffice.kernel.procedures import errors as e

log = structlog.get_logger(__name__)

RETRY_AFTER_FAILURE = 2
"""Seconds after which a caller may try again when the database did not answer: a restart takes about a second."""
RETRY_WHEN_BUSY = 5
"""Seconds after which whoever met somebody else at the same thing may try again."""


def problem_of(error: Exception) -> Problem:
    """The problem document for anything that was raised; what was not foreseen is written to the log and told to nobody."""
    match error:
        case Problem():
            return error
        case e.ProcedureError():
            return _of_procedure(error)
        case ValidationError():
            return _of_parameters(error)
        case AuthenticationError():
            return Problem("token-needed", headers={"WWW-Authenticate": 'Bearer realm="AI Office"'})
        case Http404() | HttpError(status_code=404):
            return Problem("not-found")
        case RequestDataTooBig():
            return Problem("too-large", "The body is larger than this address takes.")
        case BadRequest() | SuspiciousOperation() | UnreadablePostError() | MultiPartParserError() | HttpError():
            return Problem("bad-request")
        case OperationalError() if is_busy(error):
            log.warning("api_busy", reason=str(error).partition("\n")[0])
            return Problem("busy", headers={"Retry-After": str(RETRY_WHEN_BUSY)})
        case OperationalError() | InterfaceError():
            log.error("api_database_failed", exc_info=error)
            return Problem("unavailable", headers={"Retry-After": str(RETRY_AFTER_FAILURE)})
        case _:
            log.error("api_failed", exc_info=error)
            return Problem("internal")


def _of_procedure(error: e.ProcedureError) -> Problem:
    extra = error.extra
    match error:
        case e.Invalid():
            one = "One field does not fit." if len(error.errors) == 1 else f"{len(error.errors)} fields do not fit."
            return Problem("invalid", one, errors=error.errors)
        case e.Refused():
            pointer = extra.get("pointer")
            fault = [e.FieldError(pointer, error.message, error.code)] if pointer else []
            return Problem("refused", error.message, errors=fault)
        case e.NotFound():
            return Problem("not-found", error.message)
        case e.NotAllowed():
            return Problem("not-allowed", error.message)
        case e.WrongState():
            known: dict[str, Any] = {name: extra[name] for name in ("states", "state") if name in extra}
            return Problem("wrong-state", error.message, extra=known)
        case e.IdempotencyMismatch():
            differs = "This differs from what the key was first used for."
            faults = [e.FieldError(pointer, differs, "differs") for pointer in extra.get("pointers", ())]
            return Problem("idempotency-mismatch", error.message, errors=faults)
        case e.Conflict():
            return Problem("conflict", error.message)
        case _:
            return Problem("refused", error.message)


def _of_parameters(error: ValidationError) -> Problem:
    wrong = {}
    for fault in error.errors:
        # Parameters grouped in one model carry the group's name before their own.
        name = next(str(part) for part in reversed(fault["loc"]) if not isinstance(part, int))
        wrong[name] = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(
        "bad-parameter", "; ".join(f"{name}: {message}" for name, message in wrong.items()), parameters=wrong
    )
