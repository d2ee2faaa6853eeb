"""Where a query stands in a text: the marks lie on the words, and the pieces shown are the telling ones."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from aioffice.register.text import fragments, marks, parse_query


def marked(text: str, query: str, language: str = "nl") -> list[str]:
    return [text[mark.start : mark.end] for mark in marks(text, parse_query(query, [language]), language)]


def test_stems_compounds_and_accents_are_marked() -> None:
    text = "Wie Parkeert, of fout geparkeerd stond bij kentekenparkeren: parkeervergunning."
    assert marked(text, "parkeren") == ["Parkeert", "geparkeerd", "kentekenparkeren", "parkeervergunning"]
    assert marked("De coördinatie", "coordinatie") == ["coördinatie"]
    assert marked("Les usagers de l’État", "l'etat usager", "fr") == ["usagers", "État"]


def test_a_phrase_is_marked_whole_and_only_as_a_phrase() -> None:
    assert marked("orde in de openbare orde", '"openbare orde"') == ["openbare orde"]


def test_words_written_together_are_marked_together() -> None:
    assert marked("twee auto's", "autos") == ["auto's"]
    assert marked("onze email en e-mail", "e-mail") == ["email", "e-mail"]


def test_what_is_excluded_is_not_marked() -> None:
    assert marked("weg auto", "weg -auto") == ["weg"]


def test_pieces_show_different_words_before_repeated_ones() -> None:
    filler = "Dit is een zin die verder niets zegt. " * 12
    text = f"Camera camera camera. {filler}Een auto bij de camera. {filler}Slot."
    shown = fragments(text, parse_query("camera auto", ["nl"]), "nl", width=120, most=1)
    assert [each.text[mark.start : mark.end] for each in shown for mark in each.marks] == ["auto", "camera"]
    assert shown[0].cut_before
    assert shown[0].cut_after
    assert shown[0].text.startswith("Een auto")


def test_a_text_without_a_hit_shows_its_beginning() -> None:
    (piece,) = fragments("Een korte tekst", parse_query("iets anders", ["nl"]), "nl")
    assert (piece.text, piece.marks, piece.cut_before, piece.cut_after) == ("Een korte tekst", (), False, False)


@given(st.lists(st.sampled_from(["weg", "auto", "wegen.", "\n", "é", "e-mail", "langewoorden"])), st.integers(5, 80))
def test_marks_lie_inside_their_pieces_and_pieces_do_not_overlap(parts: list[str], width: int) -> None:
    text, query = " ".join(parts), parse_query("weg mail", ["nl"])
    shown = fragments(text, query, "nl", width=width, most=3)
    for piece in shown:
        assert text[piece.start : piece.start + len(piece.text)] == piece.text
        assert all(0 <= mark.start < mark.end <= len(piece.text) for mark in piece.marks)
        assert len(piece.text) <= width
    assert all(a.start + len(a.text) <= b.start for a, b in itertools.pairwise(shown))
