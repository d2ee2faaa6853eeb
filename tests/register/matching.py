"""A second reading of what a query finds, from its expression and a record's lexemes, without PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioffice.register.text.tsquery import Lexeme, Sought, sought

if TYPE_CHECKING:
    from aioffice.register.text import Query, Terms


def finds(query: Query, terms: Terms) -> bool:
    """Whether a record with these terms is found."""
    return all(_holds(sought(term, query.languages), terms) for term in query.wanted) and not any(
        _holds(sought(term, query.languages, narrow=True), terms) for term in query.excluded
    )


def _holds(looked_for: Sought, terms: Terms) -> bool:
    if any(_places(lexeme, terms) is not None for lexeme in looked_for.instead):
        return True
    first, *rest = looked_for.steps
    if not rest:
        return any(_places(lexeme, terms) is not None for lexeme in first)
    ends = _at(first, terms)
    for step in rest:
        ends = {at + 1 for at in ends} & _at(step, terms)
    return bool(ends)


def _at(step: tuple[Lexeme, ...], terms: Terms) -> set[int]:
    return {at for lexeme in step for at in _places(lexeme, terms) or ()}


def _places(wanted: Lexeme, terms: Terms) -> set[int] | None:
    if not wanted.prefix:
        places = terms.lexemes.get(wanted.text)
        return None if places is None else {at for at, _ in places}
    found = [places for lexeme, places in terms.lexemes.items() if wanted.matches(lexeme)]
    return {at for places in found for at, _ in places} if found else None
