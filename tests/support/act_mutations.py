"""Small mistakes put into the rules, one at a time: whether some test case of the Act notices.

A mistake changes one node of the rules, and everything above it is built anew around it. Whether it can matter to a case is seen from
the value of that node alone; only where that changes is the whole answer worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from aioffice.act.classification import (
    READINGS,
    RULES,
    Conclusion,
    Outcome,
    RuleBook,
    concluded,
    system_in_scope,
)
from aioffice.act.reasoning.evaluating import Evaluation, Value
from aioffice.act.reasoning.expressions import (
    ALWAYS,
    Above,
    All,
    Any,
    Before,
    Expression,
    Is,
    Not,
    OneOf,
    Reading,
    Rule,
)
from aioffice.act.reasoning.timetable import Since, Timetable
from tests.support.act_cases import Case, problems

type Node = Expression | Since | Timetable


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mistake: `was` replaced by `becomes` wherever it stands. `where` is the rule or the conclusion around it."""

    where: str
    what: str
    was: object
    becomes: object

    @property
    def name(self) -> str:
        return f"{self.where}: {self.what}"


class Trial:
    """A set of cases, each evaluated once by the rules as they are; mistakes are tried against it."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        self._runs = []
        for case in cases:
            evaluation = Evaluation(case.facts, case.law.regime, case.law.readings)
            answer = concluded(RULES, evaluation, case.law)
            assert not problems(case, answer), case.id
            used: set[int] = set()
            for finding in answer.findings:
                if finding.value is not False:  # whether or not the Act reaches it: that is a mistake of its own
                    timetable = finding.conclusion.timetable(case.law.regime)
                    used |= {id(part) for part in (finding.conclusion, timetable, *timetable.entries)}
            self._runs.append((case, evaluation, used))

    def notices(self, mutation: Mutation) -> Case | None:
        """The first case that comes out wrong with this mistake in the rules; None where none does."""
        mistaken = None
        for case, evaluation, used in self._runs:
            if not _may_matter(mutation, evaluation, used):
                continue
            mistaken = mistaken or mutated(RULES, mutation)
            anew = Evaluation(evaluation.facts, evaluation.regime, evaluation.readings, dict(evaluation._done))
            if problems(case, concluded(mistaken, anew, case.law)):
                return case
        return None


def _may_matter(mutation: Mutation, evaluation: Evaluation, used: set[int]) -> bool:
    was, becomes = mutation.was, mutation.becomes
    if isinstance(was, Expression) and isinstance(becomes, Expression):
        return _value(was, evaluation) is not _value(becomes, evaluation)
    return id(was) in used


def _value(expression: Expression, evaluation: Evaluation) -> Value:
    if isinstance(expression, Rule) and id(expression) not in evaluation._done:
        return evaluation.value(expression.condition(evaluation.regime))  # a mistaken rule is not kept
    return evaluation.value(expression)


def mutations(rules: RuleBook = RULES) -> Iterator[Mutation]:
    """Every mistake: conditions dropped or turned round, exceptions removed, codes forgotten, thresholds and days moved by one, readings
    mixed up, what changed in 2026 forgotten, entries of timetables left out, outcomes of conclusions exchanged."""
    seen: set[int] = set()
    for conclusion in rules.conclusions:
        yield from _of_conclusion(conclusion)
    for conclusion in rules.conclusions:
        yield from _below(conclusion.when, f"conclusion {conclusion.rule.provision}", seen)
        yield from _below(conclusion.scope, f"scope of {conclusion.rule.provision}", seen)
    yield from _below(rules.scope, "scope", seen)
    yield from _below(rules.high_risk, "high-risk by whichever route", seen)
    for conclusion in rules.conclusions:
        for name, timetable in (("amended", conclusion.amended), ("enacted", conclusion.enacted)):
            yield from _of_timetable(timetable, f"dates of {conclusion.rule.provision}, {name}", seen)


def mutated(rules: RuleBook, mutation: Mutation) -> RuleBook:
    """The rules with the mistake in them."""
    done: dict[int, object] = {id(mutation.was): mutation.becomes}
    return RuleBook(
        _anew(rules.scope, done), _anew(rules.high_risk, done), tuple(_anew(one, done) for one in rules.conclusions)
    )


def _anew[T](node: T, done: dict[int, object]) -> T:
    """The node with the mistake in it; itself where there is none."""
    if id(node) not in done:
        done[id(node)] = _rebuilt(node, done)
    return done[id(node)]  # type: ignore[return-value]  # a node is rebuilt as what it is


def _rebuilt(node: object, done: dict[int, object]) -> object:
    def changed(**parts: object) -> object:
        new = {name: _all_anew(part, done) for name, part in parts.items()}
        return node if all(new[name] is parts[name] for name in parts) else replace(node, **new)  # type: ignore[type-var]

    match node:
        case Rule():
            return changed(when=node.when, enacted=node.enacted)
        case All() | Any():
            return changed(members=node.members)
        case Not():
            return changed(member=node.member)
        case Since():
            return changed(when=node.when)
        case Timetable():
            return changed(entries=node.entries)
        case Conclusion():
            return changed(rule=node.rule, when=node.when, scope=node.scope, amended=node.amended, enacted=node.enacted)
    return node


def _all_anew(part: object, done: dict[int, object]) -> object:
    if not isinstance(part, tuple):
        return _anew(part, done)
    new = tuple(_anew(one, done) for one in part)
    return part if all(one is old for one, old in zip(new, part, strict=True)) else new


def _of_conclusion(conclusion: Conclusion) -> Iterator[Mutation]:
    where = f"conclusion {conclusion.rule.provision}"
    for name, scope in (("whatever the Act reaches", ALWAYS), ("under 2(2) too", system_in_scope)):
        if conclusion.scope is not scope:
            yield Mutation(where, f"it holds {name}", conclusion, replace(conclusion, scope=scope))
    for outcome in Outcome:
        if outcome not in {conclusion.outcome, Outcome.OUT_OF_SCOPE, Outcome.NO_SPECIFIC_DUTY, Outcome.NEEDS_REVIEW}:
            yield Mutation(where, f"it makes {outcome}", conclusion, replace(conclusion, outcome=outcome))


def _below(node: Expression, where: str, seen: set[int]) -> Iterator[Mutation]:
    """The mistakes in an expression and whatever it rests on, each node once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    inside = node.provision if isinstance(node, Rule) else where
    yield from _of_node(node, inside)
    for part in node.parts:
        yield from _below(part, inside, seen)


