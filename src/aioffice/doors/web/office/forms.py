"""The pages of forms: a step that opens a case, a step on a case, and the place where drafts save themselves."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aioffice.doors.web.office import erasing, interrupted
from aioffice.doors.web.office.drawing import draw
from aioffice.doors.web.office.filling import opened, save, sent
from aioffice.doors.web.office.frame import Visit, private, refusal, to_sign_in, visit_of
from aioffice.doors.web.office.sending import answer
from aioffice.doors.web.office.sheet import Sheet
from aioffice.kernel.db import acting
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.declaration import Step, procedure
from aioffice.kernel.procedures.errors import NotAllowed, NotFound, ProcedureError, WrongState
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.queries import may_prepare
from aioffice.kernel.reading.vocabulary import Door, Thing

type Place = tuple[Step, Case | None]
type Locate = Callable[[Visit], Place]


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """Open a case: the form of an opening step."""
    return _form(request, lambda visit: _opening(visit, slug, name))


@require_http_methods(["GET", "HEAD", "POST"])
def on_case(request: HttpRequest, case_id: UUID, name: str) -> HttpResponseBase:
    """Take a step on a case: its form, or its confirmation where it asks nothing."""
    return _form(request, lambda visit: _on_case(visit, case_id, name, Door.PAGE))


@require_POST
def opening_draft(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """Save what is typed into an opening form."""
    return _autosave(request, lambda visit: _opening(visit, slug, name))


@require_POST
def draft_on_case(request: HttpRequest, case_id: UUID, name: str) -> HttpResponseBase:
    """Save what is typed into the form of a step on a case."""
    return _autosave(request, lambda visit: _on_case(visit, case_id, name, None))


def _opening(visit: Visit, slug: str, name: str) -> Place:
    step = _declared(slug, name)
    if not step.opens_case or all(who.service for who in step.by):
        raise _no_such_form()
    _check(visit, step, None)
    return step, None


def _on_case(visit: Visit, case_id: UUID, name: str, door: Door | None) -> Place:
    case = visible_case(case_id, actor=visit.actor, door=door, thing=Thing.STEP)
    step = _declared(case.procedure, name)
    if step.opens_case:
        raise _no_such_form()
    _check(visit, step, case)
    if visit.request.method != "POST" and not step.starts_in(case.state):
        kind = step.procedure
        now = kind.states[case.state].title if case.state in kind.states else case.state
        raise WrongState(
            _("“%(step)s” is not possible any more, or not yet. The case is now: %(state)s.")
            % {"step": step.title, "state": now}
        )
    return step, case


def _declared(slug: str, name: str) -> Step:
    try:
        return procedure(slug).steps[name]
    except KeyError:
        raise _no_such_form() from None


def _no_such_form() -> NotFound:
    return NotFound(_("There is no such form. Choose under File something, or open the case."))


def _check(visit: Visit, step: Step, case: Case | None) -> None:
    if not may_prepare(visit.actor, step, case):
        who = "; ".join(dict.fromkeys(str(kind.title) for kind in step.by))
        raise NotAllowed(_("“%(step)s” is done by: %(who)s.") % {"step": step.title, "who": who})


def _form(request: HttpRequest, locate: Locate) -> HttpResponseBase:
    visit = visit_of(request)
    if visit is None:
        interrupted.keep(request)
        return to_sign_in(request)
    try:
        with acting(visit.actor, visit.at):
            step, case = locate(visit)
            if step.erases and case is not None:
                return private(erasing.page(visit, step, case))
            if request.method != "POST":
                return private(draw(opened(visit, step, case)))
            sheet = sent(visit, step, case)
        outcome = answer(sheet)
        if not isinstance(outcome, Sheet):
            return private(outcome)
        with acting(visit.actor, visit.at):
            return private(draw(outcome, status=outcome.status))
    except ProcedureError as error:
        return private(refusal(visit, error))


def _autosave(request: HttpRequest, locate: Locate) -> HttpResponseBase:
    visit = visit_of(request)
    if visit is None:
        return JsonResponse({"signed_out": True}, status=401)
    try:
        with acting(visit.actor, visit.at):
            step, case = locate(visit)
            if step.asks is None:
                raise _no_such_form()
            sheet = sent(visit, step, case)
            split = save(sheet, request.POST.get("_seen", ""))
            asking = sheet.asking()
    except ProcedureError as error:
        return private(JsonResponse({"error": error.message}, status=409))
    saved = {
        "draft": str(sheet.draft.pk) if sheet.draft else "",
        "seen": sheet.draft_seen,
        "page": sheet.page,
        "split": split is not None,
        "asking": {
            "left_out": sorted(asking.left_out),
            "needed": sorted(asking.needed),
            "title": str(asking.title),
            "explanation": str(asking.explanation),
        },
    }
    return private(JsonResponse(saved))
