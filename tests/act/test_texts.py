"""Every field, point, status, route and duty has a text in English and in French, and no text is left over."""

from __future__ import annotations

import re

import pytest

from aioffice.act import annex_iii, annex_viii, classification, registration, status
from aioffice.act.clocks import law
from aioffice.act.clocks.results import Outcome
from aioffice.act.clocks.steps import CODES
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.periods import Unit
from aioffice.act.places import places
from aioffice.act.rules.duties import DUTIES, Bearer
from aioffice.act.text import LANGUAGES, text, texts
from aioffice.act.time_limits import Nature, time_limits

ALL = frozenset(annex_iii.AreaOfUse)
SILENCES = ("approved", "justified", "no_objection", "renewed", "not_known", "not_approved")
VARIANTS = {
    "not_working_day": ("weekend", "holiday"),
    "no_roll": ("hours", "backward", "fixed_date", "validity", "maximum_duration", "limitation"),
    "target_before": ("limitation", "not_working"),
    "tacit": SILENCES,
}
"""Steps that are said differently for each reason."""
SAID_ONCE = {
    "tacit_approval_by_state",
    "conservative_incident_dates",
    "certificate_extension_cap",
    "forum_term_extension",
}
"""Settings of law that a step of their own, or no step, tells of."""
VALUES = (
    *("yes", "no", "none", "not_known", "by_power", "no_interruption", "once"),
    *law.PostRemoteStart,
    *registration.Reading,
)
ERRORS = (
    *("event_missing", "hour_missing", "event_unreadable", "event_far_away", "no_such_hour", "no_offset"),
    *("not_recurring", "k_unreadable", "calendar", "calendar_counted"),
)
RULES = (
    *("1182", "act", "house", "and", "article", "paragraph", "paragraph_alone", "paragraphs", "point", "article_one"),
    "articles",
)


def keys_of_time_limits() -> set[str]:
    limits = time_limits()
    steps = {f"step.{code}.{reason}" for code, reasons in VARIANTS.items() for reason in reasons}
    return (
        {key for one in limits for key in (one.theme_key, one.trigger_key, one.actor_key, one.addressee_key) if key}
        | {one.action_key for one in limits}
        | {nature.key for nature in Nature}
        | {f"until.{nature}" for nature in Nature if nature is not Nature.IMMEDIATE}
        | {f"{unit.key}.{number}" for unit in Unit for number in ("one", "many")}
        | {f"step.{code}" for code in CODES - VARIANTS.keys() - {"setting"}}
        | steps
        | {outcome.key for outcome in Outcome}
        | {f"silence.{silence}" for silence in SILENCES}
        | {f"setting.{name}" for name in {*law.names(), *law.ELSEWHERE} - SAID_ONCE}
        | {f"value.{value}" for value in VALUES}
        | {f"question.error.{code}" for code in ERRORS}
        | {f"rule.{part}" for part in RULES}
        | {f"inserted.{letter}" for letter in "abcd"}
        | {place.city_key for place in places()}
        | {place.key for place in places() if place.is_institution}
        | {f"weekday.{day}" for day in range(7)}
        | {f"month.{month}" for month in range(1, 13)}
        | {"day.first", "moment"}
    )


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
        | keys_of_time_limits()
        | keys_of_rules()
    )


def keys_of_rules() -> set[str]:
    return (
        {key for duty in DUTIES for key in (duty.key, duty.shown_by_key)}
        | {f"role.{bearer}" for bearer in Bearer}
        | {f"outcome.{outcome}" for outcome in classification.Outcome}
        | {"rule.annex", "rule.annex_point"}
        | {f"since.{code}" for code in ("applies", "will_apply", "never", "earliest", "depends")}
        | {f"reason.{code}" for code in ("yes", "no", "unknown", "unless", "above", "before", "one_of", "reading")}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_text_and_every_text_a_use(language: str) -> None:
    assert set(texts(language)) == keys_in_use()
    for key, words in texts(language).items():
        assert words.strip() == words != "", key


def test_french_is_a_translation() -> None:
    same = {key for key in texts("en") if text(key, "en") == text(key, "fr")}
    cities = {place.city_key for place in places()}
    assert same - cities == set()


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
        without_hours = re.sub(r"\d:\d", "", words)
        assert not re.search(r"[^\u00a0][;:?!]|'", without_hours), key


def test_a_regional_variant_has_the_texts_of_its_language() -> None:
    assert text("status.recalled", "fr-be") == text("status.recalled", "fr") == "Rappelé"
    assert text("status.recalled", "en_GB") == "Recalled"


def test_a_missing_language_or_key_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(UnknownCodeError, match="known are en, fr"):
        text("status.recalled", "nl")
    with pytest.raises(UnknownCodeError, match=re.escape("did you mean 'annex_viii.A.")):
        text("annex_viii.A.99", "en")
