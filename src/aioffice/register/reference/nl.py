"""The Dutch national algorithm register (voluntary): what one of its records says.

Source: https://algoritmes.overheid.nl, CC0. Government bodies describe there, in Dutch and of their own accord, the
algorithms they use; it is no register under the AI Act. A daily copy gives eight fields a record. `nl_read` reads that
copy, `nl_replay` tells its history.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal, cast

from aioffice.register.text import Weighted

COLLECTION: Final = "nl-algorithm-register"
LANGUAGE: Final = "nl"
SITE: Final = "https://algoritmes.overheid.nl/nl/algoritme/"
STATUSES: Final = ("in_gebruik", "ontwikkeling", "buiten_gebruik")
ASSESSMENTS: Final = ("Ja", "Nee", "Onbekend")
DATE_NAMES: Final = ("geregistreerd", "laatst_gewijzigd")
"""One field under two names: the copy renamed it in June 2026. It is the day the body last touched its record."""
DERIVED: Final = ("url", "toegevoegd")
"""Fields the copy adds: the page follows from the id, and the day it first saw the record from its own history."""

type Status = Literal["in_gebruik", "ontwikkeling", "buiten_gebruik"]
type Assessment = Literal["Ja", "Nee", "Onbekend"]

_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Record:
    """One algorithm as described in the register: the source's eight fields, under its own names. Texts are in Dutch.

    `geregistreerd` is the date the source shows, under whichever of its two names; `juridische_basis` may be empty.
    """

    id: str
    title: str
    organisatie: str
    doel: str
    status: Status
    impactassessment: Assessment
    juridische_basis: str
    geregistreerd: date

    @property
    def url(self) -> str:
        """The record's page in the Dutch register."""
        return SITE + self.id

    @property
    def number(self) -> str:
        """The record's number in the reference collection."""
        return f"NL-AR-{self.id}"

    def as_json(self) -> dict[str, str]:
        """Return the eight fields as the source writes them, the date under its present name."""
        return {name: str(getattr(self, name)) for name in FIELDS}

    def texts(self) -> tuple[Weighted, ...]:
        """Return what a search looks through: title first, then the body, the purpose and the legal basis."""
        return (
            Weighted(self.title, "A"),
            Weighted(self.organisatie, "B"),
            Weighted(self.doel, "C"),
            Weighted(self.juridische_basis, "D"),
        )


FIELDS: Final = tuple(field.name for field in fields(Record))


class Malformed(ValueError):
    """A value of the source that cannot be taken over; `pointer` says where inside the record."""

    def __init__(self, pointer: str, code: str, found: str, expected: str) -> None:
        super().__init__(f"{pointer}: {found}; expected {expected}")
        self.pointer, self.code, self.found, self.expected = pointer, code, found, expected


def value_of(name: str, value: object, pointer: str) -> str | date:
    """Return a field's value checked and typed; raise Malformed otherwise. `name` is one of `FIELDS`."""
    if not isinstance(value, str):
        raise Malformed(pointer, "type", f"{type(value).__name__} in place of text", "a text")
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise Malformed(pointer, "characters", "a character that no text may hold", "Unicode text without U+0000")
    if name == "geregistreerd":
        return _day(value, pointer)
    if name == "id" and not _ID.fullmatch(value):
        raise Malformed(pointer, "id", f"the id {value[:40]!r}", "1 to 18 digits")
    if name in {"title", "organisatie"} and not value.strip():
        raise Malformed(pointer, "empty", "an empty text", "a text that names it")
    allowed = {"status": STATUSES, "impactassessment": ASSESSMENTS}.get(name)
    if allowed and value not in allowed:
        raise Malformed(pointer, "choice", f"{value[:40]!r}", "one of " + ", ".join(allowed))
    return value


def _day(value: str, pointer: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise Malformed(pointer, "date", f"the date {value[:40]!r}", "a day as YYYY-MM-DD")
    return day


def record_of(raw: object) -> Record:
    """Return a record from the source's JSON; raise Malformed at the first fault. Other fields are passed over."""
    if not isinstance(raw, Mapping):
        raise Malformed("", "type", f"{type(raw).__name__} in place of a record", "an object")
    named = [name for name in DATE_NAMES if name in raw]
    if len(named) != 1:
        both = "both geregistreerd and laatst_gewijzigd" if named else "no geregistreerd"
        raise Malformed("", "missing" if not named else "twice", both, "the date once, under one of its two names")
    values: dict[str, str | date] = {}
    for name in FIELDS:
        key = named[0] if name == "geregistreerd" else name
        if key not in raw:
            raise Malformed("", "missing", f"no {key}", "all eight fields")
        values[name] = value_of(name, raw[key], f"/{key}")
    return Record(
        id=str(values["id"]),
        title=str(values["title"]),
        organisatie=str(values["organisatie"]),
        doel=str(values["doel"]),
        status=cast("Status", values["status"]),
        impactassessment=cast("Assessment", values["impactassessment"]),
        juridische_basis=str(values["juridische_basis"]),
        geregistreerd=cast("date", values["geregistreerd"]),
    )
