"""Clocks on the case page, under Today, in the API and in the calendar feed; and what of a secure case must show nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar, Event

from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.db import acting
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.models import Case
from tests.support.api import Machine, token_of
from tests.support.clocks import DAY, SWEEPER, THURSDAY, clocks_of, incident, opened, plan, take
from tests.support.desk import Somebody, somebody
from tests.support.parties import organisation

pytestmark = pytest.mark.django_db
DUE = "Friday 19 March 2027, 24:00 Lisbon"


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with time_machine.travel(THURSDAY, tick=True):
        yield


@pytest.fixture
def incidents() -> Iterator[type[Procedure]]:
    with incident() as kind:
        yield kind


@pytest.fixture
def plans() -> Iterator[type[Procedure]]:
    with plan() as kind:
        yield kind


@pytest.fixture
def example() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def ana(example: Organisation) -> Somebody:
    return somebody(example, name="Ana Novak")


@pytest.fixture
def rui() -> Somebody:
    authority = organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")
    return somebody(authority, Role.EDITOR, name="Rui Exemplo")


def made_secure(case: Case) -> None:
    """Move a case into the secure section, as an effect would."""
    with acting(SWEEPER, THURSDAY):
        Case.objects.filter(pk=case.pk).update(secure=True)


def test_the_case_page_says_when_where_and_why(ana: Somebody, incidents: type[Procedure]) -> None:
    case = opened(incidents, ana.actor)
    seen = ana.see(f"cases/{case.pk}/")
    assert DUE in seen.text
    assert "(in 15 days)" in seen.text
    assert "your organisation has to act" in seen.text
    assert "Articles 73(2) and 75(1a)" in seen.text
    why = re.search(r'<details class="office-why">(.*?)</details>', seen.html, re.DOTALL)
    assert why is not None
    assert "<summary>" in why[1]
    assert "Friday 19 March 2027" in why[1]
    assert "python-holidays" in why[1]


def test_a_settled_and_a_suspended_clock_say_so(ana: Somebody, incidents: type[Procedure]) -> None:
    case = opened(incidents, ana.actor)
    take(incidents, "halt", case, ana.actor, THURSDAY + 5 * DAY)
    assert "10 days are left." in ana.see(f"cases/{case.pk}/").text
    take(incidents, "drop", case, ana.actor, THURSDAY + 6 * DAY)
    assert "Stopped" in ana.see(f"cases/{case.pk}/").text


def test_a_step_whose_clock_does_not_run_is_not_offered(ana: Somebody, incidents: type[Procedure]) -> None:
    case = opened(incidents, ana.actor)
    assert "Not possible now: Go on. The time limit INC-15 is not suspended" in ana.see(f"cases/{case.pk}/").text
    take(incidents, "halt", case, ana.actor, THURSDAY + DAY)
    assert "Not possible now: Halt. The time limit INC-15 does not run" in ana.see(f"cases/{case.pk}/").text


def test_what_the_law_presumes_is_marked(ana: Somebody, plans: type[Procedure]) -> None:
    case = opened(plans, ana.actor, "submit")
    sweep(at=THURSDAY + 60 * DAY)
    assert "Presumed: a time limit ended in silence" in ana.see(f"cases/{case.pk}/").text


def test_today_lists_what_is_due_for_whoever_has_to_act(
    ana: Somebody, rui: Somebody, incidents: type[Procedure], plans: type[Procedure]
) -> None:
    opened(incidents, ana.actor)
    opened(plans, ana.actor, "submit")
    mine, theirs = ana.see().text, rui.see().text
    assert "Due next 1" in mine
    assert DUE in mine
    assert "Due next 1" in theirs
    assert "Monday 5 April 2027, 24:00 Lisbon" in theirs


def test_the_french_page_has_french_words(ana: Somebody, incidents: type[Procedure]) -> None:
    case = opened(incidents, ana.actor)
    text = ana.see(f"/fr/office/cases/{case.pk}/").text
    assert "vendredi 19 mars 2027, 24:00" in text
    assert "votre organisation doit agir" in text


def test_the_api_shows_clocks_with_their_steps(
    ana: Somebody, example: Organisation, incidents: type[Procedure]
) -> None:
    case = opened(incidents, ana.actor)
    machine = Machine(token_of(example))
    answer = machine.get(f"/cases/{case.pk}")
    (clock,) = answer.json["clocks"]
    assert (clock["limit"], clock["state"], clock["yours"]) == ("INC-15", "running", True)
    assert clock["deadline"]["legal_end"] == "2027-03-19"
    assert clock["deadline"]["answer"]["en"] == DUE
    assert [step["code"] for step in clock["deadline"]["steps"]][:2] == ["at_once", "event_excluded"]
    assert answer.json["timeline"][0]["presumed"] is False


def test_a_case_whose_clock_went_on_is_not_called_unchanged(
    ana: Somebody, example: Organisation, incidents: type[Procedure]
) -> None:
    case = opened(incidents, ana.actor)
    machine = Machine(token_of(example))
    etag = machine.get(f"/cases/{case.pk}").headers["etag"]
    sweep(at=clocks_of(case)[0].due_at)
    again = machine.get(f"/cases/{case.pk}", headers={"If-None-Match": etag})
    assert again.status == 200
    assert again.json["clocks"][0]["state"] == "expired"


def _address(who: Somebody) -> str:
    made = who.fill("organisation/calendar/", {"new": "1"})
    found = re.search(r"<code>https?://[^/]+(/en/office/calendar/[\w-]+\.ics)</code>", made.html)
    assert found is not None
    return found[1]


def read(written: bytes) -> list[Event]:
    """The entries of a calendar, read by a library that knows nothing of how it was written, which finds no fault with it."""
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(written)
    assert calendar.errors == []
    assert (calendar["VERSION"], calendar["CALSCALE"], calendar["METHOD"]) == ("2.0", "GREGORIAN", "PUBLISH")
    assert all(entry.errors == [] for entry in calendar.walk("VEVENT"))
    return list(calendar.walk("VEVENT"))


def test_the_feed_is_a_calendar_of_what_waits(ana: Somebody, incidents: type[Procedure]) -> None:
    case = opened(incidents, ana.actor)
    answer = Client().get(_address(ana))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (entry,) = read(answer.content)
    assert (entry.start, entry.end) == (date(2027, 3, 19), date(2027, 3, 20))
    assert str(case.number) in entry["SUMMARY"]
    assert "Articles 73(2) and 75(1a)" in entry["DESCRIPTION"]
    assert entry["UID"].startswith(str(clocks_of(case)[0].pk))
    assert entry["DTSTAMP"].dt.tzinfo is not None
    assert entry["URL"].endswith(f"/en/office/cases/{case.pk}/")
    # Its subject is for those who may open the case.
    assert "nobody else may read" not in answer.content.decode().replace("\r\n ", "")
    french = Client().get(_address(ana).replace("/en/", "/fr/")).content.decode().replace("\r\n ", "")
    assert "vendredi 19 mars 2027" in french


def test_an_address_made_anew_or_ended_shuts_the_one_before(ana: Somebody) -> None:
    first = _address(ana)
    second = _address(ana)
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    ana.fill("organisation/calendar/", {"end": "1"})
    assert Client().get(second).status_code == 404


def test_the_page_of_the_calendar_says_what_stands_in_it_and_what_a_new_address_does(
    ana: Somebody, incidents: type[Procedure]
) -> None:
    assert "Now it is empty" in ana.see("organisation/calendar/").text
    opened(incidents, ana.actor)
    assert "Now one time limit stands in it." in ana.see("organisation/calendar/").text
    first = ana.client.post("/en/office/organisation/calendar/", {"new": "1"}).content.decode()
    assert "An address works since" not in first, "it was made this moment"
    assert "The address before it works no longer" not in first
    assert "An address works since" in ana.see("organisation/calendar/").text
    second = ana.client.post("/en/office/organisation/calendar/", {"new": "1"}).content.decode()
    assert "The address before it works no longer" in second


def test_only_administrators_make_an_address(rui: Somebody) -> None:
    assert rui.see("organisation/calendar/").status == 403
    assert rui.client.post("/en/office/organisation/calendar/", {"new": "1"}).status_code == 403


def test_a_secure_case_is_in_no_feed_and_shows_to_its_readers_alone(
    ana: Somebody, rui: Somebody, incidents: type[Procedure]
) -> None:
    case = opened(incidents, ana.actor)
    made_secure(case)
    take(incidents, "again", case, ana.actor, THURSDAY + timedelta(hours=1))  # its readers are worked out anew
    assert read(Client().get(_address(ana)).content) == []
    assert DUE in ana.see(f"cases/{case.pk}/").text
    assert rui.see(f"cases/{case.pk}/").status == 404
    assert "Due next" not in rui.see().text


def test_clocks_follow_the_audience_of_their_case(ana: Somebody, rui: Somebody, incidents: type[Procedure]) -> None:
    case = opened(incidents, ana.actor)
    outsider = somebody(organisation("Rival", Capacity.PROVIDER))

    def seen_by(who: Somebody) -> int:
        from aioffice.kernel.clocks.models import Clock

        with acting(who.actor, THURSDAY):
            return Clock.objects.filter(case=case).count()

    assert [seen_by(who) for who in (ana, rui, outsider)] == [1, 1, 0]
    made_secure(case)
    take(incidents, "halt", case, ana.actor, THURSDAY + DAY)
    assert [seen_by(who) for who in (ana, rui, outsider)] == [1, 0, 0]
