"""What supervisors put on an entry beside its text: marks and tombstones; and an entry made in error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from aioffice.kernel.days import office_day
from aioffice.kernel.procedures.errors import FieldError, Invalid, Refused
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.work import Work
from aioffice.register.mandates import in_force
from aioffice.register.models import Entry, EntryVersion, FilingStatus
from aioffice.register.vocabulary import FilerCapacity


def declare_error(works: Sequence[Work]) -> None:
    """Mark every version of an entry as entered in error, and since when; nothing is deleted."""
    ids = [work.case.pk for work in works]
    EntryVersion.objects.filter(entry__in=ids).update(filing_status=FilingStatus.ENTERED_IN_ERROR)
    for work in works:
        Entry.objects.filter(pk=work.case.pk).update(in_error_since=work.at)


def flag(works: Sequence[Work]) -> None:
    """Put the mark “accuracy questioned” on the entry, in the name of the authority that doubts."""
    for work in works:
        _doubt(work, {*work.case.facts.get(DOUBTED_BY, ()), str(work.actor.organisation)})


def unflag(works: Sequence[Work]) -> None:
    """Take one's own doubt back; the mark goes with the last one. No authority ends another's (70(1): they are independent)."""
    for work in works:
        doubting = set(work.case.facts.get(DOUBTED_BY, ()))
        if str(work.actor.organisation) not in doubting:
            work.fail(Refused(_("The mark was put by another authority: it alone takes it away.")))
            continue
        _doubt(work, doubting - {str(work.actor.organisation)})


DOUBTED_BY = "doubted_by"
"""Fact of a case: the ids of the authorities whose doubt the mark stands for."""


def _doubt(work: Work, organisations: set[str]) -> None:
    work.case.facts = {**work.case.facts, DOUBTED_BY: sorted(organisations)}
    Entry.objects.filter(pk=work.case.pk).update(accuracy_questioned=bool(organisations))


def filed_by_representative(case: Case) -> str:
    """Need: an authorised representative filed for the provider."""
    if case.facts.get("filer_capacity") == FilerCapacity.AUTHORISED_REPRESENTATIVE:
        return ""
    return _("No authorised representative filed this: the provider acts on it as its filer.")


def mandate_still_in_force(case: Case) -> str:
    """Need: where a representative filed, its mandate from that provider has not ended (Article 22)."""
    if case.facts.get("filer_capacity") != FilerCapacity.AUTHORISED_REPRESENTATIVE:
        return ""
    if in_force().filter(representative_id=case.organisation_id, provider_id=case.counterpart_id).exists():
        return ""
    return _("The mandate under which this was filed has ended: only the provider can say more about it.")


def somebody_asked(case: Case) -> str:
    """Need: an authority has put a question."""
    asked = StepRecord.objects.filter(case=case, step__endswith=".question").exists()
    return "" if asked else _("No authority has asked anything about this registration.")


def is_flagged(case: Case) -> str:
    """Need: the entry carries the mark."""
    flagged = Entry.objects.filter(pk=case.pk, accuracy_questioned=True).exists()
    return "" if flagged else _("The entry does not carry the mark “accuracy questioned”.")


def withhold(works: Sequence[Work]) -> None:
    """Replace a field's text by a tombstone with the ground, in every version."""
    for work in works:
        name = work.data["field"]
        entry = Entry.objects.select_for_update().get(pk=work.case.pk)
        known = name == "reason" or any(
            _holds(version.content, name) for version in EntryVersion.objects.filter(entry=entry)
        )
        if not known:
            message = _("No version of this entry has a field “%(name)s”. Its fields: %(fields)s.") % {
                "name": name,
                "fields": ", ".join(_names(entry)),
            }
            work.fail(Invalid(errors=[FieldError("/field", message, "unknown-field")]))
            continue
        entry.withheld = {
            **entry.withheld,
            name: {"ground": work.data["ground"], "since": office_day(work.at).isoformat()},
        }
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
            message = _("This is not withheld. Withheld now: %(fields)s.") % {
                "fields": ", ".join(entry.withheld) or _("nothing")
            }
            work.fail(Invalid(errors=[FieldError("/field", message, "not-withheld")]))
            continue
        entry.withheld = {name: why for name, why in entry.withheld.items() if name != work.data["field"]}
        entry.save(update_fields=["withheld"])
