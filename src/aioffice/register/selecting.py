"""Field C 3: from what a deployer writes to the provider's entry.

The deployer need not be able to see the entry's case: a function that runs as the tables' owner answers for one exact number alone,
with what the deployer's own entry must take over. Numbers of the secure section cannot be guessed; who has one was given it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from aioffice.kernel.procedures.errors import FieldError, Invalid

_NUMBER = re.compile(r"EU-[AB]-(?:\d{4}-\d{6,}|S-[2-9A-Z]{12})", re.IGNORECASE)
SECURE_POINTS = ("1", "6", "7")


@dataclass(frozen=True, slots=True)
class SelectedEntry:
    """What a deployer's registration takes over from the provider's entry."""

    case_id: UUID
    number: str
    name: str
    annex_iii_point: str
    secure: bool


def select_provider_entry(text: str) -> SelectedEntry | None:
    """Return the Section A entry that a number or address names, None when there is none in force."""
    found = _NUMBER.search(text)
    if not found:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from office.register_select_entry(%s)", [found.group().upper()])
        row = cursor.fetchone()
    return SelectedEntry(*row) if row else None


def no_such_entry(text: str) -> Invalid:
    """Say that no entry is meant by what the deployer wrote, and what to do."""
    message = (
        f"There is no entry “{text[:80]}” of a provider in Section A. Check the number; if the provider has not registered "
        "the system, choose “Hold: the provider has not registered the system”."
    )
    return Invalid(errors=[FieldError("/provider_entry", message, "no-such-entry")])


def routes_agree(selected: SelectedEntry, area_of_use: str) -> Invalid | None:
    """Say what is wrong when the entry's use case contradicts the area of use."""
    point = selected.annex_iii_point.partition("(")[0]
    restricted = area_of_use != "other"
    if restricted and point not in SECURE_POINTS:
        message = (
            f"The system is registered under point {selected.annex_iii_point} of Annex III, which has no secure section: "
            "choose another area of use."
        )
        return Invalid(errors=[FieldError("/routing/area_of_use", message, "area-of-use")])
    if not restricted and point in ("6", "7"):
        message = f"A system under point {selected.annex_iii_point} of Annex III is used in the area that point names: choose it."
        return Invalid(errors=[FieldError("/routing/area_of_use", message, "area-of-use")])
    return None
