"""An office without a demo has nobody in it: the command line lets the first administrator in, once."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Membership

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server_stays")]


def test_the_first_administrator_comes_in_by_command_and_no_second_one() -> None:
    wrong = CliRunner().invoke(app, ["first-administrator", "nobody"])
    assert wrong.exit_code == 6
    assert "/email" in wrong.stderr
    done = CliRunner().invoke(app, ["first-administrator", "head@office.example", "--name", "Hanna", "--json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {
        "person": "head@office.example",
        "roles": ["editor", "signatory", "administrator"],
    }
    again = CliRunner().invoke(app, ["first-administrator", "second@office.example"])
    assert again.exit_code == 7
    assert "people already" in again.stderr
    with plumbing():
        assert Membership.objects.count() == 1
