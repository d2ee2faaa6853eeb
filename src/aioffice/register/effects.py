"""What the steps of registration do beyond moving the case: number, entry, versions, marks. Each works on many filings at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from aioffice.act.annex_iii import AreaOfUse
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.parties.models import Mandate, Organisation
from aioffice.kernel.procedures.errors import FieldError, Invalid, Refused
from aioffice.kernel.procedures.models import Case, StepPayload
from aioffice.kernel.procedures.numbers import take_numbers
from aioffice.kernel.procedures.work import Work
from aioffice.register import forms
from aioffice.register.documents import check_attachments, keep_attachments
from aioffice.register.models import Entry, EntryVersion, FilingStatus, System
from aioffice.register.selecting import no_such_entry, route_of_use, select_provider_entry
from aioffice.register.vocabulary import FilerCapacity

BESIDE_CONTENT = ("routing", "change")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in BESIDE_CONTENT and value not in (None, "", [])}


def _is_secure(work: Work) -> bool:
    assert isinstance(work.form, forms.ProviderSection), "only providers' registrations come here"
    return work.form.route(work.at.date()).secure


def _filer(work: Work) -> Organisation:
    return work.case.organisation


def file(works: Sequence[Work]) -> None:
    """Register systems of providers: each gets its number, its entry and its first version."""
    for work in works:
        if fault := _mandate_fault(work) or check_attachments(work):
            work.fail(fault)
            continue
        case, data = work.case, work.data
        case.subject = data["trade_name"]
        case.secure = _is_secure(work)
        case.facts = {"section": work.step.procedure.series[-1], **data["routing"]}
        case.member_states = _states_concerned(_filer(work), data.get("member_states", []))
        representative = _named_representative(work)
        if representative is not None:
            case.counterpart_id = representative
    _register([work for work in works if work.error is None])


def _states_concerned(filer: Organisation, named: Sequence[str]) -> list[str]:
    seat = [filer.member_state] if filer.member_state else []
    return sorted({*seat, *named})


def _mandate_fault(work: Work) -> Refused | None:
    """A representative files under a mandate in force only (Article 22)."""
    if work.data["routing"]["filer_capacity"] != FilerCapacity.AUTHORISED_REPRESENTATIVE:
        return None
    provider = work.data["provider"]["name"].casefold()
    held = Mandate.objects.filter(
        representative_id=work.case.organisation_id, ended_at=None, provider_confirmed_at__isnull=False
    ).exclude(representative_confirmed_at=None)
    names = list(held.values_list("provider__name", flat=True))
    if provider in (name.casefold() for name in names):
        return None
    listed = ", ".join(sorted(names)) or "none"
    return Refused(
        "An authorised representative registers under a mandate that both sides have confirmed (Article 22). "
        f"Providers whose mandate you hold: {listed}.",
        pointer="/provider/name",
    )


def _named_representative(work: Work) -> Any:
    named = work.data.get("representative")
    if not named:
        return None
    held = Mandate.objects.filter(
        provider_id=work.case.organisation_id, ended_at=None, provider_confirmed_at__isnull=False
    ).exclude(representative_confirmed_at=None)
    match = held.filter(representative__name__iexact=named["name"]).first()
    return match.representative_id if match else None


def _number(works: Sequence[Work]) -> None:
    """Public entries run in a gapless series. Entries of the secure section get numbers that tell nothing, not even how many."""
    public = [work for work in works if not work.case.secure]
    if public:
        year = public[0].at.year
        series = public[0].step.procedure.series
        for work, number in zip(public, take_numbers(series, year, len(public)), strict=True):
            work.case.number = number
    for work in works:
        if work.case.secure:
            tail = "".join(secrets.choice(_ALPHABET) for _ in range(12))
            work.case.number = f"{work.step.procedure.series}-S-{tail}"


def _register(works: Sequence[Work], *, provider_entries: Mapping[Any, Entry] | None = None) -> None:
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


def update(works: Sequence[Work]) -> None:
    """Add a version to each entry; the one before is superseded. The route of an entry never changes."""
    for work in works:
        if fault := _mandate_fault(work) or check_attachments(work):
            work.fail(fault)
            continue
        if (
            _is_secure(work) != work.case.secure
            or work.data["routing"]["annex_iii_point"] != work.case.facts["annex_iii_point"]
        ):
            message = "An entry keeps its use case and its section. For another use, register the system anew."
            work.fail(Invalid(errors=[FieldError("/routing/annex_iii_point", message, "route-changed")]))
            continue
        case, data = work.case, work.data
        case.subject = data["trade_name"]
        case.facts = {"section": case.facts["section"], **data["routing"]}
        case.member_states = _states_concerned(_filer(work), data.get("member_states", []))
        representative = _named_representative(work)
        if representative is not None:
            case.counterpart_id = representative
        _supersede(work, work.data["change"])


def _supersede(work: Work, change: Mapping[str, Any]) -> None:
    entry = Entry.objects.select_for_update().get(pk=work.case.pk)
    entry.audience = work.case.audience = audience_keys(work.step.procedure.seen_by(work.case))
    entry.save(update_fields=["audience"])
    earlier = EntryVersion.objects.filter(entry=entry)
    latest = earlier.order_by("-n").first()
    assert latest is not None, "an entry is made with its first version"
    earlier.filter(filing_status=FilingStatus.CURRENT).update(filing_status=FilingStatus.SUPERSEDED)
    earlier.update(audience=entry.audience)
    day = datetime.fromisoformat(change["valid_from"]).date()
    valid_from = datetime.combine(day, time.min, UTC)
    _version(work, entry, latest.n + 1, valid_from, change["reason"]).save(force_insert=True)
    keep_attachments(work)


def file_use(works: Sequence[Work]) -> None:
    """Register uses by public deployers; each selects the provider's entry (field C 3)."""
    chosen: dict[Any, Entry] = {}
    for work in works:
        selected = _select(work)
        if selected is not None:
            chosen[work.case.pk] = selected
    _register([work for work in works if work.error is None], provider_entries=chosen)


