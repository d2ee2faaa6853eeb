"""Where a query was found in a text: fragments with the places to mark. No markup here; the page escapes and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aioffice.register.text.fold import compounds
from aioffice.register.text.stems import stem_lexemes, tail_lexemes
from aioffice.register.text.tsquery import Lexeme, Sought, sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aioffice.register.text.query import Query


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch to mark, in characters from the start of its text, and the number of the wanted term it answers."""

    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a text with its marks, counted from its own start, and whether the text goes on around it."""

    text: str
    marks: tuple[Mark, ...]
    start: int
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    lexemes: tuple[str, ...]
    joined: str | None = None
    joined_end: int = 0


def marks(text: str, query: Query, language: str) -> tuple[Mark, ...]:
    """Return where the wanted terms stand in a text of that language, in order, without overlap, stems included."""
    places = _places(text, language)
    found = [
        mark
        for number, term in enumerate(query.wanted)
        for mark in _found(places, sought(term, query.languages), number)
    ]
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)


def fragments(text: str, query: Query, language: str, *, width: int = 240, most: int = 2) -> tuple[Fragment, ...]:
    """Return up to `most` pieces of about `width` characters that show the query best, in the order of the text.

    Pieces with more of the different terms come before those that repeat one. A text without a hit gives its beginning.
    """
    placed = marks(text, query, language)
    windows = [_window(text, mark.start, width) for mark in placed] or [_window(text, 0, width)]
    chosen: list[tuple[int, int]] = []
    shown: set[int] = set()
    while len(chosen) < most:
        free = [each for each in windows if all(each[1] <= start or each[0] >= end for start, end in chosen)]
        if not free:
            break
        inside = {each: [mark for mark in placed if each[0] <= mark.start and mark.end <= each[1]] for each in free}
        window = max(free, key=lambda each: (len({m.term for m in inside[each]} - shown), len(inside[each]), -each[0]))
        if chosen and not inside[window]:
            break
        chosen.append(window)
        shown |= {mark.term for mark in inside[window]}
    return tuple(_fragment(text, start, end, placed) for start, end in sorted(chosen))


def _places(text: str, language: str) -> list[_Place]:
    places: list[_Place] = []
    for compound in compounds(text):
        for at, word in enumerate(compound.words):
            lexemes = (
                word.folded,
                *stem_lexemes(word.surface, word.folded, language),
                *tail_lexemes(word.folded, language),
            )
            joined = None if at else compound.joined
            places.append(_Place(word.start, word.end, lexemes, joined, compound.words[-1].end))
    return places


def _found(places: Sequence[_Place], looked_for: Sought, number: int) -> list[Mark]:
    found: list[Mark] = []
    length = len(looked_for.steps)
    # A single word finds a compound by its joined form too: autos finds auto's.
    joined = looked_for.instead + (looked_for.steps[0] if length == 1 else ())
    for at, place in enumerate(places):
        following = places[at : at + length]
        if len(following) == length and all(_any(step, p) for step, p in zip(looked_for.steps, following, strict=True)):
            found.append(Mark(place.start, following[-1].end, number))
        elif place.joined is not None and any(each.matches(place.joined) for each in joined):
            found.append(Mark(place.start, place.joined_end, number))
        elif any(each.matches(place.lexemes[0]) for each in looked_for.instead):
            found.append(Mark(place.start, place.end, number))
    return found


def _any(step: tuple[Lexeme, ...], place: _Place) -> bool:
    return any(each.matches(lexeme) for each in step for lexeme in place.lexemes)


def _window(text: str, around: int, width: int) -> tuple[int, int]:
    if len(text) <= width:
        return 0, len(text)
    start = min(max(0, around - width // 3), len(text) - width)
    if start:
        # Begin with a whole sentence if one begins near by, else with a whole word.
        sentence = max(text.rfind(sign, start, around) for sign in (". ", "? ", "! ", "\n"))
        space = text.find(" ", start, around)
        start = sentence + 1 if sentence >= 0 else space + 1 if space >= 0 else start
        while start < around and text[start].isspace():
            start += 1
    end = min(len(text), start + width)
    if end < len(text):
        space = text.rfind(" ", max(around + 1, start), end)
        end = space if space > 0 else end
    return start, end


def _fragment(text: str, start: int, end: int, placed: Sequence[Mark]) -> Fragment:
    inside = (mark for mark in placed if start <= mark.start and mark.end <= end)
    moved = tuple(Mark(mark.start - start, mark.end - start, mark.term) for mark in inside)
    return Fragment(text[start:end], moved, start, start > 0, end < len(text))
