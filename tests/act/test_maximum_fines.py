"""How high a fine can be at most: Articles 75c, 99, 100 and 101, each number held against the table of penalties."""

from __future__ import annotations

from datetime import date

import pytest

from aioffice.act.fines import FineError, Offender, Size, Tier, maximum_fine, maximum_for, periodic_penalty, tier_of
from aioffice.act.reasoning.expressions import Regime

TODAY = date(2026, 11, 25)
RICH, POOR = 10_000_000_000, 1_000_000


@pytest.mark.parametrize(
    ("tier", "size", "turnover", "amount"),
    [
        # Undertakings: the higher of the two (99(3) to (5)).
        (Tier.PROHIBITED_PRACTICE, Size.LARGE, RICH, 700_000_000),
        (Tier.PROHIBITED_PRACTICE, Size.LARGE, POOR, 35_000_000),
        (Tier.OPERATOR_DUTY, Size.LARGE, RICH, 300_000_000),
        (Tier.OPERATOR_DUTY, Size.LARGE, POOR, 15_000_000),
        (Tier.WRONG_INFORMATION, Size.LARGE, RICH, 100_000_000),
        (Tier.WRONG_INFORMATION, Size.LARGE, POOR, 7_500_000),
        # SMEs: the lower, in all three (99(6)).
        (Tier.PROHIBITED_PRACTICE, Size.SME, POOR, 70_000),
        (Tier.PROHIBITED_PRACTICE, Size.SME, RICH, 35_000_000),
        (Tier.OPERATOR_DUTY, Size.SME, POOR, 30_000),
        (Tier.WRONG_INFORMATION, Size.SME, POOR, 10_000),
        # SMCs: the lower in 99(4) and (5), not for prohibited practices (99(6a)).
        (Tier.PROHIBITED_PRACTICE, Size.SMC, POOR, 35_000_000),
        (Tier.OPERATOR_DUTY, Size.SMC, POOR, 30_000),
        (Tier.WRONG_INFORMATION, Size.SMC, POOR, 10_000),
        (Tier.AI_OFFICE_CASE, Size.SMC, POOR, 30_000),
        # Models: Article 101 knows no rule for small ones.
        (Tier.GENERAL_PURPOSE_MODEL, Size.SME, POOR, 15_000_000),
        (Tier.GENERAL_PURPOSE_MODEL, Size.LARGE, RICH, 300_000_000),
    ],
)
def test_the_higher_or_the_lower_of_two(tier: Tier, size: Size, turnover: int, amount: int) -> None:
    assert maximum_fine(tier, size=size, turnover=turnover, on=TODAY).amount == amount


def test_smcs_had_no_rule_before_the_amendment() -> None:
    enacted = maximum_fine(Tier.OPERATOR_DUTY, size=Size.SMC, turnover=POOR, on=date(2028, 1, 1), regime=Regime.ENACTED)
    assert enacted.amount == 15_000_000
    before = maximum_fine(Tier.OPERATOR_DUTY, size=Size.SMC, turnover=POOR, on=date(2026, 7, 26))
    assert before.amount == 15_000_000
    assert maximum_fine(Tier.OPERATOR_DUTY, size=Size.SMC, turnover=POOR, on=date(2026, 7, 27)).amount == 30_000


def test_who_is_no_undertaking_is_asked_for_no_turnover() -> None:
    found = maximum_fine(Tier.OPERATOR_DUTY, offender=Offender.NO_UNDERTAKING, turnover=None, on=TODAY)
    assert found.amount == 15_000_000


@pytest.mark.parametrize(
    ("tier", "amount", "basis"),
    [
        (Tier.PROHIBITED_PRACTICE, 1_500_000, "100(2)"),
        (Tier.OPERATOR_DUTY, 750_000, "100(3)"),
        (Tier.WRONG_INFORMATION, 750_000, "100(3)"),
    ],
)
def test_union_bodies_pay_fixed_amounts_to_the_supervisor(tier: Tier, amount: int, basis: str) -> None:
    found = maximum_fine(tier, offender=Offender.UNION_BODY, turnover=None, on=TODAY)
    assert (found.amount, found.basis) == (amount, (basis,))
    assert "Data Protection Supervisor" in found.by


def test_an_unknown_turnover_is_said_and_not_guessed() -> None:
    higher = maximum_fine(Tier.PROHIBITED_PRACTICE, turnover=None, on=TODAY)
    lower = maximum_fine(Tier.PROHIBITED_PRACTICE, size=Size.SME, turnover=None, on=TODAY)
    assert higher.amount is None
    assert "at least EUR 35,000,000" in higher.steps[-1]
    assert lower.amount is None
    assert "at most EUR 35,000,000" in lower.steps[-1]


@pytest.mark.parametrize(
    ("tier", "eve"),
    [
        (Tier.PROHIBITED_PRACTICE, date(2025, 8, 1)),
        (Tier.OPERATOR_DUTY, date(2025, 8, 1)),
        (Tier.AI_OFFICE_CASE, date(2026, 8, 1)),
        (Tier.GENERAL_PURPOSE_MODEL, date(2026, 8, 1)),
    ],
)
def test_no_fine_before_its_provision_applies(tier: Tier, eve: date) -> None:
    with pytest.raises(FineError, match="applies since"):
        maximum_fine(tier, turnover=POOR, on=eve)
    maximum_fine(tier, turnover=POOR, on=date.fromordinal(eve.toordinal() + 1))


