"""Entering a registration: its number, its entry and its versions."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from aioffice.kernel.days import beginning_of, office_day
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.numbers import take_numbers
from aioffice.kernel.procedures.work import Work
from aioffice.register.documents import keep_attachments
from aioffice.register.models import Entry, EntryVersion, FilingStatus, System

BESIDE_CONTENT = ("routing", "change")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in BESIDE_CONTENT and value not in (None, "", [])}


def filer_of(work: Work) -> Organisation:
    """The organisation whose case it is."""
    return work.case.organisation


def states_concerned(filer: Organisation, named: Sequence[str]) -> list[str]:
    """Return the Member States a filing concerns: the filer's seat and those named; empty names fall out."""
    return sorted({filer.member_state, *named} - {""})


def _number(works: Sequence[Work]) -> None:
    """Public entries run in a gapless series. Entries of the secure section get numbers that tell nothing, not even how many."""
    public = [work for work in works if not work.case.secure]
    if public:
        year = office_day(public[0].at).year
        series = public[0].step.procedure.series
        for work, number in zip(public, take_numbers(series, year, len(public)), strict=True):
            work.case.number = number
    for work in works:
        if work.case.secure:
            tail = "".join(secrets.choice(_ALPHABET) for _ in range(12))
            work.case.number = f"{work.step.procedure.series}-S-{tail}"


def register(works: Sequence[Work], *, provider_entries: Mapping[Any, Entry] | None = None) -> None:
    """Give each filing its number, its entry and its first version."""
    if not works:
        return
    _number([work for work in works if work.case.number is None])
    systems, entries, versions = [], [], []
    for work in works:
        case = work.case
        audience = case.audience = audience_keys(work.step.procedure.seen_by(case))
        section = case.facts["section"]
        system = None
        if section in "AB":
            system = System(
                organisation_id=case.organisation_id, name=case.subject, created_at=work.at, audience=audience
            )
            systems.append(system)
        selected = (provider_entries or {}).get(case.pk)
        entry = Entry(
            case=case,
            number=str(case.number),
            section=section,
            system=system,
            provider_entry=selected,
            secure=case.secure,
            organisation_id=case.organisation_id,
            audience=audience,
        )
        entries.append(entry)
        versions.append(_version(work, entry, 1, work.took_place_at))
    # Cases are inserted after their effect; foreign keys are checked when the transaction ends, so the order does not matter.
    System.objects.bulk_create(systems, batch_size=1000)
    Entry.objects.bulk_create(entries, batch_size=1000)
    EntryVersion.objects.bulk_create(versions, batch_size=1000)
    for work in works:
        keep_attachments(work)


def _version(work: Work, entry: Entry, n: int, valid_from: datetime, reason: str = "") -> EntryVersion:
    return EntryVersion(
        entry=entry,
        n=n,
        record_id=work.record_id,
        content=_content(work.data),
        routing=work.data.get("routing", {}),
        language=work.data["routing"]["language"],
        valid_from=valid_from,
        recorded_at=work.at,
        reason=reason,
        organisation_id=entry.organisation_id,
        audience=entry.audience,
    )


def supersede(work: Work, change: Mapping[str, Any]) -> None:
    entry = Entry.objects.select_for_update().get(pk=work.case.pk)
    entry.audience = work.case.audience = audience_keys(work.step.procedure.seen_by(work.case))
    entry.save(update_fields=["audience"])
    System.objects.filter(entries=entry).update(audience=entry.audience)
    earlier = EntryVersion.objects.filter(entry=entry)
    latest = earlier.order_by("-n").first()
    assert latest is not None, "an entry is made with its first version"
    earlier.filter(filing_status=FilingStatus.CURRENT).update(filing_status=FilingStatus.SUPERSEDED)
    earlier.update(audience=entry.audience)
    valid_from = beginning_of(date.fromisoformat(change["valid_from"]))
    _version(work, entry, latest.n + 1, valid_from, change["reason"]).save(force_insert=True)
    keep_attachments(work)
