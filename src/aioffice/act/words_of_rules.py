"""The words of facts and rules in the languages of the Act's texts: English stands with each of them, French beside it by key."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from aioffice.act.clocks.wording import day_words, is_citable, provision_words
from aioffice.act.lookup import find, json_data
from aioffice.act.reasoning.expressions import Above, Before, Is, Not, OneOf, Reading, Rule
from aioffice.act.text import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.act.classification import OpenReading
    from aioffice.act.reasoning.evaluating import Value
    from aioffice.act.reasoning.expressions import Expression
    from aioffice.act.reasoning.facts import Fact

MOST_NAMED = 3
"""Options of a choice that a reason names before it breaks off."""
_CITATION = re.compile(r"[0-9a-z()]+(; [0-9a-z()]+)*")


def question(fact: Fact, language: str) -> str:
    """What is asked."""
    return _said(f"fact.{fact.name}", fact.question, language)


def help_of(fact: Fact, language: str) -> str:
    """What helps to answer; empty where nothing needs to be said."""
    return _said(f"fact.{fact.name}.help", fact.help, language) if fact.help else ""


def unit(fact: Fact, language: str) -> str:
    """The unit of a number; empty for others."""
    return _said(f"fact.{fact.name}.unit", fact.unit, language) if fact.unit else ""


def options(fact: Fact, language: str) -> Iterator[tuple[str, str]]:
    """The codes of a choice with their words."""
    for code, said in fact.options:
        yield code, _said(f"option.{fact.name}.{code}", said, language)


def summary(rule: Rule, language: str) -> str:
    """What holds when a rule does."""
    return _said(f"rule.{rule.provision}", rule.summary, language)


def issue(reading: OpenReading, language: str) -> str:
    """What an open question of law is about."""
    return _said(f"reading.{reading.question}", reading.issue, language)


def reason_words(expression: Expression, language: str) -> str:
    """One line for a reason. TypeError for a join, which its parts explain."""
    match expression:
        case Rule(provision, _summary):
            return f"{summary(expression, language)} ({cited(provision, language)})"
        case Is(fact):
            return question(fact, language)
        case OneOf(fact, codes):
            named = [words for code, words in options(fact, language) if code in codes]
            listed = ", ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else "")
            return f"{question(fact, language)} {text('reason.one_of', language).format(options=listed)}"
        case Above(fact, limit):
            more = text("reason.above", language).format(limit=f"{limit:.3g}", unit=unit(fact, language))
            return f"{question(fact, language)} {more}"
        case Before(fact, day):
            return f"{question(fact, language)} {text('reason.before', language).format(day=day_words(day, language))}"
        case Reading(name, option):
            return text("reason.reading", language).format(name=name, option=option)
        case Not():
            return text("reason.unless", language)
    raise TypeError(f"{expression!r} has no words.")


def value_words(value: Value, language: str) -> str:
    """Yes, no or not known."""
    return text({True: "reason.yes", False: "reason.no", None: "reason.unknown"}[value], language)


def _said(key: str, english: str, language: str) -> str:
    base = find(
        "language of act texts", language.replace("_", "-").partition("-")[0], {code: code for code in LANGUAGES}
    )
    return english if base == "en" else find("text of rules", key, _translated(base))


@cache
def _translated(language: str) -> dict[str, str]:
    return cast("dict[str, str]", json_data(f"rules_{language}.json"))


def cited(provision: str, language: str) -> str:
    """A provision of a rule as people cite it: `Annex III 4(a)` is "Annex III, point 4(a)", `6(1)` is "Article 6(1)".

    What stands behind the provision to tell two rules apart (`50(4) deep fakes`) is left out.
    """
    if provision.startswith("Annex "):
        _annex, roman, *point = provision.split(" ")
        key = "rule.annex_point" if point else "rule.annex"
        return text(key, language).format(annex=roman, point=" ".join(point))
    found = _CITATION.match(provision)
    if found is None or "/" in provision:
        return provision
    if is_citable(found.group()):
        return provision_words(found.group(), language)
    deeper = text("rule.article", language).format(article=found.group())
    return text("rule.article_one", language).format(list=deeper)
