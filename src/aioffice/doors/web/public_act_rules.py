"""What the page of a rule or a duty shows: what it rests on, when it holds, since when, and which facts decide it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aioffice.act.classification import CONCLUSIONS
from aioffice.act.clocks.wording import day_words
from aioffice.act.provisions.citations import cited
from aioffice.act.provisions.resting import Sort, items
from aioffice.act.provisions.wording import line, words
from aioffice.act.reasoning.expressions import (
    ALWAYS,
    NEVER,
    All,
    Expression,
    Rule,
    facts_in,
    rules_in,
)
from aioffice.act.reasoning.expressions import (
    Any as OneOfThem,
)
from aioffice.act.rules.duties import DUTIES, Duty
from aioffice.act.text import text
from aioffice.act.words_of_rules import help_of, question, reason_words, summary
from aioffice.doors.web.templatetags._act import duty_path, node_path, rule_path, slug

if TYPE_CHECKING:
    from aioffice.act.reasoning.timetable import Timetable


@cache
def _rules() -> dict[str, Rule]:
    return {slug(one.id): one.subject for one in items() if one.sort is Sort.RULE and isinstance(one.subject, Rule)}


@cache
def _duties() -> dict[str, Duty]:
    return {slug(one.provision): one for one in DUTIES}


def rule_named(name: str) -> Rule | None:
    """The rule with this address."""
    return _rules().get(name)


def duty_named(name: str) -> Duty | None:
    """The duty with this address."""
    return _duties().get(name)


def rule_context(rule: Rule, language: str) -> dict[str, Any]:
    """The context of the page of a rule."""
    leads_to = [
        {"said": text(f"outcome.{one.outcome}", language).rstrip("."), "url": ""}
        for one in CONCLUSIONS
        if one.rule is rule
    ]
    leads_to += [
        {"said": text(duty.key, language), "url": duty_path(duty.provision)}
        for duty in DUTIES
        if rule in rules_in(duty.when)
    ]
    used_by = [
        {"said": summary(one, language), "url": rule_path(one.provision)}
        for one in _rules().values()
        if one is not rule and rule in _nearest_rules(one)
    ]
    return {
        "kind": _("Rule"),
        "heading": summary(rule, language),
        "rests_on": _rests_on(rule.provision, language),
        "holds": _tree(rule.when, language),
        "enacted": _enacted(rule, language),
        "facts": _facts(rule, language),
        "leads_to": [*{one["said"]: one for one in leads_to}.values()],
        "used_by": used_by,
    }


def duty_context(duty: Duty, language: str) -> dict[str, Any]:
    """The context of the page of a duty."""
    return {
        "kind": _("Duty"),
        "heading": text(duty.key, language),
        "bearer": text(f"role.{duty.bearer}", language),
        "shown_by": text(duty.shown_by_key, language),
        "rests_on": _rests_on(duty.provision, language),
        "holds": _tree(duty.when, language),
        "since": [*_days(duty.amended, language)],
        "facts": _facts(duty.when, language),
    }


def _rests_on(provision: str, language: str) -> list[dict[str, str]]:
    return [
        {"said": words(one, language), "line": line(one, language), "url": node_path(one)} for one in cited(provision)
    ]


def _enacted(rule: Rule, language: str) -> list[dict[str, Any]]:
    """When it held by the text of 2024; empty where that says the same."""
    if rule.new:
        return [_leaf(_("Never: the text of 2024 does not have it"))]
    return _tree(rule.enacted, language) if rule.enacted is not None else []


def _facts(of: Expression, language: str) -> list[dict[str, str]]:
    found = {fact.name: fact for fact in facts_in(of)}
    return [{"said": question(fact, language), "help": help_of(fact, language)} for fact in found.values()]


def _days(timetable: Timetable, language: str) -> Iterator[dict[str, Any]]:
    """The entries of a timetable in order: the first that fits counts."""
    for since in timetable.entries:
        basis = cited(since.basis)
        provision = words(basis[0], language) if basis else since.basis
        day = _("Not at all") if since.day is None else _("From %(day)s") % {"day": day_words(since.day, language)}
        yield {"said": f"{day} ({provision})", "when": [] if since.when is ALWAYS else _tree(since.when, language)}


def _nearest_rules(of: Rule) -> list[Rule]:
    """The rules that a rule names itself, not through others."""

    def walk(expression: Expression) -> Iterator[Rule]:
        if isinstance(expression, Rule):
            yield expression
            return
        for part in expression.parts:
            yield from walk(part)

    return [found for part in of.parts for found in walk(part)]


def _tree(expression: Expression, language: str) -> list[dict[str, Any]]:
    """A condition as lines below lines; a rule in it is a link to its own page."""
    if expression == NEVER:
        return [_leaf(_("Never"))]
    match expression:
        case Rule():
            return [_leaf(summary(expression, language), rule_path(expression.provision))]
        case All(members) | OneOfThem(members):
            inner = [one for member in members for one in _tree(member, language)]
            if len(members) == 1:
                return inner
            joined = _("All of these:") if isinstance(expression, All) else _("At least one of these:")
            return [{"said": joined, "url": "", "inner": inner}]
    inner = [one for part in expression.parts for one in _tree(part, language)]
    return [{"said": reason_words(expression, language), "url": "", "inner": inner}]


def _leaf(said: str, url: str = "") -> dict[str, Any]:
    return {"said": said, "url": url, "inner": []}
