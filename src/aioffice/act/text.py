"""Short words for fields, points, statuses and routes, by stable key and language.

They are this software's own; only the Official Journal is authentic.
"""

from __future__ import annotations

from functools import cache
from typing import cast

from aioffice.act.lookup import find, json_data

LANGUAGES = ("en", "fr")
"""Languages in which every key has a text."""


@cache
def texts(language: str) -> dict[str, str]:
    """All texts of one language by key; `fr-be` has the texts of `fr`. Raises UnknownCodeError."""
    known = {code: code for code in LANGUAGES}
    base = language.replace("_", "-").partition("-")[0]
    return cast("dict[str, str]", json_data(f"{find('language of act texts', base, known)}.json"))


def text(key: str, language: str) -> str:
    """The text of a key. Raises UnknownCodeError for a key or language that has none."""
    return find("text key", key, texts(language))
