"""What an AI system or a general-purpose AI model is under the Act, since when, and why.

`classify` is a pure function of facts, a text of the Act and its readings; a day is asked of the answer. It says no more than the facts
bear: as long as something graver is not excluded, the outcome is "needs review", never "no duty".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from aioffice.act.reasoning.evaluating import Evaluation, Reason, Value
from aioffice.act.reasoning.expressions import Expression, Regime, Rule, all_of, any_of, facts_in, holds, rule
from aioffice.act.reasoning.timetable import Application, Timetable, application
from aioffice.act.reasoning.vocabulary import Vocabulary
from aioffice.act.rules import annex_iii, article_02, article_05, article_06, article_50, article_51, article_113

if TYPE_CHECKING:
    from datetime import date

    from aioffice.act.reasoning.facts import Fact


class Outcome(StrEnum):
    """What something can be under the Act, the gravest first."""

    OUT_OF_SCOPE = "out_of_scope"
    PROHIBITED = "prohibited"
    HIGH_RISK = "high_risk"
    SYSTEMIC_RISK_MODEL = "systemic_risk_model"
    GENERAL_PURPOSE_MODEL = "general_purpose_model"
    EXEMPT = "exempt"
    """Listed in Annex III, not high-risk by the derogation of Article 6(3)."""
    TRANSPARENCY = "transparency"
    NO_SPECIFIC_DUTY = "no_specific_duty"
    NEEDS_REVIEW = "needs_review"
    """What is known does not settle it."""


@dataclass(frozen=True, slots=True)
class OpenReading:
    """An open question of law on which conclusions rest: the options, and the one this software takes unless told otherwise."""

    question: str
    issue: str
    options: tuple[str, ...]
    default: str


READINGS = (
    OpenReading(
        "5(1)(f)",
        "Whether inferring emotions from other than biometric data is prohibited too. Recital 44 and the definition of emotion "
        "recognition (3(39)) speak of biometric data, point (f) itself does not.",
        ("biometric_data", "any_inference"),
        "biometric_data",
    ),
    OpenReading(
        "OQ1",
        "Whether duties outside Sections 1 to 3 of Chapter III that presuppose a high-risk system (40 to 49, 72, 73, 86) bind since "
        "2 August 2026, as Article 113 says by its letter, or once the classification applies.",
        ("from_classification", "from_application"),
        "from_classification",
    ),
    OpenReading(
        "OQ2",
        "Whether 6(4) and 49(2) bind since 2 August 2026 or are put off with the classification, although an exempt system is never "
        "classified as high-risk.",
        ("from_classification", "from_application"),
        "from_classification",
    ),
)


@dataclass(frozen=True, slots=True)
class Law:
    """Which law is asked: the text, and how its open questions are read."""

    regime: Regime = Regime.AMENDED
    readings: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({reading.question: reading.default for reading in READINGS}),
        hash=False,
    )


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One thing that can follow: what `rule` makes of something, `when` it does so, and since which day under either text."""

    outcome: Outcome
    rule: Rule
    when: Expression
    amended: Timetable
    enacted: Timetable

    def timetable(self, regime: Regime) -> Timetable:
        """Since when, under that text."""
        return self.amended if regime is Regime.AMENDED else self.enacted


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion for what is known: whether it holds (None: not known), why, and since when it applies."""

    conclusion: Conclusion
    value: Value
    reason: Reason
    application: Application

    @property
    def provision(self) -> str:
        """The provision it follows from."""
        return self.conclusion.rule.provision


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from what is known. `scope` is why the Act reaches it or does not; `findings` are all conclusions in the order of
    their gravity."""

    law: Law
    facts: Mapping[str, object]
    scope: Reason
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The gravest thing it is; needs review while something graver is not excluded."""
        if self.scope.value is None:
            return Outcome.NEEDS_REVIEW
        if self.scope.value is False:
            return Outcome.OUT_OF_SCOPE
        for finding in self._by_gravity():
            if finding is None:
                return Outcome.NEEDS_REVIEW
            if finding.value:
                return finding.conclusion.outcome
        return Outcome.NO_SPECIFIC_DUTY

    def holding(self) -> tuple[Finding, ...]:
        """What it certainly is; nothing outside the Act."""
        return tuple(finding for finding in self.findings if finding.value and self.scope.value is not False)

    def open(self) -> tuple[Finding, ...]:
        """What it may be: not settled by what is known. Nothing outside the Act."""
        return tuple(finding for finding in self.findings if finding.value is None and self.scope.value is not False)

    def in_application(self, on: date) -> tuple[Finding, ...]:
        """What it certainly is, and what certainly applies on that day."""
        return tuple(finding for finding in self.holding() if finding.application.on(on))

    def _by_gravity(self) -> Iterator[Finding | None]:
        """The finding that decides each grade, gravest first; None where a grade is open."""
        for grade in _GRADES:
            findings = [finding for finding in self.findings if finding.conclusion.outcome is grade]
            held = next((finding for finding in findings if finding.value), None)
            if held is not None:
                yield held
            elif any(finding.value is None for finding in findings):
                yield None


_GRADES = tuple(
    grade for grade in Outcome if grade not in {Outcome.OUT_OF_SCOPE, Outcome.NO_SPECIFIC_DUTY, Outcome.NEEDS_REVIEW}
)

_reached = all_of(article_02.reached, ~article_02.excluded)
_open_source_without_duty = rule(
    "2(12)",
    "Systems under a free and open-source licence stay outside, unless high-risk, prohibited or under Article 50.",
    article_02.open_source,
    unless=any_of(article_05.prohibited, article_06.high_risk, article_50.transparency),
)
in_scope = rule(
    "2",
    "The Act applies to it.",
    all_of(
        _reached,
        any_of(holds(article_02.is_ai_system) & ~_open_source_without_duty, article_02.is_gpai_model),
    ),
)


def _conclusions() -> Iterator[Conclusion]:
    dates = article_113
    for point in article_05.points:
        since = dates.new_prohibitions if point.new else dates.prohibitions
        yield _of_a_system(Outcome.PROHIBITED, point, since, since)
    for route in (article_06.high_risk_section_a, article_06.high_risk_section_b):
        yield _of_a_system(Outcome.HIGH_RISK, route, dates.high_risk_annex_i, dates.high_risk_annex_i_enacted)
    for point in annex_iii.points:
        yield _of_a_system(Outcome.HIGH_RISK, point, dates.high_risk_annex_iii, dates.high_risk_annex_iii_enacted)
    yield _of_a_model(Outcome.SYSTEMIC_RISK_MODEL, article_51.systemic)
    yield _of_a_model(Outcome.GENERAL_PURPOSE_MODEL, article_51.gpai)
    yield _of_a_system(Outcome.EXEMPT, article_06.exempt, dates.high_risk_annex_iii, dates.high_risk_annex_iii_enacted)
    for point in article_50.points:
        marking = point.provision == "50(2)"
        amended = dates.marking if marking else dates.transparency
        yield _of_a_system(Outcome.TRANSPARENCY, point, amended, dates.transparency)


def _of_a_system(outcome: Outcome, what: Rule, amended: Timetable, enacted: Timetable) -> Conclusion:
    when = all_of(article_02.is_ai_system, what)
    if what in annex_iii.points:
        when &= ~article_06.derogation
    return Conclusion(outcome, what, when, amended, enacted)


def _of_a_model(outcome: Outcome, what: Rule) -> Conclusion:
    return Conclusion(outcome, what, what, article_113.models, article_113.models)


CONCLUSIONS = tuple(_conclusions())
"""Everything that can follow, the gravest first."""


@cache
def vocabulary() -> Vocabulary:
    """Every fact that the rules ask, in the order in which they ask it; what a fact lies within comes before it."""
    return with_facts_of(())


def with_facts_of(more: Iterable[Expression]) -> Vocabulary:
    """The facts of classification, then those that other expressions ask."""
    found: dict[str, Fact] = {}

    def add(fact: Fact) -> None:
        if fact.within is not None:
            add(fact.within)
        found.setdefault(fact.name, fact)

    for expression in (in_scope, *_asked(), *more):
        for fact in facts_in(expression):
            add(fact)
    return Vocabulary(found.values())


def _asked() -> Iterator[Expression]:
    for conclusion in CONCLUSIONS:
        yield conclusion.when
        yield from (since.when for since in (*conclusion.amended.entries, *conclusion.enacted.entries))


@cache
def scope_facts() -> tuple[Fact, ...]:
    """The facts that decide whether the Act reaches something at all, apart from what it does: kind, role, place, exclusions."""
    what = all_of(article_02.is_ai_system, article_02.is_gpai_model, _reached)
    return tuple({fact.name: fact for fact in facts_in(what)}.values())


def classify(given: Mapping[str, object], law: Law | None = None, known_as: Vocabulary | None = None) -> Answer:
    """What follows from what is known, by name of fact; `known_as` has more facts than classification asks, those of duties.

    Raises FactsError (of `aioffice.act.reasoning`) for facts that cannot be used.
    """
    law = law or Law()
    facts = (known_as or vocabulary()).read(given)
    evaluation = Evaluation(facts, law.regime, law.readings)
    scope = evaluation.reason(in_scope)
    findings = tuple(_finding(conclusion, evaluation) for conclusion in CONCLUSIONS)
    return Answer(law, facts, scope, findings)


def _finding(conclusion: Conclusion, evaluation: Evaluation) -> Finding:
    reason = evaluation.reason(conclusion.when)
    return Finding(conclusion, reason.value, reason, application(conclusion.timetable(evaluation.regime), evaluation))
