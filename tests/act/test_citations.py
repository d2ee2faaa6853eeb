"""Citations lead to provisions, whatever their shape; one that leads nowhere is an error, and none in the office does."""

from __future__ import annotations

import pytest

from aioffice.act.provisions.citations import CitationError, cited, is_cited
from aioffice.act.provisions.nodes import nodes
from aioffice.act.provisions.resting import Sort, by_node, deciding_facts, items
from aioffice.act.time_limits import time_limits

SHAPES = {
    "6": "6",
    "5(1)(ba)": "5(1)(ba)",
    "49(1); 49(3)": "49(1) 49(3)",
    "27(1),(3)": "27(1) 27(3)",
    "112(2),(5),(6),(7)": "112(2) 112(5) 112(6) 112(7)",
    "49(1)-(3)": "49(1) 49(2) 49(3)",
    "49(1), 49(2), 49(3)": "49(1) 49(2) 49(3)",
    "5(1)(a) and (b)": "5(1)(a) 5(1)(b)",
    "5(1)(h)(i)-(iii)": "5(1)(h)(i) 5(1)(h)(ii) 5(1)(h)(iii)",
    "5(2) to (5)": "5(2) 5(3) 5(4) 5(5)",
    "5(1) to (2)": "5(1) 5(1a) 5(1b) 5(2)",
    "3(3) to 3(8)": "3(3) 3(4) 3(5) 3(6) 3(7) 3(8)",
    "3(14): is_safety_component": "3(14)",
    "2(1) for models": "2(1)",
    "50(4) systems: deep fakes": "50(4)",
    "6(3) last subparagraph": "6(3)",
    "43(3) second subpara.": "43(3)",
    "113, by the letter": "113",
    "6(1) with Annex I A": "6(1) + Annex I A",
    "49(2) with 6(4), 113(c)": "49(2) 6(4) 113(c)",
    "Annex III": "Annex III",
    "Annex III 4(a)": "Annex III 4(a)",
    "Annex III 1, 2": "Annex III 1 + Annex III 2",
    "Annex III 5(b) and (c)": "Annex III 5(b) + Annex III 5(c)",
    "Annex VIII Section A point 1; 71(4)": "Annex VIII A 1 + 71(4)",
    "Annex VIII, Section B, introductory words": "Annex VIII B",
    "Annex IX point 5": "Annex IX 5",
    "Annex VII 3.1(a)": "Annex VII 3.1(a)",
    "Annex XI Section 1 2(a)": "Annex XI Section 1 2(a)",
    "Annex XIII (c)": "Annex XIII (c)",
    "Annex XIV AIB 0203": "Annex XIV AIB 0203",
    "36(3)-(4); house: a designation has ended": "36(3) 36(4)",
    "71(5); Regulation (EU) 2018/1725, Article 19": "71(5)",
    "Reg 2019/1020 18(3) via 79(2), 94, 75d(1)": "79(2) 94 75d(1)",
    "28(1), 30, 70(1)-(2), 74(8)-(9)": "28(1) 30 70(1) 70(2) 74(8) 74(9)",
    "house: who files is known (49, 71(2)-(3))": "",
    "2026/1744, Article 4": "",
    "4a; 4a": "4a",
}


@pytest.mark.parametrize(("written", "leads_to"), SHAPES.items())
def test_a_citation_leads_to_its_provisions(written: str, leads_to: str) -> None:
    separator = " + " if "Annex" in leads_to else " "
    assert [one.number for one in cited(written)] == [part for part in leads_to.split(separator) if part]
    assert is_cited(written) is bool(leads_to)


@pytest.mark.parametrize("number", [one.number for one in nodes() if not one.number.startswith("Chapter")])
def test_every_number_is_a_citation_of_its_node(number: str) -> None:
    assert [one.number for one in cited(number)] == [number]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("5(9)", r"5\(9\)"),
        ("114", "114"),
        ("Annex XV", "Annex XV"),
        ("Annex III 9", "Annex III 9"),
        ("Annex III 4(c)", r"Annex III 4\(c\)"),
        ("5(1)(a) and (z)", r"\(z\)"),
        ("(b)", "follows no Article"),
        ("profiling", "names no provision"),
        ("", "names no provision"),
        ("49(1) & 71", "&"),
        ("5(2) to 6(3)", "same provision"),
    ],
)
def test_a_citation_that_leads_nowhere_is_an_error_that_names_it(written: str, named: str) -> None:
    assert not is_cited(written)
    with pytest.raises(CitationError, match=named):
        cited(written)


def test_every_citation_of_the_rules_duties_limits_fields_and_facts_leads_somewhere() -> None:
    homeless = {one.provision for one in items() if not one.nodes}
    assert homeless == {"2026/1744, Article 4"}  # says since when 4a applies
    assert {one.sort for one in items()} == {*Sort} - {Sort.PROCEDURE}


def test_every_time_limit_rests_on_a_provision() -> None:
    found = {one.id for one in items() if one.sort is Sort.LIMIT and one.nodes}
    assert found == {limit.id for limit in time_limits()}


def test_what_rests_on_a_provision_is_found_from_it_and_back() -> None:
    table = by_node(items())
    for one in items():
        for leads_to in one.nodes:
            assert one in table[leads_to.id]
    for name, ones in table.items():
        for one in ones:
            assert name in {leads_to.id for leads_to in one.nodes}


def test_the_table_says_what_an_office_would_expect() -> None:
    table = by_node(items())

    def on(id: str, sort: Sort) -> set[str]:
        return {one.id for one in table[id] if one.sort is sort}

    assert on("article-5-1-f", Sort.RULE) == {"5(1)(f)"}
    assert on("article-5-1-f", Sort.QUESTION) == {"5(1)(f)"}
    assert on("article-73-2", Sort.LIMIT) == {"INC-15"}
    assert on("article-75-1a", Sort.LIMIT) == {"INC-2", "INC-10", "INC-15", "AIO-TRANSMIT"}
    assert on("article-49-1", Sort.DUTY) == {"49(1)"}
    assert on("article-49-1", Sort.QUESTION) == {"OQ1"}
    assert on("article-26", Sort.FINE) == {"operator_duty"}
    assert on("article-99-6a", Sort.FINE) == {"lower_for_smc"}
    assert on("annex-viii-a-5", Sort.FIELD) == {"A.5"}
    assert on("annex-iii-4-a", Sort.RULE) == {"Annex III 4(a)"}
    assert on("article-113-c-i", Sort.DATE) == {"113(c)(i)"}


def test_the_facts_that_decide_a_provision_are_those_its_rules_ask() -> None:
    found = {fact.name for fact in deciding_facts(by_node(items())["article-5-1-f"])}
    assert found == {"infers_emotions", "emotion_recognition", "for_medical_or_safety"}
    assert deciding_facts(by_node(items())["article-73-2"]) == ()
