"""Names of languages, States and numbers, and the addresses of pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import HttpRequest, QueryDict
from django.utils import translation

from aioffice.doors.web.templatetags import _names, _paths


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def asked(path: str) -> HttpRequest:
    request = HttpRequest()
    request.path, _, query = path.partition("?")
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
    return request


def test_names_are_those_of_the_reader() -> None:
    assert _names.language_name("fr") == "French"
    assert _names.own_language_name("fr") == "français"
    assert _names.state_name("SI") == "Slovenia"
    with translation.override("fr"):
        assert _names.language_name("nl") == "néerlandais"
        assert _names.state_name("SI") == "Slovénie"


def test_greece_is_known_by_both_of_its_codes() -> None:
    assert _names.state_name("EL") == _names.state_name("GR") == "Greece"


def test_an_unknown_code_is_shown_as_it_came() -> None:
    assert _names.language_name("not a code") == "not a code"
    assert _names.state_name("ZZ9") == "ZZ9"


def test_numbers_are_grouped_and_words_pass_through() -> None:
    assert _names.number(1530) == "1,530"
    assert _names.number(Decimal("1530.5")) == "1,530.5"
    assert _names.number("more than 10,000") == "more than 10,000"
    assert _names.number(None) == ""


@pytest.mark.parametrize(("size", "words"), [(812, "812 bytes"), (12_400, "12 kB"), (1_834_000, "1.8 MB")])
def test_sizes_of_files_are_in_round_figures(size: int, words: str) -> None:
    assert _names.file_size(size) == words


def test_a_page_is_in_the_language_of_the_page_that_links_to_it() -> None:
    assert _paths.page_path("register/") == "/en/register/"
    with translation.override("fr"):
        assert _paths.page_path("register/") == "/fr/register/"


def test_a_label_has_the_colon_of_the_language() -> None:
    assert _names.labelled("Address", "Ljubljana") == "Address: Ljubljana"
    with translation.override("fr"):
        assert _names.labelled("Adresse", "Ljubljana") == "Adresse\N{NO-BREAK SPACE}: Ljubljana"


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "https://office.example/", "#main", "?page=2"])
def test_what_is_an_address_already_stays(path: str) -> None:
    assert _paths.page_path(path) == path


def test_switching_the_language_keeps_the_page_and_its_query() -> None:
    languages = frozenset({"en", "fr"})
    assert _paths.in_language(asked("/en/register/?q=parkeren"), "fr", languages) == "/fr/register/?q=parkeren"
    assert _paths.in_language(asked("/health"), "fr", languages) == "/fr/"
    assert _paths.in_language(None, "fr", languages) == "/fr/"


def test_a_query_is_changed_without_losing_the_rest() -> None:
    request = asked("/en/register/?q=a&state=SI&state=AT&page=3")
    assert _paths.with_query(request, {"page": "", "sort": "newest"}) == "?q=a&state=SI&state=AT&sort=newest"
    assert _paths.with_query(None, {"sort": "newest"}) == "?sort=newest"