def test_the_text_of_2024_has_no_fines_of_the_ai_office() -> None:
    with pytest.raises(FineError, match="2026/1744"):
        maximum_fine(Tier.AI_OFFICE_CASE, turnover=POOR, on=TODAY, regime=Regime.ENACTED)


@pytest.mark.parametrize(
    ("provision", "tier"),
    [
        ("5(1)(f)", Tier.PROHIBITED_PRACTICE),
        ("50(1)", Tier.OPERATOR_DUTY),
        ("16", Tier.OPERATOR_DUTY),
        ("26(5)", Tier.OPERATOR_DUTY),
        ("33(4)", Tier.OPERATOR_DUTY),
        ("33(2)", Tier.OTHER),
        ("25(2)", Tier.OPERATOR_DUTY),
        ("25(1)", Tier.OTHER),
        # Article 16 names these, so 99(4)(a) reaches them; 26(8) names 49(3).
        *(
            (one, Tier.OPERATOR_DUTY)
            for one in ("8", "9", "10", "11", "12", "13", "14", "15", "17", "18", "19", "20", "21")
        ),
        *((one, Tier.OPERATOR_DUTY) for one in ("43", "47", "48", "49(1)", "49(3)")),
        ("25(4) suppliers", Tier.OPERATOR_DUTY),
        ("26(10) use", Tier.OPERATOR_DUTY),
        ("5(2) to (4)", Tier.PROHIBITED_PRACTICE),
        ("49(2)", Tier.OTHER),
        ("49(5)", Tier.OTHER),
        ("52(1)", Tier.GENERAL_PURPOSE_MODEL),  # 101(1)(a)
        ("54", Tier.GENERAL_PURPOSE_MODEL),
        ("54(3) to (5)", Tier.OTHER),  # 101 fines providers
        ("80(4)", Tier.BY_ARTICLE_99),
        ("80(7)", Tier.BY_ARTICLE_99),
        ("80(2)", Tier.OTHER),
        ("53(1)(a)", Tier.GENERAL_PURPOSE_MODEL),
        ("6(4)", Tier.OTHER),
        ("27", Tier.OTHER),
        ("49", Tier.OTHER),
        ("72", Tier.OTHER),
        ("73", Tier.OTHER),
    ],
)
def test_the_tier_of_a_provision(provision: str, tier: Tier) -> None:
    assert tier_of(provision) is tier


def test_the_value_chain_joined_the_list_in_2026() -> None:
    assert tier_of("25(4)", Regime.ENACTED) is Tier.OTHER


@pytest.mark.parametrize("point", ["5(1)(ba)", "5(1)(bb)"])
def test_a_prohibition_of_2026_has_no_fine_before_it_applies(point: str) -> None:
    with pytest.raises(FineError, match="applies since 2026-12-02"):
        maximum_for(point, turnover=POOR, on=date(2026, 12, 1))
    assert maximum_for(point, turnover=POOR, on=date(2026, 12, 2)).amount == 35_000_000
    with pytest.raises(FineError, match="text of 2024 has no such prohibition"):
        maximum_for(point, turnover=POOR, on=date(2027, 1, 1), regime=Regime.ENACTED)


def test_a_duty_is_fined_only_once_it_applies_and_the_answer_says_so() -> None:
    for offender in (Offender.UNDERTAKING, Offender.NO_UNDERTAKING):
        assert (
            "Only once the duty itself applies." in maximum_for("9", offender=offender, turnover=POOR, on=TODAY).steps
        )
    assert "Only once the duty itself applies." not in maximum_for("5(1)(a)", turnover=POOR, on=TODAY).steps


def test_whether_public_bodies_are_fined_is_for_the_member_state() -> None:
    found = maximum_for("26(5)", offender=Offender.NO_UNDERTAKING, turnover=None, on=TODAY)
    assert "99(8)" in found.steps[-1]
    model = maximum_for("53(1)(a)", offender=Offender.NO_UNDERTAKING, turnover=None, on=TODAY)
    assert "99(8)" not in " ".join(model.steps)


def test_wrong_classification_is_fined_by_article_99_whichever_paragraph() -> None:
    found = maximum_for("80(7)", turnover=RICH, on=TODAY)
    assert found.amount is None
    assert "Article 16" in found.steps[-1]


def test_what_is_not_listed_has_no_maximum_in_the_act() -> None:
    found = maximum_fine(Tier.OTHER, turnover=RICH, on=TODAY)
    assert found.amount is None
    assert "national law" in found.steps[0]


def test_periodic_penalties_are_five_percent_a_day() -> None:
    assert periodic_penalty(1_000_000) == 50_000
    with pytest.raises(FineError, match="zero or more"):
        periodic_penalty(-1)


def test_a_negative_turnover_is_refused() -> None:
    with pytest.raises(FineError, match="zero or more"):
        maximum_fine(Tier.OPERATOR_DUTY, turnover=-1, on=TODAY)
