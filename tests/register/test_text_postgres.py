"""PostgreSQL reads what we write: every query and every index is valid, and finds what the expression says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aioffice.kernel.db import plumbing
from aioffice.register.text import (
    Weighted,
    index_terms,
    parse_query,
    to_exact_tsquery_text,
    to_tsquery_text,
    to_tsvector_text,
)
from tests.register import nl_data
from tests.register.matching import finds

pytestmark = pytest.mark.django_db

ANYTHING = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"'-\\ :*&|!()<>~«»parkeren’/")), max_size=60)
MATCHES = """
    WITH v AS MATERIALIZED (SELECT n, t::tsvector AS tsv FROM unnest(%s::text[]) WITH ORDINALITY AS v(t, n)),
         q AS MATERIALIZED (SELECT n, t::tsquery AS asked FROM unnest(%s::text[]) WITH ORDINALITY AS q(t, n))
    SELECT q.n::int, v.n::int FROM v JOIN q ON v.tsv @@ q.asked
"""


def rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with plumbing(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def test_the_real_register_is_searched_as_the_expressions_say() -> None:
    golden = nl_data.golden()
    asked = [
        *golden["equal"],
        *golden["found"],
        "verkeer",
        "e-mail",
        "-gemeente",
        'fraude -"wet"',
        "l'impact 2024/1689",
    ]
    queries = [parse_query(text, ["nl", "fr", "de"]) for text in asked]
    ids, terms = list(nl_data.terms()), list(nl_data.terms().values())
    found = rows(MATCHES, [[to_tsvector_text(each) for each in terms], [to_tsquery_text(each) for each in queries]])
    expected = [(q, v) for q, query in enumerate(queries, 1) for v, each in enumerate(terms, 1) if finds(query, each)]
    assert sorted(found) == expected
    for text, entry in golden["equal"].items():
        at = asked.index(text) + 1
        assert sorted(ids[v - 1] for q, v in found if q == at) == entry["ids"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANYTHING, min_size=1, max_size=12), st.lists(ANYTHING, min_size=1, max_size=6))
def test_any_text_and_any_query_are_valid_and_agree(texts: list[str], typed: list[str]) -> None:
    terms = [index_terms([Weighted(text, "B")], "nl") for text in texts]
    queries = [query for query in (parse_query(text, ["nl", "de"]) for text in [*typed, *texts]) if not query.empty]
    found = rows(MATCHES, [[to_tsvector_text(each) for each in terms], [to_tsquery_text(each) for each in queries]])
    assert sorted(found) == [
        (q, v) for q, query in enumerate(queries, 1) for v, each in enumerate(terms, 1) if finds(query, each)
    ]
    exact = [shown for query in queries if (shown := to_exact_tsquery_text(query))]
    assert rows("SELECT count(t::tsquery) FROM unnest(%s::text[]) AS t", [exact]) == [(len(exact),)]


def test_the_largest_index_and_the_largest_query_are_taken() -> None:
    text = " ".join(f"onvergelijkbaarheidstoets{number}" for number in range(30_000))
    endless = "\u0531" * 3_000
    for each in (text, endless, "nee " * 40_000):
        terms = index_terms([Weighted(each, "A")], "nl")
        ((length,),) = rows("SELECT length(%s::tsvector)", [to_tsvector_text(terms)])
        assert length == len(terms.lexemes)
    wide = parse_query(" ".join(f"beoordelingskader{number}" for number in range(32)), nl_data_languages())
    ((nodes,),) = rows("SELECT numnode(%s::tsquery)", [to_tsquery_text(wide)])
    assert nodes > 1_000


def nl_data_languages() -> list[str]:
    return ["cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hu", "it", "lt", "nl", "pl", "pt", "ro", "sv"]
