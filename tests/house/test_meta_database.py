"""About the database as a whole: nobody asks without saying who; what no policy guards stands in a list, with the reason."""

from __future__ import annotations

import psycopg
import pytest
from django.apps import apps
from django.db import connections, transaction
from django.db.models import Model

from aioffice.kernel.db import OutsideActing, acting
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.parties.actor import ANONYMOUS
from aioffice.kernel.settings import settings
from tests.support.parties import NOW

MODELS = sorted(
    (model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy),
    key=lambda model: model._meta.label,
)

WITHOUT_ROW_LEVEL_SECURITY = {
    # Signing in comes before anyone is known to ask.
    "clocks_feedaddress": "reading a calendar feed: digests of secret addresses",
    "account_emailaddress": "sign-in: which addresses belong to which account",
    "account_emailconfirmation": "sign-in: letters that confirm an address",
    "django_session": "sign-in: sessions, read by their secret key alone",
    "mfa_authenticator": "sign-in: second factors",
    "parties_apitoken": "sign-in of machines: digests of tokens",
    "parties_capacitygrant": "sign-in: what makes an actor of a person or token",
    "parties_membership": "sign-in: what makes an actor of a person",
    "parties_organisation": "sign-in: what makes an actor; names of organisations are no secret to those who work here",
    "parties_person": "sign-in: accounts",
    "sign_in_cache": "sign-in: how often whoever tried, and which one-time codes are used up",
    "socialaccount_socialaccount": "sign-in with an identity provider",
    "socialaccount_socialapp": "sign-in with an identity provider",
    "socialaccount_socialtoken": "sign-in with an identity provider",
    # Looked up across organisations, and public in business registers.
    "parties_identifier": "one number stands for one organisation, so all are compared with all",
    "parties_mandate": "read by both sides and by checks of who may file for whom (Article 22); names no text",
    # The framework's own, holding nothing that anybody filed.
    "auth_group": "unused table of the framework",
    "auth_group_permissions": "unused table of the framework",
    "auth_permission": "unused table of the framework",
    "django_content_type": "unused table of the framework",
    "django_migrations": "which migrations ran",
    # The queue of jobs carries ids alone.
    "procrastinate_events": "job queue",
    "procrastinate_jobs": "job queue: names of tasks and ids of rows",
    "procrastinate_periodic_defers": "job queue",
    "procrastinate_workers": "job queue",
    # Counters and marks without content.
    "procedures_handledevent": "which event was dealt with by whom; ids alone",
    "procedures_numberseries": "the last public number given; secure entries take none",
}
WITH_THE_OWNERS_RIGHTS = {
    "admission_filer_of": "who reports an impersonation names a public entry whose case it cannot see; answers with the filer's id alone",
    "follow_document_audience": "readers of a document follow from cases the caller sees only in part; answers nothing",
    "forget_audit": "what a person decided to delete; refuses all but the keeper, and what is younger than a year; answers with a count",
    "forget_reads": "the same of the log of reads",
    "register_select_entry": "field C 3 works for provider's entries that the deployer cannot see; answers for one exact number",
}


