"""Since when each provision applies, under both texts: as Article 113 says, and as the rules and duties have it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from aioffice.act.classification import CONCLUSIONS
from aioffice.act.provisions.applying import ANNEXES, Route, applies
from aioffice.act.provisions.citations import cited
from aioffice.act.provisions.nodes import Change, annexes, articles, node, nodes, numbered
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.rules import article_113
from aioffice.act.rules.duties import DUTIES
from aioffice.act.rules.duty_dates import CHAPTER_III
from tests.support.act_text import APPLICABILITY, beside

BOTH_ROUTES = "2027-12-02 iii, 2028-08-02 i"
ENACTED_ROUTES = "2026-08-02 iii, 2027-08-02 i"
DAYS = {
    "1": ("2025-02-02", "2025-02-02"),
    "4": ("2025-02-02", "2025-02-02"),
    "4a": ("2026-07-27", ""),
    "5(1)(a)": ("2025-02-02", "2025-02-02"),
    "5(1)(ba)": ("2026-12-02", ""),
    "5(1a)(b)": ("2026-12-02", ""),
    "6(1)(a)": ("2028-08-02 i", "2027-08-02 i"),
    "6(1c)": ("2028-08-02 i", ""),
    "6(2)": ("2027-12-02 iii", "2026-08-02 iii"),
    "6(5)": ("2026-08-02", "2026-08-02"),
    "9": (BOTH_ROUTES, ENACTED_ROUTES),
    "10(5)": ("", ENACTED_ROUTES),
    "26(5)": (BOTH_ROUTES, ENACTED_ROUTES),
    "28(1)": ("2025-08-02", "2025-08-02"),
    "28(8)": ("2026-07-27", ""),
    "43": ("2026-08-02", "2026-08-02"),
    "49(1)": ("2026-08-02", "2026-08-02"),
    "50(2)": ("2026-08-02", "2026-08-02"),
    "53(1)(a)": ("2025-08-02", "2025-08-02"),
    "60a": ("2026-08-02", ""),
    "64(3)": ("2026-07-27", ""),
    "73(2)": ("2026-08-02", "2026-08-02"),
    "75c(4)": ("2026-08-02", ""),
    "78": ("2025-08-02", "2025-08-02"),
    "99(6a)": ("2026-07-27", ""),
    "101(1)": ("2026-08-02", "2026-08-02"),
    "105": ("2026-07-27", "2026-08-02"),
    "Annex I A 1": ("", "2027-08-02 i"),
    "Annex I B 21": ("2028-08-02 i", ""),
    "Annex II 9": ("2025-02-02", "2025-02-02"),
    "Annex III 4(a)": ("2027-12-02 iii", "2026-08-02 iii"),
    "Annex IV": (BOTH_ROUTES, ENACTED_ROUTES),
    "Annex VIII B 7": ("", "2026-08-02"),
    "Annex XI Section 1 1(a)": ("2025-08-02", "2025-08-02"),
    "Annex XIV AIB 0201": ("2026-07-27", ""),
    "Chapter V": ("2025-08-02", "2025-08-02"),
    "Chapter III": (f"{BOTH_ROUTES}, 2025-08-02, 2026-08-02", f"{ENACTED_ROUTES}, 2025-08-02, 2026-08-02"),
}
"""Read from Article 113 before and after its amendment."""
_SHORT = {Route.ALL: "", Route.ANNEX_III: " iii", Route.ANNEX_I: " i"}


def written(number: str, regime: Regime) -> str:
    found = numbered(number)
    assert found is not None
    return ", ".join(f"{one.day}{_SHORT[one.route]}" for one in applies(found, regime))


@pytest.mark.parametrize("number", DAYS)
def test_a_provision_applies_since_the_day_of_article_113(number: str) -> None:
    assert (written(number, Regime.AMENDED), written(number, Regime.ENACTED)) == DAYS[number]


def test_what_was_inserted_applies_under_the_text_of_2026_alone_and_not_before_it() -> None:
    for one in nodes():
        amended, enacted = applies(one, Regime.AMENDED), applies(one, Regime.ENACTED)
        assert bool(amended) is (one.change is not Change.DELETED), one.id
        assert bool(enacted) is (one.change is not Change.INSERTED), one.id
        if one.change is Change.INSERTED:
            assert min(since.day for since in amended) >= article_113.AMENDMENT


def test_every_basis_is_a_provision_that_the_act_has() -> None:
    assert all(cited(since.basis) for one in nodes() for regime in Regime for since in applies(one, regime))


def test_every_annex_applies_with_a_provision() -> None:
    own = {"annex-i", "annex-iii"}
    assert {one.id for one in annexes()} == own | set(ANNEXES)
    for annex, used_by in ANNEXES.items():
        assert node(used_by).kind.value == "article", annex


def test_conclusions_of_the_rules_apply_since_the_same_days() -> None:
    for conclusion in CONCLUSIONS:
        for regime in Regime:
            last = conclusion.timetable(regime).entries[-1]
            (rests_on, *_more) = cited(conclusion.rule.provision)
            days = {since.day for since in applies(rests_on, regime)}
            assert not days or last.day in days, (conclusion.rule.provision, regime)


def test_duties_apply_since_the_same_days() -> None:
    for duty in DUTIES:
        (rests_on, *_more) = cited(duty.provision)
        last = {entry.day for entry in duty.amended.entries if entry.day is not None}
        days = {since.day for since in applies(rests_on)}
        assert days & last, duty.provision
        if duty.amended is CHAPTER_III:
            assert days == {article_113.ANNEX_III, article_113.ANNEX_I}


def test_the_table_of_dates_beside_the_repository_says_the_same() -> None:
    for path in beside(APPLICABILITY):
        _compare(json.loads(path.read_text(encoding="utf-8")))


def _compare(table: dict[str, Any]) -> None:
    targets: dict[str, set[str]] = {}
    for rule in table["rules"]:
        for target in rule["target"]:
            targets.setdefault(target, set()).add(rule["from"])
    for target, days in targets.items():
        if target == "art 102-110":
            found = {str(since.day) for one in articles() if one.number in {"102", "110"} for since in applies(one)}
        else:
            number = target.removeprefix("art ").replace("chapter", "Chapter").replace("section", "Section")
            one = numbered(number)
            assert one is not None, target
            found = {str(since.day) for since in applies(one)}
            if number in {"Chapter VII", "Chapter XII"}:
                found.discard(table["default"]["from"])
        assert found == days, target
    assert date.fromisoformat(table["default"]["from"]) == applies(node("article-50"))[0].day
