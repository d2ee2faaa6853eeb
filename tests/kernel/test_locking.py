"""What a statement locks is read from its text: each danger is found, and its safe form is not taken for one."""

from __future__ import annotations

import pytest

from aioffice.kernel.db.locking import BIG, locks_of

DANGEROUS = [
    "CREATE INDEX by_name ON office.procedures_case (number)",
    'CREATE UNIQUE INDEX "x" ON "procedures_case" ("number")',
    "create index if not exists x on only office.register_entry using gin (audience)",
    "alter table office.procedures_case alter column number type varchar(80)",
    'ALTER TABLE "procedures_case" ALTER COLUMN "number" TYPE text USING "number"::text',
    "alter table office.procedures_case alter column number set not null",
    "alter table office.procedures_case add column mark text not null",
    "alter table office.procedures_case add column id2 uuid default gen_random_uuid()",
    "alter table office.procedures_case add column n bigint generated always as identity",
    "alter table office.procedures_case add constraint once unique (number)",
    "ALTER TABLE procedures_case ADD CONSTRAINT x CHECK (number <> '')",
    "ALTER TABLE procedures_case ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES b (id) DEFERRABLE INITIALLY DEFERRED",
    "update office.procedures_case set number = ''",
    "delete from published.entry",
    "truncate office.procedures_outboxevent",
    "lock table office.procedures_case in access exclusive mode",
    "vacuum full office.procedures_case",
    "select 1; -- a comment\n/* another */ create index x on office.notices_notice (case_id);",
]
SAFE = [
    "create index concurrently x on office.procedures_case (number)",
    "create index x on office.desk_of_few (number)",
    "alter table office.procedures_case add column mark text",
    "alter table office.procedures_case add column mark text not null default ''",
    "alter table office.procedures_case alter column number drop not null",
    "alter table office.procedures_case add constraint x check (number <> '') not valid",
    "alter table office.procedures_case validate constraint x",
    "alter table office.procedures_case add constraint once unique using index once_index",
    "alter table office.procedures_case enable row level security",
    "create policy x on office.procedures_case using (true)",
    "update office.procedures_case set number = '' where id = '1'",
    "create table office.procedures_new (id int); create index x on office.procedures_new (id)",
    "create function office.f() returns void language sql as $$ update office.procedures_case set number = ''; $$",
]


@pytest.mark.parametrize("statement", DANGEROUS)
def test_a_danger_is_found(statement: str) -> None:
    found = [lock for lock in locks_of([statement]) if lock.dangerous]
    assert len(found) == 1, statement
    assert found[0].table in BIG


@pytest.mark.parametrize("statement", SAFE)
def test_its_safe_form_is_none(statement: str) -> None:
    assert [lock for lock in locks_of([statement]) if lock.dangerous] == []


def test_a_table_made_by_the_same_migration_keeps_nobody_waiting() -> None:
    assert locks_of(["create table published.version (n int)", "create index x on published.version (n)"]) == []
