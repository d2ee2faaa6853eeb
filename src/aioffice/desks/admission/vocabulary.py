"""Choices of the admission forms, shown in the language in force."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aioffice.act.member_states import member_states
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, OPERATOR_CAPACITIES, Capacity
from aioffice.kernel.sorting import by_name

UNION = "EU"
"""Country code of Union institutions, bodies, offices and agencies, whose seat counts as the Union itself."""

# Babel also names regions, groups and territories without a code of ISO 3166-1. Kosovo's XK is what the Union's institutions write.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

SINGLE_HOLDER = frozenset(
    {
        Capacity.EDPS,
        Capacity.BOARD,
        Capacity.ADVISORY_FORUM,
        Capacity.SCIENTIFIC_PANEL,
        Capacity.SINGLE_POINT_OF_CONTACT,
    }
)
"""Capacities that one organisation alone holds (a single point of contact: one in each Member State, Article 70(2))."""
SEATED_IN_UNION = frozenset({Capacity.AUTHORISED_REPRESENTATIVE, Capacity.IMPORTER})
"""Operators that are established in the Union by definition (Article 3(5) and (6))."""
BY_CONTACT_POINT = NATIONAL_CAPACITIES - {Capacity.SINGLE_POINT_OF_CONTACT}
"""Capacities that a Member State's single point of contact may grant for its own State."""


class EndReason(models.TextChoices):
    """Why a granted capacity or access ends."""

    DESIGNATION_ENDED = "designation_ended", _("The designation or notification has ended")
    SUCCEEDED = "succeeded", _("Another organisation has taken over")
    GRANTED_IN_ERROR = "granted_in_error", _("It was granted in error")
    OTHER = "other", _("Another reason")


def ends_of_access() -> Sequence[tuple[str, object]]:
    """Why access that the Act itself gives may end."""
    return [(reason.value, reason.label) for reason in EndReason if reason is not EndReason.OTHER]


def operator_capacities() -> Sequence[tuple[str, object]]:
    """What an operator may say it is."""
    return [(c.value, c.label) for c in Capacity if c in OPERATOR_CAPACITIES]


def granted_capacities() -> Sequence[tuple[str, object]]:
    """What is granted to others. The AI Office's own capacity comes with the office, not by grant."""
    return [(c.value, c.label) for c in Capacity if c not in OPERATOR_CAPACITIES and c is not Capacity.AI_OFFICE]


def states() -> Sequence[tuple[str, str]]:
    """The 27 Member States, by name."""
    return by_name((state.code, state.name(_language())) for state in member_states())


def countries() -> Sequence[tuple[str, str]]:
    """Every country by its ISO 3166-1 code, and the Union for its own institutions, by name."""
    union = _now("European Union (institution, body, office or agency)")
    return [(UNION, union), *_countries(_language())]


def state_of_seat(country: str) -> str:
    """The Member State of a seat in that country; empty for a third country and for the Union's own bodies."""
    return country if country in {state.code for state in member_states()} else ""


def _language() -> str:
    return (get_language() or "en").partition("-")[0]


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    try:
        names = Locale(language).territories
    except UnknownLocaleError:
        names = Locale("en").territories
    found = [
        (code, str(name))
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    ]
    return tuple(by_name(found))