def _of_node(node: Expression, where: str) -> Iterator[Mutation]:
    match node:
        case Rule():
            yield from _of_rule(node)
        case All(members) | Any(members):
            for at, member in enumerate(members):
                joined = words(node) if len(members) > 1 else "it"
                without = type(node)(members[:at] + members[at + 1 :])
                turned = type(node)((*members[:at], ~member, *members[at + 1 :]))
                yield Mutation(where, f"drop {words(member)} from {joined}", node, without)
                yield Mutation(where, f"turn round {words(member)} in {joined}", node, turned)
        case OneOf() | Above() | Before() | Reading():
            for what, becomes in _wrong_limits(node):
                yield Mutation(where, what, node, becomes)


def _of_rule(rule: Rule) -> Iterator[Mutation]:
    if rule.new:
        yield Mutation(rule.provision, "it was there in 2024 already", rule, replace(rule, new=False))
    if rule.enacted is not None:
        yield Mutation(rule.provision, "nothing changed in 2026", rule, replace(rule, enacted=None))
    for name, condition in (("when", rule.when), ("enacted", rule.enacted)):
        if condition is not None and not isinstance(condition, All | Any):
            for what, becomes in (("drop", ALWAYS), ("turn round", ~condition)):
                yield Mutation(
                    rule.provision, f"{what} {words(condition)} ({name})", rule, replace(rule, **{name: becomes})
                )


def _wrong_limits(node: OneOf | Above | Before | Reading) -> Iterator[tuple[str, Expression]]:
    match node:
        case OneOf(fact, codes):
            for code in sorted(codes):
                yield f"forget {fact.name} {code}", OneOf(fact, codes - {code})
        case Above(fact, limit):
            for by in (-1, 1):
                yield f"{fact.name} above {by:+} more", Above(fact, limit + by)
        case Before(fact, limit):
            for by in (-1, 1):
                yield f"{fact.name} before {limit} {by:+} day", Before(fact, limit + timedelta(days=by))
        case Reading(question, option):
            for other in next(one.options for one in READINGS if one.question == question):
                if other != option:
                    yield f"read {question} as {other}", Reading(question, other)


def _of_timetable(timetable: Timetable, where: str, seen: set[int]) -> Iterator[Mutation]:
    if id(timetable) in seen:
        return
    seen.add(id(timetable))
    for at, since in enumerate(timetable.entries[:-1]):
        others = timetable.entries[:at] + timetable.entries[at + 1 :]
        yield Mutation(where, f"leave out {_entry(since)}", timetable, Timetable(others))
    for since in timetable.entries:
        if id(since) in seen:
            continue
        seen.add(id(since))
        if since.day is not None:
            for by in (-1, 1):
                moved = replace(since, day=since.day + timedelta(days=by))
                yield Mutation(where, f"{_entry(since)} {by:+} day", since, moved)
        if not isinstance(since.when, All | Any):
            yield Mutation(where, f"{_entry(since)}: turn round", since, replace(since, when=~since.when))
        yield from _below(since.when, f"{where}, {_entry(since)}", seen)


def _entry(since: Since) -> str:
    on = "" if since.when is ALWAYS else f" where {words(since.when)}"
    return f"{since.day or 'never'} by {since.basis}{on}"


_JOINED: dict[type[Expression], Callable[[list[str]], str]] = {All: " and ".join, Any: " or ".join}


def words(node: Expression, longest: int = 90) -> str:
    """A node in short, cut where it is long."""
    said = _words(node)
    return said if len(said) <= longest else f"{said[:longest]}…"


def _words(node: Expression) -> str:
    match node:
        case Rule(provision):
            return f"[{provision}]"
        case OneOf(fact, codes):
            return f"{fact.name} {'/'.join(sorted(codes))}"
        case Is(fact) | Above(fact) | Before(fact):
            return fact.name
        case Reading(question, option):
            return f"{question}={option}"
        case Not(member):
            return f"not {_words(member)}"
        case All(members) | Any(members):
            return f"({_JOINED[type(node)]([_words(member) for member in members])})"
    raise TypeError(f"{node!r} has no words.")
