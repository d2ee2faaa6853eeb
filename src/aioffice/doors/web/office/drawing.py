"""The page of a sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from aioffice.doors.web.office.case import question_to
from aioffice.doors.web.office.sheet import Sheet, parts_of
from aioffice.doors.web.office.titles import DraftLine, draft_lines
from aioffice.kernel.parties.queries import people_with
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.case_view import view_case
from aioffice.kernel.procedures.drafts import list_drafts

LONG = 3
"""Fields from which on Enter saves a form instead of filing it."""


def draw(sheet: Sheet, status: int = 200) -> HttpResponse:
    """Draw the form with what was typed, what is wrong and what may be pressed. Called inside `acting`."""
    visit = sheet.visit
    context: dict[str, Any] = {
        "sheet": sheet,
        "case": sheet.case,
        "question": question_to(view_case(sheet.case, actor=visit.actor), sheet.step) if sheet.case else None,
        "signatories": [] if sheet.signs else people_with(visit.actor, [Role.SIGNATORY]),
    }
    if sheet.step.asks is not None:
        bound, asking = sheet.bound(), sheet.asking()
        context |= {
            "asking": asking,
            "left_out": ",".join(sorted(asking.left_out)),
            "parts": parts_of(sheet, bound),
            "summary": bound.summary,
            "form_errors": bool(bound.summary),
            "can_save": sheet.savable,
            "long": len(sheet.spec.fields) > LONG,
            "drafts": _other_drafts(sheet),
        }
    return visit.render("office/form.html", status=status, **context)


def _other_drafts(sheet: Sheet) -> list[DraftLine]:
    """Drafts of the same kind that were begun before, where a case is opened; a case has but one of each person."""
    if sheet.case is not None:
        return []
    actor = sheet.visit.actor
    lines = draft_lines((d for d in list_drafts(actor=actor, step=sheet.step.key) if d.case_id is None), actor)
    return [line for line in lines if sheet.draft is None or line.id != sheet.draft.pk]
