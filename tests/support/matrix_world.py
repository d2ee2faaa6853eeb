"""A small prepared Union for the permission matrix: every kind of caller, one case of every kind, and a secure section full of words
that stand nowhere else, so that any of them in an answer is a leak."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Person
from tests.support.cast import AWAY, HOME, Cast

FILER, COUNTERPART, RIVAL = "filer", "counterpart", "provider"
AUTHORITY, OTHER_AUTHORITY = f"market_surveillance_authority/{HOME}", f"market_surveillance_authority/{AWAY}"
EIGHT, EIGHT_CLEARED = f"article_74_8_authority/{HOME}", f"cleared article_74_8_authority/{HOME}"
OTHER_EIGHT_CLEARED = f"cleared article_74_8_authority/{AWAY}"
OFFICE, OFFICE_CLEARED = "ai_office", "cleared ai_office"
EDPS, EDPS_CLEARED = "edps", "cleared edps"
BODY, CONTACT_POINT = f"notified_body/{HOME}", f"single_point_of_contact/{HOME}"
UNADMITTED, FROZEN = "unadmitted", "frozen"

KINDS = (
    FILER, COUNTERPART, RIVAL, AUTHORITY, OTHER_AUTHORITY, EIGHT, EIGHT_CLEARED, OTHER_EIGHT_CLEARED, OFFICE, OFFICE_CLEARED,
    EDPS, EDPS_CLEARED, BODY, CONTACT_POINT, UNADMITTED, FROZEN,
)  # fmt: skip
"""Organisations that callers act for; each has a person and (where tokens go) a token per role."""
OPERATORS = (FILER, COUNTERPART, RIVAL, UNADMITTED, FROZEN)
"""Those of them that hold no capacity which somebody granted."""
ROLES = ("reader", "editor", "signatory", "administrator")
AUDITOR = "auditor"
"""The role that of itself opens no case."""
TOKEN_ROLES = ("reader", "editor", "signatory", AUDITOR)
ANONYMOUS, NOBODYS, LEFT, ENDED, SHUT_OUT = "anonymous", "nobody's", "left", "ended", "shut out"
"""Nobody signed in; a person without organisation; one who left the filer; one of an authority whose capacity ended; one whose account
was closed while signed in."""
SIGNED_OUT = frozenset({ANONYMOUS, SHUT_OUT})
HOMELESS = frozenset({NOBODYS, LEFT})

MARKS = {
    "trade_name": "Zephyrine Lattice",
    "later_name": "Zephyrine Trellis",
    "purpose": "Thornwick ordinates of marrowgate faces",
    "provider": "Obsidian Heronry",
    "contact": "quetzalmara@example.com",
    "change": "Peregrine shimmer",
    "question": "Thistledown quorum",
    "reply": "Cobaltine answer",
    "flag": "Umbral cassowary",
    "withheld": "Velvetine reserve",
    "evidence": "Gossamer folio",
    "draft": "Marjoram undertow",
    "office_draft": "Saffronwood ledger",
    "authority_draft": "Lapwing cordillera",
    "document": "halcyon-vortex",
    "content": "Tessellated icehouse",
    "held": "Nimbus Quagga",
    "held_provider": "Basilisk Foundry",
    "key": "page:tamarisk-key",
}
"""Words of the secure section. None is like any word that a page, a law or another filing says."""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Headers and body as one text."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{head}\n\n{self.body.decode('utf-8', 'replace')}"


@dataclass
class Caller:
    """Somebody with a browser (a session, or none) or a machine (a token)."""

    name: str
    client: Client
    token: str = ""
    actor: Actor | None = None

    def ask(
        self, method: str, path: str, data: Any = b"", content_type: str = "application/json", **headers: str
    ) -> Answer:
        """Send one request through the whole middleware; each comes from an address of its own, so that no limit is reached."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        # What an answer does to the browser (a sign-out, a message) is taken back with everything else.
        kept = self.client.cookies.output(header="", sep=";")
        response: HttpResponseBase = self.client.generic(
            method, path, data, content_type=content_type, headers=headers, REMOTE_ADDR=next(_ADDRESSES)
        )
        body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
        self.client.cookies = SimpleCookie(kept)
        return Answer(response.status_code, dict(response.headers.items()), body)


_ADDRESSES = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))


@dataclass
class World:
    """Callers by name, and what their requests are about by name."""

    cast: Cast
    people: dict[str, Caller] = field(default_factory=dict)
    machines: dict[str, Caller] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> dict[str, str]:
        """What must not be read by whoever must not: the words, and the numbers and ids of the secure section."""
        known = {name: self.ids[name] for name in self.ids if name.startswith("secure")}
        return {**MARKS, **known}


@contextmanager
def undone() -> Iterator[None]:
    """Let a request write as it likes, and take it all back; inside another one, that one takes it back."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(using="default"):
        yield
        transaction.set_rollback(True, using="default")


def session_of(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    with plumbing():
        store = SessionStore()
        store[SESSION_KEY] = str(person.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.save()
    client.cookies["aioffice_session"] = store.session_key or ""
    return client
