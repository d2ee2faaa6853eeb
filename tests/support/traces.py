"""Filings whose every field holds a word found nowhere else, and where such words are found: all tables, all files."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connections

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.documents.jobs import remove_content
from aioffice.kernel.documents.service import upload
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.ask import Form, Widget
from aioffice.kernel.procedures.jobs import vacuum
from aioffice.kernel.procedures.spec import FieldSpec, Shape, spec_of
from tests.support.filings import PDF

LETTERS = "bcdfghjklmnpqrtvwxz"


def word(seed: str) -> str:
    """A word of twelve consonants, the same for the same seed: no stemmer cuts it, no text holds it by chance."""
    digest = hashlib.sha256(seed.encode()).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:12])


class Marked:
    """A filing with a word in every field that takes words; `words` says which, by JSON pointer (two where a file has a name too)."""

    def __init__(self, form: type[Form], base: Mapping[str, Any], actor: Actor, at: datetime, seed: str = "") -> None:
        self.words: dict[str, list[str]] = {}
        self._seed, self._actor, self._at = f"{form.__qualname__}{seed}", actor, at
        self.data: dict[str, Any] = dict(base)
        for field in spec_of(form).fields:
            marked = self._mark(field, self.data.get(field.key))
            if marked is not None:
                self.data[field.key] = marked

    def _mark(self, field: FieldSpec, value: Any) -> Any:
        if field.stays or field.secret:
            return value
        if field.shape is Shape.GROUP:
            inner = value or {}
            made = {child.key: self._mark(child, inner.get(child.key)) for child in field.children}
            return {name: one for name, one in made.items() if one is not None} or None
        if field.shape is Shape.ROWS:
            cells = [{cell.key: self._mark(cell, None) for cell in field.in_row(row)} for row in range(2)]
            return [{name: one for name, one in row.items() if one is not None} for row in cells]
        if field.choices is not None or field.choices_for or field.shape is not Shape.TEXT:
            return value
        made = word(self._seed + field.pointer)
        if field.widget is Widget.FILE:
            named = word(self._seed + field.pointer + "name")
            self.words[field.pointer] = [made, named]
            return self._file(made, named)
        if field.widget is Widget.DATE or field.input_type == "date":
            return value or "2029-01-02"
        self.words[field.pointer] = [made]
        return {"email": f"{made}@example.test", "url": f"https://example.test/{made}"}.get(
            field.input_type, f'Zorba {made} and "so" on'
        )

    def _file(self, inside: str, named: str) -> str:
        body = PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n%" + inside.encode() + b"\n")
        with acting(self._actor, self._at):
            return str(upload(io.BytesIO(body), f"{named}.pdf", actor=self._actor, at=self._at).pk)


def everywhere() -> dict[str, str]:
    """Every row of every table of all our schemas as text in small letters, by table: bytes readable, sessions opened."""
    found: dict[str, str] = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select format('%I.%I', n.nspname, c.relname), string_agg(case when t.atttypid = 'bytea'::regtype "
            "then format('encode(%I, ''escape'')', t.attname) else format('%I::text', t.attname) end, ', ' order by t.attnum) "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "join pg_attribute t on t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped "
            "where c.relkind in ('r', 'p', 'm') and n.nspname in ('office', 'published', 'public') group by c.oid, n.nspname, c.relname"
        )
        for table, columns in cursor.fetchall():
            cursor.execute(f"select coalesce(string_agg(concat_ws(' ', {columns}), E'\\n'), '') from {table}")
            found[table] = cursor.fetchone()[0].lower()
    with plumbing():
        found["sessions, opened"] = " ".join(str(one.get_decoded()) for one in Session.objects.all()).lower()
    return found


def files_with(words: Iterable[str], *folders: Path) -> dict[str, set[str]]:
    """Files below the folders in whose name or bytes one of the words stands. The physical files of the database are not read."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if not path.is_file() or _physical(path.relative_to(folder)):
                continue
            seen = str(path.relative_to(folder)).encode() + path.read_bytes()
            if held := {one for one in words if one.encode() in seen.lower()}:
                found[str(path)] = held
    return found


def _physical(path: Path) -> bool:
    return path.parts[:1] == ("postgres",) and bool(
        {"base", "pg_wal", "global", "pg_xact", "pg_multixact"} & set(path.parts)
    )


def sweep_up() -> None:
    """Do at once what an erasure queues: the bytes of files go, the tables are cleared."""
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where task_name in ('documents.remove_content', 'procedures.vacuum') "
            "returning task_name, args::text"
        )
        waiting = cursor.fetchall()
    for task, args in waiting:
        if task == "documents.remove_content":
            remove_content(**json.loads(args))
    if any(task == "procedures.vacuum" for task, _ in waiting):
        assert vacuum() > 5
