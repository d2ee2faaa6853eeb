"""Who registers what, by which provision, and since when (Articles 49, 71 and 113).

When registration becomes due is an open question of the amended Act: Section 5 of Chapter III is in application before
the classification it builds on. `standing` says so plainly; whoever needs one day chooses a reading of OQ1 and OQ2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from aioffice.act.lookup import find, json_data
from aioffice.act.text import text

if TYPE_CHECKING:
    from collections.abc import Mapping

OQ1 = "OQ1"
"""Open question: are 49(1) and 49(3) due before Annex III systems are classified as high-risk (113(c))?"""
OQ2 = "OQ2"
"""Open question: is 49(2) put off together with the classification, although an exempted system is never classified?"""


class Reading(StrEnum):
    """How an open question on the date is answered."""

    FROM_APPLICATION = "from_application"
    """By the letter of Article 113: due since the provision applies."""
    FROM_CLASSIFICATION = "from_classification"
    """Due once the classification rules apply."""


class Standing(StrEnum):
    """How a duty to register stands on a day, whatever reading is chosen."""

    NOT_YET = "not_yet"
    OPEN = "open"
    """In application by the letter; whether it is already due is open. Registrations are accepted."""
    DUE = "due"

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"standing.{self.value}"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the Act leaves open, and the reading this software takes unless a setting says otherwise."""

    id: str
    provision: str
    cautious_reading: Reading

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"question.{self.id}"

    @property
    def issue(self) -> str:
        """What is open, in plain English."""
        return text(self.key, "en")


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to register.

    `section` of Annex VIII it is fulfilled with; `basis` in Article 49; `bearers`, codes with the texts
    `bearer.<code>`; `entered_under`, the provision on who enters the data; `applies_from`, the day the provision
    applies by Article 113; `classified_from`, the day the classification it builds on applies; `open_question`, which
    of the two is the day it is due.
    """

    section: str
    basis: str
    bearers: tuple[str, ...]
    entered_under: str
    applies_from: date
    applies_basis: str
    open_question: str
    classified_from: date
    classified_basis: str

    @property
    def key(self) -> str:
        """Key of the text that says before which event registration has to happen."""
        return f"duty.{self.section}"

    @property
    def before(self) -> str:
        """Before which event registration has to happen, in plain English."""
        return text(self.key, "en")


def duties() -> tuple[Duty, ...]:
    """The three duties, by section of Annex VIII."""
    return tuple(_duties().values())


def duty(section: str) -> Duty:
    """The duty that is fulfilled with Section `A`, `B` or `C`. Raises UnknownCodeError."""
    return find("section of Annex VIII", section, _duties())


def open_questions() -> tuple[OpenQuestion, ...]:
    """The open questions on the date of registration."""
    return tuple(_questions().values())


def open_question(id: str) -> OpenQuestion:
    """One open question, `OQ1` or `OQ2`. Raises UnknownCodeError."""
    return find("open question", id, _questions())


def due_from(section: str, readings: Mapping[str, Reading] | None = None) -> date:
    """The first day on which registration is due, by the chosen readings of `OQ1` and `OQ2`.

    A question without a chosen reading is read cautiously: registrations are accepted since the provision applies, and
    asked for as due since the classification applies. Raises UnknownCodeError for an unknown section or question.
    """
    registering = duty(section)
    chosen = {open_question(name).id: reading for name, reading in (readings or {}).items()}
    question = open_question(registering.open_question)
    reading = chosen.get(question.id, question.cautious_reading)
    return registering.applies_from if reading is Reading.FROM_APPLICATION else registering.classified_from


def standing(section: str, on: date) -> Standing:
    """How the duty stands on that day, before any reading is chosen. Raises UnknownCodeError."""
    registering = duty(section)
    if on < registering.applies_from:
        return Standing.NOT_YET
    return Standing.OPEN if on < registering.classified_from else Standing.DUE


@cache
def _content() -> Any:
    return json_data("registration_duties.json")


@cache
def _duties() -> dict[str, Duty]:
    return {
        row["section"]: Duty(
            **row
            | {
                "bearers": tuple(row["bearers"]),
                "applies_from": date.fromisoformat(row["applies_from"]),
                "classified_from": date.fromisoformat(row["classified_from"]),
            }
        )
        for row in _content()["duties"]
    }


@cache
def _questions() -> dict[str, OpenQuestion]:
    return {
        row["id"]: OpenQuestion(row["id"], row["provision"], Reading(row["cautious_reading"]))
        for row in _content()["open_questions"]
    }
