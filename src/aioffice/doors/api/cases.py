"""Cases that concern the caller: list, one case, and who the caller is."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from aioffice.doors.api import casefile, schemas
from aioffice.doors.api.answers import PRIVATE, json_answer, page, tagged
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.cursors import seal, unseal
from aioffice.doors.api.documenting import LINK, describe
from aioffice.doors.api.filters import OneOf
from aioffice.doors.api.problems import Problem
from aioffice.doors.api.schemas_case import CaseDetail
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.declaration import procedures
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.reading.vocabulary import Door

router = Router(tags=["Cases"], auth=OrganisationToken())
ProcedureSlug = Annotated[str, OneOf("procedure", ("", *(kind.slug for kind in procedures())))]


class CasesAsked(Schema):
    """Which cases."""

    procedure: ProcedureSlug = Field("", description="Slug of a procedure.")
    state: str = Field("", max_length=40, description="Name of a state of the procedure.")
    number: str = Field("", max_length=60, description="The case's own number.")
    updated_since: AwareDatetime | None = Field(None, description="Moved at or after this moment (with offset).")
    cursor: str = Field("", max_length=1000, description="From `next` of the page before.")
    limit: int = Field(50, ge=1, le=200, description="Cases on a page.")


@router.get(
    "/cases",
    response=schemas.Cases,
    operation_id="list_cases",
    summary="The cases that concern you, last opened first",
    openapi_extra=describe(401, 403, ok={"Link": LINK}),
)
def list_cases(request: HttpRequest, asked: Query[CasesAsked]) -> HttpResponse:
    actor = actor_of(request)
    bound: dict[str, Any] = asked.model_dump(exclude={"cursor", "limit"}) | {"of": actor.organisation_key}
    after = unseal(asked.cursor, of="cases", filters=bound)
    with acting(actor, timezone.now()):
        found = policy.visible_to(actor).select_related("organisation").order_by("-id")
        found = found.filter(**{name: value for name in ("procedure", "state", "number") if (value := bound[name])})
        if asked.updated_since is not None:
            found = found.filter(updated_at__gte=asked.updated_since)
        if after:
            found = found.filter(id__lt=UUID(after))
        cases = list(found[: asked.limit + 1])
        shown = cases[: asked.limit]
        following = seal(shown[-1].pk.hex, of="cases", filters=bound) if len(cases) > asked.limit else None
        data, headers = page([casefile.summary(case) for case in shown], following, request)
    return json_answer(data, headers=headers)


@router.get(
    "/cases/{uuid:case_id}",
    response=CaseDetail,
    operation_id="read_case",
    summary="A case: state, what you may do now, and everything that was done",
    description="The `ETag` begins with the case's version, which `If-Match` names when you take a step.",
    openapi_extra=describe(401, 403, 404, etag=True),
)
def read_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    with acting(actor, timezone.now()):
        case = visible_case(case_id, actor=actor, door=Door.API)
        # What a case looks like depends on language and rights; the version in front is what a step names.
        return tagged(request, casefile.detail(case, actor), cache=PRIVATE, version=str(case.version))


@router.get(
    "/me",
    response=schemas.Me,
    operation_id="read_me",
    summary="Who your token acts for, and what it may do",
    openapi_extra=describe(401, 403),
)
def read_me(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor.organisation is None:
        raise Problem("not-allowed", "This token acts for no organisation.")
    return json_answer(describe_actor(actor))


def describe_actor(actor: Actor) -> dict[str, Any]:
    """Who acts, for whom, and what that lets them do."""
    return {
        "id": actor.id,
        "name": actor.name,
        "organisation": actor.organisation,
        "organisation_name": actor.organisation_name,
        "member_state": actor.member_state,
        "admitted": actor.admitted,
        "roles": sorted(role.value for role in (*actor.roles, *([Role.AUDITOR] if actor.audits else []))),
        "capacities": sorted(capacity.value for capacity in actor.capacities),
        "secure_access": actor.secure_access,
    }
