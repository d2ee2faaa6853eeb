"""How the copies go that this room keeps: payloads with their salts, evidence, names of cases, drafts; and what the log says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from aioffice.kernel.ledger.checking import covered, redact
from aioffice.kernel.ledger.signing import INTERNAL
from aioffice.kernel.ledger.statements import redaction
from aioffice.kernel.ledger.writing import add, step_subject
from aioffice.kernel.procedures.copies import Copy, Erasing, Holder, holds_copies
from aioffice.kernel.procedures.declaration import step_by_key
from aioffice.kernel.procedures.erasing import value_at
from aioffice.kernel.procedures.models import Case, Draft, ErasedValue, StepPayload, StepRecord
from aioffice.kernel.procedures.pointers import location_from_name, pointer_from_location
from aioffice.kernel.procedures.repetitions import REQUEST


def declare() -> None:
    """Say what this room holds. Called when the applications are ready."""
    holds_copies(
        Holder(
            "procedures",
            columns=(
                "office.procedures_steppayload.data",
                "office.procedures_steppayload.salts",
                "office.procedures_steppayload.evidence",
                "office.procedures_case.subject",
                "office.procedures_draft.values",
            ),
            redact=_redact,
            find=_find,
        )
    )


def _copies(erasing: Erasing) -> Iterator[tuple[StepPayload, list[str]]]:
    """Payloads of the case that hold values that go, with their pointers: the one named, and those that say the same in the same place."""
    payloads = StepPayload.objects.filter(record__case=erasing.case).select_related("record")
    for payload in payloads.order_by("record__sequence"):
        if payload.record_id == erasing.record.pk:
            yield payload, sorted(erasing.values)
        elif held := [one for one in sorted(erasing.values) if erasing.holds(one, value_at(payload.data, one))]:
            yield payload, held


def _find(erasing: Erasing) -> Iterator[Copy]:
    for payload, pointers in _copies(erasing):
        if payload.record_id != erasing.record.pk:
            place = _step_in_words(payload.record)
            yield from (Copy(pointer, place) for pointer in pointers)


def _step_in_words(record: StepRecord) -> str:
    try:
        title = step_by_key(record.step).title
    except KeyError:
        title = record.step
    return _("step %(number)s, “%(title)s”") % {"number": record.sequence, "title": title}


def _redact(erasing: Erasing, by: StepRecord) -> None:
    statements = []
    for payload, pointers in list(_copies(erasing)):
        record = payload.record
        if erasing.whole and record.pk == erasing.record.pk:
            payload.delete()
            gone = [""]
            # Of the step's record the log goes on saying who did what and when; each part of what was sent is named.
            stated = sorted({"/" + pointer.split("/")[1] for pointer in record.digests if pointer}) or [""]
        else:
            gone = pointers
            payload.data, kept = redact(payload.data, payload.salts, pointers)
            # The digest of the request is of all that was sent: with its salt, what is left would let one guess what is gone.
            payload.salts = {one: salt for one, salt in kept.items() if one != REQUEST}
            payload.save(update_fields=["data", "salts"])
            stated = [one for one in pointers if any(covered(stated, [one]) for stated in record.digests)]
        ErasedValue.objects.bulk_create(
            ErasedValue(
                case_id=record.case_id,
                record=record,
                pointer=pointer,
                erased_at=erasing.at,
                erased_by=by,
                organisation_id=record.organisation_id,
                audience=erasing.case.audience,
            )
            for pointer in gone
        )
        if stated and stated != [""]:
            statements.append((redaction(step_subject(record), erasing.at, stated, erasing.basis), None))
    add(INTERNAL, statements, erasing.at)
    _forget_subject(erasing)
    _forget_drafts(erasing)


def _forget_subject(erasing: Erasing) -> None:
    """A case that was named after what goes is named by its number."""
    case = Case.objects.get(pk=erasing.case.pk)
    if case.subject.strip() in erasing.texts():
        case.subject = erasing.case.subject = case.number or str(case.pk)
        case.save(update_fields=["subject"])


def _forget_drafts(erasing: Erasing) -> None:
    """What the filer's people still hold in drafts of this case, and of the step that was taken, is a copy too."""
    concerned = Q(case=erasing.case.pk) | Q(
        case=None, organisation=erasing.case.organisation_id, step=erasing.record.step
    )
    for draft in Draft.objects.filter(concerned).select_for_update(of=("self",)):
        values = {name: kept for name, kept in draft.values.items() if not _typed(erasing, name, kept)}
        if values != draft.values:
            draft.values = values
            draft.save(update_fields=["values"])


def _typed(erasing: Erasing, name: str, typed: object) -> bool:
    pointer = pointer_from_location(location_from_name(name))
    if not isinstance(typed, list):
        return erasing.holds(pointer, typed)
    return erasing.holds(pointer, typed) or any(erasing.holds(pointer, one) for one in typed)


def erased_of(records: Iterable[StepRecord]) -> dict[UUID, list[ErasedValue]]:
    """What was erased of records, by the record's id. Called inside `acting`, by whoever may see the case."""
    found: dict[UUID, list[ErasedValue]] = {}
    for one in ErasedValue.objects.filter(record__in=list(records)).order_by("erased_at", "pointer"):
        found.setdefault(one.record_id, []).append(one)
    return found
