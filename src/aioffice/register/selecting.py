"""Field C 3: from what a deployer writes to the provider's entry.

The deployer need not be able to see the entry's case: a function that runs as the tables' owner answers for one exact number alone,
with what the deployer's own entry must take over. Numbers of the secure section cannot be guessed; who has one was given it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from aioffice.act.annex_iii import Route, registration_route
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.register.vocabulary import words

_NUMBER = re.compile(
    r"(?:https?://[^/\s]+/[a-z]{2}/register/)?(EU-[AB]-(?:\d{4}-\d{6,}|S-[2-9A-Z]{12}))/?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SelectedEntry:
    """What a deployer's registration takes over from the provider's entry."""

    case_id: UUID
    number: str
    name: str
    annex_iii_point: str
    secure: bool
    in_force: bool


def select_provider_entry(text: str, *, kept: UUID | None = None) -> SelectedEntry | None:
    """Return the Section A entry that a number, or its address in this register, names; None when there is none in force.

    `kept`: the entry that the use has selected already. It stays, also when its provider has declared it an error since.
    """
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from office.register_select_entry(%s)", [found[1].upper()])
        row = cursor.fetchone()
    selected = SelectedEntry(*row) if row else None
    return selected if selected and (selected.in_force or selected.case_id == kept) else None


def no_such_entry(text: str) -> Invalid:
    """Say that no entry is meant by what the deployer wrote, and what to do."""
    if "EU-B-" in text.upper():
        message = _(
            "“%(text)s” is in Section B: its provider holds that the system is not high-risk (Article 6(3)). Only the use of "
            "high-risk systems is registered (Article 49(3))."
        ) % {"text": text[:80]}
        return Invalid(errors=[FieldError("/provider_entry", message, "not-high-risk")])
    message = _(
        "There is no entry “%(text)s” of a provider in Section A. Check the number; if the provider has not registered "
        "the system, choose “Hold: the provider has not registered the system”."
    ) % {"text": text[:80]}
    return Invalid(errors=[FieldError("/provider_entry", message, "no-such-entry")])


def route_of_use(selected: SelectedEntry, area_of_use: str, on: date) -> Route | Invalid:
    """Return where the use of a selected system is registered, or what is wrong when its use case contradicts the area."""
    route = registration_route(selected.annex_iii_point, area_of_use, on)
    if not route.problem_key:
        return route
    return Invalid(errors=[FieldError("/routing/area_of_use", words(route.problem_key), "route")])
