"""People at the signed-in office: browsers without a screen, and pages as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Organisation, Person
from aioffice.kernel.parties.vocabulary import Role
from tests.support.matrix_world import session_of
from tests.support.parties import EVERY_ROLE, member

OFFICE = "/en/office/"


@dataclass
class Seen:
    """A page as somebody sees it."""

    status: int
    html: str
    response: HttpResponse

    @property
    def text(self) -> str:
        """Its words, blanks as one."""
        bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", self.html, flags=re.DOTALL)
        return " ".join(unescape(bare).split())

    @property
    def leads_to(self) -> str:
        """Where it redirects to, empty for a page."""
        return self.response.headers.get("Location", "")

    @property
    def hidden(self) -> dict[str, str]:
        """What the page's form sends by itself."""
        fields = re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', self.html)
        return {name: unescape(value) for name, value in fields}

    def value(self, name: str) -> str:
        """What stands in a line or a text of the form."""
        line = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', self.html)
        if line and (found := re.search(r'\bvalue="([^"]*)"', line.group())):
            return unescape(found[1])
        text = re.search(rf'<textarea[^>]*\bname="{re.escape(name)}"[^>]*>\n?(.*?)</textarea>', self.html, re.DOTALL)
        return unescape(text[1]) if text else ""


@dataclass
class Somebody:
    """A person at the office, acting for an organisation."""

    person: Person
    actor: Actor
    client: Client = field(repr=False)

    def see(self, path: str = "", **query: str) -> Seen:
        """Open a page below `/en/office/`, or at a full path."""
        return _seen(self.client.get(path if path.startswith("/") else OFFICE + path, query))

    def send(self, path: str, data: dict[str, Any]) -> Seen:
        """Send a form."""
        return _seen(self.client.post(path if path.startswith("/") else OFFICE + path, data))

    def fill(self, path: str, data: dict[str, Any], do: str = "file") -> Seen:
        """Open a form, fill it in over what stands there by itself, and press a button."""
        page = self.see(path)
        assert page.status == 200, page.text
        return self.send(path.partition("?")[0], {**page.hidden, **data, "_do": do})


def _seen(response: Any) -> Seen:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Seen(response.status_code, body.decode("utf-8", "replace"), response)


def somebody(of: Organisation, *roles: Role, email: str = "", name: str = "") -> Somebody:
    """Somebody who acts for an organisation, in every role if none is named."""
    person = member(of, roles=roles or EVERY_ROLE, email=email)
    if name:
        with plumbing():
            person.name = name
            person.save()
    return at_the_desk(person, of)


def at_the_desk(person: Person, of: Organisation | None = None) -> Somebody:
    """A person, signed in."""
    with plumbing():
        actor = actor_for_person(person, UUID(str(of.pk)) if of else None)
    return Somebody(person, actor, session_of(person))


def raw(data: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Data as a page sends it: names with dots, yes and no as words."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict):
            found |= raw(value, f"{above}{name}.")
        elif isinstance(value, bool):
            found[above + name] = "yes" if value else "no"
        else:
            found[above + name] = value
    return found
