"""From what was sent to a step's form: Pydantic validates, errors come out as JSON pointers with plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.procedures.pointers import pointer_from_location
from aioffice.kernel.procedures.sentences import sentence


def parse[F: Form](form: type[F], data: Mapping[str, Any], *, on: date) -> F:
    """Validate `data` against `form` and the law of the day `on`; raise `Invalid` with one error per fault."""
    try:
        parsed = form.model_validate(dict(data))
    except ValidationError as error:
        faults = [
            FieldError(pointer_from_location(fault["loc"]), sentence(fault), str(fault["type"]))
            for fault in error.errors(include_url=False)
        ]
        raise Invalid(errors=faults) from None
    if faults := list(parsed.faults(on)):
        raise Invalid(errors=faults)
    return parsed
