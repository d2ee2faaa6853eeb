"""Classification under one law, as often as one likes: what `classify` and whoever goes through a portfolio ask.

A rule book is interpreted for the first answers and compiled after those (`aioffice.act.reasoning.compiling`): some ten times as fast,
with the same values, reasons and dates. The tests hold both against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from aioffice.act.classification import GRADES, RULES, Answer, Finding, Law, Outcome, RuleBook, concluded, vocabulary
from aioffice.act.reasoning.compiling.often import Often
from aioffice.act.reasoning.evaluating import Evaluation, Reason
from aioffice.act.reasoning.expressions import Any, all_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aioffice.act.reasoning.compiling.wanted import Rung
    from aioffice.act.reasoning.vocabulary import Facts, Vocabulary

type _Concluded = tuple[Reason, Reason, tuple[Finding, ...]]


class Classifier:
    """What follows from facts under one law by one rule book; `known_as` has more facts than classification asks, those of duties."""

    def __init__(self, law: Law | None = None, known_as: Vocabulary | None = None, rules: RuleBook = RULES) -> None:
        self.law = law or Law()
        self._known_as = known_as or vocabulary()
        self._rules = rules
        self._whole = Often(lambda facts: self._reference(facts)[2:], self._compiled)
        self._outcome = Often(lambda facts: self._reference(facts).outcome, self._compiled_outcome)

    def answer(self, given: Mapping[str, object]) -> Answer:
        """What follows from what is known, with all reasons. Raises FactsError for facts that cannot be used."""
        return self._answer(self._known_as.known(given))

    def outcome(self, given: Mapping[str, object]) -> Outcome:
        """The outcome of that answer alone, three times as fast. Raises FactsError for facts that cannot be used."""
        return self._outcome(self._known_as.known(given))

    def compile(self) -> Classifier:
        """Compile now, for whoever knows that many answers will be asked."""
        self._whole.compile()
        self._outcome.compile()
        return self

    def _answer(self, known: Facts) -> Answer:
        scope, high_risk, findings = self._whole(known)
        return Answer(self.law, MappingProxyType(known), scope, high_risk, findings)

    def _reference(self, known: Facts) -> Answer:
        return concluded(self._rules, Evaluation(known, self.law.regime, self.law.readings), self.law)

    def _compiled(self) -> Callable[[Facts], _Concluded]:
        from aioffice.act.reasoning.compiling.making import maker
        from aioffice.act.reasoning.compiling.wanted import Fixed, Made, Since, Why, Worth

        findings = tuple(
            Made(
                Finding,
                (Fixed(one), Worth(one.when), Why(one.when), Why(one.scope), Since(one.timetable(self.law.regime))),
            )
            for one in self._rules.conclusions
        )
        wanted = (Why(self._rules.scope), Why(self._rules.high_risk), findings)
        return cast("Callable[[Facts], _Concluded]", maker(wanted, self.law.regime, self.law.readings))

    def _compiled_outcome(self) -> Callable[[Facts], Outcome]:
        from aioffice.act.reasoning.compiling.making import ladder

        return ladder(tuple(self._rungs()), Outcome.NO_SPECIFIC_DUTY, self.law.regime, self.law.readings)

    def _rungs(self) -> Iterator[Rung[Outcome]]:
        """The grades as `Answer.outcome` climbs them."""
        from aioffice.act.reasoning.compiling.wanted import Rung

        yield Rung(self._rules.scope, unknown=Outcome.NEEDS_REVIEW, fails=Outcome.OUT_OF_SCOPE)
        for grade in GRADES:
            if grade is Outcome.HIGH_RISK:
                yield Rung(self._rules.high_risk, holds=grade)
            binding = [all_of(one.when, one.scope) for one in self._rules.conclusions if one.outcome is grade]
            yield Rung(Any(tuple(binding)), holds=grade, unknown=Outcome.NEEDS_REVIEW)


@lru_cache(maxsize=64)
def classifier(law: Law, known_as: Vocabulary) -> Classifier:
    """The classifier of the Act for a law, the same for all who ask."""
    return Classifier(law, known_as)
