"""Reference collections: records of other registers, taken over as they are. Nothing in them is a registration under Article 49.

They go through the same kernel as any filing, with a number series, a collection and a procedure of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import ConfigDict, Field

from aioffice.kernel.parties.keys import AI_OFFICE, audience_keys
from aioffice.kernel.parties.models import CapacityGrant, Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.ask import Ask, Form
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, State, step
from aioffice.kernel.procedures.errors import Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import service_actor
from aioffice.kernel.procedures.work import Work
from aioffice.register.models import Entry, EntryVersion, FilingStatus

NL_COLLECTION = "nl-algorithm-register"
NL_SERIES = "NL-AR"
IMPORTER = service_actor("importer")
NOTE = "not a registration under Article 49"


class DutchRecord(Form):
    """The eight fields of a record of the Dutch national algorithm register, and how this state of it was come by.

    `valid_from` is the moment the source was first seen so; `reconstructed` tells that the state was worked back from later changes.
    Texts are kept to the letter, blanks at their ends included.
    """

    model_config = ConfigDict(str_strip_whitespace=False)

    source_id: Annotated[
        str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9-]+$"), Ask(_("Number in the source"))
    ]
    title: Annotated[str, Field(max_length=2000), Ask(_("Name"))]
    organisation: Annotated[str, Field(max_length=500), Ask(_("Organisation"))]
    purpose: Annotated[str, Field(max_length=50_000), Ask(_("Purpose"))]
    status: Annotated[str, Field(max_length=60), Ask(_("Status"))]
    impact_assessment: Annotated[str, Field(max_length=5000), Ask(_("Impact assessment"))]
    legal_basis: Annotated[str, Field(max_length=50_000), Ask(_("Legal basis"))]
    last_changed: Annotated[date | None, Ask(_("Last changed at the source"))] = None
    link: Annotated[str, Field(max_length=2048), Ask(_("Link to the source"))]
    valid_from: Annotated[datetime, Ask(_("Seen so since"))]
    reconstructed: Annotated[bool, Ask(_("Worked back from later changes"))] = False


class ChangedDutchRecord(DutchRecord):
    """The record after a change; `renamed` names the organisation's earlier name when all its records changed at once."""

    renamed_from: Annotated[str, Field(max_length=500), Ask(_("Renamed from"))] = ""


class Withdrawal(Form):
    """A record that is no longer in the source."""

    valid_from: Annotated[datetime, Ask(_("Gone since"))]


def _office() -> Organisation:
    grant = (
        CapacityGrant.objects.filter(capacity=Capacity.AI_OFFICE, ended_at=None).select_related("organisation").first()
    )
    if grant is None:
        raise Refused(
            "There is no AI Office yet to keep the collection: load the reference data first (`aioffice up`)."
        )
    return grant.organisation


_BESIDE = ("valid_from", "reconstructed", "renamed_from", "source_id")


def _content(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in _BESIDE and value is not None}


def _take_over(works: Sequence[Work]) -> None:
    """Make an entry of each record; one that was taken over before is refused."""
    office = _office()
    wanted = [work.data["source_id"] for work in works]
    known = set(
        Entry.objects.filter(collection=NL_COLLECTION, source_id__in=wanted).values_list("source_id", flat=True)
    )
    entries, versions = [], []
    for work in works:
        source_id = work.data["source_id"]
        if source_id in known:
            work.fail(Refused(f"Record {source_id} is in the collection already: change it instead."))
            continue
        known.add(source_id)
        case = work.case
        case.organisation = office
        case.number = f"{NL_SERIES}-{source_id}"
        case.subject = work.data["title"][:500]
        case.member_states = ["NL"]
        case.facts = {"collection": NL_COLLECTION}
        case.audience = audience_keys([AI_OFFICE])
        entry = Entry(
            case=case,
            number=case.number,
            collection=NL_COLLECTION,
            source_id=source_id,
            organisation=office,
            audience=case.audience,
        )
        entries.append(entry)
        versions.append(_version(work, entry, 1))
    Entry.objects.bulk_create(entries, batch_size=1000)
    EntryVersion.objects.bulk_create(versions, batch_size=1000)


