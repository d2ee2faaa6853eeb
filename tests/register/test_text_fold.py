"""Case and accents are ignored, words are found where they stand, and no string upsets the reading."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.register.text.fold import MAX_WORD, compounds, fold, surface, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Parkeren", "parkeren"),
        ("ÉTAT", "etat"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("cœur", "coeur"),
        ("ΝΌΜΟΣ", "νομοσ"),
        ("νόμος", "νομοσ"),
        ("Ħaż-Żebbuġ", "hazzebbug"),
        ("e\u0301tat", "etat"),
        ("her\u00adken\u00adning", "herkenning"),
        ("ﬁche", "fiche"),
        ("Đorđe", "dorde"),
        ("закон", "закон"),
        ("№", "no"),
        ("\ud800", ""),
        ("…", ""),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_surface_keeps_the_accents_for_the_stemmer() -> None:
    assert surface("Co\u0308rdination") == "cördination"
    assert surface("NUMÉRISÉES") == "numérisées"


def test_words_carry_their_places() -> None:
    text = "Het «Parkeren» van auto’s\u200b in 2024/1689."
    found = words(text)
    assert [word.folded for word in found] == ["het", "parkeren", "van", "auto", "s", "in", "2024", "1689"]
    assert [text[word.start : word.end] for word in found][3:5] == ["auto", "s"]


@pytest.mark.parametrize(
    ("written", "joined"),
    [
        ("e-mail", "email"),
        ("auto's", "autos"),
        ("don’t", "dont"),
        ("non‑profit", "nonprofit"),
        ("2024/1689", None),
        ("l'usager", None),
        ("a-b-c-d-e", None),
        ("woord", None),
    ],
)
def test_compounds_are_also_known_written_as_one(written: str, joined: str | None) -> None:
    (compound,) = compounds(written)
    assert compound.joined == joined


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert len(once) <= MAX_WORD
    assert not once or once.isalnum()


@given(st.text(alphabet=st.characters()))
def test_any_text_has_words_in_order_inside_it(text: str) -> None:
    found = words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(word.folded for word in found)
