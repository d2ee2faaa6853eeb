"""From what was sent to a step's form: Pydantic validates, errors come out as JSON pointers with plain sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.procedures.pointers import pointer_from_location
from aioffice.kernel.procedures.sentences import sentence

_UNSHOWABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
"""Signs that steer terminals and printers, or turn the order of what is read: in a register they could only deceive."""


def parse[F: Form](form: type[F], data: Mapping[str, Any], *, on: date) -> F:
    """Validate `data` against `form` and the law of the day `on`; raise `Invalid` with one error per fault."""
    if faults := list(_unshowable(data, "")):
        raise Invalid(errors=faults)
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


def _unshowable(value: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(value, str):
        if found := _UNSHOWABLE.search(value):
            message = _("This text holds a sign that no page can show (U+%(code)s). Leave it out.")
            yield FieldError(pointer, message % {"code": f"{ord(found.group()):04X}"}, "unshowable")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unshowable(inner, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _unshowable(inner, f"{pointer}/{index}")