def _version(work: Work, entry: Entry, n: int, content: dict[str, Any] | None = None) -> EntryVersion:
    note: dict[str, Any] = {"kind": NOTE}
    if work.data.get("reconstructed"):
        note["reconstructed"] = True
    if work.data.get("renamed_from"):
        note["renamed_from"] = work.data["renamed_from"]
    return EntryVersion(
        entry=entry,
        n=n,
        record_id=work.record_id,
        content=_content(work.data) if content is None else content,
        language="nl",
        valid_from=datetime.fromisoformat(work.data["valid_from"]),
        recorded_at=work.at,
        filing_status=FilingStatus.CURRENT,
        note=note,
        organisation_id=entry.organisation_id,
        audience=entry.audience,
    )


def _latest(works: Sequence[Work]) -> dict[Any, EntryVersion]:
    ids = [work.case.pk for work in works]
    rows = EntryVersion.objects.filter(entry__in=ids).order_by("entry", "-n").distinct("entry").select_related("entry")
    return {version.entry_id: version for version in rows}


def _change(works: Sequence[Work]) -> None:
    """Add the changed state of each record as a version."""
    latest = _latest(works)
    for work in works:
        work.case.subject = work.data["title"][:500]
    # What says that a record was gone goes on saying so: that is what the source showed until the record came back.
    EntryVersion.objects.filter(
        pk__in=[version.pk for version in latest.values()], filing_status=FilingStatus.CURRENT
    ).update(filing_status=FilingStatus.SUPERSEDED)
    EntryVersion.objects.bulk_create(
        [_version(work, latest[work.case.pk].entry, latest[work.case.pk].n + 1) for work in works], batch_size=1000
    )


def _withdraw(works: Sequence[Work]) -> None:
    """Add a last version that says the record is gone from the source; its text and history stay."""
    latest = _latest(works)
    EntryVersion.objects.filter(pk__in=[version.pk for version in latest.values()]).update(
        filing_status=FilingStatus.SUPERSEDED
    )
    gone = []
    for work in works:
        last = latest[work.case.pk]
        version = _version(work, last.entry, last.n + 1, content=last.content)
        version.filing_status = FilingStatus.WITHDRAWN
        gone.append(version)
    EntryVersion.objects.bulk_create(gone, batch_size=1000)


def readers(case: Case) -> Iterable[str]:
    """Staff of the Office."""
    yield AI_OFFICE


class TakeOverDutchRecord(Procedure):
    """A record of the Dutch national algorithm register, kept for reference (no provision of the Act; CC0 data)."""

    slug = "nl-algorithm-register"
    title = _("Dutch national algorithm register (voluntary)")
    noun = _("Reference record")
    series = NL_SERIES
    seen_by = staticmethod(readers)

    in_collection = State(_("In the collection"))
    withdrawn = State(_("Withdrawn from the source"), open=False)

    take_over = step(
        START >> in_collection,
        by=IMPORTER,
        asks=DutchRecord,
        basis="house: reference collection",
        title=_("Take over"),
        effect=_take_over,
        publishes=True,
    )
    change = step(
        in_collection >> STAY,
        by=IMPORTER,
        asks=ChangedDutchRecord,
        basis="house: reference collection",
        title=_("Changed at the source"),
        effect=_change,
        publishes=True,
    )
    withdraw = step(
        in_collection >> withdrawn,
        by=IMPORTER,
        asks=Withdrawal,
        basis="house: reference collection",
        title=_("Withdrawn from the source"),
        effect=_withdraw,
        publishes=True,
    )
    return_to_collection = step(
        withdrawn >> in_collection,
        by=IMPORTER,
        asks=ChangedDutchRecord,
        basis="house: reference collection",
        title=_("Back in the source"),
        effect=_change,
        publishes=True,
    )
