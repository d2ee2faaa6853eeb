"""Lists lead to their very end, skip nothing, repeat nothing, and say whether a page reaches the end."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform_many
from aioffice.kernel.procedures.work import Item
from aioffice.register.procedure import RegisterExempt
from tests.support.api import Machine, publish, token_of
from tests.support.filings import section_b
from tests.support.parties import acting_for, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_day")]
HOW_MANY = 23


def file_many(actor: Actor, count: int = HOW_MANY) -> None:
    """File several exempt systems at once."""
    items = [Item(data=section_b(trade_name=f"Essay Formatter {n}")) for n in range(count)]
    outcomes = perform_many(RegisterExempt.file, items, actor=actor, at=timezone.now())
    assert all(outcome.record for outcome in outcomes)


def walk(machine: Machine, path: str) -> tuple[list[dict[str, Any]], int]:
    """Follow `next` to the end; return all items and the number of pages."""
    items: list[dict[str, Any]] = []
    pages = 0
    while path:
        answer = machine.get(path)
        assert answer.status == 200, answer.body
        page = answer.json
        pages += 1
        items += page["items"]
        assert page["complete"] is (page["next"] is None)
        assert ("link" in answer.headers) is (not page["complete"])
        if page["next"]:
            assert answer.headers["link"] == f'<{page["next"]}>; rel="next"'
            parts = urlsplit(page["next"])
            path = f"{parts.path}?{parts.query}"
        else:
            path = ""
    return items, pages


@pytest.fixture
def provider() -> Organisation:
    """A provider in Portugal."""
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.mark.parametrize(
    "query", ["limit=5", "limit=5&q=formatter", "limit=5&sort=name", "limit=7&sort=changed&section=B"]
)
def test_entries_to_the_very_end(provider: Organisation, query: str) -> None:
    file_many(acting_for(provider))
    publish()
    items, pages = walk(Machine(), f"/register/entries?{query}")
    numbers = [item["number"] for item in items]
    assert sorted(numbers) == [f"EU-B-2026-{n:06d}" for n in range(1, HOW_MANY + 1)]
    assert pages == -(-HOW_MANY // int(query[6]))


def test_what_comes_in_meanwhile_shifts_no_page(provider: Organisation) -> None:
    actor = acting_for(provider)
    file_many(actor)
    publish()
    first = Machine().get("/register/entries?limit=10").json
    file_many(actor, 5)
    publish()
    rest, _pages = walk(Machine(), f"/api{first['next'].partition('/api')[2]}")
    numbers = [item["number"] for item in first["items"] + rest]
    assert len(set(numbers)) == len(numbers) == HOW_MANY


def test_cases_to_the_very_end(provider: Organisation) -> None:
    file_many(acting_for(provider))
    machine = Machine(token_of(provider))
    items, pages = walk(machine, "/cases?limit=4")
    assert len({item["id"] for item in items}) == len(items) == HOW_MANY
    assert pages == 6
    newest = machine.get("/cases?limit=1&state=registered&procedure=exempt-registration").json["items"]
    assert newest[0]["number"] == items[0]["number"]
    assert machine.get("/cases?number=EU-B-1999-000001").json == {"items": [], "complete": True, "next": None}
    assert machine.get("/cases?updated_since=2999-01-01T00:00:00Z").json["items"] == []


def test_a_cursor_is_good_for_its_own_list_alone(provider: Organisation) -> None:
    file_many(acting_for(provider))
    publish()
    cursor = Machine().get("/register/entries?limit=5").json["next"].rpartition("cursor=")[2]
    assert Machine().get(f"/register/entries?limit=9&cursor={cursor}").status == 200, "the page size may change"
    for query in (
        f"q=essay&cursor={cursor}",
        f"sort=name&cursor={cursor}",
        f"cursor={cursor[:-2]}xx",
        f"cursor=x{cursor}",
    ):
        Machine().get(f"/register/entries?{query}").problem(400, "bad-cursor")
    machine = Machine(token_of(provider))
    machine.get(f"/cases?cursor={cursor}").problem(400, "bad-cursor")
    of_cases = machine.get("/cases?limit=5").json["next"].rpartition("cursor=")[2]
    stranger = Machine(token_of(organisation("Another", Capacity.PROVIDER)))
    stranger.get(f"/cases?limit=5&cursor={of_cases}").problem(400, "bad-cursor")
