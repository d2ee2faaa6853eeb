"""`aioffice clocks` settles what ended and works ends out anew."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.kernel.clocks import computing
from aioffice.kernel.clocks.calendars import calendar
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.vocabulary import Capacity, Role
from tests.support.api import token_of
from tests.support.clocks import DAY, THURSDAY, clocks_of, incident, opened
from tests.support.parties import acting_for, member, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server_stays")]


def test_recompute_and_sweep_say_what_they_did() -> None:
    with incident() as kind:
        opened(kind, acting_for(organisation("Provider", Capacity.PROVIDER)))
        with time_machine.travel(THURSDAY + DAY, tick=True):
            found = CliRunner().invoke(app, ["clocks", "recompute", "--json"])
            assert json.loads(found.stdout) == {"looked_at": 1, "later": [], "asks_person": []}
        with time_machine.travel(THURSDAY + 16 * DAY, tick=True):
            swept = CliRunner().invoke(app, ["clocks", "sweep"])
            again = CliRunner().invoke(app, ["clocks", "sweep", "--json"])
    assert swept.stdout == "0 cases moved by silence. 1 time limits ended. 1 reminders sent.\n"
    assert json.loads(again.stdout) == {"lapsed": 0, "expired": 0, "reminded": 0}


def test_an_earlier_end_is_listed_and_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    real = calendar("PT")
    once = dataclasses.replace(real, version="before", holidays={**real.holidays, date(2027, 3, 19): {"en": "Once"}})
    with incident() as kind, time_machine.travel(THURSDAY + DAY, tick=True):
        with monkeypatch.context() as before:
            before.setattr(computing, "calendar", lambda code: once)
            case = opened(kind, acting_for(organisation("Provider", Capacity.PROVIDER)))
        found = CliRunner().invoke(app, ["clocks", "recompute"])
        assert f"a person decides (accept_earlier_end): case {case.pk}" in found.stdout
        said = tmp_path / "why.json"
        said.write_text(json.dumps({"time_limit": "INC-15", "reason": "It was never decreed."}))
        command = ["case", "do", "accept_earlier_end", str(case.pk), str(said), "--token", token_of(authority)]
        taken = CliRunner().invoke(app, command)
        assert taken.exit_code == 0, taken.output
        assert clocks_of(case)[0].legal_end == date(2027, 3, 19)


def test_an_administrator_gets_the_address_of_the_calendar() -> None:
    ours = organisation("Provider", Capacity.PROVIDER)
    person = member(ours, email="ana@example.test")
    editor = member(ours, roles=[Role.EDITOR], email="rui@example.test")
    for one in (person, editor):
        with plumbing():
            one.set_password("a long enough secret")
            one.save()
    known = ["--email", "ana@example.test", "--password", "a long enough secret"]
    with incident() as kind, time_machine.travel(THURSDAY, tick=True):
        opened(kind, acting_for(ours, roles=[Role.SIGNATORY]))
        made = CliRunner().invoke(app, ["clocks", "address", *known, "--language", "fr"])
        assert made.exit_code == 0, made.output
        assert "The address before it" not in made.stderr
        path = urlsplit(made.stdout.strip()).path
        assert path.startswith("/fr/office/calendar/")
        (entry,) = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
        assert "vendredi 19 mars 2027" in entry["DESCRIPTION"]
        again = CliRunner().invoke(app, ["clocks", "address", *known, "--json"])
        assert json.loads(again.stdout)["ended"] is True, "the one before"
        second = urlsplit(json.loads(again.stdout)["address"]).path
        assert [Client().get(one).status_code for one in (path, second)] == [404, 200]
        ended = CliRunner().invoke(app, ["clocks", "address", *known, "--end"])
        assert ended.stdout == "The address works no longer.\n"
        assert Client().get(second).status_code == 404
        refused = CliRunner().invoke(app, ["clocks", "address", *known[:1], "rui@example.test", *known[2:]])
    assert refused.exit_code == 5
