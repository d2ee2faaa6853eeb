"""The statuses of a system in the words of Annex VIII, and the conditions of Article 6(3)."""

from __future__ import annotations

import pytest

from aioffice.act import annex_viii, status
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.text import text


def test_the_statuses_are_those_of_annex_viii_and_their_codes_are_stable() -> None:
    assert [(item.code, item.title, item.available) for item in status.statuses()] == [
        ("on_market_or_in_service", "On the market, or in service", True),
        ("no_longer_on_market_or_in_service", "No longer placed on the market or in service", False),
        ("recalled", "Recalled", False),
    ]
    for item in status.statuses():
        assert status.status(item.code) is item
        assert len(item.code) <= annex_viii.field("A", 7).max_length == annex_viii.field("B", 8).max_length


def test_the_conditions_are_those_of_article_6_3() -> None:
    assert [item.basis for item in status.conditions()] == ["6(3)(a)", "6(3)(b)", "6(3)(c)", "6(3)(d)"]
    assert status.condition("a").title == "Narrow procedural task"
    assert status.condition("d").title == "Preparatory task to an assessment"


def test_profiling_bars_every_condition() -> None:
    assert "always high-risk" in text(status.PROFILING_BAR, "en")
    assert "toujours à haut risque" in text(status.PROFILING_BAR, "fr")


def test_unknown_codes_name_the_right_one() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean 'recalled'"):
        status.status("recaled")
    with pytest.raises(UnknownCodeError, match="did you mean 'b'"):
        status.condition("(b)")
