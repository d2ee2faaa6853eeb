"""The three roles: who may do what, on the real server."""

from __future__ import annotations

import pytest
from django.db import connections

from aioffice.kernel.db import plumbing


@pytest.mark.django_db
def test_application_connects_as_a_role_that_owns_nothing_and_bypasses_nothing() -> None:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("aio_office", False, False)
        cursor.execute("select count(*) from pg_class where relowner = 'aio_office'::regrole")
        assert cursor.fetchone() == (0,)
