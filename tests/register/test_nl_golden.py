"""What searches of the real Dutch register find, against lists made from the data by letters alone, without our index.

A regular expression over title, organisation, purpose and legal basis makes each list; the patterns stand beside the lists. "The 28
records with `parkeren`" are those in which these letters stand anywhere, in capitals or not: 24 as a word of its own, four only as
the end of a compound (foutparkeren, stoepparkeren, straatparkeren).
"""

from __future__ import annotations

import re

import pytest

from aioffice.register.text import Candidate, did_you_mean, marks, parse_query, vocabulary, words_to_check
from tests.register import nl_data
from tests.register.matching import finds
from tests.register.trigrams import alike

TEXTS = ("title", "organisatie", "doel", "juridische_basis")


def by_letters(pattern: str) -> list[str]:
    search = re.compile(pattern, re.IGNORECASE).search
    return sorted(row["id"] for row in nl_data.raw()["algoritmes"] if any(search(row[name]) for name in TEXTS))


def by_index(text: str) -> list[str]:
    query = parse_query(text, ["nl"])
    return sorted(key for key, terms in nl_data.terms().items() if finds(query, terms))


def letters(name: str) -> set[str]:
    return set(nl_data.golden()["letters"][name]["ids"])


@pytest.mark.parametrize("name", sorted(nl_data.golden()["letters"]))
def test_lists_by_letters_are_what_the_data_say(name: str) -> None:
    entry = nl_data.golden()["letters"][name]
    assert by_letters(entry["pattern"]) == entry["ids"]


def test_parkeren_stands_in_28_records() -> None:
    assert len(letters("parkeren")) == 28
    assert len(letters("parkeren as a word of its own")) == 24


def test_parkeren_finds_those_28_and_the_other_forms_of_the_verb() -> None:
    found = set(by_index("parkeren"))
    assert found >= letters("parkeren")
    assert found >= letters("parkeert as a word") | letters("parkeert as letters")
    assert found >= letters("geparkeerd and geparkeerde")


def test_parkeren_finds_nothing_that_is_not_about_parking() -> None:
    assert set(by_index("parkeren")) == (
        letters("parkeren") | letters("geparkeerd and geparkeerde") | letters("compounds that begin with parkeer")
    )


def test_parkeer_finds_compounds_by_prefix() -> None:
    found = set(by_index("parkeer"))
    assert found >= letters("compounds that begin with parkeer")
    assert found >= letters("parkeervergunning")
    assert letters("parkeervergunning")


@pytest.mark.parametrize("text", sorted(nl_data.golden()["equal"]))
def test_search_finds_exactly_what_the_letters_say(text: str) -> None:
    entry = nl_data.golden()["equal"][text]
    assert by_letters(entry["pattern"]) == entry["ids"]
    assert by_index(text) == entry["ids"]


@pytest.mark.parametrize("text", sorted(nl_data.golden()["found"]))
def test_search_finds_the_list_that_was_read_through(text: str) -> None:
    assert by_index(text) == nl_data.golden()["found"][text]


def test_everything_found_can_be_shown() -> None:
    for text in ("parkeren", "parkeert", "fraude", "AI-systeem", '"openbare orde"'):
        query = parse_query(text, ["nl"])
        for key in by_index(text):
            record = nl_data.dump().records[key]
            assert any(marks(each.text, query, "nl") for each in record.texts()), (text, key)


def test_misspelt_parkeeren_suggests_parkeren() -> None:
    words: dict[str, int] = {}
    for record in nl_data.dump().records.values():
        for (word, _language), count in vocabulary(record.texts(), "nl").items():
            words[word] = words.get(word, 0) + count
    query = parse_query("parkeeren", ["nl"])
    (asked,) = words_to_check(query)
    rows = [Candidate(word, n, likeness) for word, n in words.items() if (likeness := alike(asked, word)) > 0.3]
    assert len(rows) > 5
    assert did_you_mean(query, {asked: rows}) == "parkeren"


def test_no_record_loses_anything_to_the_limits_of_the_index() -> None:
    assert all(terms.complete for terms in nl_data.terms().values())
    assert len(nl_data.terms()) == 1_530
