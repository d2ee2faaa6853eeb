"""What is read of the log of reads. Whoever asks is written down first. Called inside `acting`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aioffice.kernel.days import beginning_of
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.keys import OVERSIGHT
from aioffice.kernel.parties.models import ApiToken, Person
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed
from aioffice.kernel.reading.models import Reading
from aioffice.kernel.reading.recording import log_was_read
from aioffice.kernel.reading.vocabulary import Door, Thing

MOST_PEOPLE = 200
"""So many people a name may mean; whoever looks for a more common one writes the e-mail address."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the log is narrowed to; empty means everything.

    `case` is a number or id, `person` a part of a name or a whole e-mail address, or the `actor` of a line; `day` is one in Brussels.
    """

    case: str = ""
    person: str = ""
    day: date | None = None

    def words(self) -> dict[str, str]:
        """The same as text, for the address and the log."""
        return {"case": self.case, "person": self.person, "day": self.day.isoformat() if self.day else ""}


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One read. `who` is the name as it is today, or the id of somebody who is gone; `organisation` is the reader's."""

    id: UUID
    at: datetime
    actor: str
    who: str
    organisation: str
    door: Door
    thing: Thing
    cases: tuple[UUID, ...]
    numbers: tuple[str, ...]
    document: UUID | None
    version: int | None
    rights: tuple[str, ...]
    asked: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """A page of the log, newest first. `after` is the id to go on behind, None at the end."""

    lines: tuple[ReadingLine, ...]
    after: UUID | None


def sees_everything(actor: Actor) -> bool:
    """Whether the log shows the actor the reads of every organisation, not of its own alone."""
    return OVERSIGHT in actor.audience_names()


def check_auditor(actor: Actor) -> None:
    """Raise `NotAllowed` for whoever is no auditor of an authority or of the Office."""
    if not actor.audits:
        raise NotAllowed(
            _("Who read what is shown to auditors of authorities and of the Office. An administrator names them.")
        )


def wanted_of(case: str, person: str, day: str) -> Wanted:
    """Return what somebody typed as a filter; raise `Invalid` (at `/day`) for a day that is none."""
    try:
        found = date.fromisoformat(day.strip()) if day.strip() else None
        if found is not None:
            beginning_of(found + timedelta(days=1))
    except (ValueError, OverflowError):
        message = _("Write a date as year-month-day, for example 2027-05-31.")
        raise Invalid(errors=[FieldError("/day", message, "date")]) from None
    return Wanted(_clean(case), _clean(person), found)


def list_readings(
    actor: Actor, wanted: Wanted, *, door: Door, after: UUID | None = None, size: int = 50
) -> ReadingPage:
    """Return a page of the log as far as `actor` may read it, and write that down. Raises `NotAllowed`."""
    found = _asked(actor, wanted, door)
    if after is not None:
        found = found.filter(id__lt=after)
    rows = list(found[: size + 1])
    return ReadingPage(tuple(_lines(rows[:size])), rows[size - 1].pk if len(rows) > size else None)


def every_reading(actor: Actor, wanted: Wanted, *, door: Door) -> Iterator[ReadingLine]:
    """Yield the whole log as it is narrowed, for an export, and write that down. Raises `NotAllowed` at once."""
    found = _asked(actor, wanted, door)
    return _batches(found)


def _batches(found: QuerySet[Reading]) -> Iterator[ReadingLine]:
    batch: list[Reading] = []
    for row in found.iterator(chunk_size=1000):
        batch.append(row)
        if len(batch) == 1000:
            yield from _lines(batch)
            batch = []
    yield from _lines(batch)


def _asked(actor: Actor, wanted: Wanted, door: Door) -> QuerySet[Reading]:
    check_auditor(actor)
    log_was_read(wanted.words(), actor=actor, door=door)
    return _narrowed(visible_to(actor), wanted).select_related("organisation").order_by("-id")


def visible_to(actor: Actor) -> QuerySet[Reading]:
    """The rows that `actor` may read: what row-level security says too."""
    if not actor.audits:
        return Reading.objects.none()
    keys = list(actor.keys)
    return Reading.objects.filter(Q(restricted=None) | Q(restricted__overlap=keys), audience__overlap=keys)


def _narrowed(found: QuerySet[Reading], wanted: Wanted) -> QuerySet[Reading]:
    if wanted.case:
        key = _id(wanted.case)
        # A number is looked for as the log wrote it down; the id finds also what was read before the case had its number.
        about = Q(cases__contains=[key]) if key else Q(numbers__contains=[wanted.case.upper()])
        found = found.filter(about | Q(thing=Thing.LOG, asked__case__iexact=wanted.case))
    if wanted.person:
        found = found.filter(actor__in=_actors(wanted.person))
    if wanted.day is not None:
        found = found.filter(at__gte=beginning_of(wanted.day), at__lt=beginning_of(wanted.day + timedelta(days=1)))
    return found


def _actors(text: str) -> list[str]:
    """The actors that a name, an e-mail address or an actor's id may mean."""
    if text.startswith(("person:", "token:")):
        return [text]
    people = Person.objects.filter(Q(name__icontains=text) | Q(email__iexact=text)).values_list("pk", flat=True)
    tokens = ApiToken.objects.filter(name__icontains=text).values_list("pk", flat=True)
    return [
        *(f"person:{key}" for key in people[:MOST_PEOPLE]),
        *(f"token:{key}" for key in tokens[:MOST_PEOPLE]),
    ]


def _lines(rows: Collection[Reading]) -> Iterator[ReadingLine]:
    names = _names({row.actor for row in rows})
    for row in rows:
        yield ReadingLine(
            id=row.pk,
            at=row.at,
            actor=row.actor,
            who=names.get(row.actor, row.actor),
            organisation=row.organisation.name,
            door=Door(row.door),
            thing=Thing(row.thing),
            cases=tuple(row.cases),
            numbers=tuple(row.numbers),
            document=row.document,
            version=row.version,
            rights=tuple(row.rights),
            asked=row.asked,
        )


def _names(actors: Collection[str]) -> dict[str, str]:
    people = {key for actor in actors if actor.startswith("person:") and (key := _id(actor.removeprefix("person:")))}
    tokens = {key for actor in actors if actor.startswith("token:") and (key := _id(actor.removeprefix("token:")))}
    found = {f"person:{one.pk}": one.get_full_name() for one in Person.objects.filter(pk__in=people)}
    for token in ApiToken.objects.filter(pk__in=tokens):
        found[f"token:{token.pk}"] = _("API token “%(name)s”") % {"name": token.name}
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _clean(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
