"""Values that query parameters may take: codes of the Act and of the register, refused with the nearest right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from ninja import Schema
from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from aioffice.act import annex_iii, languages, member_states, status
from aioffice.register.models import EU, FilingStatus
from aioffice.register.public_queries import FACETS, MAX_LIMIT, SORTS, Filters
from aioffice.register.reference_procedure import NL_COLLECTION

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class OneOf:
    """Metadata for a text that must be one of the codes of a list; `look_up` raises LookupError naming the nearest right one."""

    kind: str
    codes: tuple[str, ...]
    look_up: Callable[[str], object] | None = None

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the code after the text."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """List all codes."""
        return {"type": "string", "enum": list(self.codes)}

    def check(self, value: str) -> str:
        """Return the code; raise ValueError with the nearest right one."""
        if value in self.codes:
            return value
        if self.look_up is not None:
            try:
                self.look_up(value)
            except LookupError as error:
                raise ValueError(str(error)) from None
        near = get_close_matches(value.casefold(), self.codes, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(self.codes)}."
        raise ValueError(f"{value!r} is not a {self.kind}. {hint}")


_STATES = tuple(one.code for one in member_states.member_states())
_AREAS = tuple(one.code for one in annex_iii.areas())
_POINTS = tuple(one.label for one in annex_iii.points())
_STATUSES = tuple(one.code for one in status.statuses())
_LANGUAGES = tuple(one.code for one in languages.languages())

CollectionCode = Annotated[str, OneOf("collection", (EU, NL_COLLECTION))]
SectionCode = Annotated[str, OneOf("section of Annex VIII", ("A", "B", "C"))]
StateCode = Annotated[str, OneOf("Member State", _STATES, member_states.member_state)]
AreaCode = Annotated[str, OneOf("area of Annex III", _AREAS, annex_iii.area)]
PointCode = Annotated[str, OneOf("point of Annex III", _POINTS, annex_iii.point)]
StatusCode = Annotated[str, OneOf("status of a system", _STATUSES, status.status)]
FilingStatusCode = Annotated[str, OneOf("filing status", tuple(FilingStatus.values))]
LanguageCode = Annotated[str, OneOf("official language", _LANGUAGES, languages.language)]
SortCode = Annotated[str, OneOf("sort", ("", *SORTS))]


def _day(text: object) -> date | None:
    if text in ("", None):
        return None
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        found = None
    if found is None or not 1990 <= found.year <= 2100:
        raise ValueError("Write a day as year-month-day, for example 2026-05-13.")
    return found


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        found = None
    if found is not None and found.tzinfo is not None and 1990 <= found.year <= 2100:
        return found
    last = _day(text)
    if last is None:
        return None
    return datetime.combine(last + timedelta(days=1), time.min, BRUSSELS) - timedelta(microseconds=1)


Day = Annotated[
    date | None,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
    Field(description="A day: what the register said of that day.", examples=["2026-05-13"]),
]
Moment = Annotated[
    datetime | None,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
    Field(
        description="As the register knew it at that moment; a day means its end in Brussels.",
        examples=["2026-05-13", "2026-05-13T12:00:00Z"],
    ),
]


class Asked(Schema):
    """Words and filters of a search. Filters of one kind are alternatives; different filters hold together."""

    q: str = Field(
        "", max_length=500, description="Words in any language, a “quoted phrase”, -word, or an entry's number."
    )
    collection: CollectionCode = EU
    section: list[SectionCode] = []
    member_state: list[StateCode] = Field(
        [], description="Where the system is placed on the market, put into service or used."
    )
    seat: list[StateCode] = Field([], description="Seat of the filer.")
    area: list[AreaCode] = []
    annex_iii_point: list[PointCode] = []
    status: list[StatusCode] = Field([], description="Status of the system.")
    filing_status: list[FilingStatusCode] = Field([], description="Status of the filing; without one, current filings.")
    provider: list[Annotated[str, Field(max_length=500)]] = Field([], description="Name as published.")
    language: list[LanguageCode] = Field([], description="Language of the text.")
    on: Day = None
    known: Moment = None

    def filters(self) -> Filters:
        """The filters as the register's queries take them."""
        chosen = {name: tuple(getattr(self, name)) for name in FACETS}
        return Filters(collection=self.collection, **chosen)


class AskedPage(Asked):
    """A page of a search."""

    sort: SortCode = Field("", description="Without one: relevance for words, newest first without.")
    cursor: str = Field("", max_length=1000, description="From `next` of the page before.")
    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="Entries on a page.")


class OnDay(Schema):
    """On which day."""

    on: Day = None


class AsOf(OnDay):
    """On which day, as known when."""

    known: Moment = None
