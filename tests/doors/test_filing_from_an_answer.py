"""A filing is started from an answer: the file is brought along, the right form comes filled in, and the answers are not kept."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from aioffice.act.results import result
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.drafts import list_drafts
from aioffice.kernel.procedures.models import Draft
from aioffice.kernel.results import jws, signing
from aioffice.kernel.results.keys import make
from tests.register.test_starting_from_an_answer import PROVIDER
from tests.support.desk import Seen, Somebody, somebody
from tests.support.parties import NOW, organisation

pytestmark = pytest.mark.django_db
PAGE = "file/from-answer/"
SCREENER = PROVIDER | {"in_employment": True, "recruits": True, "profiles_people": True}
CONTENT: dict[str, Any] = json.loads(json.dumps(result(SCREENER, date(2026, 11, 25))))
AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def ana() -> Somebody:
    return somebody(organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI"), name="Ana Novak")


def drafts(who: Somebody) -> list[Draft]:
    with acting(who.actor, NOW):
        return list_drafts(actor=who.actor)


def bring(who: Somebody, **sent: Any) -> Seen:
    return who.send(PAGE, sent)


def file_of(content: bytes | str, name: str = "classification.json") -> io.BytesIO:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return file


def test_a_file_shows_what_to_file_and_the_button_opens_the_form_filled_in(ana: Somebody) -> None:
    shown = bring(ana, result=file_of(json.dumps(CONTENT)))
    assert shown.status == 200
    assert "Register a high-risk AI system" in shown.text
    assert "Your answers fill in: Use case of Annex III, Area of use." in shown.text
    assert drafts(ana) == [], "looking stores nothing"
    begun = bring(ana, pasted=shown.hidden["pasted"], file="49(1)")
    assert begun.status == 302
    (draft,) = drafts(ana)
    assert begun.leads_to.endswith(f"file/high-risk-registration/file/?draft={draft.pk}")
    assert draft.values["routing.annex_iii_point"] == ["4(a)"]
    assert draft.values["routing.area_of_use"] == ["other"]
    assert draft.values["provider.name"] == ["Kolibri d.o.o."]
    assert not [name for name in draft.values if name in SCREENER], "the answers themselves are not kept"
    assert "recruits" not in json.dumps(draft.values)


def test_what_the_page_carries_is_a_result_that_says_the_same(ana: Somebody) -> None:
    shown = bring(ana, pasted=json.dumps(CONTENT))
    assert json.loads(shown.hidden["pasted"])["given"] == CONTENT["given"]


def test_a_signed_file_says_by_whom(ana: Somebody) -> None:
    own = signing.sign(CONTENT, AT)
    assert "Signed by this office." in bring(ana, result=file_of(own, "classification.jws")).text
    other = jws.sign(CONTENT, make(), issuer="Acme <b>", at=AT)
    assert "Signed by Acme <b>. This office cannot check that" in bring(ana, pasted=other).text
    head, body, tail = own.split(".")
    refused = bring(ana, pasted=f"{head}.{body}.{tail[:-6]}AAAAAA")
    assert refused.status == 422
    assert "The signature of this file does not hold" in refused.text


def test_answers_that_waited_in_the_window_do_as_well(ana: Somebody) -> None:
    shown = bring(ana, answers="is_ai_system=yes&is_provider=yes&placed_on_union_market=yes&recruits=yes")
    assert "Whether you have to make it is not settled by your answers." in shown.text
    assert bring(ana, answers="first_placed_on=soon").status == 422


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"pasted": "hello"},
        {"pasted": "[" * 50_000},
        {"pasted": "{}"},
        {"pasted": "a.b.c"},
        {"pasted": json.dumps(CONTENT | {"given": ["nothing"]})},
    ],
)
def test_what_is_no_answer_is_refused_at_the_field(ana: Somebody, sent: dict[str, str]) -> None:
    refused = bring(ana, **sent)
    assert refused.status == 422
    assert 'id="f-result"' in refused.html
    assert "class" in refused.html[: refused.html.index("</form>")]
    assert "classification.json" in refused.text or "The signature" in refused.text


def test_a_file_that_is_no_text_is_refused(ana: Somebody) -> None:
    assert bring(ana, result=file_of(b"\xff\xfe\x00")).status == 422


def test_where_nothing_follows_it_says_so(ana: Somebody) -> None:
    nothing = json.dumps(result(PROVIDER, date(2026, 11, 25)))
    assert "No registration follows from these answers" in bring(ana, pasted=nothing).text
    uses = {"in_critical_infrastructure": True, "safety_of_infrastructure": True, "cybersecurity_only": False}
    wires = PROVIDER | uses | {"profiles_people": True}
    assert "Register it with your Member State" in bring(ana, pasted=json.dumps(result(wires, date(2026, 11, 25)))).text


def test_whoever_may_not_prepare_it_is_told_who_may() -> None:
    reader = somebody(organisation("Lectora", Capacity.PROVIDER), Role.READER)
    shown = bring(reader, pasted=json.dumps(CONTENT))
    assert "You cannot start it with your roles." in shown.text
    again = bring(reader, pasted=json.dumps(CONTENT), file="49(1)")
    assert again.status == 200
    assert drafts(reader) == []


def test_nobody_signed_in_is_asked_to_and_nothing_is_kept() -> None:
    browser = Client()
    answer = browser.post("/en/office/file/from-answer/", {"pasted": json.dumps(CONTENT)})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/en/account/login/?next=%2Fen%2Foffice%2Ffile%2Ffrom-answer%2F"
    with plumbing():
        assert "pasted" not in json.dumps(dict(browser.session.items()))


def test_the_chooser_leads_there(ana: Somebody) -> None:
    assert "/en/office/file/from-answer/" in ana.see("file/").html
