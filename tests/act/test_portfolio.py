"""What the days of the law ahead bring for many systems."""

from __future__ import annotations

from datetime import date
from typing import Any

from aioffice.act.classification import Outcome, classify
from aioffice.act.duties import duties, vocabulary
from aioffice.act.portfolio import Portfolio
from tests.act.test_results import SCREENER

ON = date(2026, 11, 25)


def add(portfolio: Portfolio, id: str, given: dict[str, Any]) -> None:
    portfolio.add(id, classify(given, known_as=vocabulary()), duties(given))


def test_a_day_ahead_names_the_systems_that_it_changes() -> None:
    portfolio = Portfolio(ON)
    add(portfolio, "screener", SCREENER)
    add(portfolio, "scraper", SCREENER | {"scrapes_faces": True})
    add(portfolio, "outside", SCREENER | {"solely_military": True})
    assert portfolio.outcomes == {Outcome.HIGH_RISK: 1, Outcome.PROHIBITED: 1, Outcome.OUT_OF_SCOPE: 1}
    day = portfolio.ahead[date(2027, 12, 2)]
    assert day.systems == ["screener", "scraper"]
    assert day.outcomes == {("", "high_risk"): 1, ("prohibited", "prohibited"): 1}
    assert day.duties >= 2 * 15
    assert [day for day, _what in portfolio.days()] == sorted(portfolio.ahead)


def test_what_applies_already_is_not_ahead() -> None:
    portfolio = Portfolio(date(2028, 1, 1))
    add(portfolio, "screener", SCREENER)
    assert date(2027, 12, 2) not in portfolio.ahead


def test_where_facts_are_missing_the_day_is_a_perhaps() -> None:
    portfolio = Portfolio(ON)
    undated = {name: value for name, value in SCREENER.items() if name != "first_placed_on"}
    add(portfolio, "undated", undated)
    for day in (date(2027, 12, 2), date(2030, 8, 2)):
        assert (portfolio.ahead[day].systems, portfolio.ahead[day].perhaps) == ([], ["undated"])


def test_an_earlier_system_that_is_never_bound_does_not_change() -> None:
    portfolio = Portfolio(ON)
    earlier = {"first_placed_on": "2025-01-01", "significantly_changed": False, "for_public_authorities": False}
    add(portfolio, "old", SCREENER | earlier | {"annex_x_component": False})
    assert portfolio.ahead == {}
