"""What signed-in pages read of the register beside the cases themselves. Called inside `acting`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from aioffice.kernel.days import office_day
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.models import Case, ErasedValue, StepRecord
from aioffice.kernel.procedures.policy import policy
from aioffice.register.letter import Letter, letter_to_provider
from aioffice.register.models import EU, Entry, EntryVersion
from aioffice.register.prefill import FORMS
from aioffice.register.procedure import RegisterUse, Registration
from aioffice.register.vocabulary import Ground


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of an entry, without its content."""

    n: int
    valid_from: datetime
    recorded_at: datetime
    filing_status: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """What an entry says now, and how it came to. `form` knows the fields' labels; it is None in a reference collection.

    `withheld` maps names of fields to the ground on which the public does not see them, `erased` to the day they went.
    `provider_entry` is the number in field C 3.
    """

    number: str
    collection: str
    section: str
    secure: bool
    accuracy_questioned: bool
    form: type[Form] | None
    content: Mapping[str, Any]
    language: str
    withheld: Mapping[str, str]
    erased: Mapping[str, str]
    versions: tuple[VersionLine, ...]
    provider_entry: str

    @property
    def current(self) -> VersionLine:
        """The latest version."""
        return self.versions[-1]


def entry_of(case: Case) -> EntryView | None:
    """Return the entry that a case opened; None while it has none (a held use, a case of another desk)."""
    entry = Entry.objects.filter(pk=case.pk).first()
    if entry is None:
        return None
    versions = list(EntryVersion.objects.filter(entry=entry).order_by("n"))
    latest = versions[-1]
    return EntryView(
        number=entry.number,
        collection=entry.collection,
        section=entry.section,
        secure=entry.secure,
        accuracy_questioned=entry.accuracy_questioned,
        form=FORMS.get(entry.section),
        content=latest.content,
        language=latest.language,
        erased={name: why["since"] for name, why in latest.erased.items()},
        withheld={name: str(Ground(why["ground"]).label) for name, why in entry.withheld.items()},
        versions=tuple(VersionLine(v.n, v.valid_from, v.recorded_at, v.filing_status, v.reason) for v in versions),
        provider_entry=str(latest.content.get("provider_entry", "")),
    )


def letter_of(case: Case, *, on: datetime) -> Letter | None:
    """Return the letter to the provider of a held use (AI Act, Article 26(8)); None for any other case."""
    if case.procedure != RegisterUse.slug or case.state != RegisterUse.held.name:
        return None
    record = StepRecord.objects.filter(case=case, sequence=1).select_related("payload").first()
    payload = getattr(record, "payload", None)
    if payload is None or ErasedValue.objects.filter(record=record).exists():
        return None  # of what was erased nobody can write
    return letter_to_provider(payload.data, on=office_day(on))


@dataclass(frozen=True, slots=True)
class Question:
    """An authority's question that the filer has not answered."""

    case: Case
    asked_at: datetime


def unanswered_questions(actor: Actor) -> list[Question]:
    """Return the questions to the acting organisation about its registrations that wait for an answer, oldest first."""
    if actor.organisation is None or not actor.roles:
        return []
    own = policy.visible_to(actor).filter(organisation=actor.organisation, procedure__in=_registrations())
    asked = (
        StepRecord.objects.filter(case__in=own)
        .values("case_id")
        .annotate(
            asked=Max("recorded_at", filter=Q(step__endswith=".question")),
            asked_as=Max("sequence", filter=Q(step__endswith=".question")),
            replied_as=Max("sequence", filter=Q(step__endswith=".reply") | Q(step__endswith=".reply_by_provider")),
        )
        .exclude(asked=None)
    )
    open_ = {
        row["case_id"]: row["asked"]
        for row in asked
        if row["replied_as"] is None or row["replied_as"] < row["asked_as"]
    }
    cases = {case.pk: case for case in own.filter(pk__in=open_)}
    return sorted((Question(cases[pk], asked_at) for pk, asked_at in open_.items()), key=lambda one: one.asked_at)


def _registrations() -> list[str]:
    return [kind.slug for kind in _all_below(Registration) if getattr(kind, "slug", "")]


def _all_below(kind: type[Registration]) -> list[type[Registration]]:
    return [found for below in kind.__subclasses__() for found in (below, *_all_below(below))]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of an organisation, as a list shows it."""

    case_id: UUID
    number: str
    section: str
    name: str
    secure: bool
    accuracy_questioned: bool
    recorded_at: datetime


def entries_of(actor: Actor) -> list[EntryLine]:
    """Return the acting organisation's entries in the EU database, by name."""
    if actor.organisation is None or not actor.roles:
        return []
    entries = (
        Entry.objects.filter(organisation=actor.organisation, collection=EU)
        .select_related("case")
        .order_by("case__subject", "number")
    )
    return [
        EntryLine(
            case_id=entry.pk,
            number=entry.number,
            section=entry.section,
            name=entry.case.subject,
            secure=entry.secure,
            accuracy_questioned=entry.accuracy_questioned,
            recorded_at=entry.case.opened_at,
        )
        for entry in entries
    ]
