"""Migrations on an office that is in use: they apply to data of an older schema, they stop nobody, and what holds them ends them in words.

The oldest schema in use is that of the first version that landed: `BASE`. The fictional demo is loaded at today's schema, since only
today's code can do it, and carried over table by table, as far as the older schema knows the columns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from aioffice.doors import migrating
from aioffice.kernel.db import provision
from aioffice.kernel.db.locking import BIG
from aioffice.kernel.postgres import Cluster, running
from aioffice.kernel.settings import Settings
from tests.support import database

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)

BASE: Mapping[str, str] = {
    "admission": "0002_rows",
    "clocks": "0002_rows",
    "documents": "0002_rows",
    "ledger": "0001_initial",
    "notices": "0002_rows",
    "parties": "0005_attempts",
    "procedures": "0003_drafts",
    "register": "0002_published",
}
"""The last migration of each room in the first version that landed. What came after it is looked at."""
OURS = "aioffice."

ACCEPTED: Mapping[tuple[str, str], str] = {
    (
        "clocks",
        "0003_clocks_of_addressees",
    ): "no procedure of before it starts a clock, so the table is small where it is run",
    (
        "ledger",
        "0004_order_of_waiting",
    ): "the table is a queue: what waits in it is what came within the last second, and the index is built of that",
    (
        "notices",
        "0003_without_case",
    ): "the check reads the table once, and nobody waits for notices longer than for an e-mail",
}
"""Migrations that lock a big table for long all the same, each with the reason why that may be."""


def newer() -> list[tuple[str, str]]:
    """The migrations of our own that came after the base."""
    loader = MigrationLoader(None)
    old = {node for label, name in BASE.items() for node in loader.graph.forwards_plan((label, name))}
    return [
        node
        for node, migration in sorted(loader.disk_migrations.items())
        if node not in old and migration.__module__.startswith(OURS)
    ]


@pytest.mark.parametrize("node", newer(), ids=".".join)
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_no_migration_stops_the_office(node: tuple[str, str]) -> None:
    """No rewrite of a big table, no NOT NULL without a default on one, no index on one but CONCURRENTLY, no constraint but NOT VALID."""
    loader = MigrationLoader(connections["owner"])
    sent = migrating.statements(loader.disk_migrations[node])
    dangerous = [lock for lock in migrating.locks_of(sent) if lock.dangerous]
    assert bool(dangerous) == (node in ACCEPTED), (
        f"{node}: {'; '.join(f'{lock.table}: {lock.reason}' for lock in dangerous)}"
    )


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_big_tables_are_there() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind in ('r', 'p')")
        assert {name for (name,) in cursor.fetchall()} >= BIG


class OldOffice:
    """A data folder with the demo in a database of the newest schema (`today`) and in one of the base's (`older`)."""

    def __init__(self, run: Path) -> None:
        self.data = run / "data"
        self.cluster = Cluster(self.data, durable=False)

    def settings(self, name: str) -> Settings:
        return Settings(data_dir=self.data, database_name=name)

    def connect(self, name: str, **options: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(**self.cluster.conninfo(name), autocommit=True, **options)  # type: ignore[arg-type]

    def start(self, name: str, *words: str, **settings: str) -> subprocess.Popen[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
        environment = clean | {
            "AIOFFICE_DATA_DIR": str(self.data),
            "AIOFFICE_DATABASE_NAME": name,
            "AIOFFICE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            **settings,
        }
        return subprocess.Popen(
            [sys.executable, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, name: str, *words: str, status: int = 0, **settings: str) -> tuple[str, str]:
        process = self.start(name, *words, **settings)
        said, errors = process.communicate(timeout=300)
        assert process.returncode == status, errors or said
        return said, errors

    def aioffice(self, name: str, *words: str, status: int = 0, **settings: str) -> tuple[str, str]:
        return self.run(name, "-m", "aioffice.doors.cli", *words, status=status, **settings)

    def columns(self, name: str) -> dict[tuple[str, str], list[str]]:
        """Table by table, the columns that hold something of their own."""
        with self.connect(name) as connection:
            rows = connection.execute(
                "select n.nspname, c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
                "join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('office', 'published') and c.relkind = 'r' "
                "and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by 1, 2, a.attnum"
            ).fetchall()
        found: dict[tuple[str, str], list[str]] = {}
        for schema, table, column in rows:
            if table != "django_migrations":
                found.setdefault((str(schema), str(table)), []).append(str(column))
        return found

    def carry_over(self) -> None:
        """Copy every row of `today` into `older`, as far as it has a place there."""
        there, here = self.columns("today"), self.columns("older")
        with self.connect("today") as source, self.connect("older") as target:
            target.execute("set session_replication_role = replica")
            for table in here:
                target.execute(sql.SQL("truncate {} cascade").format(sql.Identifier(*table)))
            for table in here.keys() & there.keys():
                columns = [column for column in here[table] if column in there[table]]
                listed = sql.SQL(", ").join(map(sql.Identifier, columns))
                out = sql.SQL("copy {} ({}) to stdout").format(sql.Identifier(*table), listed)
                into = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(*table), listed)
                with source.cursor().copy(out) as reading, target.cursor().copy(into) as writing:
                    for block in reading:
                        writing.write(block)

    def contents(self, name: str, columns: Mapping[tuple[str, str], list[str]]) -> dict[str, tuple[int, str]]:
        """For each table, how many rows it has and a digest of them, in these columns."""
        found = {}
        with self.connect(name) as connection:
            for table, names in sorted(columns.items()):
                listed = sql.SQL(", ").join(map(sql.Identifier, names))
                query = sql.SQL(
                    "select count(*), coalesce(md5(string_agg(t::text, '' order by t::text)), '') from (select {} from {}) t"
                ).format(listed, sql.Identifier(*table))
                ((count, digest),) = connection.execute(query).fetchall()
                found[".".join(table)] = (int(str(count)), str(digest))
        return found

    def applied(self, name: str) -> set[tuple[str, str]]:
        with self.connect(name) as connection:
            rows = connection.execute("select app, name from office.django_migrations").fetchall()
        return {(str(app), str(migration)) for app, migration in rows}


TO_BASE = """
import django, json, sys
django.setup()
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connections["owner"])
base = json.loads(sys.argv[1])
known = executor.loader.disk_migrations
other = [node for node in executor.loader.graph.leaf_nodes() if not known[node].__module__.startswith("aioffice.")]
executor.migrate([*base.items(), *other])
"""
DEMO = """
import django
django.setup()
from aioffice.doors import prepare
from aioffice.kernel.settings import settings
prepare.reference_data()
assert prepare.demo(settings())
"""


@pytest.fixture(scope="module")
def offices() -> Iterator[OldOffice]:
    """The demo, at today's schema and at the base's."""
    run = database.new_run()
    database.start(run)
    made = OldOffice(run)
    with running(made.cluster):  # or the first command that leaves would stop it
        database.fresh("today", run)
        made.run("today", "-c", DEMO, AIOFFICE_DEMO="true")
        provision.provision(made.settings("older"))
        made.run("older", "-c", TO_BASE, json.dumps(dict(BASE)))
        made.carry_over()
        yield made
    database.remove(run)


@pytest.fixture
def older(offices: OldOffice) -> str:
    """A copy of the office at the older schema, for one test."""
    with offices.connect("postgres") as connection:
        connection.execute("drop database if exists copy with (force)")
        connection.execute("create database copy template older")
        provision.database_grants(connection, "copy")
    return "copy"


def test_the_older_office_is_one_and_holds_the_demo(offices: OldOffice) -> None:
    assert {node for node in offices.applied("older") if node in set(newer())} == set()
    counts = {name: count for name, (count, _digest) in offices.contents("older", offices.columns("older")).items()}
    for table in (
        "office.procedures_case",
        "office.procedures_steprecord",
        "office.register_entryversion",
        "published.entry",
    ):
        assert counts[table] > 5, counts


def test_every_newer_migration_applies_to_data_of_the_older_schema_and_changes_none_of_it(
    offices: OldOffice, older: str
) -> None:
    columns = offices.columns(older)
    before = offices.contents(older, columns)
    planned = json.loads(offices.aioffice(older, "migrate", "--plan", "--json")[0])
    assert {one["migration"] for one in planned} == {".".join(node) for node in newer()}
    said, _ = offices.aioffice(older, "migrate")
    assert said.strip() == f"{len(newer())} migrations run."
    after = offices.columns(older)
    kept = {table: [name for name in names if name in after.get(table, ())] for table, names in columns.items()}
    untouched = {".".join(table) for table, names in columns.items() if kept[table] == names}
    now = offices.contents(older, {table: names for table, names in kept.items() if names})
    assert {name: now[name] for name in untouched} == {name: before[name] for name in untouched}
    assert {name: count for name, (count, _) in now.items()} == {name: before[name][0] for name in now}
    # and what stands in the database is what today's code expects
    assert offices.columns(older).keys() == offices.columns("today").keys()
    offices.aioffice(older, "migrate", "--check")


def test_what_holds_a_table_ends_the_migration_in_words_and_leaves_everything_as_it_was(
    offices: OldOffice, older: str
) -> None:
    columns, ran = offices.columns(older), offices.applied(older)
    before = offices.contents(older, columns)
    with offices.connect(older) as holder:
        holder.execute("begin")
        # a reader who has forgotten to end: enough to keep whoever wants to alter the table waiting
        for schema, table in columns:
            if table in BIG:
                holder.execute(sql.SQL("lock table {} in access share mode").format(sql.Identifier(schema, table)))
        begin = time.monotonic()
        _, said = offices.aioffice(
            older, "migrate", status=1, AIOFFICE_LOCK_SECONDS="1", AIOFFICE_MIGRATE_TRIES="2", AIOFFICE_MIGRATE_WAIT_SECONDS="0.2"
        )  # fmt: skip
        assert time.monotonic() - begin < 60
        assert "did not get its locks within 1 seconds, 2 times" in said
        assert "Nothing of it was done" in said
        assert "Traceback" not in said
        stopped = said.partition("The migration ")[2].partition(" ")[0]
        assert tuple(stopped.split(".")) not in offices.applied(older)
        done = offices.applied(older) - ran
        assert done <= set(newer())
        assert offices.contents(older, columns) == before
        holder.execute("rollback")
    said, _ = offices.aioffice(older, "migrate")
    assert said.strip() == f"{len(newer()) - len(done)} migrations run."


def test_it_goes_through_once_the_table_is_free_again(offices: OldOffice, older: str) -> None:
    with offices.connect(older) as holder:
        holder.execute("begin; lock table office.clocks_clock, office.documents_document in access share mode")
        process = offices.start(
            older, "-m", "aioffice.doors.cli", "migrate",
            AIOFFICE_LOCK_SECONDS="1", AIOFFICE_MIGRATE_TRIES="20", AIOFFICE_MIGRATE_WAIT_SECONDS="0.1",
        )  # fmt: skip
        with offices.connect(older) as watching:
            end = time.monotonic() + 60
            while not watching.execute(
                "select 1 from pg_stat_activity where usename = 'aio_owner' and wait_event_type = 'Lock'"
            ).fetchall():
                assert time.monotonic() < end
                assert process.poll() is None
                time.sleep(0.05)
        time.sleep(1.2)  # the first try has ended
        holder.execute("rollback")
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert said.strip() == f"{len(newer())} migrations run."


def test_two_that_migrate_at_once_take_turns(offices: OldOffice, older: str) -> None:
    both = [offices.start(older, "-m", "aioffice.doors.cli", "migrate", AIOFFICE_LOCK_SECONDS="60") for _ in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=180)
        assert process.returncode == 0, errors
    assert set(newer()) <= offices.applied(older)
