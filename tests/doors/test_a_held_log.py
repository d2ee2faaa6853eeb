"""A log that is held looks held at every door: nothing promises what can never come, and everybody learns of the public log alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.doors.metrics import families
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.kernel.watching import figures, state
from aioffice.kernel.watching.rights import OPERATOR
from aioffice.register.procedure import RegisterExempt
from tests.doors.test_ledger_pages import filed, words
from tests.support.api import Machine, publish, token_of
from tests.support.filings import section_b
from tests.support.parties import acting_for, organisation
from tests.support.sequencing import sequence_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day", "server_stays")]

SINCE = datetime(2026, 11, 23, 9, 59, tzinfo=UTC)
REASON = "The log is older than what was witnessed: it has 3 entries, 5 were seen."


@pytest.fixture
def hold() -> Iterator[Callable[[str], None]]:
    """Holds a log as whoever restores does: as the owner of the tables."""
    owner = conninfo("owner", settings())
    assert owner is not None

    def held(log: str) -> None:
        with psycopg.connect(**owner) as connection:
            connection.execute(
                "insert into office.ledger_hold (log, reason, since) values (%s, %s, %s)", [log, REASON, SINCE]
            )

    yield held
    with psycopg.connect(**owner) as connection:
        connection.execute("delete from office.ledger_hold")


def test_a_text_that_cannot_come_into_the_log_is_not_promised_to(hold: Callable[[str], None]) -> None:
    hold(PUBLIC)
    number, _case, _browser = filed()
    sequence_all(timezone.now())
    for path in (
        f"/en/register/{number}/",
        f"/en/register/{number}/proof/",
        f"/en/register/{number}/versions/1/proof/",
    ):
        said = words(path)
        assert "within a second" not in said
        assert "Nothing has been added to the log since Monday 23 November 2026, 10:59 Brussels time" in said
        assert REASON not in said
    assert "Rien n’a été ajouté au journal depuis" in words(f"/fr/register/{number}/")
    answer = Machine().get(f"/register/entries/{number}/proof")
    answer.problem(503, "not-yet-in-log")
    assert answer.headers["retry-after"] == "3600"
    assert "Nothing has been added to the log since 2026-11-23T" in answer.json["detail"]
    assert "is held" not in words("/en/ledger/"), "and no jargon"
    assert "Nothing is added to this log since Monday 23 November 2026" in words("/en/ledger/")


def test_a_newer_text_is_not_said_to_stand_where_the_older_one_stands(hold: Callable[[str], None]) -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=timezone.now()).case
    publish()
    sequence_all(timezone.now())
    assert "has stood unchanged in the public log" in words(f"/en/register/{case.number}/")
    hold(PUBLIC)
    change = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}
    later = timezone.now() + timedelta(seconds=1)
    perform(RegisterExempt.update, case.pk, actor=provider, data=section_b(trade_name="Two") | change, at=later)
    publish()
    assert "does not stand in the public log yet" in words(f"/en/register/{case.number}/")
    assert "does not stand in the public log yet" in words(f"/en/register/{case.number}/versions/2/")


def test_the_public_state_says_so_and_not_why(hold: Callable[[str], None]) -> None:
    def parts() -> dict[str, dict[str, object]]:
        state.look(timezone.now())
        return dict(json.loads(Client().get("/status.json").content)["parts"])

    assert (parts()["log"], parts()["publication"]["works"]) == ({"works": True, "since": None}, True)
    hold(INTERNAL)
    assert (parts()["log"]["works"], parts()["publication"]["works"]) == (True, True), (
        "the other log is nobody's business"
    )
    hold(PUBLIC)
    assert parts()["log"] == {"works": False, "since": SINCE.isoformat()}
    assert parts()["publication"]["works"] is False
    said = words("/en/status/")
    assert "The public log Does not work since Monday 23 November 2026" in said
    assert "whether entries of it are missing" in said
    assert "is safe" not in said, "a restore that holds a log has lost what came after its backup"
    assert REASON not in said + json.dumps(parts())


def test_whoever_runs_the_office_is_told_which_log_and_why(hold: Callable[[str], None]) -> None:
    hold(PUBLIC)
    hold(INTERNAL)
    done = CliRunner().invoke(app, ["status", "--json"])
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert {"log-held-public", "log-held-internal"} <= {one["code"] for one in said["troubles"] if one["urgent"]}
    assert said["logs"]["public"]["held_because"] == REASON
    people = CliRunner().invoke(app, ["status"]).stdout
    assert "! The public log is held: nothing is added to it" in people
    assert f"held from 1 minute ago (Monday 23 November 2026, 10:59 Brussels time): {REASON}" in people
    measured = {
        (sample.name, sample.labels.get("log")): sample.value
        for family in families(figures.read(timezone.now()))
        for sample in family.samples
    }
    assert measured["aioffice_ledger_held", "public"] == measured["aioffice_ledger_held", "internal"] == 1


def test_administrators_of_the_office_see_it_on_their_page(hold: Callable[[str], None]) -> None:
    from aioffice.doors.standing import facts, standing

    hold(PUBLIC)
    head = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state=""), roles=(Role.ADMINISTRATOR,))
    found = standing(actor=head, at=timezone.now())
    assert "log-held-public" in {one.code for one in found.troubles}
    assert ("Public log held since", SINCE) in facts(found)
    assert not standing(actor=OPERATOR, at=timezone.now()).well


def test_a_receipt_that_cannot_be_signed_is_not_promised(hold: Callable[[str], None]) -> None:
    hold(INTERNAL)
    number, case, browser = filed()
    sequence_all(timezone.now())
    answer = browser.get(reverse("office_receipt", args=[case, 1]), follow=True)
    assert "The receipt cannot be signed now." in answer.content.decode()
    provider = organisation("Other provider", Capacity.PROVIDER)
    mine = perform(RegisterExempt.file, None, actor=acting_for(provider), data=section_b(), at=timezone.now()).case
    asked = Machine(token_of(provider)).get(f"/cases/{mine.pk}/records/1/receipt")
    asked.problem(503, "not-yet-in-log")
    assert asked.headers["retry-after"] == "3600"
    assert Machine().get(f"/register/entries/{number}/proof").status == 200, "the public log goes on"
