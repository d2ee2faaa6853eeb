"""The Act's own tables that filings and filters speak in: use cases, Member States, languages, fields of Annex VIII."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from aioffice.act import ENTRY_INTO_FORCE, annex_iii, annex_viii, languages, member_states
from aioffice.act.text import LANGUAGES, text
from aioffice.doors.api import schemas
from aioffice.doors.api.answers import LAW, page, tagged
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.filters import Day, OnDay, SectionCode

router = Router(tags=["The Act"])
fields_router = Router(tags=["Register"])


class FieldsAsked(OnDay):
    """Which sections, on which day."""

    section: list[SectionCode] = []


def _words(key: str) -> dict[str, str]:
    return {language: text(key, language) for language in LANGUAGES}


def _day(on: Day) -> date:
    return max(on or timezone.localdate(), ENTRY_INTO_FORCE)


@router.get(
    "/annex-iii",
    response=schemas.AnnexPoints,
    operation_id="list_annex_iii",
    summary="The use cases of Annex III, and in which register a system under each is registered",
    openapi_extra=describe(etag=True),
)
def list_annex_iii(request: HttpRequest, as_of: Query[OnDay]) -> HttpResponse:
    on = _day(as_of.on)
    items = [
        {
            "point": point.label,
            "area": point.area.code,
            "title": _words(point.key),
            "area_title": _words(point.area.key),
            "registered": {
                use.value: annex_iii.registration_route(point, use, on).kind.value for use in annex_iii.AreaOfUse
            },
        }
        for point in annex_iii.points()
    ]
    return _list(request, items, on=on)


@router.get(
    "/member-states",
    response=schemas.CodeList,
    operation_id="list_member_states",
    summary="The 27 Member States",
    openapi_extra=describe(etag=True),
)
def list_member_states(request: HttpRequest) -> HttpResponse:
    return _list(request, [{"code": one.code, "names": dict(one.names)} for one in member_states.member_states()])


@router.get(
    "/languages",
    response=schemas.CodeList,
    operation_id="list_languages",
    summary="The 24 official languages, each with its name in itself",
    openapi_extra=describe(etag=True),
)
def list_languages(request: HttpRequest) -> HttpResponse:
    items = [{"code": one.code, "names": {one.code: one.own_name, **one.names}} for one in languages.languages()]
    return _list(request, items)


@fields_router.get(
    "/fields",
    response=schemas.AnnexFields,
    operation_id="list_fields",
    summary="The fields of Annex VIII in force on a day (today), with the dates from and to which each is",
    openapi_extra=describe(etag=True),
)
def list_fields(request: HttpRequest, asked: Query[FieldsAsked]) -> HttpResponse:
    on = _day(asked.on)
    items = [_field(field) for section in asked.section or "ABC" for field in annex_viii.fields(section, on=on)]
    return _list(request, items, on=on)


def _field(field: annex_viii.Field) -> dict[str, Any]:
    return {
        "point": f"{field.section}.{field.number}",
        "section": field.section,
        "number": field.number,
        "title": _words(field.key),
        "mandatory": field.mandatory.value,
        "public": field.public,
        "in_secure_section": field.in_secure_section,
        "type": field.type.value,
        "max_length": field.max_length,
        "legal_basis": field.legal_basis,
        "in_the_text_from": ENTRY_INTO_FORCE,
        "in_the_text_until": date.fromordinal(field.deleted_from.toordinal() - 1) if field.deleted_from else None,
    }


def _list(request: HttpRequest, items: list[dict[str, Any]], **more: Any) -> HttpResponse:
    data, headers = page(items, None, request, **more)
    return tagged(request, data, headers, cache=LAW)
