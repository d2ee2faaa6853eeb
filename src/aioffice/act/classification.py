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
from typing import TYPE_CHECKING, NamedTuple

from aioffice.act.reasoning.evaluating import Evaluation, Reason, Value
from aioffice.act.reasoning.expressions import Expression, Regime, Rule, all_of, any_of, facts_in, rule
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


class ReadingError(ValueError):
    """An open question of law, or an option of it, that this software does not know."""


@dataclass(frozen=True, slots=True)
class OpenReading:
    """An open question of law on which conclusions rest: the options, and the one this software takes unless told otherwise."""

    question: str
    issue: str
    options: tuple[str, ...]
    default: str


READINGS = (
    OpenReading(
        "2(2)",
        "Whether Article 5 binds a system that is high-risk through Section B of Annex I. By its words 2(2) leaves of the Act little but "
        "6(1); that this should allow prohibited practices there is hard to believe.",
        ("prohibitions_stay", "only_what_it_lists"),
        "prohibitions_stay",
    ),
    OpenReading(
        "Annex III 1 and 2",
        "Whether what serves cybersecurity alone (in biometrics: and the protection of personal data) is high-risk. Recitals 54 and "
        "55 take it out, the points themselves do not.",
        ("cybersecurity_is_out", "by_the_letter"),
        "cybersecurity_is_out",
    ),
    OpenReading(
        "Annex III 5(b) and (c)",
        "Whether what serves prudential purposes alone, as Union law provides, is high-risk. Recital 58 takes it out, the points "
        "themselves do not.",
        ("prudential_use_is_out", "by_the_letter"),
        "prudential_use_is_out",
    ),
    OpenReading(
        "5(1)(f)",
        "Whether inferring emotions from other than biometric data is prohibited too. Recital 44 and the definition of emotion "
        "recognition (3(39)) speak of biometric data, point (f) itself does not.",
        ("biometric_data", "any_inference"),
        "biometric_data",
    ),
    OpenReading(
        "49(2)",
        "Whether exempt systems of critical infrastructure (Annex III, point 2) are registered in the EU database. 49(1) and (3) except "
        "that point, 49(2) does not; 49(5) sends it to national level and speaks of high-risk systems, as does 49(4) of an area.",
        ("area_excluded", "by_the_letter"),
        "area_excluded",
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
    """Which law is asked: the text, and how its open questions are read.

    `readings` maps questions to the options chosen; the others are read as `READINGS` says. Raises ReadingError for a question or an
    option that is not there.
    """

    regime: Regime = Regime.AMENDED
    readings: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        known = {reading.question: reading for reading in READINGS}
        for question, option in self.readings.items():
            if question not in known:
                raise ReadingError(f"{question!r} is no open question; there are {', '.join(known)}.")
            if option not in known[question].options:
                options = " or ".join(known[question].options)
                raise ReadingError(f"The open question {question} cannot be read as {option!r}: {options} is expected.")
        chosen = {question: reading.default for question, reading in known.items()} | dict(self.readings)
        object.__setattr__(self, "readings", MappingProxyType(chosen))


USUAL_LAW = Law()
"""The text as amended, read as this software reads it unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One thing that can follow: what `rule` makes of something, `when` it does so, and since which day under either text; all of it as
    far as the Act reaches it (`scope`)."""

    outcome: Outcome
    rule: Rule
    when: Expression
    scope: Expression
    amended: Timetable
    enacted: Timetable

    def timetable(self, regime: Regime) -> Timetable:
        """Since when, under that text."""
        return self.amended if regime is Regime.AMENDED else self.enacted


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All that is concluded: whether the Act applies, whether a system is high-risk by whichever route, and each single conclusion, the
    gravest first."""

    scope: Expression
    high_risk: Expression
    conclusions: tuple[Conclusion, ...]


class Finding(NamedTuple):
    """A conclusion for what is known: whether it holds (None: not known), why, whether the Act reaches it, and since when it applies."""

    conclusion: Conclusion
    value: Value
    reason: Reason
    reached: Reason
    application: Application

    @property
    def binding(self) -> Value:
        """Whether it holds and the Act reaches it."""
        if False in {self.value, self.reached.value}:
            return False
        return None if None in {self.value, self.reached.value} else True

    @property
    def provision(self) -> str:
        """The provision it follows from."""
        return self.conclusion.rule.provision


class Answer(NamedTuple):
    """What follows from what is known.

    `scope` is why the Act reaches it or does not; `findings` are all conclusions in the order of their gravity. `high_risk` is certain
    as soon as one route or the other is, even while it is open which (2(2) lets the routes of Annex I, Section B, displace the others).
    """

    law: Law
    facts: Mapping[str, object]
    scope: Reason
    high_risk: Reason
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The gravest thing it is; needs review while something graver is not excluded."""
        if self.scope.value is None:
            return Outcome.NEEDS_REVIEW
        if self.scope.value is False:
            return Outcome.OUT_OF_SCOPE
        for grade in GRADES:
            values = {finding.binding for finding in self.findings if finding.conclusion.outcome is grade}
            if True in values or (grade is Outcome.HIGH_RISK and self.high_risk.value):
                return grade
            if None in values:
                return Outcome.NEEDS_REVIEW
        return Outcome.NO_SPECIFIC_DUTY

    def holding(self) -> tuple[Finding, ...]:
        """What it certainly is, unless it turns out that the Act does not reach it; nothing that is outside the Act."""
        return tuple(finding for finding in self.findings if finding.value and finding.binding is not False)

    def open(self) -> tuple[Finding, ...]:
        """What it may be: not settled by what is known. Nothing outside the Act."""
        return tuple(finding for finding in self.findings if finding.value is None and finding.binding is not False)

    def in_application(self, on: date) -> tuple[Finding, ...]:
        """What it certainly is, and what certainly applies on that day."""
        return tuple(finding for finding in self.holding() if finding.binding and finding.application.on(on))


GRADES = tuple(
    grade for grade in Outcome if grade not in {Outcome.OUT_OF_SCOPE, Outcome.NO_SPECIFIC_DUTY, Outcome.NEEDS_REVIEW}
)
"""What something within the Act can be, the gravest first."""

_open_source_without_duty = rule(
    "2(12)",
    "Systems under a free and open-source licence stay outside, unless high-risk, prohibited or under Article 50.",
    article_02.open_source,
    unless=any_of(article_05.prohibited, article_06.high_risk, article_50.falls_under),
)
system_in_scope = rule(
    "2 for systems",
    "The Act applies to the system.",
    all_of(article_02.is_ai_system, article_02.reached, ~article_02.excluded, ~_open_source_without_duty),
)
model_in_scope = rule(
    "2 for models",
    "The Act applies to the model.",
    all_of(article_02.is_gpai_model, article_02.reached_for_models, ~article_02.excluded_models),
)
in_scope = rule("2", "The Act applies.", any_of(system_in_scope, model_in_scope))
bound_in_full = rule(
    "2(2) in full",
    "The Act applies to the system, and not just the little that 2(2) leaves.",
    system_in_scope,
    unless=article_06.only_sector_law,
)
bound_by_article_5 = rule(
    "2(2) prohibitions",
    "The Act applies to the system, its prohibitions included.",
    system_in_scope,
    unless=article_06.without_article_5,
)


def _conclusions() -> Iterator[Conclusion]:
    dates = article_113
    for point in article_05.points:
        since = dates.new_prohibitions if point.new else dates.prohibitions
        yield Conclusion(Outcome.PROHIBITED, point, point, bound_by_article_5, since, since)
    for route in (article_06.high_risk_section_a, article_06.high_risk_section_b):
        yield Conclusion(
            Outcome.HIGH_RISK, route, route, system_in_scope, dates.high_risk_annex_i, dates.high_risk_annex_i_enacted
        )
    for point in annex_iii.points:
        yield Conclusion(
            Outcome.HIGH_RISK,
            point,
            all_of(point, ~article_06.derogation),
            bound_in_full,
            dates.high_risk_annex_iii,
            dates.high_risk_annex_iii_enacted,
        )
    for outcome, model in (
        (Outcome.SYSTEMIC_RISK_MODEL, article_51.systemic),
        (Outcome.GENERAL_PURPOSE_MODEL, article_51.gpai),
    ):
        yield Conclusion(outcome, model, model, model_in_scope, dates.models, dates.models)
    exempt = article_06.exempt
    yield Conclusion(Outcome.EXEMPT, exempt, exempt, system_in_scope, dates.exempt, dates.exempt_enacted)
    for point in article_50.points:
        amended = dates.marking if point.provision == "50(2)" else dates.transparency
        yield Conclusion(Outcome.TRANSPARENCY, point, point, bound_in_full, amended, dates.transparency)


CONCLUSIONS = tuple(_conclusions())
"""Everything that can follow, the gravest first."""

RULES = RuleBook(in_scope, all_of(system_in_scope, article_06.high_risk), CONCLUSIONS)
"""The Act."""


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
        yield from (conclusion.when, conclusion.scope)
        yield from (since.when for since in (*conclusion.amended.entries, *conclusion.enacted.entries))


@cache
def scope_facts() -> tuple[Fact, ...]:
    """The facts that decide whether the Act reaches something at all, apart from what it does: kind, role, place, exclusions."""
    what = all_of(
        article_02.is_ai_system,
        article_02.is_gpai_model,
        article_02.reached,
        ~article_02.excluded,
        article_02.reached_for_models,
        ~article_02.excluded_models,
    )
    return tuple({fact.name: fact for fact in facts_in(what)}.values())


def classify(given: Mapping[str, object], law: Law | None = None, known_as: Vocabulary | None = None) -> Answer:
    """What follows from what is known, by name of fact; `known_as` has more facts than classification asks, those of duties.

    Raises FactsError (of `aioffice.act.reasoning`) for facts that cannot be used.
    """
    from aioffice.act.classifier import classifier  # which rests on what stands here

    return classifier(law or USUAL_LAW, known_as or vocabulary()).answer(given)


def concluded(rules: RuleBook, evaluation: Evaluation, law: Law) -> Answer:
    """What these rules come to for the facts of the evaluation, interpreted: the reference that everything faster is held against."""
    return Answer(
        law,
        evaluation.facts,
        evaluation.reason(rules.scope),
        evaluation.reason(rules.high_risk),
        tuple(_finding(conclusion, evaluation) for conclusion in rules.conclusions),
    )


def _finding(conclusion: Conclusion, evaluation: Evaluation) -> Finding:
    reason = evaluation.reason(conclusion.when)
    reached = evaluation.reason(conclusion.scope)
    return Finding(
        conclusion, reason.value, reason, reached, application(conclusion.timetable(evaluation.regime), evaluation)
    )
