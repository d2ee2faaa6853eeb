"""The secure section (Article 49(4)) below the application: published tables, row-level security, logs."""

from __future__ import annotations

import logging
from urllib.parse import quote_plus

import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.notices.mailing import send
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import secure_a
from tests.support.matrix_build import do
from tests.support.matrix_world import (
    EIGHT_CLEARED,
    FILER,
    MARKS,
    OFFICE_CLEARED,
    World,
    undone,
)
from tests.support.parties import NOW
from tests.support.secrets_kept import (
    OUTSIDERS,
    words_in,
)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def test_the_published_tables_hold_not_a_word(world: World) -> None:
    with connections["site"].cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'published'")
        tables = [row[0] for row in cursor.fetchall()]
        assert {"entry", "version", "word", "document"} <= set(tables)
        for table in tables:
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from published.{table} t")
            everything = cursor.fetchone()[0]
            assert words_in(everything, world) == [], table
            assert not [
                w for m in MARKS.values() for w in m.lower().split() if len(w) > 5 and f"({w}," in everything
            ], table
        cursor.execute("select coalesce(string_agg(convert_from(body, 'UTF8'), ' '), '') from published.entry")
        assert words_in(cursor.fetchone()[0], world) == []
        cursor.execute("select coalesce(string_agg(convert_from(body, 'UTF8'), ' '), '') from published.version")
        assert words_in(cursor.fetchone()[0], world) == []


def test_tables_under_row_level_security_refuse_in_plumbing(world: World) -> None:
    """What comes before anyone is known to ask reaches sign-in alone: a row under a policy is not judged, the question is refused."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relnamespace = 'office'::regnamespace")
        guarded = [row[0] for row in cursor.fetchall()]
        filled = []
        for table in guarded:
            cursor.execute(f"select exists (select from office.{table})")
            filled += [table] if cursor.fetchone() == (True,) else []
    assert len(filled) > 12
    for table in filled:
        with plumbing(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="nobody is asking"):
            cursor.execute(f"select 1 from office.{table}")


def _tables() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'office' order by 1")
        return [row[0] for row in cursor.fetchall()]


NOT_CONTENT = (
    "secure notice",
    "secure office notice",
    "secure draft",
    "secure office draft",
    "secure authority draft",
    "secure document",
)
"""Ids of rows, random and of no use to who may not read them: the queue of jobs names some."""


@pytest.mark.parametrize("name", [name for name in OUTSIDERS if "/" in name])
def test_the_database_itself_shows_others_not_a_word(name: str, world: World) -> None:
    actor = world.people[name].actor
    assert actor is not None
    found = {}
    for table in _tables():
        with acting(actor, NOW), connection.cursor() as cursor:
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from office.{table} t")
            words = set(words_in(cursor.fetchone()[0], world)) - set(NOT_CONTENT)
        if words:
            found[table] = words
    assert found == {}


@pytest.mark.parametrize("name", [f"{FILER}/reader", f"{EIGHT_CLEARED}/reader", f"{OFFICE_CLEARED}/reader"])
def test_the_database_shows_readers_the_section(name: str, world: World) -> None:
    with acting(world.cast.actors[name], NOW), connection.cursor() as cursor:
        cursor.execute("select string_agg(t::text, ' ') from office.register_entryversion t")
        assert MARKS["purpose"] in cursor.fetchone()[0]


def test_drafts_on_a_secure_case_stay_with_those_of_the_organisation_who_may_see_it(world: World) -> None:
    with acting(world.cast.actors[f"{OFFICE_CLEARED}/editor"], NOW), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from office.procedures_draft where values::text like %s", [f"%{MARKS['office_draft']}%"]
        )
        assert cursor.fetchone() == (1,)


def test_logs_name_ids_and_never_what_was_filed(world: World) -> None:
    logging.disable(logging.NOTSET)
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{self.format(record)} {record.__dict__}")

    keep, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(keep)
    root.setLevel(logging.INFO)
    try:
        filer, cleared = world.cast.actors[f"{FILER}/signatory"], world.people[f"{OFFICE_CLEARED}/editor"]
        with undone():
            secure = do(
                RegisterHighRisk.file, None, filer, secure_a(trade_name=MARKS["trade_name"], member_states=["PT"])
            )
            body = f"text={quote_plus(MARKS['question'])}&_once=x&_version=1".encode()
            assert cleared.ask("POST", f"/en/office/cases/{secure.pk}/question/", body, FORM).status == 302
            machine = world.machines[f"{EIGHT_CLEARED}/editor"]
            data = f'{{"text": "{MARKS["flag"]}"}}'.encode()
            path = f"/api/v1/procedures/high-risk-registration/cases/{secure.pk}/flag"
            assert machine.ask("POST", path, data, JSON, **{"If-Match": "*"}).status == 200
            assert machine.ask("POST", path, data[:-3], JSON, **{"If-Match": "*"}).status == 400
            with acting(service("notifier"), NOW):
                waiting = [notice.pk for notice in Notice.objects.filter(case=secure.pk)]
            send(waiting, at=timezone.now())
            deliver_pending(at=NOW)
            number = str(secure.number)
    finally:
        root.removeHandler(keep)
        root.setLevel(level)
    assert lines, "something was logged"
    text = "\n".join(lines)
    assert [name for name, mark in MARKS.items() if mark in text] == []
    assert number not in text
