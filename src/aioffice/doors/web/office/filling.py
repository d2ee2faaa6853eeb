"""A sheet as it is opened, and as a page sends it back; saving what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from aioffice.doors.web.office import interrupted
from aioffice.doors.web.office.frame import Visit
from aioffice.doors.web.office.sheet import Sheet, names, plain_values, read_id, read_moment
from aioffice.kernel.documents.service import upload
from aioffice.kernel.procedures.ask import Widget
from aioffice.kernel.procedures.decoding import Raw, read_raw
from aioffice.kernel.procedures.drafts import list_drafts, load_draft, save_draft
from aioffice.kernel.procedures.errors import Invalid, NotFound
from aioffice.kernel.procedures.pointers import location_from_name

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.models import Case, Draft


def opened(visit: Visit, step: Step, case: Case | None) -> Sheet:
    """The sheet as it is first seen: the draft that is asked for or was left, what an ended session kept, or the prefilled form."""
    sheet = Sheet(visit, step, case, version=case.version if case else None)
    if step.asks is None:
        return sheet
    kept = interrupted.take(visit, sheet.url)
    if kept:
        # What was typed counts for more than the draft it stood in, which may be gone by now.
        sheet.draft = _draft(visit, step, case, _one(kept, "_draft"))
    elif (wanted := read_id(visit.request.GET.get("draft", ""))) is not None:
        sheet.draft = load_draft(wanted, actor=visit.actor)
        if sheet.draft.step != step.key or sheet.draft.case_id != (case.pk if case else None):
            raise NotFound(_("There is no such draft. Perhaps it was filed or deleted."))
    elif case is not None:
        drafts = list_drafts(actor=visit.actor, step=step.key, case_id=case.pk)
        sheet.draft = next((draft for draft in drafts if draft.person_id == visit.actor.person), None)
    if kept:
        sheet.raw = read_raw(sheet.spec, kept, earlier=_held(sheet))
        _save(sheet, seen=sheet.draft_seen)
        sheet.notes.append(
            (
                "warning",
                _(
                    "You were signed out when you pressed a button. What you had typed is here again; nothing was filed."
                ),
            )
        )
    elif sheet.draft is not None:
        sheet.raw = {name: list(values) for name, values in sheet.draft.values.items()}
        if sheet.draft.schema_hash != sheet.schema:
            sheet.notes.append(
                ("warning", _("The form has changed since this draft was saved: look it over before you file."))
            )
    else:
        sheet.prefill()
    sheet.seen = sheet.asking().left_out
    return sheet


def sent(visit: Visit, step: Step, case: Case | None) -> Sheet:
    """The sheet as a page sent it, with the files that came along taken in. Called inside `acting`."""
    values = plain_values(visit.request.POST)
    sheet = Sheet(
        visit, step, case, once=_one(values, "_once")[:64] or "none", version=_number(_one(values, "_version"))
    )
    if step.asks is None:
        return sheet
    sheet.draft = _draft(visit, step, case, _one(values, "_draft"))
    sheet.seen = names(_one(values, "_left_out"))
    sheet.raw = read_raw(sheet.spec, values, earlier=_held(sheet))
    _take_in(sheet)
    return sheet


def _held(sheet: Sheet) -> Raw:
    """What the page held when it was drawn: no browser sends back a file that was stored before."""
    if sheet.draft is not None:
        return {name: list(kept) for name, kept in sheet.draft.values.items()}
    sheet.prefill()
    return sheet.raw


def _one(values: Mapping[str, list[str]], name: str) -> str:
    return (values.get(name) or [""])[-1]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _draft(visit: Visit, step: Step, case: Case | None, text: str) -> Draft | None:
    """The draft a page names, None when it is gone: then what was typed goes into a new one."""
    wanted = read_id(text)
    if wanted is None:
        return None
    try:
        draft = load_draft(wanted, actor=visit.actor)
    except NotFound:
        return None
    return draft if draft.step == step.key and draft.case_id == (case.pk if case else None) else None


def _take_in(sheet: Sheet) -> None:
    """Keep the files that came with the form, so that nobody sends one twice."""
    faults = []
    for name, file in sheet.visit.request.FILES.items():
        field = sheet.spec.find(location_from_name(name))
        if field is None or field.widget is not Widget.FILE or not isinstance(file, UploadedFile):
            continue
        try:
            document = upload(
                file.chunks(), file.name or "", actor=sheet.visit.actor, at=sheet.visit.at, pointer=field.pointer
            )
        except Invalid as error:
            faults += list(error.errors)
        else:
            sheet.raw[name] = [str(document.pk)]
    sheet.errors = faults


def save(sheet: Sheet, seen: str) -> UUID | None:
    """Save what was typed; return the draft that somebody else had changed meanwhile, if so. Readers and others save nothing."""
    return _save(sheet, seen) if sheet.step.asks is not None else None


def _save(sheet: Sheet, seen: str) -> UUID | None:
    if not sheet.savable:
        return None
    saved = save_draft(
        sheet.keepable(),
        actor=sheet.visit.actor,
        at=sheet.visit.at,
        step=sheet.step.key,
        schema_hash=sheet.schema,
        case_id=sheet.case.pk if sheet.case else None,
        draft_id=sheet.draft.pk if sheet.draft else None,
        seen=read_moment(seen) if seen else None,
    )
    sheet.draft = saved.draft
    return saved.split_from
