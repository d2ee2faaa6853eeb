"""Words of a text, with case and accents taken away.

Searching ignores both, in every language: a word is compared by its *folded* form, while stemmers, which need the
accents, get its lower-case *surface*.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WORD = 120
"""Characters of a word that are compared. Keeps every lexeme far below PostgreSQL's 2,046 bytes."""

# Marks and invisible joiners belong to the word they stand in; a zero-width space (U+200B) ends it.
_INSIDE = "\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff"
_TOKEN = rf"[^\W_]+(?:[{_INSIDE}]+[^\W_]*)*"
_HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'\u2018\u2019\u02bc"
APOSTROPHES = frozenset(_APOSTROPHES)
HYPHENS = frozenset(_HYPHENS)

_WORD = re.compile(_TOKEN)
_COMPOUND = re.compile(rf"{_TOKEN}(?:[{_HYPHENS}{_APOSTROPHES}./:_@&]{_TOKEN})*")

# Letters that Unicode does not take apart into a base letter and a mark. Casefolding makes ss of the German sharp s.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ĸ": "k"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)


class Word(NamedTuple):
    """A word where it stands in a text: `start` and `end` count characters (code points)."""

    start: int
    end: int
    folded: str
    surface: str


class Compound(NamedTuple):
    """Words written together (`AI-systeem`, `auto's`, `2024/1689`) and the signs between them; most are one word."""

    words: tuple[Word, ...]
    joints: tuple[str, ...] = ()

    @property
    def joined(self) -> str | None:
        """The folded compound without its signs, where people also write it so: `e-mail` as email."""
        if not self.joints or len(self.joints) > 3:
            return None
        *_, last = self.words
        hyphened = all(joint in HYPHENS for joint in self.joints)
        shortened = len(self.joints) == 1 and self.joints[0] in APOSTROPHES and len(last.folded) <= 2
        return "".join(word.folded for word in self.words)[:MAX_WORD] if hyphened or shortened else None


def fold(word: str) -> str:
    """Return a word without case, accents, invisible signs and anything else that is neither letter nor digit."""
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_WORD]
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    plain = plain.translate(_PLAIN)
    return "".join(char for char in plain if char.isalnum())[:MAX_WORD]


def surface(word: str) -> str:
    """Return a word in lower case, accents composed, invisible signs removed: what a stemmer reads and people write."""
    if word.isascii():
        return word.lower()[:MAX_WORD]
    lowered = unicodedata.normalize("NFC", word.lower())
    return "".join(char for char in lowered if char.isalnum() or unicodedata.combining(char))[:MAX_WORD]


@lru_cache(maxsize=1 << 16)
def _forms(word: str) -> tuple[str, str]:
    return fold(word), surface(word)


def compounds(text: str) -> Iterator[Compound]:
    """Yield the words of a text in order, those written together as one compound. Any string will do."""
    for match in _COMPOUND.finditer(text):
        start, whole = match.start(), match.group()
        if whole.isalnum():
            folded, lowered = _forms(whole)
            if folded:
                yield Compound((Word(start, match.end(), folded, lowered),))
            continue
        words: list[Word] = []
        joints: list[str] = []
        for found in _WORD.finditer(whole):
            folded, lowered = _forms(found.group())
            if not folded:
                continue
            if words:
                joints.append(whole[found.start() - 1])
            words.append(Word(start + found.start(), start + found.end(), folded, lowered))
        if words:
            yield Compound(tuple(words), tuple(joints))


def written(text: str) -> list[str]:
    """Return the compounds of a text as they are written, which is all that an index needs of them."""
    found: list[str] = _COMPOUND.findall(text)
    return found


def words(text: str) -> list[Word]:
    """Return the single words of a text in order."""
    return [word for compound in compounds(text) for word in compound.words]
