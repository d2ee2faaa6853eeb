"""A query as an expression over lexemes, and as PostgreSQL's tsquery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aioffice.register.text.stems import compound_heads, sought_tails, stem_lexemes
from aioffice.register.text.terms import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aioffice.register.text.fold import Word
    from aioffice.register.text.query import Query, Term

MIN_PREFIX = 3
"""Letters from which a word also finds longer words that begin with it; a last word standing alone always does."""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One lexeme, or with `prefix` every lexeme that begins with it."""

    text: str
    prefix: bool = False

    def matches(self, lexeme: str) -> bool:
        """Whether this finds the given lexeme."""
        return lexeme.startswith(self.text) if self.prefix else lexeme == self.text


@dataclass(frozen=True, slots=True)
class Sought:
    """One term as lexemes: `steps` are alternatives at adjoining positions; any lexeme of `instead` will do as well."""

    steps: tuple[tuple[Lexeme, ...], ...]
    instead: tuple[Lexeme, ...] = ()


def sought(term: Term, languages: Iterable[str], *, narrow: bool = False) -> Sought:
    """Return what a term looks for.

    A quoted phrase is its raw words one after the other. Any other word is itself, its stems in every language asked,
    longer words that begin with it, and compounds that end in it. `narrow` leaves out the last two: an exclusion takes
    away no more than it says.
    """
    spoken = tuple(languages)
    if term.quoted:
        return Sought(tuple((Lexeme(word.folded),) for word in term.words))
    *earlier, final = term.words
    # In e-mail only mail may go on; the last word of a query may at any length, unless it is the s of auto's.
    open_ended = not narrow and (len(final.folded) >= MIN_PREFIX or (term.last and not earlier))
    steps = (
        *(_forms(word, spoken, prefix=False) for word in earlier),
        _forms(final, spoken, prefix=open_ended, compounds=not earlier and not narrow),
    )
    instead = (Lexeme(term.joined, prefix=not narrow),) if term.joined else ()
    return Sought(steps, instead)


def _forms(word: Word, languages: tuple[str, ...], *, prefix: bool, compounds: bool = False) -> tuple[Lexeme, ...]:
    forms = [Lexeme(word.folded, prefix)]
    forms += [Lexeme(stem) for each in languages for stem in stem_lexemes(word.surface, word.folded, each)]
    # Tails carry no positions, so they can stand only where no neighbour is asked for.
    if compounds:
        forms += [Lexeme(head, prefix=True) for each in languages for head in compound_heads(word.folded, each)]
        tails = (tail for each in languages for tail in sought_tails(word.folded, each))
        forms += [Lexeme(tail, prefix=True) for tail in tails]
    return tuple(dict.fromkeys(forms))


def to_tsquery_text(query: Query) -> str:
    """Return the query as text for a cast, `%s::tsquery`, or "" when it is empty: then do not search.

    Never pass it through `to_tsquery`, which would split the lexemes again.
    """
    wanted = [_text(sought(term, query.languages)) for term in query.wanted]
    unwanted = [f"!({_text(sought(term, query.languages, narrow=True))})" for term in query.excluded]
    return " & ".join([f"({each})" for each in wanted] + unwanted)


def to_exact_tsquery_text(query: Query) -> str:
    """Return a tsquery of the raw words, any of them, or "": rank by it first, so that a word comes before its kin."""
    return " | ".join(dict.fromkeys(quoted(word.folded) for term in query.wanted for word in term.words))


def _text(looked_for: Sought) -> str:
    adjoining = " <-> ".join(_any(step) for step in looked_for.steps)
    if not looked_for.instead:
        return adjoining
    return f"({adjoining}) | {_any(looked_for.instead)}"


def _any(lexemes: tuple[Lexeme, ...]) -> str:
    alternatives = " | ".join(quoted(each.text) + (":*" if each.prefix else "") for each in lexemes)
    return f"({alternatives})" if len(lexemes) > 1 else alternatives
