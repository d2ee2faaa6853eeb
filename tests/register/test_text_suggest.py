"""A likelier word is suggested for one that was mistyped, and none for one that is fine."""

from __future__ import annotations

import pytest
from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import service
from aioffice.register.text import CANDIDATES_SQL, Candidate, best, did_you_mean, parse_query, words_to_check
from aioffice.register.text.suggest import distance


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("parkeren", "parkeren", 0),
        ("parkeeren", "parkeren", 1),
        ("prakeren", "parkeren", 1),
        ("fraude", "fruade", 1),
        ("camera", "kamera", 1),
        ("zorg", "werk", 3),
        ("a", "abcdef", 4),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 3) == distance(other, one, 3) == slips


def test_the_nearest_word_wins_then_the_more_alike_then_the_more_common() -> None:
    rows = [Candidate("parkeer", 90, 0.6), Candidate("parkeren", 41, 0.73), Candidate("parkeerden", 900, 0.7)]
    assert best("parkeeren", rows) == "parkeren"
    assert best("wegn", [Candidate("weg", 5, 0.5), Candidate("wegen", 9, 0.5)]) == "wegen"


def test_a_word_that_occurs_is_left_alone_unless_another_is_far_more_common() -> None:
    rows = [Candidate("privacy", 400, 0.7), Candidate("privacij", 1, 1.0)]
    assert best("privacij", rows) == "privacy"
    assert best("privacij", [Candidate("privacy", 15, 0.7), Candidate("privacij", 1, 1.0)]) is None


def test_an_accent_is_no_misspelling() -> None:
    assert best("coordinatie", [Candidate("coördinatie", 6, 0.6)]) is None


def test_nothing_near_gives_no_suggestion() -> None:
    assert best("parkeren", []) is None
    assert best("zorg", [Candidate("berg", 70, 0.4)]) is None


def test_the_rest_of_the_search_stays_as_it_was_typed() -> None:
    query = parse_query('Parkeeren in "Delft" -Fruade', ["nl"])
    assert words_to_check(query) == ("parkeeren", "delft")
    rows = {"parkeeren": [Candidate("parkeren", 41, 0.7)], "delft": [Candidate("delft", 5, 1.0)]}
    assert did_you_mean(query, rows) == 'parkeren in "Delft" -Fruade'
    assert did_you_mean(query, {}) is None


@pytest.mark.django_db
def test_of_candidates_that_are_equally_good_the_same_are_looked_at_every_time() -> None:
    words = sorted(f"vacancy{one}{two}" for one in "bdfhjq" for two in "kmpvxz")
    with acting(service("publisher")), connection.cursor() as cursor:
        cursor.executemany(
            "insert into published.word (collection, language, word, frequency) values ('eu', 'en', %s, 1)",
            [[word] for word in reversed(words)],
        )
        cursor.execute(CANDIDATES_SQL, {"word": "vacancy", "collection": "eu"})
        assert [row[0] for row in cursor.fetchall()] == words[:20]
