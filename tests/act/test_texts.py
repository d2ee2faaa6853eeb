"""Every field, point, status, route and duty has a text in English and in French, and no text is left over."""

from __future__ import annotations

import re

import pytest

from aioffice.act import annex_iii, annex_viii, registration, status
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.text import LANGUAGES, text, texts

ALL = frozenset(annex_iii.AreaOfUse)


def keys_in_use() -> set[str]:
    routes = [
        annex_iii.registration_route(point, area, registration.duty("A").applies_from)
        for point in annex_iii.points()
        for area in ALL
    ]
    return (
        {field.key for field in annex_viii.every_field()}
        | {f"annex_viii.section.{section}" for section in annex_viii.SECTIONS}
        | {area.key for area in annex_iii.areas()}
        | {point.key for point in annex_iii.points()}
        | {area.key for area in ALL}
        | {kind.key for kind in annex_iii.RouteKind}
        | {key for route in routes for key in (route.reason_key, route.problem_key) if key}
        | {item.key for item in status.statuses()}
        | {item.key for item in status.conditions()}
        | {status.PROFILING_BAR}
        | {duty.key for duty in registration.duties()}
        | {f"bearer.{bearer}" for duty in registration.duties() for bearer in duty.bearers}
        | {standing.key for standing in registration.Standing}
        | {f"reading.{reading}" for reading in registration.Reading}
        | {question.key for question in registration.open_questions()}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_text_and_every_text_a_use(language: str) -> None:
    assert set(texts(language)) == keys_in_use()
    for key, words in texts(language).items():
        assert words.strip() == words != "", key


def test_french_is_a_translation() -> None:
    same = {key for key in texts("en") if text(key, "en") == text(key, "fr")}
    assert same == set()


def test_french_uses_the_terms_of_the_french_act() -> None:
    assert text("annex_viii.A.3", "fr") == "Mandataire"
    assert text("annex_viii.B.5", "fr") == "Destination"
    assert text("annex_viii.C.1", "fr") == "Déployeur"
    assert text("annex_viii.A.12", "fr") == "Notice d’utilisation électronique"
    assert "organisme notifié" in text("annex_viii.A.8", "fr")
    assert text("annex_iii.area.6", "fr") == "Répression"
    assert "section sécurisée" in text("route.reason.secure.biometrics", "fr")


def test_french_typography() -> None:
    for key, words in texts("fr").items():
        assert not re.search(r"[^\u00a0][;:?!]|'", words), key


def test_a_regional_variant_has_the_texts_of_its_language() -> None:
    assert text("status.recalled", "fr-be") == text("status.recalled", "fr") == "Rappelé"
    assert text("status.recalled", "en_GB") == "Recalled"


def test_a_missing_language_or_key_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(UnknownCodeError, match="known are en, fr"):
        text("status.recalled", "nl")
    with pytest.raises(UnknownCodeError, match=re.escape("did you mean 'annex_viii.A.")):
        text("annex_viii.A.99", "en")
