"""Who read what: the log of reads, for tokens of auditors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from aioffice.doors.api.answers import json_answer, page
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.cursors import seal, unseal
from aioffice.doors.api.documenting import LINK, describe
from aioffice.doors.api.problems import Problem
from aioffice.doors.api.schemas_reads import Reads
from aioffice.kernel.db import acting
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.reading.queries import ReadingLine, Wanted, list_readings, wanted_of
from aioffice.kernel.reading.vocabulary import Door

router = Router(tags=["Cases"], auth=OrganisationToken())


class ReadsAsked(Schema):
    """Which reads."""

    case: str = Field("", max_length=60, description="Number or id of a case.")
    person: str = Field(
        "", max_length=200, description="Part of a name, a whole e-mail address, or the `actor` of a line."
    )
    day: str = Field("", max_length=10, description="Day in Brussels (`2027-05-31`).")
    cursor: str = Field("", max_length=1000, description="From `next` of the page before.")
    limit: int = Field(50, ge=1, le=200, description="Lines on a page.")


@router.get(
    "/reads",
    response=Reads,
    operation_id="list_reads",
    summary="Who read confidential files, newest first",
    description="For tokens of auditors: the reads of the own organisation; of the Office and of the European Data Protection "
    "Supervisor, those of every organisation. Asking is written down too.",
    openapi_extra=describe(401, 403, ok={"Link": LINK}),
)
def list_reads(request: HttpRequest, asked: Query[ReadsAsked]) -> HttpResponse:
    actor = actor_of(request)
    bound: dict[str, Any] = asked.model_dump(exclude={"cursor", "limit"}) | {"of": actor.organisation_key}
    after = unseal(asked.cursor, of="reads", filters=bound)
    with acting(actor, timezone.now()):
        found = list_readings(
            actor, _wanted(asked), door=Door.API, after=UUID(after) if after else None, size=asked.limit
        )
    following = seal(found.after.hex, of="reads", filters=bound) if found.after else None
    data, headers = page([line_data(line) for line in found.lines], following, request)
    return json_answer(data, headers=headers)


def _wanted(asked: ReadsAsked) -> Wanted:
    try:
        return wanted_of(asked.case, asked.person, asked.day)
    except Invalid as error:
        raise Problem("bad-parameter", error.errors[0].message, parameters={"day": error.errors[0].message}) from None


def line_data(line: ReadingLine) -> dict[str, Any]:
    """One read as JSON."""
    return {
        "id": line.id,
        "at": line.at,
        "actor": line.actor,
        "name": line.who,
        "organisation": line.organisation,
        "thing": line.thing.value,
        "cases": list(line.cases),
        "numbers": list(line.numbers),
        "document": line.document,
        "version": line.version,
        "rights": list(line.rights),
        "door": line.door.value,
        "asked": line.asked,
    }
