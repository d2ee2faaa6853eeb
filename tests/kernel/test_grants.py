"""What each role may do, compared with a list. Whoever grants a right or takes one away changes the list with it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.settings import settings

pytestmark = pytest.mark.django_db

EVERYTHING = "DELETE INSERT SELECT UPDATE"
"""What the application may do with a table of its own, unless the list below says less."""

LESS = {
    "admission_lettercode": "INSERT SELECT UPDATE",
    "clocks_clock": "INSERT SELECT UPDATE",
    "clocks_reminder": "INSERT SELECT",
    "django_migrations": "SELECT",
    # A trigger lets the service `eraser` alone take uses, and payloads, away.
    "documents_documentuse": "DELETE INSERT SELECT",
    "ledger_checkpoint": "INSERT SELECT",
    "ledger_entry": "INSERT SELECT",
    "ledger_hold": "SELECT",
    "ledger_pending": "DELETE INSERT SELECT",
    "ledger_tile": "INSERT SELECT UPDATE",
    "notices_notice": "DELETE INSERT SELECT",
    "parties_auditentry": "INSERT SELECT",
    "procedures_case": "INSERT SELECT UPDATE",
    "procedures_erasedvalue": "INSERT SELECT",
    "procedures_outboxevent": "DELETE INSERT SELECT",
    "procedures_roundplace": "INSERT SELECT UPDATE",
    "procedures_steppayload": "DELETE INSERT SELECT",
    "procedures_steprecord": "INSERT SELECT",
    "reading_reading": "INSERT SELECT",
    "register_entry": "INSERT SELECT UPDATE",
    "register_entryversion": "INSERT SELECT",
    "webhooks_webhook": "INSERT SELECT UPDATE",
    "retention_hold": "INSERT SELECT UPDATE",
    "retention_proposal": "INSERT SELECT UPDATE",
}
SINGLE_COLUMNS = {
    ("notices_notice", "mailed_at", "UPDATE"),
    ("procedures_erasedvalue", "audience", "UPDATE"),
    ("procedures_steppayload", "audience", "UPDATE"),
    # Triggers let the service `eraser` alone write these, and nothing but less.
    ("procedures_steppayload", "data", "UPDATE"),
    ("procedures_steppayload", "evidence", "UPDATE"),
    ("procedures_steppayload", "salts", "UPDATE"),
    ("procedures_steprecord", "audience", "UPDATE"),
    ("register_entryversion", "audience", "UPDATE"),
    ("register_entryversion", "content", "UPDATE"),
    ("register_entryversion", "erased", "UPDATE"),
    ("register_entryversion", "filing_status", "UPDATE"),
    ("register_entryversion", "reason", "UPDATE"),
}
PUBLISHED = {
    "act_line": EVERYTHING,
    "act_text": EVERYTHING,
    "document": EVERYTHING,
    "entry": EVERYTHING,
    "log_checkpoint": "INSERT SELECT",
    "log_cosignature": "INSERT SELECT",
    "log_entry": "INSERT SELECT",
    "log_held": "SELECT",
    "log_key": "INSERT SELECT UPDATE",
    "log_tile": "INSERT SELECT UPDATE",
    "log_witness": EVERYTHING,
    "split_view": "INSERT SELECT",
    "statement": EVERYTHING,
    "statement_past": EVERYTHING,
    "version": EVERYTHING,
    "witnessed_log": "INSERT SELECT UPDATE",
    "office_announcement": "INSERT SELECT UPDATE",
    "office_state": EVERYTHING,
    "word": EVERYTHING,
}
WITH_OWNERS_RIGHTS = {
    "office.admission_filer_of(text)",
    "office.follow_document_audience(uuid[])",
    "office.forget_audit(uuid[])",
    "office.forget_reads(uuid[])",
    "office.register_select_entry(text)",
}

UNDER_NO_POLICY = {
    # read before anyone is known to ask: whose calendar a secret address opens
    "clocks_feedaddress",
    # read before anyone is known to ask: sign-in, tokens, and who belongs where
    "parties_apitoken",
    "parties_capacitygrant",
    "parties_identifier",
    "parties_membership",
}
"""Tables with an organisation or an audience that row-level security does not guard."""


def _ask(query: str) -> list[Any]:
    found = conninfo("owner", settings())
    assert found is not None
    with psycopg.connect(**found) as owner:
        return [tuple(map(str, row)) for row in owner.execute(query)]  # type: ignore[call-overload]


def _rights(schema: str, role: str) -> dict[str, str]:
    """Table by table, what a role may do."""
    rows = _ask(f"""
        select c.relname, coalesce(string_agg(a.privilege_type, ' ' order by a.privilege_type), '')
        from pg_class c
        left join lateral aclexplode(c.relacl) a on a.grantee = '{role}'::regrole
        where c.relnamespace = '{schema}'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        group by c.relname""")
    return dict(rows)


def test_the_application_works_with_its_tables_and_no_more() -> None:
    expected = {name: LESS.get(name, EVERYTHING) for name in _rights("office", "aio_office")}
    assert set(LESS) <= set(expected)
    assert _rights("office", "aio_office") == expected
    assert _rights("published", "aio_office") == PUBLISHED


def test_the_public_site_reads_what_is_published_and_nothing_else() -> None:
    assert set(_rights("office", "aio_site").values()) == {""}
    assert _rights("published", "aio_site") == dict.fromkeys(PUBLISHED, "SELECT")
    assert _ask(
        "select nspname from pg_namespace where has_schema_privilege('aio_site', oid, 'usage') and nspname !~ '^(pg_|info)'"
    ) == [
        ("public",),
        ("published",),
    ]


def test_rights_on_single_columns_are_the_listed_ones() -> None:
    found = _ask("""
        select c.relname, t.attname, a.privilege_type
        from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
        where c.relnamespace in ('office'::regnamespace, 'published'::regnamespace)""")
    assert set(found) == SINGLE_COLUMNS


def test_only_the_listed_functions_run_with_the_owners_rights_and_each_fixes_where_it_looks() -> None:
    found = _ask("""
        select p.oid::regprocedure::text, coalesce(p.proconfig::text, '') from pg_proc p
        where p.prosecdef and p.pronamespace in ('office'::regnamespace, 'published'::regnamespace, 'public'::regnamespace)""")
    assert {name for name, _ in found} == WITH_OWNERS_RIGHTS
    assert all("search_path=" in fixed for _, fixed in found)


def test_nobody_but_the_three_roles_may_enter_or_call_anything() -> None:
    assert (
        _ask("""
        select p.oid::regprocedure::text from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where a.grantee = 0 and p.pronamespace in ('office'::regnamespace, 'published'::regnamespace)""")
        == []
    )
    assert (
        _ask("""
        select n.nspname, a.privilege_type from pg_namespace n, aclexplode(n.nspacl) a
        where a.grantee = 0 and n.nspname in ('office', 'published', 'public')""")
        == []
    )
    assert (
        _ask("""
        select a.privilege_type from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        where a.grantee = 0 and d.datname = current_database()""")
        == []
    )


def test_only_the_owner_owns_and_no_role_of_ours_passes_policies() -> None:
    assert _ask("""
        select distinct pg_get_userbyid(relowner) from pg_class
        where relnamespace in ('office'::regnamespace, 'published'::regnamespace)""") == [("aio_owner",)]
    assert (
        _ask("select rolname from pg_roles where rolname ~ '^aio_(owner|office|site)$' and (rolsuper or rolbypassrls)")
        == []
    )
    assert (
        _ask(
            "select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname in ('aio_office', 'aio_site')"
        )
        == []
    )


def test_every_table_that_belongs_to_someone_is_under_row_level_security() -> None:
    found = _ask("""
        select c.relname, c.relrowsecurity from pg_class c
        where c.relnamespace = 'office'::regnamespace and c.relkind in ('r', 'p') and exists (
          select from pg_attribute t where t.attrelid = c.oid and t.attname in ('organisation_id', 'audience') and not t.attisdropped)""")
    assert {name for name, guarded in found if guarded == "False"} == UNDER_NO_POLICY
    assert (
        _ask("""
        select c.relname from pg_class c where c.relrowsecurity and c.relnamespace = 'office'::regnamespace
        and not exists (select from pg_policy p where p.polrelid = c.oid)""")
        == []
    )


def test_every_policy_asks_who_is_asking() -> None:
    """The functions behind a policy raise when nobody is: a row is never judged without an actor."""
    policies = _ask("select policyname, concat(qual, ' ', with_check) from pg_policies where schemaname = 'office'")
    assert len(policies) > 20
    assert [name for name, condition in policies if "asking_" not in condition] == []
    found = conninfo("office", settings())
    assert found is not None
    with psycopg.connect(**found, autocommit=True) as office:
        for function in ("asking_actor", "asking_organisation", "asking_keys"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="nobody is asking"):
                office.execute(f"select office.{function}()")  # type: ignore[call-overload]
