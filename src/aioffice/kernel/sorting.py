"""Lists for people, in the order in which people look for a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def by_name(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices as codes with names, sorted by name: capitals and accents do not matter ("États-Unis" stands under E)."""
    return sorted(choices, key=lambda choice: _plain(choice[1]))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
