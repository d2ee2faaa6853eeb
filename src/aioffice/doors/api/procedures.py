"""The writing half of the API, derived from the declarations: one operation per step of every procedure.

A procedure that is declared tomorrow has its operations tomorrow. Steps that only services take are not offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja import Query, Router, Schema
from pydantic import Field

from aioffice.doors.api import casefile, schemas
from aioffice.doors.api.answers import json_answer
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.examples import example_of
from aioffice.doors.api.formschema import offered_steps, reference
from aioffice.doors.api.problems import Problem
from aioffice.doors.api.reading import json_object, key_fault, moment
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.declaration import STAY, Step
from aioffice.kernel.procedures.errors import Conflict, NotFound
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.reading.vocabulary import Door

router = Router(auth=OrganisationToken())
_VERSION = re.compile(r'\*|"([0-9]{1,9})(?:-[0-9a-f]+)?"')

REPLAYED = {
    "Idempotency-Replayed": {
        "description": "`true` when this is the answer to an earlier request with the same key.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
LOCATION = {"Location": {"description": "The case.", "required": True, "schema": {"type": "string"}}}
KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Any text of your own, up to 200 visible ASCII characters. The same key with the same content gets the first "
    "answer; with other content, 409.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
VERSION_HEADER = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": 'The `ETag` of the case as you read it, or its version in quotation marks (`"3"`), or `*` for whatever it is now. '
    "Only the version counts: a case that looks different in another language is the same case.",
    "schema": {"type": "string", "pattern": '^(\\*|"[0-9]{1,9}(-[0-9a-f]+)?")$'},
}


class Occasion(Schema):
    """When a step took place, where that was before it is recorded, and what shows it."""

    took_place_at: str = Field(
        "", max_length=40, description="Date and time with offset; now without one.", examples=["2026-11-23T08:30:00Z"]
    )
    evidence: str = Field("", max_length=300, description="What shows it: the letter, the e-mail, the minutes.")


def add_operations() -> None:
    """Add the operations of every declared procedure to the router."""
    with translation.override("en"):
        for step in offered_steps():
            _add(step)


def _add(step: Step) -> None:
    slug = step.procedure.slug
    place = (
        f"/procedures/{slug}/{step.name}"
        if step.opens_case
        else f"/procedures/{slug}/cases/{{uuid:case_id}}/{step.name}"
    )
    view: Callable[..., HttpResponse]
    if step.opens_case:

        def view(request: HttpRequest, occasion: Query[Occasion]) -> HttpResponse:
            return _perform(request, step, None, occasion)

    else:

        def view(request: HttpRequest, case_id: UUID, occasion: Query[Occasion]) -> HttpResponse:
            return _perform(request, step, case_id, occasion)

    name = f"{slug}.{step.name}".replace("-", "_").replace(".", "_")
    view.__name__ = name
    status = 201 if step.opens_case else 200
    problems = [401, 403, 409, 413, 415, 422] if step.opens_case else [401, 403, 404, 409, 412, 413, 415, 422, 428]
    router.post(
        place,
        response={status: schemas.StepTaken},
        operation_id=name,
        summary=f"{step.procedure.title}: {step.title}",
        description=_description(step),
        tags=[str(step.procedure.title)],
        openapi_extra=describe(
            *problems,
            status=status,
            ok={**REPLAYED, **(LOCATION if step.opens_case else {})},
            body=_body(step),
            parameters=[KEY_HEADER, *([] if step.opens_case else [VERSION_HEADER])],
            more={"x-step": step.key, "x-basis": step.basis},
        ),
    )(view)


def _description(step: Step) -> str:
    target = "the same state" if step.move.target is STAY else f"“{step.move.target.title}”"
    sources = ", ".join(f"“{source.title}”" for source in step.move.sources)
    lines = [
        str(step.help),
        f"Taken by: {'; '.join(str(who.title) for who in step.by)}.",
        f"Basis: {step.basis}.",
        f"Opens a case in {target}." if step.opens_case else f"From {sources} to {target}.",
        _when_it_moves(step),
    ]
    return "\n\n".join(line for line in lines if line)


def _when_it_moves(step: Step) -> str:
    """When an answer in a round moves the case, and where one of them leads instead."""
    if step.answers is None:
        return ""
    instead = "".join(
        f" With the answer “{outcome}” among them, to “{state.title}”."
        for outcome, state in step.answers.ends_in.items()
    )
    return f"The case moves when the round “{step.answers.title}” closes.{instead}"


def _body(step: Step) -> dict[str, Any]:
    if step.asks is None:
        schema: dict[str, Any] = {"type": "object", "additionalProperties": False}
        return {"required": False, "content": {"application/json": {"schema": schema, "example": {}}}}
    example = example_of(step.asks, on=timezone.localdate())
    content = {"schema": reference(step.asks), "examples": {"as it stands": {"value": example}}}
    return {"required": True, "content": {"application/json": content}}


def _perform(request: HttpRequest, step: Step, case_id: UUID | None, occasion: Occasion) -> HttpResponse:
    actor, at = actor_of(request), timezone.now()
    key = _idempotency_key(request)
    version = None if case_id is None else _expected_version(request)
    data = json_object(request, may_be_empty=step.asks is None)
    try:
        record = perform(
            step,
            case_id,
            actor=actor,
            data=data,
            at=at,
            expected_version=version,
            idempotency_key=key,
            took_place_at=_took_place_at(occasion, at),
            evidence=occasion.evidence,
        )
    except Conflict as error:
        raise _moved(error, case_id, version, actor, at) from None
    with acting(actor, at):
        case = policy.visible_to(actor).select_related("organisation").get(pk=record.case_id)
        answer = {"case": casefile.summary(case, record), "record": casefile.record_line(record)}
        headers = {"Location": casefile.case_url(case)} if step.opens_case else {}
    # Every request has a moment of its own: a record made earlier is the answer to an earlier request.
    if record.recorded_at != at:
        headers["Idempotency-Replayed"] = "true"
    return json_answer(answer, status=201 if step.opens_case else 200, etag=str(record.sequence), headers=headers)


def _idempotency_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and (message := key_fault(key)):
        raise Problem("bad-parameter", message, parameters={"Idempotency-Key": message})
    return key


def _expected_version(request: HttpRequest) -> int | None:
    sent = request.headers.get("If-Match")
    if sent is None:
        raise Problem("version-needed", parameters={"If-Match": "Send the case's ETag, or *."})
    found = _VERSION.fullmatch(sent.strip())
    if found is None:
        message = 'Send the ETag of the case as you read it, such as "3", or *.'
        raise Problem("bad-parameter", message, parameters={"If-Match": message})
    return int(found[1]) if found[1] else None


def _took_place_at(occasion: Occasion, at: datetime) -> datetime | None:
    if not occasion.took_place_at:
        return None
    if not occasion.evidence.strip():
        message = "Say what shows that it took place then."
        raise Problem("bad-parameter", message, parameters={"evidence": message})
    return moment(occasion.took_place_at, at=at)


def _moved(error: Conflict, case_id: UUID | None, expected: int | None, actor: Actor, at: datetime) -> Problem:
    """412 with what happened since the version the caller named; 409 when somebody else was faster by a moment."""
    if expected is None or case_id is None:
        return Problem("conflict", error.message)
    with acting(actor, at):
        try:
            case = visible_case(case_id, actor=actor, door=Door.API)
        except NotFound:
            return Problem("conflict", error.message)
        changes = [casefile.record_line(record) for record in casefile.records_of(case, after=expected)]
        extra = {"version": case.version, "state": case.state, "changes": changes}
    return Problem("case-moved", error.message, extra=extra, headers={"ETag": f'"{case.version}"'})
