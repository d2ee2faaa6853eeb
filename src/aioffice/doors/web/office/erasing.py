"""The page on which what was filed is erased: choose the step, tick its values, see where else each stands, say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aioffice.doors.web.office import interrupted
from aioffice.doors.web.office.frame import Visit, reasons
from aioffice.doors.web.office.presenting import words
from aioffice.doors.web.office.sheet import SALT, plain_values
from aioffice.doors.web.office.titles import form_url
from aioffice.kernel.documents.models import Document
from aioffice.kernel.procedures.ask import Widget
from aioffice.kernel.procedures.copies import Copy, Erasing
from aioffice.kernel.procedures.declaration import Step
from aioffice.kernel.procedures.decoding import BoundField, BoundForm, bind
from aioffice.kernel.procedures.erasing import SENT_VALUES, Erasure, SentValue, label_of
from aioffice.kernel.procedures.erasures import also_in, erasable, form_of, plan
from aioffice.kernel.procedures.errors import FieldError, Invalid, ProcedureError
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.spec import Shape, spec_of

EVERYTHING = "everything"
LONGEST = 300
"""Characters of a long text that are shown, enough to know it by."""


def page(visit: Visit, step: Step, case: Case) -> HttpResponse:
    """Show what can be erased of a case, or erase what was ticked. Called inside `acting`, for somebody who may."""
    steps = erasable(case)
    if visit.request.method != "POST":
        kept = interrupted.take(visit, form_url(step, case.pk))
        sent = kept or {"sequence": [visit.request.GET.get("sequence", "")]}
        notes = (
            [_("You were signed out when you pressed a button. What you had typed is here again; nothing was filed.")]
            if kept
            else []
        )
        return _draw(visit, step, case, steps, sent, notes=notes)
    sent = plain_values(visit.request.POST)
    if EVERYTHING not in sent and not sent.get("pointers"):
        message = _("Tick what is to be erased.")
        return _draw(visit, step, case, steps, sent, errors=[FieldError("/pointers", message, "missing")], status=422)
    data = {
        "sequence": _number(_one(sent, "sequence")),
        "pointers": [] if EVERYTHING in sent else sent["pointers"],
        "reason": _one(sent, "reason"),
    }
    try:
        record = perform(
            step,
            case.pk,
            actor=visit.actor,
            data=data,
            at=visit.at,
            expected_version=_number(_one(sent, "_version")) or None,
            idempotency_key=f"page:{_one(sent, '_once')[:64] or 'none'}",
        )
    except Invalid as error:
        return _draw(visit, step, case, steps, sent, errors=error.errors, status=422)
    except ProcedureError as error:
        case.refresh_from_db()
        return _draw(visit, step, case, steps, sent, notes=reasons(error), status=409)
    return HttpResponseRedirect(f"{reverse('office_case', args=[case.pk])}?done={record.pk}")


def _draw(
    visit: Visit,
    step: Step,
    case: Case,
    steps: Sequence[tuple[StepRecord, list[SentValue]]],
    sent: Mapping[str, list[str]],
    *,
    errors: Sequence[FieldError] = (),
    notes: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    here = form_url(step, case.pk)
    wanted = _number(_one(sent, "sequence"))
    chosen = next(((record, values) for record, values in steps if record.sequence == wanted), None)
    bound = _bound(case, chosen, sent, errors)
    return visit.render(
        "office/erase.html",
        status=status,
        case=case,
        step=step,
        here=here,
        notes=notes,
        signs=policy.may(visit.actor, step, case),
        steps=[
            {
                "url": f"{here}?{urlencode({'sequence': record.sequence})}#values",
                "title": _title(step, record),
                "record": record,
                "count": len(values),
                "current": chosen is not None and record.pk == chosen[0].pk,
            }
            for record, values in steps
        ],
        chosen=chosen[0] if chosen else None,
        chosen_title=_title(step, chosen[0]) if chosen else "",
        values=_lines(plan(case, wanted, [], at=visit.at, basis=step.basis), chosen[1], sent) if chosen else [],
        everything=EVERYTHING in sent,
        evidence=chosen[0].payload.evidence if chosen else "",
        reason=_field(bound, "reason"),
        pointers=_field(bound, "pointers"),
        summary=bound.summary,
        once=_one(sent, "_once") or uuid4().hex,
        stamp=signing.dumps(str(visit.actor.person), salt=SALT),
    )


def _bound(
    case: Case,
    chosen: tuple[StepRecord, list[SentValue]] | None,
    sent: Mapping[str, list[str]],
    errors: Sequence[FieldError],
) -> BoundForm:
    raw = {name: list(sent.get(name, [])) for name in ("sequence", "pointers", "reason")}
    values = [(one.pointer, one.pointer) for one in chosen[1]] if chosen else []
    whole = [
        FieldError("/pointers", one.message, one.code) if one.pointer.startswith("/pointers") else one for one in errors
    ]
    return bind(spec_of(Erasure), raw, whole, choices_for={SENT_VALUES: values})


def _field(bound: BoundForm, name: str) -> BoundField:
    return next(one for one in bound.fields if one.name == name)


def _title(step: Step, record: StepRecord) -> Any:
    taken = step.procedure.steps.get(record.step.rpartition(".")[2])
    return taken.title if taken else record.step


def _lines(erasing: Erasing, values: Sequence[SentValue], sent: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    record = erasing.record
    copies: dict[str, list[Copy]] = {}
    for copy in also_in(erasing):
        copies.setdefault(copy.pointer, []).append(copy)
    files = {str(one.pk): one.filename for one in Document.objects.filter(pk__in=_ids(values))}
    ticked = set(sent.get("pointers", []))
    return [
        {
            "pointer": one.pointer,
            "label": label_of(form_of(record), one.pointer),
            "shown": _shown(one, files),
            "also": [copy.place for copy in copies.get(one.pointer, [])],
            "ticked": one.pointer in ticked,
        }
        for one in values
    ]


def _ids(values: Sequence[SentValue]) -> list[UUID]:
    return [UUID(str(one.value)) for one in values if one.field is not None and one.field.widget is Widget.FILE]


def _shown(one: SentValue, files: Mapping[str, str]) -> str:
    """A value as people read it, long texts by their beginning."""
    field = one.field
    if field is not None and field.widget is Widget.FILE:
        return files.get(str(one.value), _("File that is no longer here"))
    if field is not None and field.shape is Shape.SEVERAL and isinstance(one.value, list):
        labels = dict(field.choices()) if field.choices else {}
        return ", ".join(str(labels.get(item, item)) for item in one.value)
    text = words(field, one.value) if field is not None else str(one.value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0] or text[:LONGEST]}…"


def _one(values: Mapping[str, Sequence[str]], name: str) -> str:
    return (values.get(name) or [""])[-1]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
