"""What several effects of this desk share."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from aioffice.kernel.days import office_day
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.organisations import admitted_named
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.procedures.numbers import take_numbers
from aioffice.kernel.procedures.work import Work


def number(works: Sequence[Work]) -> None:
    """Give cases that are opened their numbers."""
    if works:
        series = works[0].step.procedure.series
        year = office_day(works[0].at).year
        for work, given in zip(works, take_numbers(series, year, len(works)), strict=True):
            work.case.number = given


def passing(works: Sequence[Work]) -> list[Work]:
    """The works that no check has failed so far."""
    return [work for work in works if work.error is None]


def invalid(pointer: str, message: str, code: str) -> Invalid:
    """One fault at one field."""
    return Invalid(errors=[FieldError(pointer, message, code)])


def find_one(text: str, pointer: str, *capacities: Capacity) -> Organisation | Invalid:
    """Return the one admitted organisation that a number or name means (holding one of the capacities), or what is wrong."""
    found = list(admitted_named(text, *capacities)[:6])
    if len(found) == 1:
        return found[0]
    if not found:
        named = ", ".join(str(capacity.label) for capacity in capacities)
        message = (
            _("No admitted organisation with this number or exact name is here as: %(capacities)s.")
            % {"capacities": named}
            if capacities
            else _("No admitted organisation with this number or exact name is here.")
        )
        return invalid(pointer, message, "no-such-organisation")
    message = _(
        "Several organisations have this name: give the official identifier (LEI, VAT number or EUID) of the one you mean."
    )
    return invalid(pointer, message, "several-organisations")
