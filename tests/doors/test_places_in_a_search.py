"""A Member State typed into the search leads to the filters that know it; a town finds entries by the address of who filed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aioffice.doors.web.public_places import named
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import section_a
from tests.support.parties import acting_for, organisation


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("Slovenia", "SI", ""),
        ("slovénie", "SI", ""),
        ("Slovenija", "SI", ""),
        ("Ελλάδα", "GR", ""),
        ("screening in Slovenia", "SI", "screening in"),
        ("Pays-Bas crédit", "NL", "crédit"),
        ("credit", "", ""),
        ("", "", ""),
    ],
)
def test_a_state_is_known_by_its_name_in_any_official_language(text: str, code: str, rest: str) -> None:
    assert named(text) == (code, rest)


@pytest.fixture
def _filed(the_day: None) -> None:
    provider = acting_for(organisation("Kolibri (fictional)", Capacity.PROVIDER, state="SI"))
    data = section_a(provider)
    data["provider"] = {**data["provider"], "address": "Primerna ulica 1, 1000 Ljubljana"}
    data["member_states"] = ["AT"]
    perform(RegisterHighRisk.file, None, actor=provider, data=data, at=timezone.now())
    deliver_pending(at=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_filed")
@pytest.mark.parametrize(
    ("word", "link"),
    [("Austria", "member_state=AT"), ("Autriche", "member_state=AT"), ("Slovenija", "seat=SI")],
)
def test_the_page_offers_the_filters_that_find_something(word: str, link: str) -> None:
    page = Client().get("/en/register/", {"q": word}).content.decode()
    assert page.count(f"?{link}") == 1
    other = {"member_state=AT": "seat=AT", "seat=SI": "member_state=SI"}[link]
    assert f"?{other}" not in page.split("public-suggestion")[1].split("</p>")[0]
    found = Client().get(f"/en/register/?{link}").content.decode()
    assert "CV Sorter 2" in found


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_filed")
def test_a_town_finds_who_has_its_seat_there() -> None:
    assert "CV Sorter 2" in Client().get("/en/register/", {"q": "ljubljana"}).content.decode()
    assert "CV Sorter 2" not in Client().get("/en/register/", {"q": "maribor"}).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_filed")
def test_an_empty_result_says_that_states_are_filters() -> None:
    page = Client().get("/en/register/", {"q": "zzzz"}).content.decode()
    assert "Member States, areas and status are filters" in page
    assert 'href="/en/register/#filters"' in page
