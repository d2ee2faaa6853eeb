"""The search index of one record: lexemes with positions and weights, as PostgreSQL stores them.

Three kinds of lexeme, told apart by their first character:
- `parkeren`      a word as it stands, folded, with its positions: phrases and prefixes are looked up here;
- `~nl:parker`    a stem of that language, at the same positions;
- `<nl:nerekrap`  the tail of a compound, backwards, without positions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from aioffice.register.text.fold import compounds, words, written
from aioffice.register.text.stems import stem_lexemes, tail_lexemes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

type Weight = Literal["A", "B", "C", "D"]

MAX_POSITION = 16_383
"""PostgreSQL's highest position; words beyond it are found, but no longer as part of a phrase."""
MAX_POSITIONS = 255
"""PostgreSQL's limit of positions for one lexeme."""
MAX_BYTES = 1_000_000
"""What one index may weigh, a little under PostgreSQL's 1 MB."""


class Weighted(NamedTuple):
    """A text to index: weight A counts most in ranking, D least; `language` where it differs from the record's."""

    text: str
    weight: Weight = "D"
    language: str | None = None


type Position = tuple[int, Weight]
"""A place in the record, counted in words from 1, and its weight."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The lexemes of a record, and what PostgreSQL's limits kept out: the counts are nought for any ordinary record."""

    lexemes: Mapping[str, tuple[Position, ...]]
    words_beyond_positions: int = 0
    positions_left_out: int = 0
    lexemes_left_out: int = 0

    @property
    def complete(self) -> bool:
        """Whether every word, position and stem went in."""
        return not (self.words_beyond_positions or self.positions_left_out or self.lexemes_left_out)


def index_terms(texts: Sequence[Weighted], language: str) -> Terms:
    """Return the lexemes of a record's texts.

    `language` is a two-letter code; one without a stemmer gives raw words. Phrases never reach from one text into the
    next. Nothing is dropped unseen: what exceeds PostgreSQL's limits is counted in the result, tails going first, then
    stems, raw words last.
    """
    raw: defaultdict[str, list[Position]] = defaultdict(list)
    derived: defaultdict[str, list[Position]] = defaultdict(list)
    tails: dict[str, list[Position]] = {}
    at = beyond = 0
    for text in texts:
        spoken, start = text.language or language, at
        for whole in written(text.text):
            joined, parts = _lexemes(whole, spoken)
            if joined:
                raw[joined].append((min(at + 1, MAX_POSITION), text.weight))
            for word, stemmed, tailed in parts:
                at += 1
                place = (at, text.weight) if at < MAX_POSITION else (MAX_POSITION, text.weight)
                raw[word].append(place)
                for lexeme in stemmed:
                    derived[lexeme].append(place)
                for lexeme in tailed:
                    tails[lexeme] = _NO_PLACES
        beyond += max(0, at - max(start, MAX_POSITION))
        at += 1
    return _within_limits((raw, derived, tails), beyond)


@lru_cache(maxsize=1 << 16)
def _lexemes(whole: str, language: str) -> tuple[str | None, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]]:
    """Return what a compound is joined to, and each word of it with its stems and tails. Most text is words met before."""
    for compound in compounds(whole):
        parts = tuple(
            (
                word.folded,
                stem_lexemes(word.surface, word.folded, language),
                tail_lexemes(word.folded, language),
            )
            for word in compound.words
        )
        return compound.joined, parts
    return None, ()


_NO_PLACES: list[Position] = []


def _harmless(kind: Mapping[str, list[Position]]) -> bool:
    """Whether lexemes of one kind stay within a third of every limit, by a bound that is quick to reckon."""
    places = max(map(len, kind.values()), default=0)
    size = 4 * sum(map(len, kind)) + 4 * len(kind) + 2 * sum(map(len, kind.values()))
    return places <= MAX_POSITIONS and size <= MAX_BYTES // 3


def _within_limits(kinds: Sequence[Mapping[str, list[Position]]], beyond: int) -> Terms:
    if not beyond and all(_harmless(kind) for kind in kinds):
        return Terms({lexeme: tuple(places) for kind in kinds for lexeme, places in kind.items()})
    kept: dict[str, tuple[Position, ...]] = {}
    size = positions_out = lexemes_out = 0
    for kind in kinds:
        for lexeme, places in kind.items():
            distinct = tuple(dict.fromkeys(places)) if len(places) > 1 else tuple(places)
            fitting = distinct[:MAX_POSITIONS]
            # What PostgreSQL stores: the text, a count and two bytes a position, all aligned.
            weight = len(lexeme.encode()) + 4 + 2 * len(fitting)
            if size + weight > MAX_BYTES:
                lexemes_out += 1
                continue
            size += weight
            positions_out += len(distinct) - len(fitting)
            kept[lexeme] = fitting
    return Terms(kept, beyond, positions_out, lexemes_out)


def quoted(lexeme: str) -> str:
    """Return a lexeme as PostgreSQL reads it inside a tsvector or tsquery, whatever it contains."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def to_tsvector_text(terms: Terms) -> str:
    """Return the terms as text for a cast, `%s::tsvector`. Never call `to_tsvector` on it: it would split it again."""
    return " ".join(
        quoted(lexeme) + (":" + ",".join([f"{at}{weight}" for at, weight in places]) if places else "")
        for lexeme, places in terms.lexemes.items()
    )


def vocabulary(texts: Iterable[Weighted], language: str) -> Counter[tuple[str, str]]:
    """Return how often each (word, language) stands in the texts: what `did_you_mean` chooses from.

    Words are in lower case and keep their accents, so that a suggestion is spelt as people write it. Words of fewer
    than three letters and those with a digit are left out: nobody is helped by a suggestion of them.
    """
    return Counter(
        (word.surface, text.language or language)
        for text in texts
        for word in words(text.text)
        if len(word.surface) >= 3 and word.surface.isalpha()
    )
