"""No query, lock or forgotten transaction keeps others waiting for ever, and what may take its time still does."""

from __future__ import annotations

import pytest
from django.db import connections

from aioffice.kernel.db import plumbing
from aioffice.kernel.db.addresses import django
from aioffice.kernel.settings import settings

LIMITS = {
    "site": {"statement_timeout": "5s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "5min"},
    "default": {"statement_timeout": "1min", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "5min"},
}


@pytest.mark.django_db(databases=["default", "site"])
@pytest.mark.parametrize("alias", ["default", "site"])
def test_each_connection_has_its_limits(alias: str) -> None:
    with plumbing(), connections[alias].cursor() as cursor:
        for name, wanted in LIMITS[alias].items():
            cursor.execute(f"show {name}")
            assert cursor.fetchone() == (wanted,)


def test_migrations_take_their_time_and_do_not_wait() -> None:
    found = django("owner", settings())
    assert found is not None
    assert "lock_timeout=10000ms" in found["OPTIONS"]["options"]
    assert "statement_timeout" not in found["OPTIONS"]["options"]


def test_the_limits_are_settings() -> None:
    found = django("site", settings().model_copy(update={"site_statement_seconds": 0.25}))
    assert found is not None
    assert "statement_timeout=250ms" in found["OPTIONS"]["options"]
