"""Everything that the public can ask of the register: pages, feeds, the public API and the command line read through this door.

Each function takes its arguments by name, reads the connection `site` alone and returns frozen values. What is in the secure section
(Article 49(4)) is not there to be read.
"""

from aioffice.register.public_cursor import BadCursor
from aioffice.register.public_entries import (
    Figures,
    Named,
    PublicDocument,
    PublicEntry,
    PublicVersion,
    collections,
    documents,
    entry,
    figures,
    named,
    version,
    version_on,
    versions,
)
from aioffice.register.public_facets import Count, Facet, facets
from aioffice.register.public_feed import Change, changed, listed, newest
from aioffice.register.public_filters import FACETS, Filters
from aioffice.register.public_history import Difference, FieldChange, Segment, difference
from aioffice.register.public_search import COUNTED, MAX_LIMIT, SORTS, Hit, Results, search
from aioffice.register.public_snippets import Snippet

__all__ = [
    "COUNTED",
    "FACETS",
    "MAX_LIMIT",
    "SORTS",
    "BadCursor",
    "Change",
    "Count",
    "Difference",
    "Facet",
    "FieldChange",
    "Figures",
    "Filters",
    "Hit",
    "Named",
    "PublicDocument",
    "PublicEntry",
    "PublicVersion",
    "Results",
    "Segment",
    "Snippet",
    "changed",
    "collections",
    "difference",
    "documents",
    "entry",
    "facets",
    "figures",
    "listed",
    "named",
    "newest",
    "search",
    "version",
    "version_on",
    "versions",
]
