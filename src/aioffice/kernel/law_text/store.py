"""Texts of the Act in the database: put in, listed, removed, and read as the public site reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, connections
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.watching.rights import must_operate

if TYPE_CHECKING:
    from aioffice.kernel.law_text.lines import LawText
    from aioffice.kernel.parties.actor import Actor


@dataclass(frozen=True, slots=True)
class Held:
    """A text that is held: whose wording it is, from which file, and when it was imported."""

    id: UUID
    language: str
    day: date
    form: str
    title: str
    file: str
    sha256: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a text: the id of the provision, its label, its words."""

    node: str
    label: str
    words: str


_COLUMNS = "id, language, day, form, title, file, sha256, imported_at"


def put(text: LawText, *, file: str, sha256: str, actor: Actor, at: datetime) -> tuple[Held, bool]:
    """Keep a text; return it, and whether it took the place of one with the same language and day. Raises `NotAllowed`."""
    must_operate(actor)
    held = Held(uuid7(), text.language, text.day, text.form, text.title, file, sha256, at)
    rows = [(place, line.node.top, line.node.id, line.label, line.words) for place, line in enumerate(text.lines)]
    with acting(actor, at), connection.cursor() as cursor:
        cursor.execute("delete from published.act_text where language = %s and day = %s", [held.language, held.day])
        replaced = bool(cursor.rowcount)
        cursor.execute(
            f"insert into published.act_text ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608  # names from a constant
            [held.id, held.language, held.day, held.form, held.title, held.file, held.sha256, held.imported_at],
        )
        cursor.execute(
            "insert into published.act_line (text_id, place, top, node, label, words) "
            "select %s, * from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])",
            [held.id, *(list(column) for column in zip(*rows, strict=True))],
        )
        said = {"language": held.language, "day": held.day.isoformat(), "sha256": sha256, "lines": len(rows)}
        audit(actor, "law.import", f"act_text:{held.id}", said, at)
    return held, replaced


def remove(language: str, day: date, *, actor: Actor, at: datetime) -> None:
    """Take a text out. Raises `NotAllowed`, or `NotFound` where there is none."""
    must_operate(actor)
    with acting(actor, at), connection.cursor() as cursor:
        cursor.execute("delete from published.act_text where language = %s and day = %s returning id", [language, day])
        row = cursor.fetchone()
        if row is None:
            raise NotFound(_("There is no such text; `aioffice law list` shows those that are there."))
        audit(actor, "law.remove", f"act_text:{row[0]}", {"language": language, "day": day.isoformat()}, at)


def held() -> list[Held]:
    """All texts, the newest first."""
    with connections["site"].cursor() as cursor:
        cursor.execute(f"select {_COLUMNS} from published.act_text order by day desc, language")  # noqa: S608  # names from a constant
        return [Held(*row) for row in cursor.fetchall()]


def lines(of: Held, top: str) -> list[HeldLine]:
    """The lines of an Article or annex, in order."""
    with connections["site"].cursor() as cursor:
        cursor.execute(
            "select node, label, words from published.act_line where text_id = %s and top = %s order by place",
            [of.id, top],
        )
        return [HeldLine(*row) for row in cursor.fetchall()]


def chosen(texts: list[Held], language: str, asked: str) -> Held | None:
    """The text to show: the one asked for (`en-2026-07-27`), else the newest in the language of the page, else the newest."""
    by_key: dict[str, Any] = {key(one): one for one in texts}
    if asked in by_key:
        found: Held = by_key[asked]
        return found
    return next((one for one in texts if one.language == language), texts[0] if texts else None)


def key(of: Held) -> str:
    """How an address names a text."""
    return f"{of.language}-{of.day.isoformat()}"
