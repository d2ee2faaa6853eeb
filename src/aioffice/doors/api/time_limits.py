"""Time limits of the Act, and what each comes to for an event at a place. No token, no database."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, WithJsonSchema

from aioffice.act import places
from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.law import SettingError
from aioffice.act.clocks.results import Deadline, QuestionError
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.time_limits import TimeLimit, time_limit, time_limits
from aioffice.doors.api import schemas_clocks as schemas
from aioffice.doors.api.answers import LAW, page, tagged
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.filters import OneOf
from aioffice.doors.api.problems import Problem
from aioffice.kernel.clocks.asking import MOST_ENDS, Question, answer, usual_place
from aioffice.kernel.clocks.presenting import deadline_data, limit_data
from aioffice.kernel.settings import settings

router = Router(tags=["Time limits"])
_PLACES = tuple(one.code for one in places.places())
PlaceCode = Annotated[str, OneOf("place", ("", *_PLACES), places.place)]


class AskedDeadline(Schema):
    """When it happened, and where the action has to be taken."""

    event: Annotated[
        str, WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
    ] = Field(
        "",
        alias="from",
        max_length=40,
        description="When it happened: a day, or a moment (which limits in hours need). Without an offset it is read on the clock of "
        "the place. Limits with a day of their own need none.",
        examples=["2028-03-03", "2028-03-03T10:20:00+01:00"],
    )
    place: PlaceCode = Field(
        "",
        description="Where the action has to be taken: a Member State, `EU` (Commission and AI Office) or `EDPS`. Without one: the "
        "institution that acts, or, for limits that depend on no event, `EU`.",
        examples=["BE"],
    )
    k: int | None = Field(None, ge=1, le=MOST_ENDS, description="Which end of a limit that repeats, from 1.")
    law: list[Annotated[str, Field(max_length=500)]] = Field(
        [],
        alias="set",
        description="Settings of law as `name=value`, for example `log_retention=12 months`.",
        examples=[["conservative_incident_dates=no"]],
    )


@router.get(
    "/time-limits",
    response=schemas.TimeLimits,
    operation_id="list_time_limits",
    summary="Every time limit of the Act",
    openapi_extra=describe(etag=True),
)
def list_time_limits(request: HttpRequest) -> HttpResponse:
    data, headers = page([_shown(one) for one in time_limits()], None, request)
    return tagged(request, data, headers, cache=LAW)


@router.get(
    "/time-limits/{limit}",
    response=schemas.TimeLimitShape,
    operation_id="read_time_limit",
    summary="One time limit",
    openapi_extra=describe(404, etag=True),
)
def read_time_limit(request: HttpRequest, limit: str) -> HttpResponse:
    return tagged(request, _shown(_limit(limit)), cache=LAW)


@router.get(
    "/time-limits/{limit}/compute",
    response=schemas.DeadlineShape,
    operation_id="compute_deadline",
    summary="What a time limit comes to: when it ends, and why",
    description="By Regulation (EEC, Euratom) No 1182/71, with the public holidays of the place where the action has to be taken.",
    openapi_extra=describe(404, etag=True),
)
def compute_deadline(request: HttpRequest, limit: str, asked: Query[AskedDeadline]) -> HttpResponse:
    found = _limit(limit)
    place = asked.place or usual_place(found)
    if not place:
        _stop("place", "Say where the action has to be taken: a Member State such as BE, EU or EDPS.")
    law = dict(_pair(written) for written in asked.law)
    question = Question(found.id, place, asked.event, str(asked.k or ""), law)
    return tagged(request, deadline_data(_answer(question)), cache=LAW)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        _stop("set", f"Write name=value, not {written!r}.")
    return name.strip(), value


def _answer(question: Question) -> Deadline:
    try:
        return answer(question)
    except QuestionError as error:
        _stop("from" if error.field == "event" else error.field, str(error))
    except (SettingError, UnknownCodeError) as error:
        _stop("set", str(error))
    except CalendarNotPublishedError as error:
        _stop("from", str(error))


def _limit(id: str) -> TimeLimit:
    try:
        return time_limit(id)
    except UnknownCodeError as error:
        raise Problem("not-found", str(error)) from None


def _shown(limit: TimeLimit) -> dict[str, Any]:
    data = limit_data(limit)
    day = data["date"]
    return {**data, "date": day and day.isoformat(), "url": f"{settings().base_url}/api/v1/time-limits/{limit.id}"}


def _stop(parameter: str, message: str) -> NoReturn:
    raise Problem("bad-parameter", f"{parameter}: {message}", parameters={parameter: message}) from None
