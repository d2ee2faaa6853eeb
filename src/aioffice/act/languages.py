"""The 24 official languages of the Union (Regulation No 1/58, Article 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from aioffice.act.lookup import find, json_data

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Language:
    """An official language: ISO 639-1 code, its name in itself, its name in English and French."""

    code: str
    own_name: str
    names: Mapping[str, str] = field(hash=False)

    def name(self, language: str) -> str:
        """The name in English or French (`en`, `fr`). Raises UnknownCodeError for others."""
        return find("language of language names", language.partition("-")[0], self.names)


def languages() -> tuple[Language, ...]:
    """All 24, in the order of their codes."""
    return tuple(_by_code().values())


def language(code: str) -> Language:
    """The official language with this ISO 639-1 code. Raises UnknownCodeError with the nearest right code."""
    return find("official language", code, _by_code(), also=_other_spellings())


@cache
def _by_code() -> dict[str, Language]:
    rows = json_data("languages.json")
    return {row["code"]: Language(**row) for row in rows}


@cache
def _other_spellings() -> dict[str, str]:
    return {name: known.code for known in languages() for name in (known.own_name, *known.names.values())}
