"""Announcements: maintenance to come and incidents, in the operator's words. Shown on every page and on the status page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotFound
from aioffice.kernel.watching.rights import must_operate

LONGEST = 1000
"""Characters of an announcement."""
SHOWN_FOR = timedelta(days=90)
"""So long the status page tells of an incident or maintenance that is over."""
AHEAD = timedelta(days=366)
"""So far ahead something may be announced, and so long it may last."""
MOST = 20

type Kind = Literal["maintenance", "incident"]
type Stage = Literal["to-come", "now", "over", "cancelled"]
KINDS: tuple[Kind, ...] = ("maintenance", "incident")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What an operator said. `texts` by language, English always; `ends_at` is when it should be over, `ended_at` when it was."""

    id: UUID
    kind: Kind
    texts: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None
    posted_at: datetime
    ended_at: datetime | None

    def stands(self, at: datetime) -> bool:
        """Whether it holds at a moment: nobody ended it, and planned work has not passed its end. An incident ends by hand alone."""
        if self.ended_at is not None:
            return self.ended_at > at
        return self.kind == "incident" or self.ends_at is None or self.ends_at > at

    @property
    def cancelled(self) -> bool:
        """Whether it was taken back before it began."""
        return self.ended_at is not None and self.ended_at < self.starts_at

    def stage(self, at: datetime) -> Stage:
        """Where it is at a moment. What is to come and what is now stands; what is over or cancelled does not."""
        if not self.stands(at):
            return "cancelled" if self.cancelled else "over"
        return "to-come" if self.starts_at > at else "now"

    @property
    def over_at(self) -> datetime | None:
        """When it was over: the hand that ended it, or the planned end."""
        return self.ended_at or (self.ends_at if self.kind == "maintenance" else None)


_COLUMNS = "id, kind, texts, starts_at, ends_at, posted_at, ended_at"


def post(
    kind: str,
    texts: Mapping[str, str],
    *,
    starts_at: datetime,
    ends_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Announcement:
    """Announce something to everybody and return it. Raises `NotAllowed`, or `Invalid` field by field."""
    must_operate(actor)
    said = {language: " ".join(text.split()) for language, text in texts.items() if text.strip()}
    if errors := list(_faults(kind, said, starts_at, ends_at, at)):
        raise Invalid(errors=errors)
    with acting(actor, at), connection.cursor() as cursor:
        cursor.execute(
            "insert into published.office_announcement (id, kind, texts, starts_at, ends_at, posted_at) "
            f"values (%s, %s, %s, %s, %s, %s) returning {_COLUMNS}",
            [uuid7(), kind, json.dumps(said), starts_at, ends_at, at],
        )
        made = _announcement(cursor.fetchone())
        audit(actor, "announcement.post", f"announcement:{made.id}", {"kind": kind, "languages": sorted(said)}, at)
    return made


def _faults(kind: str, texts: Mapping[str, str], starts_at: datetime, ends_at: datetime | None, at: datetime) -> Any:
    known = [code for code, _name in django_settings.LANGUAGES]
    if kind not in KINDS:
        yield FieldError("/kind", _("Choose maintenance or incident."), "kind")
    if not texts.get("en"):
        yield FieldError("/texts/en", _("Say in English what readers should know."), "required")
    for language, text in texts.items():
        if language not in known:
            message = _("This site speaks: %(languages)s.") % {"languages": ", ".join(known)}
            yield FieldError(f"/texts/{language}", message, "language")
        if len(text) > LONGEST:
            yield FieldError(f"/texts/{language}", _("At most %(n)s characters.") % {"n": LONGEST}, "too-long")
    if not at - SHOWN_FOR <= starts_at <= at + AHEAD:
        yield FieldError("/starts_at", _("It begins within the next year, or began lately."), "far-off")
    elif ends_at is not None and ends_at > starts_at + AHEAD:
        yield FieldError("/ends_at", _("The end lies within a year of the beginning."), "far-off")
    elif ends_at is not None and ends_at <= max(starts_at, at):
        yield FieldError("/ends_at", _("The end lies after the beginning, and after now."), "order")


def end(announcement_id: UUID, *, actor: Actor, at: datetime) -> Announcement:
    """Say that it is over; return it. Raises `NotAllowed`, or `NotFound` for one that is over or never was."""
    must_operate(actor)
    with acting(actor, at), connection.cursor() as cursor:
        cursor.execute(
            f"update published.office_announcement set ended_at = %s where id = %s and ended_at is null returning {_COLUMNS}",
            [at, announcement_id],
        )
        row = cursor.fetchone()
        if row is None:
            raise NotFound(_("There is no such announcement, or it is over."))
        audit(actor, "announcement.end", f"announcement:{announcement_id}", {}, at)
    return _announcement(row)


def newest(at: datetime) -> list[Announcement]:
    """What stands and what was over lately, the newest first, as the public site reads it."""
    with connections["site"].cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from published.office_announcement where coalesce(ended_at, ends_at, 'infinity') > %s "
            "order by posted_at desc, id desc limit %s",
            [at - SHOWN_FOR, MOST],
        )
        return [_announcement(row) for row in cursor.fetchall()]


def _announcement(row: tuple[Any, ...] | None) -> Announcement:
    assert row is not None
    number, kind, texts, *times = row
    return Announcement(number, kind, json.loads(texts) if isinstance(texts, str) else texts, *times)
