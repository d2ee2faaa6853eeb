"""Finding provisions of the Act by plain words or by number, for pages and API alike."""

from __future__ import annotations

from functools import cache

from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.citations import CitationError, cited
from aioffice.act.provisions.nodes import Kind, Node
from aioffice.act.provisions.wording import line, words
from aioffice.act.text import LANGUAGES
from aioffice.register.text.fold import words as words_of

MOST_WORDS = 200
"""Characters of a search."""


def search(asked: str) -> list[Node]:
    """The provisions with a line that hold every word, in the order of the Act; one that is cited so stands first."""
    wanted = [word.folded for word in words_of(asked)]
    found = [one for one in tree.nodes() if _holds(one, wanted)] if wanted else []
    named = [one for one in _named(asked) if one.kind is not Kind.CHAPTER]
    return [*named, *(one for one in found if one not in named)]


def _named(asked: str) -> tuple[Node, ...]:
    """What somebody means who writes a number: `6(3)`, `article 6`, `Annex III 4`."""
    written = asked.strip().removeprefix("Article ").removeprefix("article ").removeprefix("Art. ")
    try:
        return cited(written.replace("annexe ", "Annex ").replace("annex ", "Annex "))
    except CitationError:
        return ()


def _holds(of: Node, wanted: list[str]) -> bool:
    held = _held(of.id)
    return all(any(word.startswith(asked) for word in held) for asked in wanted)


@cache
def _held(id: str) -> frozenset[str]:
    of = tree.node(id)
    lines = [line(of, language) for language in LANGUAGES]
    if not any(lines) or of.kind is Kind.CHAPTER:
        return frozenset()
    said = (*lines, *(words(of, language) for language in LANGUAGES), of.number)
    return frozenset(word.folded for one in said for word in words_of(one))
