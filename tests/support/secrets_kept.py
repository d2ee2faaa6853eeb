"""What tests of the secure section share: who may not read it, answers made comparable, every address where something could slip."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from tests.support.matrix import SECURE_READERS
from tests.support.matrix_world import (
    ANONYMOUS,
    ENDED,
    KINDS,
    LEFT,
    NOBODYS,
    OFFICE,
    UNADMITTED,
    Answer,
    Caller,
    World,
    undone,
)

OUTSIDERS = (
    *(f"{kind}/signatory" for kind in KINDS if f"{kind}/signatory" not in SECURE_READERS and kind != UNADMITTED),
    f"{OFFICE}/administrator",
    ENDED,
    LEFT,
    NOBODYS,
    ANONYMOUS,
)
"""One or two of every kind who must not read the secure section; the matrix asks as all the others."""

PUBLIC_PLACES = (
    "/en/", "/fr/", "/en/register/", "/fr/register/", "/en/register/?section=A", "/en/register/?section=C",
    "/en/register/?member_state=PT", "/en/register/?area=law_enforcement", "/en/register/?sort=newest", "/en/feeds/new.atom",
    "/en/feeds/changed.atom",
    "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-0.xml", "/robots.txt", "/en/opensearch.xml", "/en/secure-section/", "/en/about/",
    "/health", "/api/v1/openapi.json", "/api/v1/register/entries", "/api/v1/register/entries?area=law_enforcement&member_state=PT",
    "/api/v1/register/facets", "/api/v1/register/facets?annex_iii_point=6(e)", "/api/v1/register/collections",
)  # fmt: skip
OFFICE_PLACES = (
    "/en/office/", "/fr/office/", "/en/office/cases/", "/en/office/cases/?whose=concerning", "/en/office/cases/?standing=closed",
    "/en/office/cases/?procedure=high-risk-registration&state=registered", "/en/office/cases/?procedure=use-registration",
    "/en/office/cases.csv", "/en/office/messages/", "/en/office/messages/?unread=1", "/en/office/file/", "/en/office/organisation/",
    "/en/office/reads/", "/en/office/reads.csv", "/en/office/keeping/",
    "/en/office/organisation/people/",
    "/en/office/organisation/webhooks/", "/en/account/corner/", "/en/office/file/high-risk-registration/file/",
    "/en/office/file/use-registration/file/",
)  # fmt: skip
TOKEN_PLACES = (
    "/api/v1/cases", "/api/v1/cases?procedure=high-risk-registration", "/api/v1/cases?state=registered&limit=200", "/api/v1/me",
    "/api/v1/webhooks",
)  # fmt: skip

_PASSING = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[A-Za-z0-9]+"'), "csrf"),
    (re.compile(r"hx-headers='[^']*'"), "csrf"),
    (re.compile(r"nonce-[A-Za-z0-9_=+/-]+|nonce=\"[^\"]*\""), "nonce"),
    (re.compile(r'name="(_once|_for)" value="[^"]*"'), "once"),
    (re.compile(r"(?i)^(set-cookie|date|expires|content-length|etag|last-modified): .*$", re.MULTILINE), ""),
)


def comparable(answer: Answer, *places: str) -> str:
    """An answer without what differs each time, and without the `places` it was asked about."""
    text = f"{answer.status}\n{answer.text}"
    for pattern, word in _PASSING:
        text = pattern.sub(word, text)
    for place in places:
        text = text.replace(place, "<asked>").replace(unquote_plus(place), "<asked>")
    return text


def words_in(text: str, world: World, said: str = "") -> list[str]:
    """Names of the secure section's words that a text holds, but for those that the caller said itself."""
    own = unquote_plus(said)
    return [name for name, mark in world.marks.items() if mark in text and mark not in own]


def ask(
    caller: Caller,
    path: str,
    method: str = "GET",
    data: bytes = b"",
    kind: str = "application/x-www-form-urlencoded",
    **headers: str,
) -> str:
    """Ask, take it back, and return what came as text."""
    with undone():
        return comparable(caller.ask(method, path, data, kind, **headers))
