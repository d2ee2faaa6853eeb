"""The one door to the application's database connection.

Every query on the connection `default` runs either inside `acting(actor, at)`, which opens a transaction and tells PostgreSQL
who is asking, or inside `plumbing()`, which is for sessions, sign-in and the job queue and reaches no table under row-level
security. Anything else raises `OutsideActing` instead of quietly returning nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

OFFICE = "default"


class OutsideActing(RuntimeError):
    """A query was sent while nobody was known to ask it."""


class Asker(Protocol):
    """What the database must know of an actor."""

    @property
    def id(self) -> str: ...
    @property
    def organisation_key(self) -> str: ...
    @property
    def works_for(self) -> str: ...
    @property
    def keys(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class _Scope:
    asker: Asker | None
    at: datetime | None


_scope: ContextVar[_Scope | None] = ContextVar("aioffice_scope", default=None)

_SETTINGS = (
    "select set_config('aio.actor', %s, true), set_config('aio.organisation', %s, true), set_config('aio.keys', %s, true), "
    "set_config('aio.behalf', %s, true)"
)
"""Who asks, whose own rows it works on, which audiences it belongs to, and for which organisation it is there at all."""


def _tell_database(asker: Asker | None) -> None:
    values = (
        ("", "", "{}", "")
        if asker is None
        else (asker.id, asker.works_for, "{" + ",".join(map(str, asker.keys)) + "}", asker.organisation_key)
    )
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(_SETTINGS, values)


@contextmanager
def acting(actor: Asker, at: datetime | None = None) -> Iterator[None]:
    """Open a transaction in which `actor` asks, at the time `at`.

    Raise inside to roll back, return to commit. Inside another `acting` it opens a savepoint; the outer actor asks again
    afterwards. The settings are local to the transaction, so they hold behind a transaction pooler too.
    """
    outer = _scope.get()
    token = _scope.set(_Scope(actor, at or (outer.at if outer else None)))
    try:
        with transaction.atomic(using=OFFICE):
            _tell_database(actor)
            yield
            if outer is not None and outer.asker is not None:
                _tell_database(outer.asker)
    finally:
        _scope.reset(token)


@contextmanager
def plumbing() -> Iterator[None]:
    """Allow queries of the machinery (sessions, sign-in, tokens, job queue) that come before anyone is known to ask.

    Tables under row-level security still refuse here, because the functions behind every policy raise without an actor.
    """
    if _scope.get() is not None:
        yield
        return
    token = _scope.set(_Scope(None, None))
    try:
        yield
    finally:
        _scope.reset(token)


def current_actor() -> Asker:
    """Return who is acting; raise `OutsideActing` when nobody is."""
    scope = _scope.get()
    if scope is None or scope.asker is None:
        raise OutsideActing("nobody is acting here: enter acting(actor, at) first")
    return scope.asker


def current_time() -> datetime | None:
    """Return the time given to the innermost `acting`, or None outside."""
    scope = _scope.get()
    return scope.at if scope else None


def _guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _scope.get() is None:
        raise OutsideActing("a query was sent outside acting(): enter acting(actor, at), or plumbing() in sign-in code")
    return execute(sql, params, many, context)


def guard_connection(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of Django's `connection_created`: every new application connection gets the guard, once."""
    if connection.alias == OFFICE and _guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(_guard)
