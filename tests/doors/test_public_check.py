"""The compliance checker: it asks what still matters, takes back a wrong turn, keeps nothing, and never says "no duty" too early."""

from __future__ import annotations

import json
import logging
import re
from html import unescape

import pytest
import time_machine
from django.test import Client

from aioffice.act.duties import vocabulary
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db(databases=["default", "site"])  # the banner of announcements, and nothing else
NOT_PROHIBITED = dict.fromkeys(
    [
        "solely_military",
        "third_country_cooperation",
        "solely_scientific_research",
        "only_before_market",
        "is_gpai_model",
        "is_deployer",
        "in_biometrics",
        "in_law_enforcement",
        "in_education",
        "in_essential_services",
        "in_migration",
        "in_critical_infrastructure",
        "in_justice_democracy",
        "narrow_procedural_task",
        "improves_finished_work",
        "detects_deviations",
        "preparatory_task",
        "manipulates",
        "exploits_vulnerability",
        "depicts_intimacy",
        "depicts_child_abuse",
        "scores_socially",
        "predicts_crime",
        "scrapes_faces",
        "infers_emotions",
        "manages_workers",
    ],
    "no",
)
SCREENER = {
    "is_ai_system": "yes",
    "is_provider": "yes",
    "placed_on_union_market": "yes",
    "established_in_union": "yes",
    "product_law": "none",
    "in_employment": "yes",
    "recruits": "yes",
    "first_placed_on": "2028-03-01",
    "taken_over_by_another": "no",
}


def post(status: int = 200, language: str = "en", **sent: str) -> str:
    with time_machine.travel(NOW, tick=False):
        response = Client(enforce_csrf_checks=True).post(f"/{language}/check/", sent)
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    return response.content.decode()


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def asked(html: str) -> str:
    found = re.search(r'name="question"\s+value="(\w+)"', html)
    assert found, "the page asks nothing"
    return found[1]


def kept(html: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', html)
    return {name: value for name, value in pairs if name not in {"question", "do"}}


def test_it_begins_with_a_question_and_says_what_becomes_of_the_answers() -> None:
    html = Client().get("/en/check/").content.decode()
    assert asked(html) == "is_ai_system"
    assert "they are worked with and forgotten" in words(html)


def test_one_question_follows_another_until_the_answer_stands() -> None:
    truth = NOT_PROHIBITED | SCREENER | {"class_of_body": "private", "training_compute": "0"}
    sent: dict[str, str] = {}
    seen: list[str] = []
    html = Client().get("/en/check/").content.decode()
    while 'name="question"' in html:
        name = asked(html)
        assert name not in seen, "nothing is asked twice"
        seen.append(name)
        sent = kept(html) | {name: truth.get(name, "no"), "question": name, "do": "next"}
        html = post(**sent)
        assert len(seen) <= len(vocabulary())
    text = words(html)
    assert text.startswith("High-risk") or "High-risk" in text[:80]
    assert "Recruitment and selection Annex III, point 4(a)" in text
    assert "Will apply from Thursday 2 December 2027 (Article 113(c)(i))." in text
    assert "From Thursday 2 December 2027 20 duties" in text
    assert "proctors_tests" not in seen, "who is not in education is not asked about examinations"


def test_back_takes_a_wrong_turn_back_and_keeps_the_rest() -> None:
    html = post(is_ai_system="yes", is_gpai_model="no", is_provider="no", question="is_deployer", do="back")
    assert asked(html) == "is_provider"
    assert kept(html) == {"is_ai_system": "yes", "is_gpai_model": "no"}
    assert re.search(r'name="is_provider"\s+type="radio"\s+value="no"\s+checked', html), "the answer given stands there"


def test_an_answer_is_changed_from_the_end_and_the_others_stay() -> None:
    html = post(**NOT_PROHIBITED, **SCREENER, do="change:scrapes_faces")
    assert asked(html) == "scrapes_faces"
    assert kept(html) == {k: v for k, v in (NOT_PROHIBITED | SCREENER).items() if k != "scrapes_faces"}


def test_what_is_not_known_is_not_asked_again_and_never_ends_as_no_duty() -> None:
    html = post(is_ai_system="yes", question="is_gpai_model", do="next")
    assert asked(html) != "is_gpai_model"
    assert kept(html)["is_gpai_model"] == "unknown"
    text = words(post(is_ai_system="yes", do="result"))
    assert "Needs review" in text
    assert "What is not excluded yet" in text


def test_a_prohibited_practice_is_said_first_with_its_reasons() -> None:
    text = words(post(**(NOT_PROHIBITED | SCREENER | {"scrapes_faces": "yes"}), do="result"))
    assert "Prohibited" in text[:80]
    assert "Face databases from untargeted scraping Article 5(1)(e) Applies since Sunday 2 February 2025" in text
    assert "yes Does it make or grow a face-recognition database" in text


def test_outside_the_act_it_says_why() -> None:
    text = words(post(**(NOT_PROHIBITED | SCREENER | {"solely_military": "yes"}), do="result"))
    assert "Out of scope" in text[:80]
    assert "Military, defence and national security stay outside. (Article 2(3))" in text
    assert "What has to be done" not in text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"is_ai_system": "perhaps"}, "Choose one of the answers."),
        ({"first_placed_on": "soon"}, "Write a day, such as 2027-12-02."),
        ({"training_compute": "much"}, "Write a number, zero or more, such as 1e25."),
        ({"training_compute": "9" * 5000}, "Write a number, zero or more, such as 1e25."),
        ({"training_compute": "1e999"}, "Write a number, zero or more, such as 1e25."),
        ({"product_law": "Z9"}, "Choose one of the answers."),
        (
            {"in_employment": "no", "recruits": "yes"},
            "This cannot be yes while you answer no to: Is it used in recruiting",
        ),
    ],
)
def test_what_cannot_be_used_is_said_at_its_question(sent: dict[str, str], said: str) -> None:
    assert said in words(post(422, **sent, do="next"))
    assert said in words(post(422, **sent, do="result"))


def test_names_that_no_fact_has_are_passed_over() -> None:
    assert "Needs review" in words(post(is_ai_system="yes", password="x", do="result"))


def test_all_questions_stand_on_one_page_with_what_was_answered() -> None:
    html = post(**SCREENER, do="all")
    assert len(set(re.findall(r'name="(\w+)"\s+type="radio"', html))) >= len(vocabulary()) - 3
    assert re.search(r'name="recruits"\s+type="radio"\s+value="yes"\s+checked', html)
    assert "Prohibited practices (Article 5)" in words(html)


def test_the_answer_can_be_taken_away_as_json() -> None:
    with time_machine.travel(NOW, tick=False):
        response = Client().post("/en/check/", NOT_PROHIBITED | SCREENER | {"do": "json"})
    assert response.headers["Content-Disposition"] == 'attachment; filename="classification.json"'
    data = json.loads(response.content)
    assert data["outcome"] == "high_risk"
    assert data["facts"]["first_placed_on"] == "2028-03-01"


def test_in_french_it_is_all_french() -> None:
    text = words(post(language="fr", **NOT_PROHIBITED, **SCREENER, do="result"))
    assert "À haut risque" in text[:80]
    assert "Recrutement et sélection annexe III, point 4(a)" in text
    assert "Fournisseur. Appliquez un système de gestion de la qualité" in text


def test_what_was_answered_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        post(**SCREENER, do="result")
    assert "recruits" not in caplog.text
    assert "2028-03-01" not in caplog.text


def test_nothing_else_is_done_at_this_address() -> None:
    assert Client().put("/en/check/").status_code == 405
