"""The language of the permission matrix: a row says, for one method and route, who gets what status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from ninja.operation import Operation

from tests.support.matrix_world import (
    AUDITOR,
    AUTHORITY,
    CONTACT_POINT,
    COUNTERPART,
    EDPS,
    EDPS_CLEARED,
    EIGHT,
    EIGHT_CLEARED,
    FILER,
    FROZEN,
    HOMELESS,
    KINDS,
    OFFICE,
    OFFICE_CLEARED,
    OPERATORS,
    RIVAL,
    ROLES,
    SIGNED_OUT,
    UNADMITTED,
    World,
)

type Callers = frozenset[str]

FILING = ("editor", "signatory")
SIGNING = ("signatory",)
ADMINISTERING = ("administrator",)
STAFF = (OFFICE, OFFICE_CLEARED)


def of(*kinds: str, roles: Iterable[str] = ROLES) -> Callers:
    """The callers of these organisations who hold one of the roles."""
    return frozenset(f"{kind}/{role}" for kind in kinds for role in roles)


EVERYONE = of(*KINDS, roles=(*ROLES, AUDITOR))
"""Everyone who acts for an organisation."""
NOBODY: Callers = frozenset()
AUDITORS = of(*(kind for kind in KINDS if kind not in OPERATORS), roles=(AUDITOR,))
"""Those who may see who read what. Operators have none, whatever a row in the database says."""
WORDS = frozenset({"slug", "name", "rest"})
"""Arguments that are words of the address, not names of things."""

READERS: Mapping[str, Callers] = {
    "public": of(FILER, COUNTERPART, AUTHORITY, *STAFF),
    **dict.fromkeys(("exempt", "use", "held", "mistake"), of(FILER, AUTHORITY, *STAFF)),
    "frozen": of(FROZEN, AUTHORITY, *STAFF),
    # Of point 1, Article 74(8) makes that authority the market surveillance authority; of Union bodies, 74(9) the EDPS.
    "biometric": of(FILER, AUTHORITY, EIGHT, EIGHT_CLEARED, *STAFF),
    "union": of(AUTHORITY, EDPS, EDPS_CLEARED, *STAFF),
    **dict.fromkeys(("secure", "secure use", "secure held"), of(FILER, EIGHT_CLEARED, OFFICE_CLEARED)),
    "mandate": of(FILER, COUNTERPART),
    "application": of(UNADMITTED, *STAFF),
    "capacity": of(CONTACT_POINT, *STAFF),
    "access": of(*STAFF),
    "clearance": of(*STAFF),
    "report": of(RIVAL, *STAFF),
    "hearing": of(FROZEN, *STAFF),
    "nothing": NOBODY,
}
"""Who may see each case."""
SECURE_READERS = READERS["secure"]


@dataclass(frozen=True)
class Row:
    """One method of one route, on one thing: `may` get `ok`, those who see the thing but may not get `refused`, others `otherwise`.

    `args` are the route's arguments by name of a thing of the world. `out` is what nobody signed in gets, `homeless` what a person
    without organisation gets, where that differs from `otherwise`.
    """

    method: str
    route: str
    may: Callers
    ok: int = 200
    sees: Callers = NOBODY
    refused: int = 403
    otherwise: int = 404
    out: int = 302
    homeless: int | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    data: Any = None
    special: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name of the row in reports."""
        return " ".join([self.method, self.route, *self.args.values(), self.query]).strip()

    @property
    def concerned(self) -> Callers:
        """Everyone in an organisation that the row says something of its own about."""
        kinds = {name.rpartition("/")[0] for name in self.may | self.sees | frozenset(self.special)}
        return of(*kinds, roles=(*ROLES, AUDITOR))

    def callers(self, everyone: Iterable[str], turn: int) -> list[str]:
        """Who is asked: every role of the organisations concerned, and of each other one its signatory, its administrator and, row by row
        in turn, its reader or its editor, who get what everybody gets."""
        roles = ("/signatory", "/administrator", ("/reader", "/editor")[turn % 2])
        return [name for name in everyone if name in self.concerned or "/" not in name or name.endswith(roles)]

    def expected(self, caller: str) -> int:
        """The status that caller gets."""
        if caller in self.special:
            return self.special[caller]
        if caller in SIGNED_OUT:
            return self.out
        if caller in self.may:
            return self.ok
        if caller in self.sees:
            return self.refused
        if caller in HOMELESS and self.homeless is not None:
            return self.homeless
        return self.otherwise


@dataclass(frozen=True)
class Route:
    """One address of the URLconf as its resolver knows it. `operations` are those of the API by method; None for a page."""

    name: str
    pattern: str
    callback: Any
    operations: Mapping[str, Operation] | None

    @property
    def key(self) -> str:
        """Its name, or its pattern where it has none."""
        return self.name or self.pattern

    @property
    def office(self) -> bool:
        """Whether it belongs to the part behind the sign-in."""
        return self.pattern.startswith(("/office/", "/account/"))


def every_route() -> list[Route]:
    """All addresses, those of pages without their language."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str, namespace: str) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver):
            space = ":".join(filter(None, [namespace, str(one.namespace or "")]))
            yield from _walk(one.url_patterns, before + _plain(one), space)
            continue
        operations = getattr(one.callback, "api_operations", None)
        by_method = {m: operation for operation in operations for m in operation.methods} if operations else None
        name = ":".join(filter(None, [namespace, one.name])) if one.name else ""
        yield Route(name, before + _plain(one), one.callback, by_method)


def _plain(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    return "/" if text in ("en/", "fr/") else text


def address(row: Row, world: World, routes: Mapping[str, Route], language: str = "en") -> str:
    """The path of a row, with the arguments it names."""
    route = routes[row.route]
    arguments = {name: text if name in WORDS else world.ids.get(text, text) for name, text in row.args.items()}
    with translation.override(language):
        if route.name:
            path = reverse(route.name, kwargs=arguments)
        else:
            nowhere = "/api/v1/no/such/noun" if "<path:" in route.pattern else "/api"
            path = f"/{language}{route.pattern}" if route.pattern.startswith("/") else nowhere
    return path + (f"?{row.query}" if row.query else "")
