"""/health says whether the office can work, and nothing that outsiders should not know."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client

from aioffice.doors import health
from aioffice.kernel.db import plumbing


@pytest.mark.django_db(transaction=True)
def test_a_working_office_says_so() -> None:
    answer = Client().get("/health")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    said = answer.json()
    assert said["status"] == "ok"
    assert said["office"] == {
        "ok": True,
        "migrations_missing": 0,
        "jobs": {"late": False},
    }


@pytest.mark.django_db(transaction=True)
def test_a_job_that_waits_too_long_shows() -> None:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'kernel.deliver_pending', 'todo')"
        )
        cursor.execute("update procrastinate_events set at = now() - interval '10 minutes'")
    assert Client().get("/health").json()["office"]["jobs"] == {"late": True}


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_has_not_run_is_a_failing_office(monkeypatch: pytest.MonkeyPatch) -> None:
    known = health._migrations_in_code()
    monkeypatch.setattr(health, "_migrations_in_code", lambda: known | {("register", "9999_next")})
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert answer.json()["office"]["migrations_missing"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_a_failing_office_and_keeps_its_reasons() -> None:
    site = connections["site"]
    site.close()
    password, site.settings_dict["PASSWORD"] = site.settings_dict["PASSWORD"], "wrong"
    try:
        answer = Client().get("/health")
    finally:
        site.settings_dict["PASSWORD"] = password
    assert answer.status_code == 503
    assert answer.json()["site"] == {"ok": False}
    assert answer.json()["office"]["ok"]