def _select(work: Work) -> Entry | None:
    """Find the entry field C 3 names and take its routing over; fail the work where it does not fit."""
    if fault := _public_body_fault(work):
        work.fail(fault)
        return None
    selected = select_provider_entry(work.data["provider_entry"])
    if selected is None:
        work.fail(no_such_entry(work.data["provider_entry"]))
        return None
    on = work.at.date()
    route = route_of_use(selected, work.data["routing"]["area_of_use"], on)
    if isinstance(route, Invalid):
        work.fail(route)
        return None
    assert isinstance(work.form, forms.DeployerParts), "only deployers' registrations come here"
    if faults := list(work.form.faults_of_route(secure=route.secure, on=on)):
        work.fail(Invalid(errors=faults))
        return None
    case = work.case
    case.subject = selected.name
    case.secure = route.secure
    case.facts = {"section": "C", "annex_iii_point": selected.annex_iii_point, **work.data["routing"]}
    case.member_states = _states_concerned(_filer(work), [])
    return Entry(case_id=selected.case_id)


def _public_body_fault(work: Work) -> Refused | None:
    if _filer(work).public_body or work.data["routing"]["filer_capacity"] == FilerCapacity.ON_BEHALF_OF_DEPLOYER:
        return None
    return Refused(
        "Section C is for deployers that are public authorities, Union institutions, bodies, offices or agencies, or who act on "
        "their behalf (Article 49(3)). Your organisation is not recorded as one: ask your administrator to have that changed."
    )


def hold_use(works: Sequence[Work]) -> None:
    """Keep a use that cannot be registered yet; what was filled in waits with the case."""
    for work in works:
        if fault := _public_body_fault(work):
            work.fail(fault)
            continue
        case = work.case
        case.subject = work.data["system_name"]
        # Until the provider's entry tells its use case, a use in a restricted area is kept from everyone it might not concern.
        case.secure = work.data["routing"]["area_of_use"] != AreaOfUse.OTHER
        case.facts = {"section": "C", **work.data["routing"]}
        case.member_states = _states_concerned(_filer(work), [])


