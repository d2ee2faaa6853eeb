"""What to ask next, what is missing, and what single facts would change: all drawn from the rules, none of it written by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aioffice.act.classification import USUAL_LAW, Answer, Law, Outcome, scope_facts
from aioffice.act.classifier import classifier
from aioffice.act.duties import vocabulary as known_to_all
from aioffice.act.reasoning.facts import ContradictionError, FactKind

if TYPE_CHECKING:
    from aioffice.act.duties import vocabulary as known_to_all
    from aioffice.act.reasoning.evaluating import Reason
from aioffice.act.reasoning.facts import Fact, FactValue


def missing(answer: Answer, further: Iterable[Reason] = ()) -> tuple[Fact, ...]:
    """The facts that are not known and could still change the answer, the most decisive first; then those that `further` reasons want.

    What decides whether the Act reaches it at all comes first, in the order of Article 2; then whatever most open conclusions turn on.
    A fact stands for all that lie within it: a "no" settles them together.
    """
    if answer.scope.value is False:
        return ()
    scope = [fact.name for fact in scope_facts() if fact in set(answer.scope.missing())]
    undecided = [finding.reason for finding in answer.open()]
    undecided += [finding.reached for finding in answer.holding() if finding.binding is None]
    undated = [
        reason
        for finding in answer.holding()
        if not finding.application.settled
        for reason in finding.application.reasons
    ]
    facts = known_to_all()
    order = {fact.name: place for place, fact in enumerate(facts)}
    found = dict.fromkeys(scope)
    wanted = [reason for reason in further if reason.value is None]
    for reasons in (undecided, undated, wanted):
        first = _first_missing(reasons)
        found.update(dict.fromkeys(sorted(first, key=lambda name: (-first[name], order[name]))))
    for reason in (*undecided, *undated, *wanted, answer.scope):
        found.update(dict.fromkeys(fact.name for fact in reason.missing()))
    return tuple(facts[name] for name in found if not _fenced(facts[name], answer))


def next_question(answer: Answer, further: Iterable[Reason] = ()) -> Fact | None:
    """The fact most worth asking; None when nothing can change the answer any more."""
    return next(iter(missing(answer, further)), None)


@dataclass(frozen=True, slots=True)
class Change:
    """A single fact that, were it otherwise, would change the outcome."""

    fact: Fact
    value: FactValue
    outcome: Outcome


def what_if(given: Mapping[str, object], law: Law | None = None) -> tuple[Change, ...]:
    """Which single facts, of those given that are yes or no or a choice, would change the outcome if they were otherwise."""
    asked = classifier(law or USUAL_LAW, known_to_all())
    now, changes = asked.outcome(given), []
    for name in known_to_all().read(given):
        if name not in given:
            continue
        fact = known_to_all()[name]
        for value in _otherwise(fact, given[name]):
            try:
                then = asked.outcome({**given, name: value})
            except ContradictionError:
                continue  # something given says that this cannot be
            if then is not now:
                changes.append(Change(fact, value, then))
    return tuple(changes)


def _otherwise(fact: Fact, value: object) -> Iterator[FactValue]:
    if fact.kind is FactKind.YES_NO:
        yield not value
    elif fact.kind is FactKind.CHOICE:
        yield from (code for code, _words in fact.options if code != value)


def _first_missing(reasons: list[Reason]) -> Counter[str]:
    """Of each reason the first fact that is not known, with whatever it lies within. A provision names what it is about before its
    conditions and exceptions, so nobody is asked about an exception to something that may not be there."""
    counted: Counter[str] = Counter()
    for reason in reasons:
        fact = next(reason.missing(), None)
        while fact is not None:
            counted[fact.name] += 1
            fact = fact.within
    return counted


def _fenced(fact: Fact, answer: Answer) -> bool:
    """Whether it is known, or something it lies within is not: that is asked first."""
    return fact.name in answer.facts or (fact.within is not None and fact.within.name not in answer.facts)
