"""Every fact, option and rule has its words in every language of the Act's texts, and no text is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aioffice.act.classification import CONCLUSIONS, READINGS, in_scope
from aioffice.act.duties import vocabulary
from aioffice.act.lookup import UnknownCodeError, json_data
from aioffice.act.reasoning.expressions import rules_in
from aioffice.act.rules.duties import DUTIES
from aioffice.act.words_of_rules import cited, help_of, issue, options, question, summary, unit

if TYPE_CHECKING:
    from aioffice.act.reasoning.expressions import Rule

ROOTS = [
    in_scope,
    *(one.when for one in CONCLUSIONS),
    *(one.scope for one in CONCLUSIONS),
    *(one.rule for one in CONCLUSIONS),
    *(one.when for one in DUTIES),
]
RULES: dict[str, Rule] = {one.provision: one for root in ROOTS for one in rules_in(root)}


@pytest.mark.parametrize("fact", list(vocabulary()), ids=lambda fact: fact.name)
def test_facts_are_asked_in_french_too(fact) -> None:
    assert question(fact, "fr").endswith("\u00a0?")
    assert question(fact, "en").endswith("?")
    assert bool(help_of(fact, "fr")) is bool(fact.help)
    assert bool(unit(fact, "fr")) is bool(fact.unit)
    assert [code for code, _words in options(fact, "fr")] == [code for code, _words in fact.options]


@pytest.mark.parametrize("provision", RULES)
def test_rules_are_told_and_cited_in_french_too(provision: str) -> None:
    assert summary(RULES[provision], "fr")
    assert cited(provision, "fr").startswith(("article", "annexe"))
    assert cited(provision, "en").startswith(("Article", "Annex"))


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.question)
def test_open_questions_are_told_in_french_too(reading) -> None:
    assert issue(reading, "en") == reading.issue
    assert issue(reading, "fr") not in ("", reading.issue)


def test_no_text_is_left_over() -> None:
    known = {f"rule.{provision}" for provision in RULES} | {f"reading.{one.question}" for one in READINGS}
    for fact in vocabulary():
        known |= {f"fact.{fact.name}", f"fact.{fact.name}.help", f"fact.{fact.name}.unit"}
        known |= {f"option.{fact.name}.{code}" for code, _words in fact.options}
    assert set(json_data("rules_fr.json")) <= known


def test_two_rules_of_one_name_say_the_same() -> None:
    for root in ROOTS:
        for one in rules_in(root):
            assert RULES[one.provision].summary == one.summary, one.provision


@pytest.mark.parametrize(
    ("provision", "english", "french"),
    [
        ("6(1) with Annex I A", "Article 6(1)", "article 6, paragraphe 1"),
        ("Annex III 4(a)", "Annex III, point 4(a)", "annexe III, point 4(a)"),
        ("113(c)(i)", "Article 113(c)(i)", "article 113(c)(i)"),
        ("3(3); 25", "Articles 3(3) and 25", "article 3, paragraphe 3 et article 25"),
        ("50(4) deep fakes", "Article 50(4)", "article 50, paragraphe 4"),
        ("2026/1744, Article 4", "2026/1744, Article 4", "2026/1744, Article 4"),
    ],
)
def test_citations(provision: str, english: str, french: str) -> None:
    assert (cited(provision, "en"), cited(provision, "fr")) == (english, french)


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(UnknownCodeError):
        question(next(iter(vocabulary())), "de")
