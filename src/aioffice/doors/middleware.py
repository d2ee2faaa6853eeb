"""Two stacks in one list: public paths run without session, sign-in, CSRF and messages and never reach the application's connection;
office and account paths run with them, inside `plumbing()`.

`office_only(factory)` makes the public paths pass a middleware by. What is public follows from the path alone, so that every public
page can be cached by anyone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware as _AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware as _MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware as _SessionMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware as _CsrfViewMiddleware
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from aioffice.doors import announcing
from aioffice.doors.api.problems import Problem, respond
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actor import ANONYMOUS, Actor
from aioffice.kernel.parties.actors import actor_for_person

LARGEST_BODY = 128_000_000
"""Bytes: a page may send several files of 25 MB at once."""

type Handler = Callable[[HttpRequest], HttpResponseBase]
type Factory = Callable[[Handler], Any]

ORGANISATION = "organisation"
"""Session key of the organisation that the signed-in person chose to act for."""

_LANGUAGE = re.compile(r"/([a-z]{2})(?:/|$)")
_OFFICE = re.compile(r"/[a-z]{2}/(?:office|account)(?:/|$)")
_API = re.compile(r"/api(?:/|$)")
_HOOKS = ("process_view", "process_exception", "process_template_response")


def is_office(request: HttpRequest) -> bool:
    """Whether the path belongs to people who sign in (`/{language}/office/…`, `/{language}/account/…`); all others are public."""
    return _OFFICE.match(request.path_info) is not None


def office_only(factory: Factory) -> Factory:
    """Return the middleware `factory` with all its hooks passed by on public paths."""

    def build(get_response: Handler) -> Handler:
        inner = factory(get_response)

        def middleware(request: HttpRequest) -> HttpResponseBase:
            return inner(request) if is_office(request) else get_response(request)

        for name in _HOOKS:
            if hook := getattr(inner, name, None):
                setattr(middleware, name, _hook(hook))
        return middleware

    return build


def _hook(hook: Callable[..., Any]) -> Callable[..., Any]:
    def passed_by(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return hook(request, *args, **kwargs) if is_office(request) else None

    return passed_by


def within_measure(get_response: Handler) -> Handler:
    """Refuse a body larger than anything this office takes before a byte of it is read or written to disk, whoever sends it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= LARGEST_BODY:
            return get_response(request)
        return respond(request, Problem("too-large", f"At most {LARGEST_BODY // 1_000_000} MB are taken at a time."))

    return middleware


def _in_plumbing(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        with plumbing():
            response = get_response(request)
        # No cache between here and the reader keeps a page, and no reader's own cache shows it after signing out.
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


office_plumbing = office_only(_in_plumbing)
session = office_only(_SessionMiddleware)
csrf = office_only(_CsrfViewMiddleware)
authentication = office_only(_AuthenticationMiddleware)
messages = office_only(_MessageMiddleware)


def language_of_path(get_response: Handler) -> Handler:
    """Answer in the language that the path names, English where it names none. Cookies and headers never decide."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        found = _LANGUAGE.match(request.path_info)
        language = found[1] if found and found[1] in known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        # Template responses and error pages are made inside get_response. The thread's next request begins in no language of ours.
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def announcements(get_response: Handler) -> Handler:
    """Let the page drawn for a request show what is announced to everybody; read only when one is drawn."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.announcements = SimpleLazyObject(announcing.standing)  # type: ignore[attr-defined]  # for templates
        return get_response(request)

    return middleware


def without_nul(get_response: Handler) -> Handler:
    """Refuse an address with the sign NUL in it, which no text here holds and PostgreSQL does not take.

    The API says so itself, and names the parameter.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        nul = "\0" in request.path_info or "\0" in query or "%00" in query
        if nul and not _API.match(request.path_info):
            raise BadRequest("the address holds the sign NUL")
        return get_response(request)

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts on an office page: the signed-in person for the organisation it chose, else for the first it joined.

    Nobody signed in, or a public path: `ANONYMOUS`. Worked out once for a request.
    """
    known: Actor | None = getattr(request, "_aioffice_actor", None)
    if known is None:
        known = _find_actor(request)
        request._aioffice_actor = known  # type: ignore[attr-defined]  # noqa: SLF001 - kept on the request itself
    return known


def _find_actor(request: HttpRequest) -> Actor:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return ANONYMOUS
    chosen = _chosen(request)
    with plumbing():
        actor = actor_for_person(person, chosen)
        if chosen is not None and actor.organisation is None:
            # No longer a member there: back to an organisation that the person does belong to.
            del request.session[ORGANISATION]
            actor = actor_for_person(person)
    return actor


def _chosen(request: HttpRequest) -> UUID | None:
    text = request.session.get(ORGANISATION)
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def choose_organisation(request: HttpRequest, organisation: UUID) -> Actor:
    """Let the signed-in person act for another organisation of theirs from now on; return the actor it makes.

    Asking for an organisation one does not belong to changes nothing.
    """
    with plumbing():
        wanted = actor_for_person(request.user, organisation)  # type: ignore[arg-type]  # signed in, so a Person
    if wanted.organisation is None:
        return actor_of(request)
    request.session[ORGANISATION] = str(organisation)
    request._aioffice_actor = wanted  # type: ignore[attr-defined]  # noqa: SLF001
    return wanted
