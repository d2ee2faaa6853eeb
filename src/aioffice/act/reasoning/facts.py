"""What can be asked: a fact has a stable name, a question in plain words, a type, a unit and the provision that makes it matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

type FactValue = bool | int | str | date
"""What may be given for a fact. Whole numbers carry the unit of their fact; a fact that is not known is left out."""


MOST_DIGITS = 60
"""Digits of a number; no quantity of the Act has as many."""
_TOO_MUCH = 10**MOST_DIGITS
_NUMBER = re.compile(r"[0-9]{1,60}(\.[0-9]{1,60})?([eE]\+?[0-9]{1,3})?")


class FactKind(StrEnum):
    """The types of facts."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known of a system, a model or an organisation.

    `name` is stable: files and addresses use it. `within` names a fact that must hold for this one to hold: whoever answers that a
    system is not used in education need not be asked about examinations. `options` are the codes of a choice, with their words.
    """

    name: str
    kind: FactKind
    provision: str
    question: str
    help: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    within: Fact | None = None


class FactsError(ValueError):
    """Facts that cannot be used. `fact` is the name at fault; the message says what was given and what would be right."""

    def __init__(self, fact: str, message: str) -> None:
        super().__init__(f"{fact}: {message}")
        self.fact = fact
        self.message = message


class ContradictionError(FactsError):
    """Two facts that cannot both hold."""


def yes_no(name: str, provision: str, question: str, help: str = "", *, within: Fact | None = None) -> Fact:
    """A fact that holds or does not."""
    return Fact(name, FactKind.YES_NO, provision, question, help, within=within)


def choice(name: str, provision: str, question: str, options: Mapping[str, str], help: str = "") -> Fact:
    """A fact with one of several values; `options` maps each code to its words."""
    return Fact(name, FactKind.CHOICE, provision, question, help, options=tuple(options.items()))


def number(name: str, provision: str, question: str, unit: str, help: str = "") -> Fact:
    """A whole number of units, zero or more."""
    return Fact(name, FactKind.NUMBER, provision, question, help, unit=unit)


def day(name: str, provision: str, question: str, help: str = "") -> Fact:
    """A calendar day."""
    return Fact(name, FactKind.DATE, provision, question, help)


def check(fact: Fact, value: object) -> FactValue:
    """The value as this fact may have it; a day may be written `2026-12-02`. Raises FactsError."""
    match fact.kind:
        case FactKind.YES_NO if isinstance(value, bool):
            return value
        case FactKind.YES_NO:
            raise FactsError(
                fact.name, f"{_short(value)} was given; true or false is expected, or nothing where it is not known."
            )
        case FactKind.CHOICE:
            codes = [code for code, _words in fact.options]
            if isinstance(value, str) and value in codes:
                return value
            raise FactsError(fact.name, f"{_short(value)} was given; one of {', '.join(codes)} is expected.")
        case FactKind.NUMBER:
            return _whole(fact, value)
        case FactKind.DATE:
            return _day(fact, value)


def _whole(fact: Fact, value: object) -> int:
    """A whole number, exactly as it was written: 1e25 is ten to the twenty-fifth, not the nearest binary fraction."""
    if type(value) is int and 0 <= value < _TOO_MUCH:
        return value
    wrong = FactsError(
        fact.name, f"{_short(value)} was given; a whole number of {fact.unit} is expected, zero or more."
    )
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong
    from decimal import Decimal  # only for what is no plain number: the Act loads fast

    written = "".join(repr(value).split()) if not isinstance(value, str) else "".join(value.split())
    if not _NUMBER.fullmatch(written):
        raise wrong

    number = Decimal(written)
    if number.adjusted() >= MOST_DIGITS or number != number.to_integral_value():
        raise wrong
    return int(number)


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= MOST_DIGITS else f"{said[:MOST_DIGITS]}…"


def _day(fact: Fact, value: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FactsError(fact.name, f"{_short(value)} was given; a day written 2026-12-02 is expected.")
