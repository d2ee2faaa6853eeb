"""Dutch verb forms that neither Snowball algorithm brings together.

Dutch doubles a long vowel in a closed syllable: parkeren, but parkeert and geparkeerd. Snowball leaves the ending of
the latter in place, and its two algorithms disagree on the former, so that the forms of one verb never meet. Two rules
mend that, and a third gives the form in which such a verb begins a compound (parkeervergunning).
"""

from __future__ import annotations

import re

_LONG_VOWEL_ENDING = re.compile(r"\w{2,}(?:aa|ee|oo|uu|eu|oe|ie|ui|ij)[bcfghjklmnprstvwxz][td]$")
_INFINITIVE = re.compile(r"(\w{3,})eren$")
_VERB_STEM = re.compile(r"(\w{3,})eer$")

_SHORT_VERB = re.compile(r"\w{1,3}eren$")

# Common words that only look like a form of a verb: "wrong" is no form of "traffic".
_NO_VERB = frozenset({"verkeerd"})


def shortened(word: str) -> tuple[str, ...]:
    """Return a third person or participle with a long vowel without its ending: beoordeelt -> beoordeel."""
    if len(word) < 6 or word in _NO_VERB or not _LONG_VOWEL_ENDING.match(word):
        return ()
    return (word[:-1],)


def verb_stem(stem: str) -> tuple[str, ...]:
    """Return the infinitive's stem for a stem in -eer: parkeer -> parker, as Snowball makes of parkeren."""
    found = _VERB_STEM.match(stem)
    return (f"{found[1]}er",) if found else ()


def compound_head(word: str) -> tuple[str, ...]:
    """Return how an infinitive in -eren begins a compound: parkeren -> parkeer."""
    found = _INFINITIVE.match(word)
    return (f"{found[1]}eer",) if found else ()


def is_short_verb(word: str) -> bool:
    """Whether a verb is so short that many longer ones end in it without being its compounds: leren, controleren."""
    return bool(_SHORT_VERB.match(word))
