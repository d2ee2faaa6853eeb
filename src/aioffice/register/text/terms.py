"""The search index of one record: lexemes with positions and weights, as PostgreSQL stores them.

Three kinds of lexeme, told apart by their first character:
- `parkeren`      a word as it stands, folded, with its positions: phrases and prefixes are looked up here;
- `~nl:parker`    a stem of that language, at the same positions;
- `<nl:nerekrap`  the tail of a compound, backwards, without positions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from aioffice.register.text.fold import compounds, words
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


class Position(NamedTuple):
    """A place in the record, counted in words from 1, and its weight."""

    at: int
    weight: Weight


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
    at = 0
    for text in texts:
        spoken = text.language or language
        for compound in compounds(text.text):
            if compound.joints and compound.joined:
                raw[compound.joined].append(_place(at + 1, text.weight))
            for word in compound.words:
                at += 1
                place = _place(at, text.weight)
                raw[word.folded].append(place)
                for lexeme in stem_lexemes(word.surface, word.folded, spoken):
                    derived[lexeme].append(place)
                for lexeme in tail_lexemes(word.folded, spoken):
                    tails[lexeme] = _NO_PLACES
        at += 1
    beyond = max(0, at - len(texts) - MAX_POSITION)
    return _within_limits((raw, derived, tails), beyond)


_NO_PLACES: list[Position] = []


def _place(at: int, weight: Weight) -> Position:
    return Position(min(at, MAX_POSITION), weight)


def _within_limits(kinds: Iterable[Mapping[str, list[Position]]], beyond: int) -> Terms:
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
