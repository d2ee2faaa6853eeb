"""A button was pressed: what was typed is saved first, then what the button says is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aioffice.doors.web.office.filling import save
from aioffice.doors.web.office.frame import reasons
from aioffice.doors.web.office.sheet import Sheet
from aioffice.kernel.db import acting
from aioffice.kernel.procedures.case_view import changed_since, visible_case
from aioffice.kernel.procedures.decoding import press, without_empty_rows
from aioffice.kernel.procedures.drafts import delete_draft
from aioffice.kernel.procedures.errors import (
    Conflict,
    FieldError,
    IdempotencyMismatch,
    Invalid,
    NotAllowed,
    ProcedureError,
)
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.reading.vocabulary import Door, Thing

if TYPE_CHECKING:
    from aioffice.kernel.procedures.models import StepRecord

FILE, SAVE, SHOW = "file", "save", "show"
"""Values of the buttons that a form has beside those of its rows."""


def answer(sheet: Sheet) -> HttpResponse | Sheet:
    """Do what the pressed button says: a redirect when it was done, the sheet with its errors when not.

    Called outside `acting`: the draft is committed before anything is tried.
    """
    visit = sheet.visit
    values = visit.request.POST
    pressed = press(sheet.spec, sheet.raw, values) if sheet.step.asks is not None else None
    if pressed is not None:
        sheet.raw = pressed
    with acting(visit.actor, visit.at):
        split = save(sheet, values.get("_seen", ""))
    if split is not None:
        messages.warning(
            visit.request, _("Somebody else changed this draft meanwhile. What you typed is in a draft of your own.")
        )
    if pressed is not None and not sheet.errors:
        place = values.get("_add") or values.get("_remove") or ""
        return HttpResponseRedirect(f"{sheet.page}#f-{place.replace('.', '-')}")
    if sheet.errors:
        return sheet
    button = values.get("_do", FILE)
    if button == SHOW:
        return HttpResponseRedirect(f"{sheet.page}#asked")
    if button == SAVE:
        messages.success(visit.request, _("Draft saved. You find it under Today and under File something."))
        return HttpResponseRedirect(sheet.page)
    if sheet.step.asks is not None and (dropped := sheet.would_be_dropped()):
        sheet.notes.append(
            (
                "warning",
                _(
                    "After your answers these are no longer asked and will not be filed: %(fields)s. Look it over, then send again."
                )
                % {"fields": ", ".join(dropped)},
            )
        )
        return sheet
    return _file(sheet)


def _file(sheet: Sheet) -> HttpResponse | Sheet:
    visit = sheet.visit
    if sheet.step.asks is not None:
        sheet.raw = without_empty_rows(sheet.spec, sheet.raw)
    record: StepRecord | None = None
    with acting(visit.actor, visit.at):
        try:
            record = perform(
                sheet.step,
                sheet.case.pk if sheet.case else None,
                actor=visit.actor,
                data=sheet.data() if sheet.step.asks is not None else {},
                at=visit.at,
                expected_version=sheet.version,
                idempotency_key=f"page:{sheet.once}",
            )
        except ProcedureError as error:
            # Caught inside, so that what a lasting refusal wrote (a counted wrong code) is kept.
            _refused(sheet, error)
        else:
            if sheet.draft is not None:
                delete_draft(sheet.draft.pk, actor=visit.actor, at=visit.at)
    if record is None:
        return sheet
    return HttpResponseRedirect(f"{reverse('office_case', args=[record.case_id])}?done={record.pk}")


def _refused(sheet: Sheet, error: ProcedureError) -> None:
    """Put what `perform` answered where it belongs: at the fields, or above the form."""
    if isinstance(error, Invalid):
        sheet.errors = error.errors
    elif pointer := error.extra.get("pointer"):
        sheet.errors = [FieldError(str(pointer), error.message, error.code)]
    elif isinstance(error, Conflict) and sheet.case is not None:
        _changed(sheet)
    elif isinstance(error, IdempotencyMismatch):
        sheet.notes.append(
            (
                "error",
                _(
                    "This form was filed already, with other content. Open it under Cases; to file another, open a new form."
                ),
            )
        )
    elif isinstance(error, NotAllowed):
        who = "; ".join(dict.fromkeys(str(kind.title) for kind in sheet.step.by))
        sheet.notes.append(
            (
                "error",
                _("You may not take this step: it is taken by %(who)s.") % {"who": who},
            )
        )
    else:
        sheet.notes += [("error", reason) for reason in reasons(error)]


def _changed(sheet: Sheet) -> None:
    """Somebody moved the case: say what happened, keep what was typed, and let it be sent again knowingly."""
    assert sheet.case is not None, "only a case is moved"
    visit = sheet.visit
    lines = changed_since(sheet.case, sheet.version or 0, actor=visit.actor)
    happened = "; ".join(f"{line.title} ({line.organisation or line.part})" for line in lines)
    sheet.notes.append(
        (
            "warning",
            _(
                "The case was moved while you were writing: %(happened)s. What you typed is still here. "
                "Look at the case, then send again if it still holds."
            )
            % {"happened": happened},
        )
    )
    sheet.case = visible_case(sheet.case.pk, actor=visit.actor, door=Door.PAGE, thing=Thing.STEP)
    sheet.version = sheet.case.version
    sheet.status = 409
