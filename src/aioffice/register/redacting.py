"""How the copies go that the register keeps: versions of entries, names of systems and of uses, and everything published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting
from aioffice.kernel.ledger.past import forget_entries
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.copies import Copy, Erasing, Holder, holds_copies
from aioffice.kernel.procedures.erasing import value_at
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.register.models import Entry, EntryVersion, System
from aioffice.register.publishing import PUBLISHER, publish_entries

REASON = "/change/reason"
"""Where a filing says why it changes; a version keeps it as its `reason`."""
PUBLISHED_COLUMNS = (
    "entry.name", "entry.provider", "entry.words", "entry.body", "entry.tsv",
    "version.name", "version.provider", "version.body", "version.tsv",
    "document.filename", "word.word", "statement.salts", "statement_past.document", "statement_past.salts",
)  # fmt: skip


def declare() -> None:
    """Say what the register holds. Called when the applications are ready."""
    holds_copies(
        Holder(
            "register",
            columns=(
                "office.register_entryversion.content",
                "office.register_entryversion.reason",
                "office.register_system.name",
                *(f"published.{column}" for column in PUBLISHED_COLUMNS),
            ),
            redact=_redact,
            find=_find,
        )
    )


def _held(erasing: Erasing, version: EntryVersion) -> list[str]:
    """Pointers of what a version says and what goes: all that its own step sent, and the same said in the same place by another."""
    own = version.record_id == erasing.record.pk
    return [
        pointer
        for pointer in sorted(erasing.values)
        if (value := _value(version, pointer)) not in (None, "", [], {}) and (own or erasing.holds(pointer, value))
    ]


def _value(version: EntryVersion, pointer: str) -> Any:
    return version.reason if pointer == REASON else value_at(version.content, pointer)


def _versions(erasing: Erasing) -> list[tuple[EntryVersion, list[str]]]:
    versions = EntryVersion.objects.filter(entry=erasing.case.pk).order_by("n")
    return [(version, pointers) for version in versions if (pointers := _held(erasing, version))]


def _find(erasing: Erasing) -> Iterator[Copy]:
    for version, pointers in _versions(erasing):
        place = _("version %(n)s of the entry") % {"n": version.n}
        yield from (Copy(pointer, place) for pointer in pointers)


def _redact(erasing: Erasing, by: StepRecord) -> None:
    entry = Entry.objects.select_for_update(of=("self",)).filter(pk=erasing.case.pk).first()
    if entry is None:
        return
    mark = {"since": office_day(erasing.at).isoformat(), "basis": erasing.basis}
    for version, pointers in _versions(erasing):
        for pointer in pointers:
            if pointer == REASON:
                version.reason = ""
            else:
                version.content = _without(version.content, pointer)
            version.erased = {**version.erased, name_of(pointer): mark}
        version.save(update_fields=["content", "reason", "erased"])
    System.objects.filter(entries=entry, name__in=erasing.texts()).update(name=entry.number)
    concerned = {entry.pk, *_rename_uses(entry, erasing)}
    # In this transaction, after the publishers before it and before those after it: nobody is shown what was read before.
    with acting(service(PUBLISHER), erasing.at):
        publish_entries(concerned)
        # What stood there is kept for those who check as of an earlier checkpoint: not when it holds what goes.
        forget_entries(list(Entry.objects.filter(pk__in=concerned).values_list("number", flat=True)))


def _rename_uses(entry: Entry, erasing: Erasing) -> Sequence[UUID]:
    """Uses of the system are named after it; those named after what goes are named by the number of its entry."""
    uses = Case.objects.filter(entry__provider_entry=entry, subject__in=erasing.texts()).order_by("pk")
    found = list(uses.select_for_update(of=("self",)).values_list("pk", flat=True))
    Case.objects.filter(pk__in=found).update(subject=entry.number)
    return found


def name_of(pointer: str) -> str:
    """What marks of erasure call a value: the field's name with a dot before its part, or `reason`."""
    return "reason" if pointer == REASON else pointer.removeprefix("/").replace("/", ".")


def _without(content: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """The content without the value: a field goes, a part of a group leaves the group."""
    head, _slash, tail = pointer.removeprefix("/").partition("/")
    left = dict(content)
    if tail and isinstance(left[head], Mapping):
        left[head] = {name: value for name, value in left[head].items() if name != tail}
    else:
        del left[head]
    return left