def complete_use(works: Sequence[Work]) -> None:
    """Register a held use, with what the deployer filled in when it was held."""
    chosen: dict[Any, Entry] = {}
    for work in works:
        held = _held_payload(work.case)
        kept = {name: value for name, value in held.items() if name in forms.SectionC.model_fields}
        work.data = {**kept, "provider_entry": work.data["provider_entry"]}
        work.form = forms.SectionC.model_validate(work.data)
        selected = _select(work)
        if selected is not None:
            chosen[work.case.pk] = selected
    _register([work for work in works if work.error is None], provider_entries=chosen)


def _held_payload(case: Case) -> dict[str, Any]:
    return dict(StepPayload.objects.get(record__case=case, record__sequence=1).data)


def update_use(works: Sequence[Work]) -> None:
    """Add a version to a Section C entry."""
    for work in works:
        was = work.case.secure
        selected = _select(work)
        if selected is None:
            continue
        if work.case.secure != was:
            message = "An entry keeps its section. For use in another area, register that use anew."
            work.fail(Invalid(errors=[FieldError("/routing/area_of_use", message, "route-changed")]))
            continue
        _supersede(work, work.data["change"])
        Entry.objects.filter(pk=work.case.pk).update(provider_entry_id=selected.case_id)


def declare_error(works: Sequence[Work]) -> None:
    """Mark every version of an entry as entered in error; nothing is deleted."""
    ids = [work.case.pk for work in works]
    EntryVersion.objects.filter(entry__in=ids).update(filing_status=FilingStatus.ENTERED_IN_ERROR)


def flag(works: Sequence[Work]) -> None:
    """Put the mark “accuracy questioned” on the entry."""
    _mark(works, questioned=True)


def unflag(works: Sequence[Work]) -> None:
    """Take the mark away."""
    _mark(works, questioned=False)


def _mark(works: Sequence[Work], *, questioned: bool) -> None:
    Entry.objects.filter(pk__in=[work.case.pk for work in works]).update(accuracy_questioned=questioned)


def is_flagged(case: Case) -> str:
    """Need: the entry carries the mark."""
    flagged = Entry.objects.filter(pk=case.pk, accuracy_questioned=True).exists()
    return "" if flagged else "The entry does not carry the mark “accuracy questioned”."


def withhold(works: Sequence[Work]) -> None:
    """Replace a field's text by a tombstone with the ground, in every version."""
    for work in works:
        name = work.data["field"]
        entry = Entry.objects.select_for_update().get(pk=work.case.pk)
        known = any(_holds(version.content, name) for version in EntryVersion.objects.filter(entry=entry))
        if not known:
            message = f"No version of this entry has a field {name!r}. Its fields: {', '.join(_names(entry))}."
            work.fail(Invalid(errors=[FieldError("/field", message, "unknown-field")]))
            continue
        entry.withheld = {**entry.withheld, name: {"ground": work.data["ground"], "since": work.at.date().isoformat()}}
        entry.save(update_fields=["withheld"])


def _holds(content: Mapping[str, Any], name: str) -> bool:
    head, _dot, tail = name.partition(".")
    value = content.get(head)
    return value is not None and (not tail or (isinstance(value, dict) and tail in value))


def _names(entry: Entry) -> list[str]:
    names: set[str] = set()
    for version in EntryVersion.objects.filter(entry=entry):
        for head, value in version.content.items():
            names.add(head)
            if isinstance(value, dict):
                names.update(f"{head}.{tail}" for tail in value)
    return sorted(names)


def release(works: Sequence[Work]) -> None:
    """Show withheld text again."""
    for work in works:
        entry = Entry.objects.select_for_update().get(pk=work.case.pk)
        if work.data["field"] not in entry.withheld:
            message = f"This is not withheld. Withheld now: {', '.join(entry.withheld) or 'nothing'}."
            work.fail(Invalid(errors=[FieldError("/field", message, "not-withheld")]))
            continue
        entry.withheld = {name: why for name, why in entry.withheld.items() if name != work.data["field"]}
        entry.save(update_fields=["withheld"])
