"""The shapes of answers, for the OpenAPI document; a test holds every answer against them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Codes = Annotated[list[str], Field(description="Codes.")]


class Shape(BaseModel):
    """Base of all shapes: nothing beside what is listed."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Page(Shape):
    """What every list has beside its `items`."""

    complete: bool = Field(description="Whether this page reaches the end of the list.")
    next: str | None = Field(description="Address of the next page; null at the end.")


class Mark(Shape):
    """A stretch of text to mark, in characters from its start."""

    start: int
    end: int


class Snippet(Shape):
    """A piece of a field's text that shows why an entry was found."""

    field: str
    text: str
    marks: list[Mark]
    cut_before: bool
    cut_after: bool


class EntrySummary(Shape):
    """What a list says of an entry, or, as of a day, of the version it had then."""

    number: str
    collection: str
    section: str = Field(description="Section of Annex VIII; empty in a reference collection.")
    name: str
    name_marks: list[Mark]
    provider: str = Field(description="Provider, or in Section C the deployer.")
    seat: str = Field(description="Member State of the filer's seat; empty for none.")
    member_states: Codes
    annex_iii_point: str
    area: str
    status: str = Field(description="Status of the system, in the words of Annex VIII.")
    filing_status: str = Field(description="Status of the filing; another axis than the system's.")
    language: str
    accuracy_questioned: bool
    valid_from: date
    recorded_at: datetime
    first_recorded_at: datetime
    version: int
    snippets: list[Snippet]
    url: str


class Total(Shape):
    """How many were found: exactly, or more than `count`."""

    count: int
    exact: bool


class Entries(Page):
    """A page of entries."""

    items: list[EntrySummary]
    collection: str
    total: Total
    sort: str
    did_you_mean: str | None
    ignored: list[str] = Field(description="What of the words was not searched.")


class VersionLine(Shape):
    """A version in the history of an entry."""

    version: int
    valid_from: date
    recorded_at: datetime
    filing_status: str
    reason: str
    language: str
    url: str


class VersionList(Page):
    """All versions of an entry, the latest first."""

    number: str
    items: list[VersionLine]


class Document(BaseModel):
    """The public document of an entry's version: the fields of its section by name, and what lies beside them."""

    model_config = ConfigDict(extra="allow")

    number: str
    collection: str
    section: str | None
    version: int
    filing_status: str
    valid_from: date
    recorded_at: datetime
    language: str
    reason: str
    fields: dict[str, Any] = Field(description="The text as filed; a file is given by its `sha256`.")
    points: dict[str, str] = Field(description="Which point of Annex VIII each field answers, such as `A.5`.")
    withheld: dict[str, Any] = Field(description="Fields whose text the Office withholds, with the ground.")
    erased: dict[str, Any] = Field(
        default={},
        description="Fields whose text the Office erased, with the day (`since`) and the `basis`; left out where none was.",
    )
    routing: dict[str, Any] = Field(description="Asked to route the filing; not among the information of Annex VIII.")


class EntryDocument(Document):
    """The public document of an entry as it stands, or, as of a day, of the version it had then."""


class Segment(Shape):
    """A stretch of text that both versions have (`same`), or one of them (`removed`, `added`)."""

    kind: str
    text: str


class FieldChange(Shape):
    """A field that differs."""

    pointer: str
    point: str
    before: Any
    after: Any
    segments: list[Segment]


class Differences(Shape):
    """What differs between two versions of an entry."""

    number: str
    before: int = Field(description="Version compared from.")
    after: int = Field(description="Version compared to.")
    changes: list[FieldChange]


class FacetValue(Shape):
    """A value of a filter and how many entries it would show."""

    value: str
    count: int
    chosen: bool


class FacetCounts(Shape):
    """The values of one filter, the most frequent first; `more` tells how many further values were not listed."""

    name: str
    values: list[FacetValue]
    more: int
    exact: bool = Field(description="Whether every entry found was counted.")


class Facets(Shape):
    """Counts beside the filters."""

    collection: str
    facets: list[FacetCounts]


class Collection(Shape):
    """A collection of entries. Only `eu` holds registrations under Article 49."""

    code: str
    entries: int
    article_49: bool
    url: str


class Collections(Page):
    """All collections."""

    items: list[Collection]


class AnnexField(Shape):
    """A field of Annex VIII, in force from and to which day."""

    point: str
    section: str
    number: int
    title: dict[str, str]
    mandatory: str
    public: bool
    in_secure_section: bool
    type: str
    max_length: int
    legal_basis: str
    in_the_text_from: date
    in_the_text_until: date | None = Field(
        description="The last day on which the Annex has the field; null while it stands."
    )


class AnnexFields(Page):
    """Fields of Annex VIII."""

    on: date
    items: list[AnnexField]


class AnnexPoint(Shape):
    """A use case of Annex III."""

    point: str
    area: str
    title: dict[str, str]
    area_title: dict[str, str]
    registered: dict[str, str] = Field(description="By area of use: public, secure or national (Article 49).")


class AnnexPoints(Page):
    """All use cases of Annex III."""

    on: date
    items: list[AnnexPoint]


class Coded(Shape):
    """A code with its names by language."""

    code: str
    names: dict[str, str]


class CodeList(Page):
    """All codes of a list."""

    items: list[Coded]


class Link(Shape):
    """Addresses that belong to a case."""

    self: str
    page: str
    entry: str | None = Field(description="The public entry, when there is one.")


class CaseSummary(Shape):
    """A case as a list shows it. `version` is what `If-Match` names."""

    id: UUID
    number: str | None
    procedure: str
    subject: str
    state: str
    state_title: str
    version: int
    organisation: str
    member_states: Codes
    secure: bool
    opened_at: datetime
    updated_at: datetime
    links: Link


class Cases(Page):
    """A page of cases."""

    items: list[CaseSummary]


class StepOffered(Shape):
    """A step the caller may take on the case now."""

    step: str
    title: str
    basis: str
    url: str
    needs_data: bool


class Record(Shape):
    """One step that was taken. `digests` counts the salted digests kept of what was sent."""

    id: UUID
    sequence: int
    step: str
    title: str
    basis: str
    from_state: str
    to_state: str
    by: str = Field(description="person, token or service")
    organisation: str | None
    took_place_at: datetime
    recorded_at: datetime
    evidence: str
    presumed: bool = Field(
        description="Nobody took the step: the law presumes it, because a time limit ended in silence."
    )
    digests: int


class Erased(Shape):
    """A value sent with a step that was erased; `pointer` is empty where everything was."""

    pointer: str
    erased_at: datetime


class TimelineRecord(Record):
    """A step with what was sent; null once all of that was erased, and null in the place of each value that was."""

    data: dict[str, Any] | None
    erased: bool
    erased_values: list[Erased]


class StepTaken(Shape):
    """Answer to a step: the case as the step left it, and the step's record."""

    case: CaseSummary
    record: Record


class Upload(Shape):
    """An uploaded document. Its `id` goes into fields that ask for a file."""

    id: UUID
    filename: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    scan_state: str
    created_at: datetime
    url: str


class Me(Shape):
    """Who the token acts for."""

    id: str
    name: str
    organisation: UUID
    organisation_name: str
    member_state: str
    admitted: bool
    roles: Codes
    capacities: Codes
    secure_access: bool


class ProblemKind(Shape):
    """A kind of problem and what a caller does about it."""

    code: str
    status: int
    title: str
    remedy: str
