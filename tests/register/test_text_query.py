"""What people type, read as words, phrases and exclusions; every string has a reading."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aioffice.register.text import parse_query, to_exact_tsquery_text, to_tsquery_text
from aioffice.register.text.query import MAX_CHARACTERS, MAX_WORDS


def asked(text: str, *languages: str) -> str:
    return to_tsquery_text(parse_query(text, languages))


def test_a_word_is_itself_longer_words_and_its_stems() -> None:
    assert asked("wegen overal", "lv") == "('wegen':*) & ('overal':*)"
    assert asked("beeld", "nl") == "(('beeld':* | '~nl:beeld' | '<nl:dleeb':*))"
    assert "'~fr:" in asked("décision", "nl", "fr")
    assert "'~nl:" in asked("décision", "nl", "fr")


def test_short_words_are_no_prefixes_unless_they_come_last() -> None:
    assert asked("ai in", "lv") == "('ai') & ('in':*)"
    assert asked("ai wet", "lv") == "('ai') & ('wet':*)"


def test_phrases_are_raw_words_in_a_row() -> None:
    assert asked('"openbare orde"', "nl") == "('openbare' <-> 'orde')"
    assert asked("„openbare orde“ «per se»", "nl") == "('openbare' <-> 'orde') & ('per' <-> 'se')"


def test_exclusions_take_away_no_more_than_they_say() -> None:
    assert asked("weg -auto", "lv") == "('weg':*) & !('auto')"
    assert asked('weg -"rode auto"', "lv") == "('weg':*) & !('rode' <-> 'auto')"
    assert asked("weg -parkeren", "nl").endswith("& !(('parkeren' | '~nl:parker'))")
    assert parse_query("-auto", ["nl"]).only_excludes


@pytest.mark.parametrize("text", ["weg - auto", "weg -- auto", "weg-auto", "‘weg’ auto -"])
def test_a_dash_that_stands_elsewhere_excludes_nothing(text: str) -> None:
    assert not parse_query(text, ["nl"]).excluded


def test_words_written_together_stand_together_or_as_one() -> None:
    assert asked("e-mail", "lv") == "(('e' <-> 'mail':*) | 'email':*)"
    assert asked("2024/1689", "lv") == "('2024' <-> '1689':*)"
    assert asked("l'usager", "lv") == "('usager':*)"
    assert asked("auto's", "lv") == "(('auto' <-> 's') | 'autos':*)"


@pytest.mark.parametrize("text", ["", "   ", '""', "-", "\0", "!&|():*<->", "\\'", '"', "\ud800", "\u200b"])
def test_nothing_to_look_for_is_an_empty_query(text: str) -> None:
    query = parse_query(text, ["nl"])
    assert query.empty
    assert to_tsquery_text(query) == to_exact_tsquery_text(query) == ""


def test_an_unclosed_quotation_mark_is_passed_over() -> None:
    assert asked('"rode auto', "lv") == asked("rode auto", "lv")


def test_what_is_too_much_is_named() -> None:
    query = parse_query(" ".join(f"w{number}" for number in range(MAX_WORDS + 2)), ["nl"])
    assert len(query.wanted) == MAX_WORDS
    assert query.ignored == (f"w{MAX_WORDS}", f"w{MAX_WORDS + 1}")
    assert parse_query("a " * MAX_CHARACTERS + "tail", ["nl"]).ignored[-1].startswith("a a")


def test_words_know_their_place_in_what_was_typed() -> None:
    text = 'rode -"oude weg" Auto\'s'
    query = parse_query(text, ["nl"])
    assert [text[word.start : word.end] for term in query.wanted for word in term.words] == ["rode", "Auto", "s"]
    assert [text[word.start : word.end] for term in query.excluded for word in term.words] == ["oude", "weg"]


def test_the_word_itself_ranks_before_its_kin() -> None:
    assert to_exact_tsquery_text(parse_query('parkeren "rode auto" -weg', ["nl"])) == "'parkeren' | 'rode' | 'auto'"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"'-\\ :*&|!()<>~\0«»parkeren"))))
@example("'\\")
def test_every_string_gives_balanced_quoted_lexemes_or_nothing(text: str) -> None:
    query = parse_query(text, ["nl", "fr"])
    shown = to_tsquery_text(query)
    assert bool(shown) is not query.empty
    assert shown.count("'") % 2 == 0
    assert shown.count("(") == shown.count(")")
    assert "\0" not in shown
    shown.encode("utf-8")
