"""`aioffice case open` opens a case of any procedure, so that a new procedure needs no command of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import procedures
from tests.doors.test_cli_acting import run, written
from tests.support.api import token_of
from tests.support.parties import organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server_stays")]


@pytest.fixture
def token() -> str:
    """The token of a provider in Portugal."""
    return token_of(organisation("Example Systems", Capacity.PROVIDER))


def test_a_case_of_another_desk_is_opened_and_shown(token: str, tmp_path: Path) -> None:
    organisation("Representation", Capacity.AUTHORISED_REPRESENTATIVE)
    proposal = written(tmp_path, {"representative": "Representation", "scope": "All systems"})
    opened = run("case", "open", "mandate.propose", proposal, "--key", "first", "--json", token=token)
    assert opened.exit_code == 0, opened.stderr
    number = json.loads(opened.stdout)["case"]["number"]
    again = run("case", "open", "mandate.propose", proposal, "--key", "first", "--json", token=token)
    assert json.loads(again.stdout)["replayed"] is True
    assert "state: proposed" in run("case", "show", number, token=token).stdout


def test_what_does_not_fit_is_said_field_by_field(token: str, tmp_path: Path) -> None:
    refused = run("case", "open", "mandate.propose", written(tmp_path, {"scope": "All systems"}), token=token)
    assert refused.exit_code == 6
    assert "/representative: This is needed and was left out." in refused.stderr


def test_an_unknown_step_is_answered_with_those_that_open_a_case(token: str) -> None:
    refused = run("case", "open", "mandate.end", token=token)
    assert refused.exit_code == 2
    offered = {step.key for procedure in procedures() for step in procedure.opening_steps() if not step.by[0].service}
    named = set(refused.stderr.partition("These do: ")[2].strip().rstrip(".").split(", "))
    # Clearances are given by an administrator in person, never by a token.
    assert offered - named == {"staff-clearance.clear"}
    assert named <= offered
