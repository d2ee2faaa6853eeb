"""What is compiled answers what is interpreted: the same values, reasons, dates and outcomes, whatever is known and under every law."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioffice.act import duties as act_duties
from aioffice.act.classification import READINGS, RULES, Law, classify, concluded, vocabulary
from aioffice.act.classifier import Classifier
from aioffice.act.duties import DUTIES, DutyFound
from aioffice.act.reasoning.compiling.making import ladder, maker
from aioffice.act.reasoning.compiling.often import PAYS_FROM, Often
from aioffice.act.reasoning.compiling.wanted import Rung, Since, Why, Worth
from aioffice.act.reasoning.evaluating import Evaluation, Reason
from aioffice.act.reasoning.expressions import (
    ALWAYS,
    NEVER,
    Above,
    All,
    Any,
    Before,
    Expression,
    Is,
    Not,
    OneOf,
    Reading,
    Regime,
    Rule,
)
from aioffice.act.reasoning.facts import ContradictionError, FactsError, FactValue, choice, day, number, yes_no
from aioffice.act.reasoning.timetable import Since as Entry
from aioffice.act.reasoning.timetable import Timetable, application
from aioffice.act.reasoning.vocabulary import UnknownFactError
from bench.fact_sets import fact_sets
from tests.support.act_cases import cases
from tests.support.act_mutations import mutated, mutations

LAWS = [
    Law(regime, dict(zip((one.question for one in READINGS), options, strict=True)))
    for regime in Regime
    for options in itertools.product(*(one.options for one in READINGS))
]
SETS_OF_EACH_LAW = 16


@pytest.mark.slow
def test_every_law_answers_as_interpreted_with_every_reason() -> None:
    """Both texts, each with all combinations of readings; other facts for each."""
    vocabulary_of_all = act_duties.vocabulary()
    sets = fact_sets(vocabulary_of_all, SETS_OF_EACH_LAW * len(LAWS), seed=11)
    for law in LAWS:
        compiled, finding_duties = Classifier(law, vocabulary_of_all).compile(), _compiled_duties(law)
        for facts in itertools.islice(sets, SETS_OF_EACH_LAW):
            evaluation = Evaluation(vocabulary_of_all.read(facts), law.regime, law.readings)
            expected = concluded(RULES, evaluation, law)
            answer = compiled.answer(facts)
            assert answer == expected
            assert compiled.outcome(facts) is expected.outcome
            assert finding_duties(evaluation.facts) == act_duties.found(evaluation)
        assert [_shape(reason) for reason in _reasons(answer)] == [_shape(reason) for reason in _reasons(expected)]


def test_the_sets_of_the_seed_reach_every_outcome_and_are_as_promised() -> None:
    sets = list(fact_sets(vocabulary(), 4000))
    assert sets == list(fact_sets(vocabulary(), 4000))
    assert len({frozenset(facts.items()) for facts in sets}) == 4000
    assert min(map(len, sets)) >= 30
    compiled = Classifier().compile()
    assert len({compiled.outcome(facts) for facts in sets}) == 9


def test_all_cases_have_the_same_answers_compiled() -> None:
    for law in {(case.law.regime, *case.law.readings.values()): case.law for case in cases()}.values():
        compiled = Classifier(law, act_duties.vocabulary()).compile()
        for case in cases():
            if case.law == law:
                evaluation = Evaluation(case.facts, law.regime, law.readings)
                assert compiled.answer(case.facts) == concluded(RULES, evaluation, law), case.id


@pytest.mark.slow
def test_mistaken_rules_are_compiled_with_their_mistake() -> None:
    """Nothing in the compiler rests on how the rules are today: a hundred other rule books are answered as they say."""
    chosen = random.Random(5).sample(list(mutations()), 100)
    sets = fact_sets(vocabulary(), 100 * 10, seed=12)
    differs = 0
    for mutation in chosen:
        rules, law = mutated(RULES, mutation), Law(random.Random(mutation.name).choice(list(Regime)))
        compiled = Classifier(law, rules=rules).compile()
        for facts in itertools.islice(sets, 10):
            evaluation = Evaluation(vocabulary().read(facts), law.regime, law.readings)
            expected = concluded(rules, evaluation, law)
            assert compiled.answer(facts) == expected, mutation.name
            assert compiled.outcome(facts) is expected.outcome, mutation.name
            differs += expected != concluded(RULES, evaluation, law)
    assert differs > 100, "the mistakes were to show"


def test_classify_and_duties_answer_the_same_before_and_after_they_compile() -> None:
    law = Law(readings={"OQ1": "from_application", "OQ2": "from_application"})
    facts = dict(next(fact_sets(act_duties.vocabulary(), 1, seed=13)))
    answers = [classify(facts, law, act_duties.vocabulary()) for _ in range(PAYS_FROM + 2)]
    assert all(answer == answers[0] for answer in answers)
    found = [act_duties.duties(facts, law) for _ in range(PAYS_FROM + 2)]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("compiled", [False, True])
def test_facts_that_cannot_be_used_are_refused_however_the_answer_is_made(compiled: bool) -> None:
    asked = Classifier()
    if compiled:
        asked.compile()
    for ask in (asked.answer, asked.outcome):
        with pytest.raises(ContradictionError, match="cannot be true while third_party_assessment is false"):
            ask({"assessed_for_other_risks": True, "third_party_assessment": False})
        with pytest.raises(UnknownFactError, match="the nearest is recruits"):
            ask({"recruit": True})
        with pytest.raises(FactsError, match="true or false is expected"):
            ask({"recruits": 1})


def test_an_answer_is_a_record_that_cannot_be_changed() -> None:
    answer = Classifier().compile().answer({"is_ai_system": True})
    for thing, name in ((answer, "scope"), (answer.scope, "value"), (answer.findings[0], "reason")):
        with pytest.raises(AttributeError):
            setattr(thing, name, None)
    with pytest.raises(TypeError):
        answer.facts["is_ai_system"] = False  # type: ignore[index]


A, B, C = (yes_no(name, "1", f"{name}?") for name in "abc")
KIND = choice("kind", "1", "Which?", {"x": "X", "y": "Y", "z": "Z"})
SIZE = number("size", "1", "How many?", "pieces")
WHEN = day("when", "1", "When?")
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 5))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "c": st.booleans(),
        "kind": st.sampled_from("xyz"),
        "size": st.integers(0, 4),
        "when": DAYS,
    },
)
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from([Is(A), Is(B), Is(C), ALWAYS, NEVER, Reading("Q", "one"), Reading("Q", "two")]),
    st.frozensets(st.sampled_from("xyz")).map(lambda codes: OneOf(KIND, codes)),
    st.integers(0, 4).map(lambda limit: Above(SIZE, limit)),
    DAYS.map(lambda limit: Before(WHEN, limit)),
)


def _joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    members = st.lists(inner, max_size=4).map(tuple)
    rules = st.builds(
        Rule, st.sampled_from(["1", "2"]), st.just("So."), inner, st.one_of(st.none(), inner), st.booleans()
    )
    return st.one_of(members.map(All), members.map(Any), inner.map(Not), rules)


EXPRESSIONS = st.recursive(LEAVES, _joined, max_leaves=25)


@st.composite
def expressions_that_share(draw: st.DrawFn) -> list[Expression]:
    """Some expressions, the later ones made of the earlier ones too."""
    found = [draw(EXPRESSIONS)]
    for _ in range(draw(st.integers(0, 4))):
        parts = draw(st.lists(st.one_of(st.sampled_from(found), EXPRESSIONS), max_size=4))
        found.append(draw(st.sampled_from([All, Any]))(tuple(parts)))
        found.append(Not(found[-1]))
    return found


@settings(max_examples=800, deadline=None)
@given(expressions_that_share(), st.lists(FACTS, min_size=1, max_size=6), st.sampled_from(Regime), st.data())
def test_any_expression_compiles_to_what_it_means(
    expressions: list[Expression], sets: list[dict[str, FactValue]], regime: Regime, data: st.DataObject
) -> None:
    """Whatever the rules of tomorrow look like: joins of nothing, conditions that no fact decides, parts that several share."""
    readings = {"Q": data.draw(st.sampled_from(["one", "two"]))}
    entries = [Entry(date(2026, 1, at + 1), "113", one) for at, one in enumerate(expressions)]
    timetables = [Timetable(tuple(entries)), Timetable((*entries[:2], Entry(None, "113")))]
    wanted = tuple((Worth(one), Why(one)) for one in expressions), tuple(Since(one) for one in timetables)
    rungs = [
        Rung(one, f"{at} holds", f"{at} unknown" if at % 2 else None, f"{at} fails" if at % 3 else None)
        for at, one in enumerate(expressions)
    ]
    made, climbed = maker(wanted, regime, readings), ladder(rungs, "none", regime, readings)
    for facts in sets:
        evaluation = Evaluation(facts, regime, readings)
        reasons = [evaluation.reason(one) for one in expressions]
        values, applications = made(facts)  # type: ignore[misc]
        assert values == tuple((reason.value, reason) for reason in reasons)
        assert [_shape(reason) for _value, reason in values] == [_shape(reason) for reason in reasons]
        assert applications == tuple(application(timetable, evaluation) for timetable in timetables)
        results = (
            {True: rung.holds, None: rung.unknown, False: rung.fails}[one.value]
            for rung, one in zip(rungs, reasons, strict=True)
        )
        assert climbed(facts) == next((result for result in results if result is not None), "none")


def test_a_reading_that_is_not_chosen_is_missed_when_compiled_too() -> None:
    with pytest.raises(KeyError, match="Q"):
        maker(Why(Reading("Q", "one")), Regime.AMENDED, {})


def test_what_is_asked_often_is_compiled_once() -> None:
    compiled = []

    def compiling() -> object:
        compiled.append(1)
        return lambda _facts: "compiled"

    asked = Often(lambda _facts: "interpreted", compiling)  # type: ignore[arg-type]
    assert [asked({}) for _ in range(PAYS_FROM + 1)] == ["interpreted"] * (PAYS_FROM - 1) + ["compiled"] * 2
    assert len(compiled) == 1


def _compiled_duties(law: Law) -> Often[tuple[DutyFound, ...]]:
    finder = act_duties._finder(law)
    finder.compile()
    assert len(finder({})) == len(DUTIES)
    return finder


def _reasons(answer: object) -> list[Reason]:
    findings = answer.findings  # type: ignore[attr-defined]
    return [answer.scope, answer.high_risk, *(one.reason for one in findings), *(one.reached for one in findings)]  # type: ignore[attr-defined]


def _shape(reason: Reason) -> object:
    """Types and truth values exactly: to Python, True equals 1."""
    return (
        type(reason),
        reason.value,
        repr(reason.given),
        type(reason.expression),
        [_shape(one) for one in reason.because],
    )
