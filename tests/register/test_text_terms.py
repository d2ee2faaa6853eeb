"""The index of a record: positions, weights, and PostgreSQL's limits, none of which it passes in silence."""

from __future__ import annotations

from aioffice.register.text import Weighted, index_terms, parse_query, to_tsvector_text, vocabulary
from aioffice.register.text.terms import MAX_BYTES, MAX_POSITION, MAX_POSITIONS, quoted
from tests.register.matching import finds


def test_words_carry_position_and_weight() -> None:
    terms = index_terms([Weighted("Parkeren in Delft", "A"), Weighted("Delft")], "lv")
    assert terms.lexemes == {"parkeren": ((1, "A"),), "in": ((2, "A"),), "delft": ((3, "A"), (5, "D"))}
    assert to_tsvector_text(terms) == "'parkeren':1A 'in':2A 'delft':3A,5D"
    assert terms.complete


def test_stems_stand_where_their_words_stand_and_tails_nowhere() -> None:
    terms = index_terms([Weighted("kentekenparkeren", "B")], "nl")
    assert terms.lexemes["kentekenparkeren"] == ((1, "B"),)
    assert terms.lexemes["~nl:kentekenparker"] == ((1, "B"),)
    assert terms.lexemes["<nl:nerekrapneket"] == ()


def test_a_phrase_does_not_reach_from_one_text_into_the_next() -> None:
    terms = index_terms([Weighted("openbare"), Weighted("orde")], "nl")
    assert not finds(parse_query('"openbare orde"', ["nl"]), terms)
    assert finds(parse_query('"openbare orde"', ["nl"]), index_terms([Weighted("de openbare orde")], "nl"))


def test_words_beyond_the_last_position_are_found_and_counted() -> None:
    text = " ".join(f"w{number}" for number in range(MAX_POSITION + 10))
    terms = index_terms([Weighted(text)], "lv")
    assert terms.words_beyond_positions == 10
    assert not terms.complete
    assert finds(parse_query(f"w{MAX_POSITION + 9}", []), terms)
    assert index_terms([Weighted("a"), Weighted("b"), Weighted(text)], "lv").words_beyond_positions == 14
    assert max(at for places in terms.lexemes.values() for at, _ in places) == MAX_POSITION


def test_positions_of_one_word_stop_at_the_limit_and_are_counted() -> None:
    terms = index_terms([Weighted("nee " * (MAX_POSITIONS + 5))], "lv")
    assert len(terms.lexemes["nee"]) == MAX_POSITIONS
    assert terms.positions_left_out == 5


def test_an_enormous_text_keeps_its_words_before_its_stems_and_says_what_it_left_out() -> None:
    text = " ".join(f"onvergelijkbaarheidstoets{number}" for number in range(30_000))
    terms = index_terms([Weighted(text)], "nl")
    assert terms.lexemes_left_out > 0
    assert len(to_tsvector_text(terms).encode()) < 2 * MAX_BYTES
    assert "onvergelijkbaarheidstoets20000" in terms.lexemes
    assert not any(lexeme.startswith("<") for lexeme in terms.lexemes)


def test_an_endless_word_is_found_by_itself() -> None:
    word = "x" * 5_000
    assert finds(parse_query(word, ["nl"]), index_terms([Weighted(word)], "nl"))


def test_lexemes_are_quoted_whatever_they_hold() -> None:
    assert quoted("o'brien\\") == "'o''brien\\\\'"


def test_vocabulary_counts_words_as_people_write_them() -> None:
    counted = vocabulary([Weighted("Coördinatie van de coördinatie, 3D of a1"), Weighted("État", language="fr")], "nl")
    assert counted == {("coördinatie", "nl"): 2, ("van", "nl"): 1, ("état", "fr"): 1}
