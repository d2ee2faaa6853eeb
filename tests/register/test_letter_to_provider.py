"""The letter under Article 26(8): it says what the Act says, and opens in any mail program."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

from django.utils import translation

from aioffice.register.letter import letter_to_provider
from tests.support.filings import PARTY

HELD = {
    "routing": {"area_of_use": "other"},
    "deployer": {**PARTY, "name": "City of Example"},
    "submitter": PARTY,
    "system_name": "Street Counter & Co?",
    "provider_name": "Far Systems",
    "provider_email": "desk+ai@example.com",
}


def test_the_letter_names_the_system_the_duty_and_whom_to_answer() -> None:
    letter = letter_to_provider(HELD, on=date(2028, 1, 3))
    assert letter.to == "desk+ai@example.com"
    assert "Street Counter & Co?" in letter.body
    assert "We inform you of this under Article 26(8)" in letter.body
    assert "Article 49(1)" in letter.body
    assert "City of Example" in letter.body
    assert "3 January 2028" in letter.body
    assert PARTY["contact"] in letter.body
    assert letter.text.startswith("To: desk+ai@example.com\nSubject: Your system")


def test_of_a_restricted_area_the_letter_claims_nothing_that_the_deployer_cannot_see() -> None:
    letter = letter_to_provider({**HELD, "routing": {"area_of_use": "law_enforcement"}}, on=date(2028, 1, 3))
    assert "do not find it" not in letter.text
    assert "not registered in" not in letter.subject
    assert "that we cannot see (Article 49(4)" in letter.body
    assert "Please send us the number" in letter.body


def test_before_the_duty_binds_the_letter_does_not_say_that_it_does() -> None:
    early = letter_to_provider(HELD, on=date(2026, 11, 23)).body
    assert "We inform you of this under Article 26(8)" not in early
    assert "From 2 December 2027" in early
    assert "Article 111(2)" in early


def test_the_letter_survives_the_way_into_a_mail_program() -> None:
    letter = letter_to_provider(HELD, on=date(2026, 11, 23))
    address = urlsplit(letter.mailto)
    assert address.scheme == "mailto"
    assert address.path == "desk%2Bai@example.com", "a plus sign in an address is no blank"
    sent = parse_qs(address.query)
    assert sent["subject"] == [letter.subject]
    assert sent["body"][0].replace("\r\n", "\n").strip() == letter.body.strip()


def test_the_letter_is_written_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        letter = letter_to_provider(HELD, on=date(2026, 11, 23))
    assert "novembre" in letter.body
