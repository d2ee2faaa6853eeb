"""Search text: words, stems, queries, suggestions and highlights, in Python, for any language of the Union.

Nothing here touches the database: `index_terms` makes what a `tsvector` column stores, `parse_query` and
`to_tsquery_text` what is asked of it.
"""

from aioffice.register.text.highlight import Fragment, Mark, fragments, marks
from aioffice.register.text.query import Query, parse_query
from aioffice.register.text.stems import ALGORITHMS
from aioffice.register.text.suggest import CANDIDATES_SQL, Candidate, best, did_you_mean, words_to_check
from aioffice.register.text.terms import Terms, Weight, Weighted, index_terms, to_tsvector_text, vocabulary
from aioffice.register.text.tsquery import to_exact_tsquery_text, to_tsquery_text

__all__ = [
    "ALGORITHMS",
    "CANDIDATES_SQL",
    "Candidate",
    "Fragment",
    "Mark",
    "Query",
    "Terms",
    "Weight",
    "Weighted",
    "best",
    "did_you_mean",
    "fragments",
    "index_terms",
    "marks",
    "parse_query",
    "to_exact_tsquery_text",
    "to_tsquery_text",
    "to_tsvector_text",
    "vocabulary",
    "words_to_check",
]
