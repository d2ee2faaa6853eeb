"""The vocabulary of a collection: in which languages it speaks, and which word was probably meant."""

from __future__ import annotations

from aioffice.register.public_site import rows
from aioffice.register.text import CANDIDATES_SQL, Candidate, Query, did_you_mean, words_to_check

MOST_WORDS = 8
"""Words of a search that are looked up; nobody mistypes more."""
COMMON = 10
"""A word that stands in this many entries is taken as meant."""

# Steps from language to language in the index, however large the vocabulary is.
_LANGUAGES = """
with recursive spoken as (
  (select language from published.word where collection = %(collection)s order by language limit 1)
  union all
  select (select w.language from published.word w where w.collection = %(collection)s and w.language > s.language
           order by w.language limit 1)
    from spoken s where s.language is not null)
select language from spoken where language is not null
"""

_DOUBTFUL = """
select asked.word from unnest(%(words)s::text[]) asked(word)
 where coalesce((select sum(w.frequency) from published.word w
                  where w.collection = %(collection)s and w.language = any(%(languages)s::text[]) and w.word = asked.word), 0)
       < %(common)s
"""


def languages_of(collection: str) -> tuple[str, ...]:
    """The languages of the texts of a collection, as codes in their order."""
    return tuple(language for (language,) in rows(_LANGUAGES, {"collection": collection}))


def suggestion(query: Query, collection: str) -> str | None:
    """The search text with likelier words in it, None when every word is well known or nothing comes near."""
    words = words_to_check(query)[:MOST_WORDS]
    if not words:
        return None
    parameters = {"words": list(words), "collection": collection, "languages": list(query.languages), "common": COMMON}
    doubtful = [word for (word,) in rows(_DOUBTFUL, parameters)]
    candidates = {
        word: [Candidate(*row) for row in rows(CANDIDATES_SQL, {"word": word, "collection": collection})]
        for word in doubtful
    }
    return did_you_mean(query, candidates) if candidates else None
