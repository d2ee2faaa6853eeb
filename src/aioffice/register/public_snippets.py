"""The pieces of an entry's text that show why it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from aioffice.register.text import Fragment, Query, fragments

TEXTS = (
    "intended_purpose",
    "purpose",
    "information_and_logic",
    "rights_assessment",
    "data_protection_assessment",
    "legal_basis",
)
"""Fields a snippet may come from, the most telling first."""

_decoder = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of one field's text, with the places to mark. `field` is its name in the published document."""

    field: str
    fragment: Fragment


def snippets(body: bytes, query: Query, language: str, *, width: int = 240, most: int = 2) -> tuple[Snippet, ...]:
    """Up to `most` pieces of about `width` characters with the query's words; without any, how the first text begins."""
    fields = _decoder.decode(body).get("fields", {})
    texts = [(name, fields[name]) for name in TEXTS if isinstance(fields.get(name), str) and fields[name]]
    chosen: list[Snippet] = []
    for name, text in texts:
        found = fragments(text, query, language, width=width, most=most - len(chosen)) if query.wanted else ()
        chosen += [Snippet(name, fragment) for fragment in found if fragment.marks]
        if len(chosen) >= most:
            break
    if chosen or not texts:
        return tuple(chosen)
    name, text = texts[0]
    beginning = fragments(text, Query("", ()), language, width=width, most=1)
    return tuple(Snippet(name, fragment) for fragment in beginning)
