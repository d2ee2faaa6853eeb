"""The public register: searching, entries, versions, differences, counts, files. No token, no application connection."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from aioffice.doors.api import schemas
from aioffice.doors.api.answers import FRESH, bytes_answer, page, tagged, unchanged
from aioffice.doors.api.cursors import seal, unseal
from aioffice.doors.api.documenting import LINK, describe, file_answer
from aioffice.doors.api.filters import BRUSSELS, Asked, AskedPage, AsOf
from aioffice.doors.api.problems import Problem
from aioffice.kernel.documents.service import open_by_digest
from aioffice.kernel.settings import settings
from aioffice.register import public_queries as public
from aioffice.register.models import EU

router = Router(tags=["Register"])
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_OPTIONS = 100


def url_of(number: str, *more: object) -> str:
    """Address of an entry in this API."""
    return "/".join([f"{settings().base_url}/api/v1/register/entries/{number}", *map(str, more)])


def _marks(marks: Any) -> list[dict[str, int]]:
    return [{"start": mark.start, "end": mark.end} for mark in marks]


def summary(hit: public.Hit) -> dict[str, Any]:
    """What a list says of an entry."""
    plain = {name: getattr(hit, name) for name in schemas.EntrySummary.model_fields if hasattr(hit, name)}
    snippets = [
        {
            "field": snippet.field,
            "text": snippet.fragment.text,
            "marks": _marks(snippet.fragment.marks),
            "cut_before": snippet.fragment.cut_before,
            "cut_after": snippet.fragment.cut_after,
        }
        for snippet in hit.snippets
    ]
    return {**plain, "name_marks": _marks(hit.name_marks), "snippets": snippets, "url": url_of(hit.number)}


@router.get(
    "/entries",
    response=schemas.Entries,
    operation_id="search_entries",
    summary="Search the register",
    description="Filters of one kind are alternatives; different filters hold together. Without `filing_status`: current filings.",
    openapi_extra=describe(etag=True, ok={"Link": LINK}),
)
def search_entries(request: HttpRequest, asked: Query[AskedPage]) -> HttpResponse:
    filters = asked.filters()
    bound = {"q": asked.q, "filters": filters, "on": asked.on, "known": asked.known, "sort": asked.sort}
    try:
        found = public.search(
            text=asked.q,
            filters=filters,
            sort=asked.sort,
            cursor=unseal(asked.cursor, of="entries", filters=bound),
            limit=asked.limit,
            on=asked.on,
            known=asked.known,
        )
    except public.BadCursor as error:
        raise Problem("bad-cursor", str(error), parameters={"cursor": str(error)}) from None
    following = seal(found.next_cursor, of="entries", filters=bound) if found.next_cursor else None
    data, headers = page(
        [summary(hit) for hit in found.hits],
        following,
        request,
        collection=asked.collection,
        total={"count": found.total, "exact": found.total_exact},
        sort=found.sort,
        did_you_mean=found.did_you_mean,
        ignored=found.ignored,
    )
    return tagged(request, data, headers)


@router.get(
    "/facets",
    response=schemas.Facets,
    operation_id="count_facets",
    summary="Counts beside the filters",
    description="For every filter the values it could take under the same search, each counted as if its own filter were not set.",
    openapi_extra=describe(etag=True),
)
def count_facets(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    counted = public.facets(text=asked.q, filters=asked.filters(), most=_MOST_OPTIONS, on=asked.on, known=asked.known)
    facets = [
        {
            "name": facet.name,
            "values": [{"value": one.value, "count": one.count, "chosen": one.chosen} for one in facet.options],
            "more": max(0, facet.values - len(facet.options)),
            "exact": facet.complete,
        }
        for facet in counted
    ]
    return tagged(request, {"collection": asked.collection, "facets": facets})


@router.get(
    "/collections",
    response=schemas.Collections,
    operation_id="list_collections",
    summary="Collections and how many current entries each holds",
    openapi_extra=describe(etag=True),
)
def list_collections(request: HttpRequest) -> HttpResponse:
    items = [
        {
            "code": code,
            "entries": count,
            "article_49": code == EU,
            "url": f"{settings().base_url}/api/v1/register/entries?collection={code}",
        }
        for code, count in public.collections().items()
    ]
    data, headers = page(items, None, request)
    return tagged(request, data, headers)


@router.get(
    "/entries/{number}",
    response=schemas.EntryDocument,
    operation_id="read_entry",
    summary="An entry as it stands, or as it stood on a day",
    openapi_extra=describe(404, etag=True),
)
def read_entry(request: HttpRequest, number: str, as_of: Query[AsOf]) -> HttpResponse:
    if as_of.on or as_of.known:
        when = as_of.on or (as_of.known.astimezone(BRUSSELS).date() if as_of.known else date.max)
        version = public.version_on(number=number, on=when, known=as_of.known)
        if version is None:
            raise Problem("not-found", "The register said nothing under this number then.")
        return unchanged(request, version.etag, cache=FRESH) or bytes_answer(
            version.body, etag=version.etag, cache=FRESH
        )
    entry = public.entry(number=number)
    if entry is None:
        raise Problem("not-found", "The public register has no entry with this number.")
    return unchanged(request, entry.etag, cache=FRESH) or bytes_answer(entry.body, etag=entry.etag, cache=FRESH)


@router.get(
    "/entries/{number}/versions",
    response=schemas.VersionList,
    operation_id="list_versions",
    summary="Every version of an entry, the latest first",
    openapi_extra=describe(404, etag=True),
)
def list_versions(request: HttpRequest, number: str) -> HttpResponse:
    found = public.versions(number=number)
    if not found:
        raise Problem("not-found", "The public register has no entry with this number.")
    items = [
        {
            "version": version.version,
            "valid_from": version.valid_from,
            "recorded_at": version.recorded_at,
            "filing_status": version.filing_status,
            "reason": version.document.get("reason", ""),
            "language": version.language,
            "url": url_of(number, "versions", version.version),
        }
        for version in found
    ]
    data, headers = page(items, None, request, number=number)
    return tagged(request, data, headers)


@router.get(
    "/entries/{number}/versions/{int:n}",
    response=schemas.Document,
    operation_id="read_version",
    summary="One version of an entry",
    description="What it said never changes, but for text that the Office withholds and for its filing status.",
    openapi_extra=describe(404, etag=True),
)
def read_version(request: HttpRequest, number: str, n: int) -> HttpResponse:
    version = public.version(number=number, n=n)
    if version is None:
        raise Problem("not-found", "The public register has no such version.")
    return unchanged(request, version.etag, cache=FRESH) or bytes_answer(version.body, etag=version.etag, cache=FRESH)


@router.get(
    "/entries/{number}/versions/{int:n}/diff/{int:m}",
    response=schemas.Differences,
    operation_id="compare_versions",
    summary="What differs between two versions of an entry",
    openapi_extra=describe(404, etag=True),
)
def compare_versions(request: HttpRequest, number: str, n: int, m: int) -> HttpResponse:
    found = public.difference(number=number, n=n, m=m)
    if found is None:
        raise Problem("not-found", "The public register has no such two versions.")
    data = {"number": number, "before": n, "after": m, "changes": found.changes}
    return tagged(request, data, cache=FRESH)


@router.get(
    "/documents/{sha256}",
    operation_id="read_public_document",
    summary="A file that a public entry shows, by its SHA-256",
    openapi_extra=describe(404, etag=True)
    | {"responses": describe(404, etag=True)["responses"] | {200: file_answer("The file.")}},
)
def read_public_document(request: HttpRequest, sha256: str) -> HttpResponseBase:
    shown = public.documents(digest=sha256) if _DIGEST.fullmatch(sha256) else ()
    if not shown:
        raise Problem("not-found", "No public entry shows this file.")
    if answer := unchanged(request, sha256, cache=FRESH):
        return answer
    return file_response(sha256, shown[0].filename, shown[0].media_type, cache=FRESH)


def file_response(digest: str, filename: str, media_type: str, *, cache: str) -> FileResponse:
    """The stored content as a download that no browser runs or guesses about."""
    response = FileResponse(open_by_digest(digest), as_attachment=True, filename=filename, content_type=media_type)
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
