"""Public paths run without session, sign-in and cookies and never reach the office's connection; office paths have all of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from aioffice.doors import middleware
from aioffice.doors.middleware import ORGANISATION, actor_of, choose_organisation, is_office, office_only
from aioffice.kernel.db import OutsideActing, plumbing
from aioffice.kernel.parties.models import Membership
from aioffice.kernel.parties.vocabulary import Capacity, Role
from tests.support.parties import NOW, member, organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "office"),
    [
        ("/en/office/", True),
        ("/en/office", True),
        ("/fr/account/login/", True),
        ("/en/officers", False),
        ("/en/", False),
        ("/en/register/entries/EU-A-2026-000001", False),
        ("/api/v1/cases", False),
        ("/en/x/office/", False),
        ("//en/office/", False),
        ("/office/", False),
    ],
)
def test_the_path_alone_tells_the_stacks_apart(rf: RequestFactory, path: str, office: bool) -> None:
    request = HttpRequest()
    request.path_info = path
    assert is_office(request) is office


def test_every_hook_is_passed_by_on_public_paths(rf: RequestFactory) -> None:
    called: list[str] = []

    class Everything:
        def __init__(self, get_response: Any) -> None:
            self.get_response = get_response

        def __call__(self, request: HttpRequest) -> HttpResponse:
            called.append("call")
            answer: HttpResponse = self.get_response(request)
            return answer

        def process_view(self, request: HttpRequest, *_: Any) -> None:
            called.append("view")

        def process_exception(self, request: HttpRequest, exception: Exception) -> None:
            called.append("exception")

        def process_template_response(self, request: HttpRequest, response: Any) -> Any:
            called.append("template")
            return response

    built = office_only(Everything)(lambda request: HttpResponse("through"))

    def run(request: HttpRequest) -> None:
        assert built(request).content == b"through"
        built.process_view(request, None, (), {})
        built.process_exception(request, ValueError())
        built.process_template_response(request, HttpResponse())

    run(rf.get("/en/register/"))
    assert called == []
    run(rf.get("/en/office/"))
    assert called == ["call", "view", "exception", "template"]


def test_a_public_path_has_no_session_and_no_cookie(client: Client) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("asked")

    with connections["default"].execute_wrapper(refuse):
        for path in ("/", "/api/v1/act/languages", "/api/v1/register/collections"):
            response = client.get(path, headers={"Cookie": "aioffice_session=stolen; aioffice_csrf=x"})
            assert response.status_code in (200, 302)
            assert not response.cookies
            assert "Cookie" not in response.headers.get("Vary", "")
            assert not hasattr(response.wsgi_request, "session")
            assert not hasattr(response.wsgi_request, "user")


@pytest.mark.parametrize(
    ("asked", "sent_to"), [("", "/en/"), ("fr-BE,fr;q=0.9", "/fr/"), ("nl, de;q=0.5", "/en/"), ("nl, fr;q=0.3", "/fr/")]
)
def test_only_the_front_door_looks_at_the_browsers_language(client: Client, asked: str, sent_to: str) -> None:
    response = client.get("/", headers={"Accept-Language": asked})
    assert response.status_code == 302
    assert response.headers["Location"] == sent_to
    assert response.headers["Vary"] == "Accept-Language"
    health = client.get("/health", headers={"Accept-Language": asked})
    assert "Accept-Language" not in health.headers.get("Vary", "")


def test_the_path_names_the_language(rf: RequestFactory) -> None:
    from django.utils.translation import get_language

    spoken: list[str | None] = []

    def speak(request: HttpRequest) -> HttpResponse:
        spoken.append(get_language())
        return HttpResponse()

    built = middleware.language_of_path(speak)
    for path in ("/fr/register/", "/en/", "/de/", "/api/v1/x"):
        request = rf.get(path, headers={"Accept-Language": "fr", "Cookie": "django_language=fr"})
        response = built(request)
        assert response.headers["Content-Language"] == spoken[-1]
    assert spoken == ["fr", "en", "en", "en"]


def test_office_pages_run_in_plumbing_and_others_do_not(rf: RequestFactory) -> None:
    def ask(request: HttpRequest) -> HttpResponse:
        with connections["default"].cursor() as cursor:
            cursor.execute("select 1")
        return HttpResponse()

    built = middleware.office_plumbing(ask)
    assert built(rf.get("/en/office/")).status_code == 200
    with pytest.raises(OutsideActing):
        built(rf.get("/en/"))


class Session(dict[str, Any]):
    """As much of a session as `actor_of` needs."""


def request_of(person: Any, chosen: Any = None) -> HttpRequest:
    """A request of that person on an office page."""
    request = HttpRequest()
    request.user = person
    request.session = Session({ORGANISATION: str(chosen)} if chosen else {})  # type: ignore[assignment]
    return request


def test_a_person_acts_for_the_organisation_it_chose() -> None:
    first, second = organisation("First", Capacity.PROVIDER), organisation("Second", Capacity.DEPLOYER)
    person = member(first)
    with plumbing():
        Membership.objects.create(person=person, organisation=second, roles=[Role.READER], since=NOW)
    assert actor_of(request_of(person)).organisation == first.pk
    chosen = actor_of(request_of(person, second.pk))
    assert chosen.organisation == second.pk
    assert chosen.roles == {Role.READER}
    request = request_of(person)
    assert choose_organisation(request, UUID(str(second.pk))).organisation == second.pk
    assert actor_of(request).organisation == second.pk
    assert request.session[ORGANISATION] == str(second.pk)


def test_choosing_an_organisation_one_does_not_belong_to_changes_nothing() -> None:
    first, stranger = organisation("First", Capacity.PROVIDER), organisation("Stranger", Capacity.PROVIDER)
    person = member(first)
    request = request_of(person)
    assert choose_organisation(request, UUID(str(stranger.pk))).organisation == first.pk
    assert ORGANISATION not in request.session
    left = request_of(person, stranger.pk)
    assert actor_of(left).organisation == first.pk
    assert ORGANISATION not in left.session
    assert actor_of(request_of(person, "not an id")).organisation == first.pk
    assert actor_of(request_of(person, uuid4())).organisation == first.pk


def test_nobody_signed_in_is_anonymous() -> None:
    assert actor_of(request_of(AnonymousUser())).id == "anonymous"
    assert actor_of(HttpRequest()).id == "anonymous"
