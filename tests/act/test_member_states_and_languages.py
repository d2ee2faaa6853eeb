"""The 27 Member States and the 24 official languages."""

from __future__ import annotations

import pytest

from aioffice.act.languages import language, languages
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.member_states import member_state, member_states

MEMBER_STATES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
LANGUAGES = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"


def test_there_are_27_member_states_by_iso_code() -> None:
    assert " ".join(state.code for state in member_states()) == MEMBER_STATES
    assert len({state.alpha3 for state in member_states()}) == 27
    for state in member_states():
        assert state.uri == f"http://publications.europa.eu/resource/authority/country/{state.alpha3}"
        assert member_state(state.code) is state
        assert all(state.name(code) for code in ("en", "fr", "nl", "de"))


def test_a_member_state_has_its_names() -> None:
    greece = member_state("GR")
    assert [greece.name(code) for code in ("en", "fr", "nl", "de")] == [
        "Greece",
        "Grèce",
        "Griekenland",
        "Griechenland",
    ]
    assert greece.name("fr-be") == "Grèce"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("EL", "GR"), ("nl", "NL"), ("NLD", "NL"), ("Pays-Bas", "NL"), ("Deutschland", "DE"), ("Portgual", "PT")],
)
def test_another_spelling_of_a_member_state_is_refused_with_the_right_code(written: str, meant: str) -> None:
    with pytest.raises(KeyError) as refusal:
        member_state(written)
    assert str(refusal.value) == f"{written!r} is not a known Member State: did you mean {meant!r}?"


def test_the_united_kingdom_is_not_a_member_state() -> None:
    with pytest.raises(UnknownCodeError, match="'UK' is not a known Member State: known are AT, BE"):
        member_state("UK")


def test_there_are_24_official_languages() -> None:
    assert " ".join(known.code for known in languages()) == LANGUAGES
    assert len({known.own_name for known in languages()}) == 24
    for known in languages():
        assert language(known.code) is known
        assert known.name("en")
        assert known.name("fr")


def test_a_language_has_its_own_name() -> None:
    assert (language("el").own_name, language("el").name("en"), language("el").name("fr")) == (
        "ελληνικά",
        "Greek",
        "grec",
    )


@pytest.mark.parametrize(("written", "meant"), [("NL", "nl"), ("Dutch", "nl"), ("español", "es"), ("Gaeilge", "ga")])
def test_another_spelling_of_a_language_is_refused_with_the_right_code(written: str, meant: str) -> None:
    with pytest.raises(UnknownCodeError) as refusal:
        language(written)
    assert refusal.value.nearest == meant


def test_names_exist_only_in_the_languages_given() -> None:
    with pytest.raises(UnknownCodeError, match="known are en, fr, nl, de"):
        member_state("NL").name("sv")


def test_rows_can_be_members_of_sets() -> None:
    assert len({*member_states(), *member_states()}) == 27
    assert len({*languages(), *languages()}) == 24
