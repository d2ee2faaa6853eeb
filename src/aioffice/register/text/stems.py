"""Stems: the forms under which a word is found besides its own.

Stemmers come from Snowball (PyStemmer). Dutch takes both of its algorithms, since each misses what the other finds, and
a few rules of our own (`dutch.py`). Bulgarian, Croatian, Latvian, Maltese, Slovak and Slovenian have no stemmer: their
words are indexed as they stand.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Final

import Stemmer

from aioffice.register.text import dutch
from aioffice.register.text.fold import fold

ALGORITHMS: Final[dict[str, tuple[str, ...]]] = {
    "cs": ("czech",),
    "da": ("danish",),
    "de": ("german",),
    "el": ("greek",),
    "en": ("english",),
    "es": ("spanish",),
    "et": ("estonian",),
    "fi": ("finnish",),
    "fr": ("french",),
    "ga": ("irish",),
    "hu": ("hungarian",),
    "it": ("italian",),
    "lt": ("lithuanian",),
    "nl": ("dutch", "dutch_porter"),
    "pl": ("polish",),
    "pt": ("portuguese",),
    "ro": ("romanian",),
    "sv": ("swedish",),
}
"""Language code -> Snowball algorithms. A language that is not here is indexed by its raw words only."""

COMPOUNDING: Final = frozenset({"da", "de", "et", "fi", "hu", "nl", "sv"})
"""Languages that write compounds as one word, so that a word must also be found as the tail of a longer one."""

MIN_HEAD, MIN_TAIL = 3, 5
"""Letters that must stand before a tail, and letters of a word below which it is not looked for as a tail."""

_local = threading.local()


def _stem(algorithm: str, word: str) -> str:
    # A stemmer keeps state inside and must not be shared between threads.
    stemmers: dict[str, Stemmer.Stemmer] | None = getattr(_local, "stemmers", None)
    if stemmers is None:
        stemmers = _local.stemmers = {}
    stemmer = stemmers.get(algorithm)
    if stemmer is None:
        stemmer = stemmers[algorithm] = Stemmer.Stemmer(algorithm, 0)
    return str(stemmer.stemWord(word))


@lru_cache(maxsize=1 << 16)
def stems(surface: str, folded: str, language: str) -> tuple[str, ...]:
    """Return the folded stems of a word, best first and each once; nothing for a language without a stemmer.

    The word is stemmed with its accents and without them, so that a reader who leaves them out meets the same stem.
    """
    algorithms = ALGORITHMS.get(language, ())
    forms: tuple[str, ...] = (surface,) if surface == folded else (surface, folded)
    if language == "nl":
        forms = tuple(form for each in forms for form in (each, *dutch.shortened(each)))
    found = [fold(_stem(algorithm, form)) for algorithm in algorithms for form in forms]
    if language == "nl":
        found += [verb for stem in (*forms, *found) for verb in dutch.verb_stem(stem)]
    return tuple(dict.fromkeys(stem for stem in found if stem))


@lru_cache(maxsize=1 << 16)
def stem_lexemes(surface: str, folded: str, language: str) -> tuple[str, ...]:
    """Return the stems as lexemes in the language's own namespace, `~nl:`, with which no word can begin."""
    return tuple(f"~{language}:{stem}" for stem in stems(surface, folded, language))


@lru_cache(maxsize=1 << 16)
def tail_lexemes(folded: str, language: str) -> tuple[str, ...]:
    """Return a word without its head, backwards, so that a prefix finds its end (`foutparkeren` by `parkeren`)."""
    forms = _tail_forms(folded, language)
    return tuple(f"<{language}:{form[MIN_HEAD:][::-1]}" for form in forms if len(form) >= MIN_HEAD + MIN_TAIL)


def sought_tails(folded: str, language: str) -> tuple[str, ...]:
    """Return the prefixes to look for among the tails when this word is searched."""
    if language == "nl" and dutch.is_short_verb(folded):
        return ()
    word, *stem = _tail_forms(folded, language) or ("",)
    wanted = [word] if len(word) >= MIN_TAIL else []
    # A stem that keeps less than this of its word ends all sorts of others: ident(iteit) ends incident.
    wanted += [each for each in stem if len(each) > MIN_TAIL and word.startswith(each)]
    return tuple(f"<{language}:{form[::-1]}" for form in wanted)


def _tail_forms(folded: str, language: str) -> tuple[str, ...]:
    if language not in COMPOUNDING:
        return ()
    return tuple(dict.fromkeys((folded, fold(_stem(ALGORITHMS[language][0], folded)))))


def compound_heads(folded: str, language: str) -> tuple[str, ...]:
    """Return how a word begins compounds where that differs from the word itself (Dutch `parkeren`: `parkeer`)."""
    return dutch.compound_head(folded) if language == "nl" else ()
