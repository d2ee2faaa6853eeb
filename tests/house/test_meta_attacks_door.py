"""Tried as somebody who means harm: signing in, sessions, other hosts, bodies beyond measure."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Person
from aioffice.kernel.parties.vocabulary import Role
from tests.support.filings import PDF
from tests.support.matrix_world import (
    ANONYMOUS,
    FILER,
    KINDS,
    RIVAL,
    World,
    undone,
)
from tests.support.parties import member

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

PASSWORD = "correct-horse-battery-staple"

pytestmark = pytest.mark.usefixtures("quiet")


def _somebody(world: World) -> Person:
    person = member(world.cast.organisations[RIVAL], roles=[Role.READER], email=f"{uuid4().hex}@example.com")
    with plumbing():
        from allauth.account.models import EmailAddress

        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/", "//evil.test/", "/\\evil.test", "\\\\evil.test", "https:evil.test", "javascript:alert(1)", "http:///evil.test",
        "https://localhost@evil.test/", "https://evil.test\\@localhost/", "%2f%2fevil.test", "/%09/evil.test", "////evil.test", "ftp://localhost/",
    ],
)  # fmt: skip
def test_signing_in_and_out_leads_to_no_other_site(target: str, world: World) -> None:
    with undone():
        person = _somebody(world)
        client = Client(REMOTE_ADDR=f"10.9.{abs(hash(target)) % 250}.1")
        answer = client.post("/en/account/login/", {"login": person.email, "password": PASSWORD, "next": target})
        assert answer.status_code == 302, answer.content[:200]
        where = [answer["Location"]]
        for path in ("/en/account/login/", "/en/account/signup/", "/en/account/logout/"):
            for method in ("get", "post"):
                answer = getattr(client, method)(path, {"next": target}, QUERY_STRING=f"next={target}")
                where += [answer["Location"]] if answer.status_code in (301, 302) else []
    for location in where:
        # As browsers read an address: no tabs and line ends, every backslash a slash.
        read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
        found = urlsplit(urljoin("http://localhost/en/account/login/", read))
        assert (found.scheme, found.netloc) == ("http", "localhost"), location


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test", "localhost:80@evil.test", "localhost/evil", "", "localhost\tevil"]
)
def test_another_host_is_no_address_of_ours(host: str, world: World) -> None:
    for path in (
        "/en/",
        "/en/account/password/reset/",
        "/en/office/",
        "/api/v1/register/entries",
        "/en/feeds/new.atom",
    ):
        answer = Client(raise_request_exception=False).get(path, headers={"Host": host})
        assert "evil" not in answer.headers.get("Location", "")
        assert b"//evil" not in answer.content
        assert b"localhost.evil" not in answer.content


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"])
def test_no_header_renames_the_office(header: str, world: World) -> None:
    with undone():
        person = _somebody(world)
        mail.outbox.clear()
        client = Client(REMOTE_ADDR="10.8.0.1")
        value = "host=evil.test" if header == "Forwarded" else "evil.test"
        client.post("/en/account/password/reset/", {"email": person.email}, headers={header: value})
        assert len(mail.outbox) == 1
        assert "evil" not in f"{mail.outbox[0].body} {mail.outbox[0].alternatives}"
    for path in ("/en/", "/en/feeds/new.atom", "/sitemap.xml", "/api/v1/register/entries"):
        assert b"evil" not in Client().get(path, headers={header: value}).content


def test_the_door_does_not_tell_who_has_an_account(world: World) -> None:
    with undone():
        person = _somebody(world)
        said = []
        for email in (person.email, f"{uuid4().hex}@example.com"):
            client = Client(REMOTE_ADDR=f"10.7.{len(said)}.1")
            shown = []
            for path, data in (
                ("/en/account/login/", {"login": email, "password": "wrong-password-entirely"}),
                ("/en/account/password/reset/", {"email": email}),
                ("/en/account/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD}),
            ):
                answer = client.post(path, data)
                text = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(email, "<email>")
                shown.append((answer.status_code, answer.headers.get("Location"), text))
            said.append(shown)
    for known, unknown in zip(*said, strict=True):
        assert known == unknown


def test_a_new_session_begins_with_signing_in_and_ends_with_signing_out(world: World) -> None:
    with undone():
        person = _somebody(world)
        client = Client(REMOTE_ADDR="10.6.0.1")
        with plumbing():
            fixed = client.session
            fixed.save()
        client.cookies["aioffice_session"] = fixed.session_key
        client.post("/en/account/login/", {"login": person.email, "password": PASSWORD})
        held = client.cookies["aioffice_session"]
        assert held.value != fixed.session_key
        assert held["httponly"]
        assert held["samesite"] == "Lax"
        assert client.get("/en/office/").status_code == 200
        stolen = held.value
        client.post("/en/account/logout/")
        thief = Client()
        thief.cookies["aioffice_session"] = stolen
        assert thief.get("/en/office/").status_code == 302


def test_a_changed_password_ends_the_other_sessions(world: World) -> None:
    with undone():
        person = _somebody(world)
        clients = [Client(REMOTE_ADDR=f"10.5.{n}.1") for n in (1, 2)]
        for client in clients:
            client.post("/en/account/login/", {"login": person.email, "password": PASSWORD})
        changed = {"oldpassword": PASSWORD, "password1": f"{PASSWORD}-2", "password2": f"{PASSWORD}-2"}
        assert clients[0].post("/en/account/password/change/", changed).status_code == 302
        assert clients[1].get("/en/office/").status_code == 302


@pytest.mark.parametrize("size", [3_000_000, 30_000_000])
def test_bodies_beyond_all_measure_are_refused(size: int, world: World) -> None:
    big = b"x" * size
    machine, person = world.machines[f"{FILER}/signatory"], world.people[f"{FILER}/signatory"]
    with undone():
        api = machine.ask(
            "POST", "/api/v1/procedures/exempt-registration/file", b'{"trade_name": "' + big + b'"}', JSON
        )
        assert api.status == 413
        page = person.ask("POST", "/en/office/file/exempt-registration/file/", b"trade_name=" + big, FORM)
        assert page.status in (400, 413)
        head = b'--part\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n'
        sent = machine.ask(
            "POST", "/api/v1/documents", head + PDF + big + b"\r\n--part--\r\n", "multipart/form-data; boundary=part"
        )
        assert sent.status == (201 if size < 25_000_000 else 422)
    nobody = world.machines[ANONYMOUS].ask(
        "POST", "/api/v1/documents", head + big + b"\r\n--part--\r\n", "multipart/form-data; boundary=part"
    )
    assert nobody.status == 401


def test_no_body_larger_than_anything_taken_is_even_read(world: World) -> None:
    """Said by its length alone, before sign-in, tokens of forms or files are looked at."""
    told = {"CONTENT_LENGTH": "10000000000"}
    for path in (
        "/en/office/file/exempt-registration/file/",
        "/en/account/login/",
        "/api/v1/documents",
        "/en/register/",
    ):
        answer = Client().post(path, b"x", content_type="multipart/form-data; boundary=part", **told)
        assert answer.status_code == 413
        assert answer["Content-Type"] == "application/problem+json"


def test_far_more_fields_than_any_form_has_are_refused(world: World) -> None:
    many = "&".join(f"f{n}=x" for n in range(5000)).encode()
    person = world.people[f"{FILER}/signatory"]
    with undone():
        assert person.ask("POST", "/en/office/file/exempt-registration/file/", many, FORM).status == 400
        deep = b'{"provider":' * 5000 + b"1" + b"}" * 5000
        assert world.machines[f"{FILER}/signatory"].ask(
            "POST", "/api/v1/procedures/exempt-registration/file", deep, JSON
        ).status in (400, 422)


def test_whoever_is_not_signed_in_stores_nothing_here(world: World) -> None:
    """What was typed when a sign-in ended is kept only from a page of ours."""
    client = Client()
    answer = client.post(
        "/en/office/file/exempt-registration/file/", {"trade_name": "x" * 100_000, "_for": "forged:1:x"}
    )
    assert answer.status_code == 302
    assert "aioffice_session" not in client.cookies
    strict = Client(enforce_csrf_checks=True)
    strict.post("/en/office/file/exempt-registration/file/", {"trade_name": "x" * 100_000})
    assert "aioffice_session" not in strict.cookies


def test_every_kind_of_caller_took_part(world: World) -> None:
    """The world has somebody in every role of every kind, so that no row of the matrix is empty by accident."""
    assert {name for name in world.people if "/" in name} >= {f"{kind}/{role.value}" for kind in KINDS for role in Role}
