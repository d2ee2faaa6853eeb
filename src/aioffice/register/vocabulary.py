"""Choices of the register's forms, taken from `act` and shown in the language in force."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aioffice.act import annex_iii, annex_viii, languages, member_states, status
from aioffice.act.text import LANGUAGES, text
from aioffice.kernel.sorting import by_name


def words(key: str) -> str:
    """The text of `act` with that key, in the language in force; English where `act` has no other."""
    language = (get_language() or "en").partition("-")[0]
    return text(key, language if language in LANGUAGES else "en")


class FilerCapacity(models.TextChoices):
    """In which capacity a filing is made; asked beside the Annex VIII fields."""

    PROVIDER = "provider", _("Provider")
    AUTHORISED_REPRESENTATIVE = "authorised_representative", _("Authorised representative of the provider")
    DEPLOYER = "deployer", _("Public authority, Union institution or body that uses the system")
    ON_BEHALF_OF_DEPLOYER = "on_behalf_of_deployer", _("Person acting on behalf of such a deployer")


def provider_capacities() -> Sequence[tuple[str, object]]:
    """Capacities in which Sections A and B are filed."""
    return [(known.value, known.label) for known in (FilerCapacity.PROVIDER, FilerCapacity.AUTHORISED_REPRESENTATIVE)]


def deployer_capacities() -> Sequence[tuple[str, object]]:
    """Capacities in which Section C is filed."""
    return [(known.value, known.label) for known in (FilerCapacity.DEPLOYER, FilerCapacity.ON_BEHALF_OF_DEPLOYER)]


UNION = "EU"
"""Code for the Union itself, where a seat is asked: institutions, bodies, offices and agencies have no Member State."""


def deployer_seats() -> Sequence[tuple[str, object]]:
    """The Union, for its bodies, and the 27 Member States."""
    return [(UNION, _("Union institution, body, office or agency")), *states()]


class Ground(models.TextChoices):
    """Why the Office withholds text of an entry."""

    PERSONAL_DATA = "personal_data", _("Personal data that the Act does not ask for")
    TRADE_SECRET = "trade_secret", _("Trade secret or confidential business information")
    SECURITY = "security", _("Security-sensitive information")


def annex_iii_points() -> Sequence[tuple[str, str]]:
    """Annex III sub-points as codes (`4(a)`) with short titles."""
    return [(p.label, f"{p.label} {words(p.key)}") for p in annex_iii.points()]


def areas_of_use() -> Sequence[tuple[str, str]]:
    """Areas in which a system is used, as Article 49(4) tells them apart."""
    return [(area.value, words(area.key)) for area in annex_iii.AreaOfUse]


def states() -> Sequence[tuple[str, str]]:
    """The 27 Member States, by name."""
    return by_name((state.code, state.name(get_language() or "en")) for state in member_states.member_states())


def text_languages() -> Sequence[tuple[str, str]]:
    """The 24 official languages."""
    return [(language.code, language.own_name) for language in languages.languages()]


def system_statuses() -> Sequence[tuple[str, str]]:
    """Statuses of a system, in the words of Annex VIII."""
    return [(item.code, words(item.key)) for item in status.statuses()]


def conditions() -> Sequence[tuple[str, str]]:
    """The conditions of Article 6(3)(a) to (d)."""
    return [(item.code, f"({item.code}) {words(item.key)}") for item in status.conditions()]


def field_label(section: str, number: int) -> str:
    """Our own short words for a field of Annex VIII, in the language in force."""
    return words(annex_viii.field(section, number).key)


def lazy_field_label(section: str, number: int) -> object:
    """The same, translated only when shown."""
    return _LazyField(section, number)


class _LazyField:
    def __init__(self, section: str, number: int) -> None:
        self._place = (section, number)

    def __str__(self) -> str:
        return field_label(*self._place)
