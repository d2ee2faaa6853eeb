"""Who registers by which provision, and since when: the open question on the date is shown, not decided in silence."""

from __future__ import annotations

from datetime import date

import pytest

from aioffice.act import annex_viii, registration
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.registration import OQ1, OQ2, Reading, Standing
from aioffice.act.text import text

SECTION_5_APPLIES = date(2026, 8, 2)
ANNEX_III_IS_CLASSIFIED = date(2027, 12, 2)


@pytest.mark.parametrize(
    ("section", "basis", "bearers", "entered_under", "question"),
    [
        ("A", "49(1)", ("provider", "authorised_representative"), "71(2)", OQ1),
        ("B", "49(2)", ("provider", "authorised_representative"), "71(2)", OQ2),
        ("C", "49(3)", ("deployer", "on_behalf_of_deployer"), "71(3)", OQ1),
    ],
)
def test_who_registers(section: str, basis: str, bearers: tuple[str, ...], entered_under: str, question: str) -> None:
    duty = registration.duty(section)
    assert (duty.basis, duty.bearers, duty.entered_under, duty.open_question) == (
        basis,
        bearers,
        entered_under,
        question,
    )
    assert duty.before.startswith("Before ")
    assert all(text(f"bearer.{bearer}", "en") for bearer in duty.bearers)


def test_every_section_of_annex_viii_has_its_duty() -> None:
    assert [duty.section for duty in registration.duties()] == [s for s in annex_viii.SECTIONS if s != "IX"]


@pytest.mark.parametrize("section", ["A", "B", "C"])
def test_article_49_is_in_application_before_it_is_certainly_due(section: str) -> None:
    duty = registration.duty(section)
    assert (duty.applies_from, duty.classified_from) == (SECTION_5_APPLIES, ANNEX_III_IS_CLASSIFIED)
    assert registration.standing(section, date(2026, 8, 1)) is Standing.NOT_YET
    assert registration.standing(section, date(2026, 8, 2)) is Standing.OPEN
    assert registration.standing(section, date(2027, 12, 1)) is Standing.OPEN
    assert registration.standing(section, date(2027, 12, 2)) is Standing.DUE


def test_the_date_follows_the_reading_that_is_chosen() -> None:
    by_the_letter = {OQ1: Reading.FROM_APPLICATION}
    assert registration.due_from("A", by_the_letter) == SECTION_5_APPLIES
    assert registration.due_from("C", by_the_letter) == SECTION_5_APPLIES
    assert registration.due_from("B", by_the_letter) == ANNEX_III_IS_CLASSIFIED, "Section B hangs on the other question"
    assert registration.due_from("B", {OQ2: Reading.FROM_APPLICATION}) == SECTION_5_APPLIES


def test_without_a_choice_the_cautious_reading_holds() -> None:
    for section in ("A", "B", "C"):
        assert registration.due_from(section) == ANNEX_III_IS_CLASSIFIED


def test_open_questions_say_what_is_open() -> None:
    assert [question.id for question in registration.open_questions()] == [OQ1, OQ2]
    assert "49(1)" in registration.open_question(OQ1).provision
    assert "Article 113" in registration.open_question(OQ1).issue
    assert "49(2)" in registration.open_question(OQ2).issue


def test_a_choice_on_an_unknown_question_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="'OQ9' is not a known open question: did you mean 'OQ"):
        registration.due_from("A", {"OQ9": Reading.FROM_APPLICATION})
