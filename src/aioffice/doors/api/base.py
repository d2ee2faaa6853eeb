"""What every operation of the API has in common: strict reading, problem details, HEAD, CORS, limits, and who asks.

Django Ninja binds arguments, checks parameters and draws up the OpenAPI document; this class stands around it, so that no operation can
forget any of it. Operations with a token run in the caller's language (`Accept-Language`), public ones always in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI
from ninja.operation import Operation, PathView
from ninja.security import HttpBearer
from ninja.utils import normalize_path, replace_path_param_notation

from aioffice.doors.api import limits, problems
from aioffice.doors.api.problems import Problem
from aioffice.doors.api.reading import check_media_type, check_query
from aioffice.doors.api.refusals import problem_of
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_token

EXPOSED = "ETag, Link, Location, Retry-After, Content-Disposition"
UNAUTHENTICATED = 'Bearer realm="AI Office", error="invalid_token"'


class OrganisationToken(HttpBearer):
    """A token of an organisation, made by its administrators: `Authorization: Bearer aio_…`."""

    openapi_bearerFormat = "aio_…"  # noqa: N815 - the word of OpenAPI
    openapi_description = "A token of an organisation, made by its administrators on the organisation's page."

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return the actor the token stands for; raise a Problem 401, or 429 for one that asks too often."""
        with plumbing():
            actor = actor_for_token(token, timezone.now())
        if actor is None:
            limits.count_address(request)
            raise Problem("token-unknown", headers={"WWW-Authenticate": UNAUTHENTICATED})
        limits.count_token(actor.id)
        return actor


def actor_of(request: HttpRequest) -> Actor:
    """Who calls an operation that needs a token."""
    actor = request.auth  # type: ignore[attr-defined]
    assert isinstance(actor, Actor), "only operations with a token ask who calls"
    return actor


class OfficeAPI(NinjaAPI):
    """The API. Operations without `auth` are public: no token, any origin, the connection `site` alone."""

    def _get_urls(self) -> list[Any]:
        return [*self._patterns(), path("<path:rest>", self.nothing), path("", self.nothing, name="api-root")]

    def _patterns(self) -> Iterator[URLPattern]:
        for bound in self._get_bound_routers():
            for route, path_view in bound.path_operations.items():
                place = normalize_path(
                    f"{replace_path_param_notation(bound.prefix)}/{replace_path_param_notation(route)}"
                )
                yield path(place.lstrip("/"), self._door(path_view), name=path_view.operations[0].operation_id)

    def _door(self, path_view: PathView) -> Any:
        """The view of one address: everything that happens before and after its operation."""
        public = not any(operation.auth_callbacks for operation in path_view.operations)
        methods = sorted({method for operation in path_view.operations for method in operation.methods})
        allowed = ", ".join([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])

        def door(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            try:
                response = self._enter(request, path_view, public, allowed, kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a problem document
                response = self.on_exception(request, error)
            return _leave(request, response, public)

        door.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is looked at here
        door.api_operations = path_view.operations  # type: ignore[attr-defined]  # for tests that walk all routes
        return door

    def _enter(
        self, request: HttpRequest, path_view: PathView, public: bool, allowed: str, kwargs: dict[str, Any]
    ) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else request.method
        if method == "OPTIONS":
            return _options(request, allowed, public)
        operation = next((one for one in path_view.operations if method in one.methods), None)
        if operation is None:
            raise Problem("method-not-allowed", f"This address takes: {allowed}.", headers={"Allow": allowed})
        if public or not request.headers.get("Authorization"):
            limits.count_address(request)
        if "\0" in request.path_info:
            raise Problem("not-found")
        check_query(request, _parameters(operation))
        if public:
            return operation.run(request, **kwargs)
        with translation.override(language_asked(request)):
            _check_body(request, operation)
            return operation.run(request, **kwargs)

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Turn anything raised into a problem document."""
        return problems.respond(request, problem_of(exc))

    def nothing(self, request: HttpRequest, rest: str = "") -> HttpResponseBase:
        """Answer for every address below /api that is none."""
        response = problems.respond(
            request, Problem("not-found", "The API has no such address. See /api/v1/openapi.json.")
        )
        return _leave(request, response, public=True)


def _parameters(operation: Operation) -> dict[str, bool]:
    """The query parameters of an operation, and whether each may be repeated."""
    known: dict[str, bool] = {}
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            several = set(model.__ninja_collection_fields__)
            known |= {name: name in several for name in model.__ninja_flatten_map__}
    return known


def _check_body(request: HttpRequest, operation: Operation) -> None:
    body = (operation.openapi_extra or {}).get("requestBody")
    if body:
        (wanted,) = body["content"]
        check_media_type(request, wanted, may_be_empty=not body["required"])


def language_asked(request: HttpRequest) -> str:
    """The language of the pages that the caller likes best, by its `Accept-Language`."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _options(request: HttpRequest, allowed: str, public: bool) -> HttpResponse:
    response = HttpResponse(status=204, headers={"Allow": allowed})
    del response.headers["Content-Type"]
    if public and request.headers.get("Access-Control-Request-Method"):
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match, Accept-Language"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _leave(request: HttpRequest, response: HttpResponseBase, public: bool) -> HttpResponseBase:
    if public:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
    else:
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        response.headers.setdefault("Content-Language", language_asked(request))
    return _without_body(response) if request.method == "HEAD" else response


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """The same answer for HEAD: all headers, with the length the body would have, and no body."""
    bare = HttpResponse(status=response.status_code, headers=dict(response.headers))
    if "Content-Type" not in response.headers:
        del bare.headers["Content-Type"]
    if isinstance(response, HttpResponse):
        bare.headers.setdefault("Content-Length", str(len(response.content)))
    response.close()
    return bare
