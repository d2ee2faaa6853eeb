"""Tests themselves run as the application's role, on the application's connections."""

from __future__ import annotations

import socket

import pytest
from django.db import connections

from aioffice.kernel.db import plumbing
from tests.support.network import NetworkUsed


@pytest.mark.django_db
def test_application_connects_as_a_role_that_owns_nothing_and_bypasses_nothing() -> None:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("aio_office", False, False)
        cursor.execute("select count(*) from pg_class where relowner = 'aio_office'::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_public_site_connects_as_a_role_that_sees_the_published_schema_alone() -> None:
    with connections["site"].cursor() as cursor:
        cursor.execute("select current_user, current_schemas(false), current_setting('default_transaction_read_only')")
        assert cursor.fetchone() == ("aio_site", ["published", "public"], "on")
        cursor.execute(
            """select table_schema from information_schema.table_privileges
            where grantee = 'aio_site' and table_schema not in ('pg_catalog', 'information_schema', 'published')"""
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_committed_is_gone_before_the_next(time: str) -> None:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute("select count(*) from django_content_type where app_label = 'left over'")
        assert cursor.fetchone() == (0,), time
        cursor.execute("insert into django_content_type (app_label, model) values ('left over', 'row')")


@pytest.mark.django_db(transaction=True)
def test_the_migrations_own_rows_are_there_after_a_test_that_committed() -> None:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute("select count(*) > 0 from django_migrations")
        assert cursor.fetchone() == (True,)


def test_no_test_leaves_this_machine() -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NetworkUsed):
        socket.getaddrinfo("example.org", 443)