def _owner(query: str) -> list[tuple[str, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query)
        return [tuple(str(value) for value in row) for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_model_is_read_or_written_outside_acting(model: type[Model]) -> None:
    rows = model._base_manager.all()
    for ask in (
        lambda: list(rows[:1]),
        rows.count,
        rows.exists,
        rows.delete,
        lambda: model().save(force_insert=True),
    ):
        with pytest.raises(OutsideActing):
            ask()


@pytest.mark.django_db(transaction=True)
def test_no_statement_passes_outside_acting() -> None:
    with connections["default"].cursor() as cursor:
        for statement in ("select 1", "select * from office.procedures_case", "savepoint a"):
            with pytest.raises(OutsideActing):
                cursor.execute(statement)
        with pytest.raises(OutsideActing):
            cursor.executemany("select %s", [[1]])
    with pytest.raises(OutsideActing), connections["default"].chunked_cursor() as cursor:
        cursor.execute("select 1")
    with pytest.raises(OutsideActing), transaction.atomic(), transaction.atomic():
        pass


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_table_is_under_row_level_security_or_in_the_list_with_its_reason() -> None:
    found = _owner(
        "select relname from pg_class where relkind in ('r', 'p') and not relrowsecurity and relnamespace = 'office'::regnamespace"
    )
    assert {name for (name,) in found} == set(WITHOUT_ROW_LEVEL_SECURITY)
    assert all(WITHOUT_ROW_LEVEL_SECURITY.values())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_functions_with_the_owners_rights_stand_in_the_list_and_only_the_application_calls_them() -> None:
    found = _owner(
        "select proname, has_function_privilege('aio_site', oid, 'execute'), has_function_privilege('public', oid, 'execute') "
        "from pg_proc where prosecdef and pronamespace in ('office'::regnamespace, 'published'::regnamespace, 'public'::regnamespace)"
    )
    assert {name for name, *_rights in found} == set(WITH_THE_OWNERS_RIGHTS)
    assert all(rights == ["False", "False"] for _name, *rights in found)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nobody_signed_in_reads_no_row_under_a_policy() -> None:
    """Acting as nobody in particular is no way round: every guarded table is empty to them."""
    guarded = [
        name
        for (name,) in _owner(
            "select relname from pg_class where relrowsecurity and relnamespace = 'office'::regnamespace"
        )
    ]
    with acting(ANONYMOUS, NOW), connections["default"].cursor() as cursor:
        for name in guarded:
            cursor.execute(f"select count(*) from office.{name}")
            assert cursor.fetchone() == (0,), name


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_public_sites_role_reads_what_is_published_and_can_do_nothing_else() -> None:
    tables = [name for (name,) in _owner("select tablename from pg_tables where schemaname = 'office'")]
    published = [name for (name,) in _owner("select tablename from pg_tables where schemaname = 'published'")]
    found = conninfo("site", settings())
    assert found is not None
    forbidden = [
        *(f"select * from office.{name}" for name in tables),
        *(f"delete from published.{name}" for name in published),
        *(f"insert into published.{name} default values" for name in published),
        "update published.entry set name = 'x'",
        "truncate published.entry",
        "create table published.mine (x int)",
        "create table public.mine (x int)",
        "create temporary table mine (x int)",
        "set role aio_office",
        "set role aio_owner",
        "set session authorization aio_office",
        "select office.asking_actor()",
        "select * from office.register_select_entry('EU-A-2026-000001')",
        "copy published.entry to program 'true'",
        "copy published.entry to '/tmp/stolen'",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "select * from pg_authid",
        "alter role aio_site superuser",
        "create extension dblink",
    ]
    with psycopg.connect(**found, autocommit=True) as site:
        for name in published:
            site.execute(f"select count(*) from published.{name}")  # type: ignore[call-overload]
        site.execute("set default_transaction_read_only = off")
        for statement in forbidden:
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                site.execute(statement)  # type: ignore[call-overload]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_application_cannot_loosen_what_holds_it() -> None:
    found = conninfo("office", settings())
    assert found is not None
    forbidden = [
        "alter table office.procedures_case disable row level security",
        "drop policy procedures_case_askers on office.procedures_case",
        "create policy mine on office.procedures_case using (true)",
        "alter table office.procedures_steprecord owner to aio_office",
        "set row_security = off; select * from office.procedures_case",
        "set role aio_owner",
        "create table office.mine (x int)",
        "create function office.mine() returns int language sql as 'select 1'",
        "create or replace function office.asking_actor() returns text language sql as $$ select 'service:publisher' $$",
        "update office.procedures_steprecord set basis = 'x'",
        "delete from office.procedures_steprecord",
        "truncate office.procedures_case",
        "copy office.procedures_case to program 'true'",
    ]
    with psycopg.connect(**found, autocommit=True) as office:
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                office.execute(statement)  # type: ignore[call-overload]
