"""The database's own log says what went wrong, and nothing of what anybody filed."""

from __future__ import annotations

import contextlib

import pytest
from django.db import DatabaseError, connection

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Person
from aioffice.kernel.settings import settings
from tests.support.traces import word

pytestmark = pytest.mark.django_db(transaction=True)


def test_neither_errors_nor_slow_statements_bring_values_into_it() -> None:
    mark = word("the server's log")
    with plumbing():
        Person.objects.create(email=f"{mark}@example.test", password="!", name=mark)
        for sql in (
            f"select pg_sleep(1.1), '{mark}'",
            f"insert into office.parties_person (id, email, name) values (gen_random_uuid(), '{mark}', '{mark}')",
            f"update office.procedures_steprecord set step = '{mark}'",
        ):
            with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute(sql)
        with pytest.raises(DatabaseError, match=mark):
            Person.objects.create(email=f"{mark}@example.test", password="!", name=mark)
    logs = [path.read_text() for path in (settings().data_dir / "postgres" / "log").glob("*.log")]
    written = "".join(logs)
    assert "null value in column" in written, "the failing row stands in the details"
    assert "duplicate key value violates unique constraint" in written, "what went wrong is there"
    assert mark not in written
