"""A Member State named in a search, in any official language, leads to the filters that know it: texts seldom name where they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from babel import Locale

from aioffice.act.languages import languages
from aioffice.act.member_states import member_states
from aioffice.doors.web import labels
from aioffice.doors.web.public_asking import Asked
from aioffice.doors.web.templatetags._names import labelled, number
from aioffice.register import public_queries
from aioffice.register.text.fold import words as words_of

PLACES = ("member_state", "seat")
"""Filters whose values are Member States."""


def as_filters(asked: Asked) -> list[dict[str, str]]:
    """Links to the same search with the Member State as a filter instead of as words; those that would find nothing are left out."""
    if not asked.is_eu:
        return []
    code, rest = named(asked.text)
    if not code:
        return []
    reworded = replace(asked, text=rest, cursor="")
    counted = public_queries.facets(text=rest, filters=asked.filters, names=PLACES, most=100, on=asked.on)
    counts = {(facet.name, one.value): one for facet in counted for one in facet.options}
    found = []
    for name in PLACES:
        one = counts.get((name, code))
        if one is None or one.chosen or not one.count:
            continue
        words = f"{labelled(labels.FILTERS[name], labels.value(name, code))} ({number(one.count)})"
        found.append({"words": words, "url": reworded.with_value(name, code).address()})
    return found


def named(text: str) -> tuple[str, str]:
    """The code of the first Member State that the text names, and the text without its name; two empty texts where it names none."""
    typed = [*words_of(text)]
    folded = [word.folded for word in typed]
    for start in range(len(typed)):
        for length in range(min(_longest(), len(typed) - start), 0, -1):
            code = _names().get(tuple(folded[start : start + length]))
            if code:
                kept = [text[word.start : word.end] for word in (*typed[:start], *typed[start + length :])]
                return code, " ".join(kept)
    return "", ""


@cache
def _names() -> Mapping[tuple[str, ...], str]:
    """Code by folded name, in every official language of the Union."""
    found: dict[tuple[str, ...], str] = {}
    tongues = [Locale.parse(one.code).territories for one in languages()]
    for state in member_states():
        spelt = {*state.names.values(), *(names[state.code] for names in tongues if state.code in names)}
        found |= {tuple(word.folded for word in words_of(name)): state.code for name in spelt}
    return found


@cache
def _longest() -> int:
    return max(map(len, _names()))
