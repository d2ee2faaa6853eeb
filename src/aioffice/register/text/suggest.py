"""\"Did you mean\": a likelier word for one that nothing, or hardly anything, was written with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aioffice.register.text.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aioffice.register.text.query import Query

MIN_LETTERS = 4
"""Shorter words are left alone: almost anything is one letter away from them."""
TIMES_AS_COMMON = 20
"""A word that does occur is doubted only for one this many times as common."""

CANDIDATES_SQL: Final = """
    SELECT word, sum(frequency)::bigint AS n, max(similarity(word, %(word)s)) AS alike
      FROM published.word
     WHERE collection = %(collection)s AND word %% %(word)s
     GROUP BY word
     ORDER BY alike DESC, n DESC, word
     LIMIT 20
"""
"""Candidates for one word, by the trigram index of the vocabulary; parameters `word` and `collection`."""


class Candidate(NamedTuple):
    """A word of the vocabulary: how often it occurs, and its trigram likeness (0 to 1) to the word asked about."""

    word: str
    n: int
    alike: float


def words_to_check(query: Query) -> tuple[str, ...]:
    """Return the wanted words that are worth a suggestion, as typed but in lower case."""
    found = (word.surface for term in query.wanted for word in term.words)
    return tuple(dict.fromkeys(word for word in found if len(word) >= MIN_LETTERS and word.isalpha()))


def best(word: str, candidates: Iterable[Candidate]) -> str | None:
    """Return the likeliest word that was meant, or None when the word is fine or nothing comes near it.

    Nearness is counted in typing slips (a letter missing, added, wrong, or two swapped): one for short words, two from
    seven letters, three from twelve. Among the equally near, the more alike and then the more common wins.
    """
    rows = [Candidate(*row) for row in candidates]
    asked = fold(word)
    known = sum(row.n for row in rows if fold(row.word) == asked)
    allowed = 1 if len(asked) < 7 else 2 if len(asked) < 12 else 3
    near = [
        (slips, -row.alike, -row.n, row.word)
        for row in rows
        if (slips := distance(asked, fold(row.word), allowed)) and slips <= allowed
        if not known or row.n >= known * TIMES_AS_COMMON
    ]
    return min(near)[-1] if near else None


def did_you_mean(query: Query, candidates: Mapping[str, Iterable[Candidate]]) -> str | None:
    """Return the whole search text with likelier words put in their places, or None when nothing is to be suggested.

    `candidates` holds the rows of `CANDIDATES_SQL` for each of `words_to_check(query)`.
    """
    better = {word: best(word, rows) for word, rows in candidates.items()}
    text = query.text
    found = sorted((word for term in query.wanted for word in term.words), key=lambda word: -word.start)
    for word in found:
        if replacement := better.get(word.surface):
            text = text[: word.start] + replacement + text[word.end :]
    return text if text != query.text else None


def distance(one: str, other: str, limit: int) -> int:
    """Return the number of slips between two words, or limit + 1 for any number above the limit."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != against))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
