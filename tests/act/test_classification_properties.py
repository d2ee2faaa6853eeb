"""What holds of every set of facts, whatever the rules say."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioffice.act.classification import READINGS, Law, Outcome, ReadingError, classify, vocabulary
from aioffice.act.questioning import missing, next_question
from aioffice.act.reasoning.expressions import All, Any, Reading, Regime
from aioffice.act.reasoning.facts import ContradictionError, FactKind, FactsError
from aioffice.act.reasoning.vocabulary import UnknownFactError
from tests.support.act_cases import completed, starting_points

if TYPE_CHECKING:
    from aioffice.act.reasoning.facts import Fact, FactValue

type Known = dict[str, FactValue]

FACTS = {fact.name: fact for fact in vocabulary()}
YES_NO = sorted(name for name, fact in FACTS.items() if fact.kind is FactKind.YES_NO)
LAWS = st.builds(
    Law,
    st.sampled_from(Regime),
    st.fixed_dictionaries({one.question: st.sampled_from(one.options) for one in READINGS}),
)
DAYS = st.sampled_from(
    [date(2025, 8, 1), date(2026, 8, 1), date(2026, 8, 2), date(2027, 8, 1), date(2027, 12, 1), date(2028, 8, 2)]
)
ACTS = st.sampled_from([code for code, _words in FACTS["product_law"].options])
COMPUTE = st.sampled_from([0, 10**25, 10**25 + 1])

AMENDED = {
    "depicts_intimacy",
    "with_explicit_consent",
    "adds_no_exposure",
    "intimacy_is_purpose",
    "intimacy_is_foreseeable",
    "intimacy_is_safeguarded",
    "depicts_child_abuse",
    "not_without_right",
    "child_abuse_is_purpose",
    "child_abuse_is_foreseeable",
    "child_abuse_is_safeguarded",
    "only_comfort_functions",
    "assessed_for_other_risks",
}
"""What only the text as amended asks about."""


@st.composite
def worlds(draw: st.DrawFn) -> Known:
    """Everything known of something: a starting point, some facts that hold, and nothing else."""
    start = starting_points()[draw(st.sampled_from(sorted(starting_points())))]
    holding = dict.fromkeys(draw(st.sets(st.sampled_from(YES_NO), max_size=10)), True)
    more = {"product_law": draw(ACTS), "training_compute": draw(COMPUTE), "first_placed_on": draw(DAYS)}
    whole = completed(start | holding | more)
    return {name: value for name, value in whole.items() if name in FACTS}


@st.composite
def parts(draw: st.DrawFn) -> tuple[Known, Known]:
    """Something known, and more of the same."""
    whole = draw(worlds())
    names = sorted(whole)
    less_out = draw(st.sets(st.sampled_from(names), max_size=12))
    more_out = less_out | draw(st.sets(st.sampled_from(names), max_size=40))
    return (
        {name: value for name, value in whole.items() if name not in more_out},
        {name: value for name, value in whole.items() if name not in less_out},
    )


@settings(max_examples=300, deadline=None)
@given(parts(), LAWS)
def test_more_knowledge_never_turns_one_definite_answer_into_another(known: tuple[Known, Known], law: Law) -> None:
    less, more = (classify(facts, law) for facts in known)
    if less.outcome is not Outcome.NEEDS_REVIEW:
        assert more.outcome is less.outcome
    for before, after in zip(less.findings, more.findings, strict=True):
        assert before.value is None or after.value is before.value, before.provision
        assert before.binding is None or after.binding is before.binding, before.provision
        assert set(after.application.possible) <= set(before.application.possible), before.provision


@settings(max_examples=200, deadline=None)
@given(worlds(), LAWS)
def test_whoever_knows_everything_gets_a_definite_answer_with_days(world: Known, law: Law) -> None:
    answer = classify(world, law)
    assert answer.outcome is not Outcome.NEEDS_REVIEW
    assert not answer.open()
    assert all(finding.binding and finding.application.settled for finding in answer.holding())
    assert not missing(answer)


@settings(max_examples=200, deadline=None)
@given(worlds(), LAWS)
def test_what_is_out_of_scope_is_nothing_else(world: Known, law: Law) -> None:
    answer = classify(world, law)
    if answer.scope.value is False:
        assert answer.outcome is Outcome.OUT_OF_SCOPE
        assert not answer.holding()


@settings(max_examples=40, deadline=None)
@given(worlds(), LAWS)
def test_the_questions_end_and_leave_nothing_open(world: Known, law: Law) -> None:
    """Asked one by one, each at most once, nothing that matters stays unknown; and the answer is the one of whoever knows everything."""
    told: Known = {}
    answer = classify(told, law)
    while (fact := next_question(answer)) is not None:
        assert fact.name not in answer.facts, f"{fact.name} is known already"
        assert len(told) < len(FACTS)
        told[fact.name] = world[fact.name]
        answer = classify(told, law)
    whole = classify(world, law)
    assert answer.outcome is whole.outcome
    assert answer.scope.value is whole.scope.value
    if answer.scope.value:
        assert not answer.open()
        assert all(finding.binding and finding.application.settled for finding in answer.holding())
        assert [_held(one) for one in answer.holding()] == [_held(one) for one in whole.holding()]


@settings(max_examples=200, deadline=None)
@given(parts(), LAWS)
def test_definite_values_rest_on_facts_given_and_readings_alone(known: tuple[Known, Known], law: Law) -> None:
    answer = classify(known[0], law)
    reached = (finding.reached for finding in answer.findings)
    for reason in (answer.scope, answer.high_risk, *reached, *(finding.reason for finding in answer.findings)):
        if reason.value is None:
            assert all(fact.name not in answer.facts for fact in reason.missing())
            continue
        for leaf in reason.leaves():
            assert leaf.value is not None
            empty_join = isinstance(leaf.expression, All | Any) and not leaf.expression.parts
            assert leaf.given is not None or isinstance(leaf.expression, Reading) or empty_join
            if leaf.given is not None:
                assert answer.facts[leaf.expression.fact.name] == leaf.given


@settings(max_examples=200, deadline=None)
@given(worlds(), LAWS, st.data())
def test_a_fact_outside_the_reasons_changes_nothing(world: Known, law: Law, data: st.DataObject) -> None:
    turned = _turned(world, FACTS[data.draw(st.sampled_from(sorted(world)))], data)
    changed = {name for name, value in world.items() if turned[name] != value}
    before, after = classify(world, law), classify(turned, law)
    for one, other in zip(before.findings, after.findings, strict=True):
        if not changed & {fact.name for fact in one.reason.facts()}:
            assert other.value is one.value, one.provision
        if not changed & {fact.name for fact in one.reached.facts()}:
            assert other.reached.value is one.reached.value, one.provision
        if not changed & {fact.name for reason in one.application.reasons for fact in reason.facts()}:
            assert other.application.possible == one.application.possible, one.provision


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_both_texts_agree_where_nothing_was_amended(world: Known) -> None:
    same = world | dict.fromkeys(AMENDED & world.keys(), False)
    if same["product_law"] == "B21":
        same["product_law"] = "none"  # machinery moved from Section A to B
    amended, enacted = (classify(same, Law(regime)) for regime in (Regime.AMENDED, Regime.ENACTED))
    assert amended.outcome is enacted.outcome
    assert [one.binding for one in amended.findings] == [one.binding for one in enacted.findings]


def test_a_name_that_is_no_fact_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownFactError, match=re.escape("recruit: no fact has this name; the nearest is recruits.")):
        classify({"recruit": True})


@pytest.mark.parametrize("name", sorted(name for name, fact in FACTS.items() if fact.within is not None))
def test_a_case_of_what_does_not_hold_is_a_contradiction(name: str) -> None:
    outer = FACTS[name].within
    assert outer is not None
    with pytest.raises(ContradictionError) as told:
        classify({name: True, outer.name: False})
    assert name in str(told.value)
    assert outer.name in str(told.value)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_value_that_a_fact_cannot_have_is_refused_by_name(name: str) -> None:
    wrong: list[object] = ["perhaps", 0.5, -1, [], {}]
    for value in wrong:
        with pytest.raises(FactsError) as told:
            classify({name: value})
        assert told.value.fact == name
        assert repr(value) in str(told.value)
        assert "expected" in str(told.value)


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        ({"5(1)(x)": "any_inference"}, r"'5\(1\)\(x\)' is no open question; there are 2\(2\)"),
        ({"2(2)": "maybe"}, r"2\(2\) cannot be read as 'maybe': prohibitions_stay or only_what_it_lists is expected"),
    ],
)
def test_a_reading_that_is_not_there_is_refused(readings: dict[str, str], said: str) -> None:
    with pytest.raises(ReadingError, match=said):
        Law(readings=readings)


@pytest.mark.parametrize("question", [one.question for one in READINGS])
def test_every_open_question_has_options_and_a_default(question: str) -> None:
    one = next(reading for reading in READINGS if reading.question == question)
    assert one.default in one.options
    assert len(one.options) >= 2
    assert Law().readings[question] == one.default


def _held(finding: object) -> tuple[object, ...]:
    return (finding.provision, finding.application.days.keys())  # type: ignore[attr-defined]


def _turned(world: Known, fact: Fact, data: st.DataObject) -> Known:
    """The world with one fact otherwise, and what follows from that."""
    turned = dict(world)
    match fact.kind:
        case FactKind.YES_NO:
            turned[fact.name] = not world[fact.name]
        case FactKind.CHOICE:
            turned[fact.name] = data.draw(ACTS)
        case FactKind.NUMBER:
            turned[fact.name] = data.draw(COMPUTE)
        case FactKind.DATE:
            turned[fact.name] = data.draw(DAYS)
    outer = fact.within
    while turned[fact.name] is True and outer is not None:
        turned[outer.name], outer = True, outer.within
    for name, inner in FACTS.items():
        if inner.within is not None and turned[inner.within.name] is False:
            turned[name] = False
    return turned
