"""Provisions of the Act by machine: all of them, found by words, and each with what rests on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aioffice.act.provisions import nodes as tree

pytestmark = pytest.mark.django_db


def get(path: str, status: int = 200, **asked: str) -> Any:
    response = Client().get(f"/api/v1/act/{path}", asked)
    assert response.status_code == status, response.content
    return response.json()


def test_every_provision_is_listed_in_order() -> None:
    listed = get("provisions")
    assert listed["complete"] is True
    assert [one["id"] for one in listed["items"]] == [one.id for one in tree.nodes()]


def test_words_and_numbers_narrow_the_list() -> None:
    assert "article-5-1-f" in {one["id"] for one in get("provisions", q="emotion")["items"]}
    assert get("provisions", q="6(3)")["items"][0]["id"] == "article-6-3"
    assert get("provisions", q="zebra")["items"] == []


def test_one_provision_says_since_when_and_what_rests_on_it() -> None:
    found = get("provisions/article-73-2")
    assert found["cited"] == {"en": "Article 73(2)", "fr": "article 73, paragraphe 2"}
    assert found["parent"] == "article-73"
    assert found["applies"] == [{"day": "2026-08-02", "basis": "113", "route": ""}]
    assert {
        "sort": "limit",
        "id": "INC-15",
        "basis": "73(2); 75(1a)",
        "provisions": ["article-73-2", "article-75-1a"],
    } in found["rests_on_it"]
    rule = get("provisions/article-5-1-ba")
    assert (rule["change"], rule["changed_by"], rule["applied_as_enacted"]) == ("inserted", "1(7)(a)", [])
    assert "depicts_intimacy" in rule["deciding_facts"]
    assert rule["official_text"]["fr"].startswith("https://eur-lex.europa.eu/eli/reg/2024/1689/art_5/2026-07-27/fra")
    steps = {one["id"] for one in get("provisions/article-49-1")["rests_on_it"] if one["sort"] == "procedure"}
    assert steps


def test_what_is_not_there_is_a_problem_that_names_the_nearest() -> None:
    problem = get("provisions/article-5-1-zz", status=404)
    assert "did you mean" in problem["detail"]


def test_a_parameter_that_is_not_known_is_refused() -> None:
    get("provisions", status=400, word="emotion")
