"""What somebody typed into the search box, read as words, "phrases" and -exclusions. Any string at all can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aioffice.register.text.fold import APOSTROPHES, Compound, Word, compounds

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CHARACTERS = 2_000
MAX_WORDS = 32
"""Words of a query that are looked for; the rest is named in `Query.ignored`, so that the page can say so."""

_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_PIECE = re.compile(
    rf"(?P<minus>(?<!\S)[-\u2212])?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<chunk>[^\s{_QUOTES}]+))"
)
# An elided article or preposition is no word to search for: l'usager, dell'utente, d'accord.
_ELIDED = frozenset(
    {"qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all", "nell", "sull", "dall", "coll", "quell", "degl"}
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: a word, words written together, or a quoted phrase."""

    words: tuple[Word, ...]
    quoted: bool = False
    joined: str | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search: every wanted term must be found, no excluded one may be. Words carry their place in `text`."""

    text: str
    languages: tuple[str, ...]
    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for: show the register as it stands instead."""
        return not (self.wanted or self.excluded)

    @property
    def only_excludes(self) -> bool:
        """Whether the query only says what must be absent, which no index can answer: it reads every row."""
        return bool(self.excluded) and not self.wanted


def parse_query(text: str, languages: Sequence[str]) -> Query:
    """Read a search text.

    `languages` are the codes in whose stems the words are looked for: those of the texts that are searched. Unclosed
    quotation marks are passed over; a minus counts only directly before a word or phrase. Words beyond `MAX_WORDS`,
    and text beyond `MAX_CHARACTERS`, are not searched but named in `ignored`.
    """
    read, beyond = text[:MAX_CHARACTERS], text[MAX_CHARACTERS:]
    wanted: list[Term] = []
    excluded: list[Term] = []
    ignored: list[str] = []
    count = 0
    for minus, term in _terms(read):
        count += len(term.words)
        if count > MAX_WORDS:
            ignored += [word.surface for word in term.words]
        else:
            (excluded if minus else wanted).append(term)
    if beyond.strip():
        ignored.append(beyond.strip()[:40])
    if wanted and not wanted[-1].quoted:
        wanted[-1] = replace(wanted[-1], last=True)
    return Query(text, tuple(dict.fromkeys(languages)), tuple(wanted), tuple(excluded), tuple(ignored))


def _terms(text: str) -> list[tuple[bool, Term]]:
    found: list[tuple[bool, Term]] = []
    for piece in _PIECE.finditer(text):
        minus, phrase = bool(piece["minus"]), piece["phrase"]
        start = piece.start("phrase" if phrase is not None else "chunk")
        read = [_moved(each, start) for each in compounds(phrase if phrase is not None else piece["chunk"])]
        if phrase is not None:
            together = tuple(word for compound in read for word in compound.words)
            found += [(minus, Term(together, quoted=True))] if together else []
        else:
            found += [(minus, Term(_without_elision(each), joined=each.joined)) for each in read]
    return found


def _moved(compound: Compound, by: int) -> Compound:
    moved = tuple(word._replace(start=word.start + by, end=word.end + by) for word in compound.words)
    return compound._replace(words=moved)


def _without_elision(compound: Compound) -> tuple[Word, ...]:
    first, joint = compound.words[0].folded, compound.joints[:1]
    elided = joint and joint[0] in APOSTROPHES and len(compound.words[1].folded) > 2
    return compound.words[1:] if elided and (len(first) <= 2 or first in _ELIDED) else compound.words
