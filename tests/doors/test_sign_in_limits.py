"""Attempts to sign in are counted for all processes together, by the address of the caller and not of a proxy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client

from aioffice.kernel.db import plumbing

ASKED = "import json; from aioffice.doors import settings; print(json.dumps(settings.ALLAUTH_TRUSTED_PROXY_COUNT))"


@pytest.mark.django_db
def test_what_one_process_counts_the_others_know() -> None:
    assert isinstance(caches["default"], DatabaseCache)
    with plumbing():
        assert caches["default"].add("allauth:rl:login:ip:192.0.2.1", [1.0], 60)
        assert not caches["default"].add("allauth:rl:login:ip:192.0.2.1", [2.0], 60)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from office.sign_in_cache")
            assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(("proxies", "believed"), [("", 0), ("2", 2)])
def test_as_many_proxies_are_believed_as_the_operator_names(tmp_path: Path, proxies: str, believed: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIOFFICE_")}
    environment |= {"AIOFFICE_DATA_DIR": str(tmp_path)} | ({"AIOFFICE_PROXIES": proxies} if proxies else {})
    told = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == believed


@pytest.mark.django_db
def test_a_wrong_password_is_counted_in_the_database() -> None:
    answer = Client().post("/en/account/login/", {"login": "ana@example.eu", "password": "not the password"})
    assert answer.status_code == 200
    with plumbing(), connection.cursor() as cursor:
        cursor.execute("select count(*) from office.sign_in_cache")
        assert cursor.fetchone() != (0,)
