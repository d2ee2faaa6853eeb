"""Annexes VIII and IX: the fields of the EU database, and which of them are asked of a system on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from aioffice.act import ENTRY_INTO_FORCE
from aioffice.act.annex_iii import AreaOfUse, Point, RouteKind, registration_route
from aioffice.act.lookup import csv_rows, find
from aioffice.act.text import text

SECTIONS = ("A", "B", "C", "IX")
"""Sections A, B and C of Annex VIII, and Annex IX."""

SECURE_POINTS = {
    "A": frozenset(range(1, 11)) - {6, 8, 9},
    "B": frozenset({1, 2, 3, 4, 5, 8, 9}),
    "C": frozenset({1, 2, 3}),
    "IX": frozenset({1, 2, 3, 5}),
}
"""Article 49(4)(a) to (d) as it reads. It still names point 9 of Section B though deleted: that falls out by date."""


class Mandatory(StrEnum):
    """Whether a field must be filled."""

    YES = "yes"
    IF_APPLICABLE = "if_applicable"
    OPTIONAL = "optional"


class FieldType(StrEnum):
    """What a field holds.

    `PARTY` and `PERSON` have a name, an address and contact details; A 8 has four parts; IX 2 may hold several parties.
    """

    TEXT = "text"
    LONG_TEXT = "long_text"
    PARTY = "party"
    PERSON = "person"
    URL = "url"
    FILE = "file"
    CODE = "code"
    CODE_LIST = "code_list"
    DATE = "date"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the EU database.

    `mandatory` holds while the field is in force. `mandatory_except`: (point of Annex III, area) pairs for which it is
    not supplied at all. `public`: shown to everybody, unless the system is in the secure section; `public_by_consent`:
    shown if the provider consents (71(4), tests). `max_length` is this software's limit, not the law's: characters per
    value (per part of a party or person, per code of a list), bytes of a file. `deleted_from`: first day without the
    field, None while it stands.
    """

    section: str
    number: int
    own_words: str
    mandatory: Mandatory
    mandatory_except: frozenset[tuple[int, AreaOfUse]]
    public: bool
    public_by_consent: bool
    type: FieldType
    max_length: int
    personal_data: bool
    entered_by: str
    legal_basis: str
    deleted_from: date | None
    notes: str

    @property
    def key(self) -> str:
        """Key of its text, for example `annex_viii.A.4`."""
        return f"annex_viii.{self.section}.{self.number}"

    @property
    def title(self) -> str:
        """Its short English title."""
        return text(self.key, "en")

    @property
    def in_secure_section(self) -> bool:
        """Whether Article 49(4) names it for the secure non-public section."""
        return self.number in SECURE_POINTS[self.section]

    def in_force(self, on: date) -> bool:
        """Whether the Act contains the field on that day."""
        return on >= ENTRY_INTO_FORCE and (self.deleted_from is None or on < self.deleted_from)


def every_field() -> tuple[Field, ...]:
    """All fields there ever were, deleted ones included, in the order of the Annexes."""
    return tuple(field for numbers in _by_section().values() for field in numbers.values())


def fields(section: str, *, on: date) -> tuple[Field, ...]:
    """The fields of a section (`A`, `B`, `C`, `IX`) in force on that day. Raises UnknownCodeError."""
    numbers = find("section of Annex VIII", section, _by_section())
    return tuple(field for field in numbers.values() if field.in_force(on))


def field(section: str, number: int) -> Field:
    """One field, in force or deleted. Raises UnknownCodeError."""
    numbers = find("section of Annex VIII", section, _by_section())
    return find(f"point of Section {section}", str(number), {str(known): value for known, value in numbers.items()})


def secure_fields(section: str, *, on: date) -> tuple[Field, ...]:
    """The fields that are registered in the secure section, and the only ones (49(4))."""
    return tuple(field for field in fields(section, on=on) if field.in_secure_section)


def asked_fields(section: str, *, secure: bool, on: date) -> tuple[Field, ...]:
    """What a registration may contain; anything beyond is refused."""
    return secure_fields(section, on=on) if secure else fields(section, on=on)


def required_fields(section: str, *, secure: bool, on: date) -> tuple[Field, ...]:
    """What a registration must contain; fields "where applicable" and optional ones are asked but not required."""
    return tuple(field for field in asked_fields(section, secure=secure, on=on) if field.mandatory is Mandatory.YES)


def required_for(section: str, point: Point | str, area_of_use: AreaOfUse | str, *, on: date) -> tuple[Field, ...]:
    """What a registration under this point of Annex III must contain; nothing where it is national (49(5)).

    Raises UnknownCodeError, and NoRegistrationYetError before the Act entered into force.
    """
    route = registration_route(point, area_of_use, on)
    return () if route.kind is RouteKind.NATIONAL else required_fields(section, secure=route.secure, on=on)


@cache
def _by_section() -> dict[str, dict[int, Field]]:
    loaded: dict[str, dict[int, Field]] = {section: {} for section in SECTIONS}
    for row in csv_rows("annex_viii_fields.csv"):
        field = _field(row)
        loaded[field.section][field.number] = field
    return loaded


def _field(row: dict[str, str]) -> Field:
    deleted_from = date.fromisoformat(row["deleted_from"]) if row["deleted_from"] else None
    # For a deleted field the table says "not mandatory, not public", which is true from its deletion on.
    # Until that day the text of 2024 asked both without reserve, and the EU database showed them (71(4)).
    mandatory, public = ("yes", "yes") if deleted_from else (row["mandatory_code"], row["public_code"])
    return Field(
        section=row["section"],
        number=int(row["number"]),
        own_words=row["field_own_words"],
        mandatory=Mandatory(mandatory),
        mandatory_except=frozenset(_pair(pair) for pair in row["mandatory_except"].split(";") if pair),
        public=public == "yes",
        public_by_consent=public == "consent",
        type=FieldType(row["type"]),
        max_length=int(row["max_length"]),
        personal_data=row["contains_personal_data"] == "yes",
        entered_by=row["entered_by"],
        legal_basis=row["legal_basis"],
        deleted_from=deleted_from,
        notes=row["notes"],
    )


def _pair(written: str) -> tuple[int, AreaOfUse]:
    point, _colon, area = written.partition(":")
    return int(point), AreaOfUse(area)
