"""How high a fine can be at most (Articles 75c, 99, 100 and 101): by what was infringed, by whom, and on which day.

A maximum is no forecast. What is right in a case is a reasoned decision of people (99(7)), and national law sets the rules on
penalties (99(1)). Amounts are whole euros; shares of turnover are rounded down, in favour of whoever is fined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aioffice.act.reasoning.expressions import Regime

_PENALTIES = date(2025, 8, 2)
_GENERAL = date(2026, 8, 2)
_SMC_RULE = date(2026, 7, 27)
_NEW_PROHIBITIONS = date(2026, 12, 2)


class Size(StrEnum):
    """How large an undertaking is: the lower of two maxima holds for some."""

    SME = "sme"
    """A small or medium-sized enterprise, start-ups included (3(14a); Recommendation 2003/361/EC)."""
    SMC = "smc"
    """A small mid-cap enterprise (3(14b); Recommendation (EU) 2025/1099)."""
    LARGE = "large"


class Offender(StrEnum):
    """Whom a fine would be imposed on."""

    UNDERTAKING = "undertaking"
    NO_UNDERTAKING = "no_undertaking"
    """A person or body that does no business: the fixed amount alone counts."""
    UNION_BODY = "union_body"
    """An institution, body, office or agency of the Union (Article 100)."""


class Tier(StrEnum):
    """The groups of infringements that the Act sets maxima for."""

    PROHIBITED_PRACTICE = "prohibited_practice"
    OPERATOR_DUTY = "operator_duty"
    WRONG_INFORMATION = "wrong_information"
    AI_OFFICE_CASE = "ai_office_case"
    """Any provision, a measure under 75a or a binding commitment, by operators that the AI Office supervises."""
    GENERAL_PURPOSE_MODEL = "general_purpose_model"
    BY_ARTICLE_99 = "by_article_99"
    """80(4) and (7): "in accordance with Article 99", which leaves open by which of its paragraphs."""
    OTHER = "other"
    """Not in the list of 99(4): national law decides."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """A tier: `amount` in euros, `percent` of the total worldwide turnover of the preceding financial year, for whom the lower of the two
    holds, since when, by which provision, and who imposes it."""

    tier: Tier
    basis: str
    amount: int
    percent: int
    lower_for: frozenset[Size]
    applies_from: date
    by: str
    new: bool = False


_AUTHORITY = "national authorities or courts; the AI Office for the systems of Article 75(1)"
_SMALL = frozenset({Size.SME})
_SMALL_OR_MID = frozenset({Size.SME, Size.SMC})

MAXIMA = (
    Maximum(Tier.PROHIBITED_PRACTICE, "99(3)", 35_000_000, 7, _SMALL, _PENALTIES, _AUTHORITY),
    Maximum(Tier.OPERATOR_DUTY, "99(4)", 15_000_000, 3, _SMALL_OR_MID, _PENALTIES, _AUTHORITY),
    Maximum(Tier.WRONG_INFORMATION, "99(5)", 7_500_000, 1, _SMALL_OR_MID, _PENALTIES, _AUTHORITY),
    Maximum(Tier.AI_OFFICE_CASE, "75c(4)", 15_000_000, 3, _SMALL_OR_MID, _GENERAL, "the AI Office", new=True),
    Maximum(Tier.GENERAL_PURPOSE_MODEL, "101(1)", 15_000_000, 3, frozenset(), _GENERAL, "the Commission"),
)

_BY_MEMBER_STATES = frozenset({Tier.PROHIBITED_PRACTICE, Tier.OPERATOR_DUTY, Tier.WRONG_INFORMATION})

_UNION_BODIES = {Tier.PROHIBITED_PRACTICE: (1_500_000, "100(2)")}
_UNION_BODIES_OTHERWISE = (750_000, "100(3)")

_LISTED = ("16", "22", "23", "24", "25(2)", "25(4)", "26", "31", "33(1)", "33(3)", "33(4)", "34", "50")
"""What 99(4) lists, as amended; 25(2) and 25(4) came in 2026."""
_NEW_IN_LIST = ("25(2)", "25(4)")
_THROUGH_16 = (*(str(article) for article in (*range(8, 16), *range(17, 22))), "43", "47", "48", "49(1)")
"""Article 16 makes these duties of the provider, so 99(4)(a) reaches them."""
_THROUGH_26 = ("49(3)",)
"""26(8) makes this a duty of the deployer, so 99(4)(e) reaches it."""
_OPERATOR_DUTIES = (*_LISTED, *_THROUGH_16, *_THROUGH_26)
_MODEL_DUTIES = ("52(1)", "53", "54", "55", "91", "92", "93")
_OF_REPRESENTATIVES = ("54(3)", "54(4)", "54(5)")
"""Article 101 fines providers of models, not those who represent them."""
_MISCLASSIFIED = ("80(4)", "80(7)")
_NEW_POINTS = ("5(1)(ba)", "5(1)(bb)")

PROVISIONS = {
    Tier.PROHIBITED_PRACTICE: "99(3); 5(1)",
    Tier.OPERATOR_DUTY: "; ".join(("99(4)", *_OPERATOR_DUTIES)),
    Tier.WRONG_INFORMATION: "99(5)",
    Tier.AI_OFFICE_CASE: "75c(4)",
    Tier.GENERAL_PURPOSE_MODEL: "; ".join(("101(1)", *_MODEL_DUTIES)),
    Tier.OTHER: "99(1)",
    "lower_for_sme": "99(6)",
    "lower_for_smc": "99(6a)",
    "periodic": "75c(5)",
    "union_bodies": "100(2); 100(3)",
}
"""What the maxima rest on: the provisions that set each, and those whose breach it is for."""

PERIODIC_PERCENT = 5
"""Periodic penalties of the AI Office: at most this share of the average daily income or worldwide annual turnover, a day (75c(5))."""


@dataclass(frozen=True, slots=True)
class Fine:
    """The maximum in euros and the way to it. `amount` is None where the Act sets none, or where the turnover is not known and decides."""

    tier: Tier
    amount: int | None
    basis: tuple[str, ...]
    steps: tuple[str, ...]
    by: str


class FineError(ValueError):
    """A question that has no answer; the message says why and what would be right."""


def tier_of(provision: str, regime: Regime = Regime.AMENDED) -> Tier:
    """The tier that an infringed provision belongs to (`5(1)(a)`, `26(5)`, `53(1)(a)`).

    99(4) does not list 6(4), 27, 49(2), 49(5), 72 or 73. Raises FineError for what the text of 2024 does not have.
    """
    if _under(provision, _NEW_POINTS) and regime is Regime.ENACTED:
        raise FineError(f"{provision} came with Regulation (EU) 2026/1744; the text of 2024 has no such prohibition.")
    if _under(provision, ("5",)):
        return Tier.PROHIBITED_PRACTICE
    if _under(provision, _OF_REPRESENTATIVES):
        return Tier.OTHER
    if _under(provision, _MODEL_DUTIES):
        return Tier.GENERAL_PURPOSE_MODEL
    if _under(provision, _MISCLASSIFIED):
        return Tier.BY_ARTICLE_99
    listed = (
        _OPERATOR_DUTIES
        if regime is Regime.AMENDED
        else tuple(one for one in _OPERATOR_DUTIES if one not in _NEW_IN_LIST)
    )
    return Tier.OPERATOR_DUTY if _under(provision, listed) else Tier.OTHER


def maximum_for(
    provision: str,
    *,
    offender: Offender = Offender.UNDERTAKING,
    size: Size = Size.LARGE,
    turnover: int | None,
    on: date,
    regime: Regime = Regime.AMENDED,
) -> Fine:
    """The highest fine for infringing a provision, as `maximum_fine` of its tier. Raises FineError also on a day on which a prohibition of
    2026 does not apply yet."""
    tier = tier_of(provision, regime)
    if _under(provision, _NEW_POINTS) and on < _NEW_PROHIBITIONS:
        raise FineError(f"{provision} applies since {_NEW_PROHIBITIONS.isoformat()}; on {on.isoformat()} it did not.")
    return maximum_fine(tier, offender=offender, size=size, turnover=turnover, on=on, regime=regime)


def maximum_fine(
    tier: Tier,
    *,
    offender: Offender = Offender.UNDERTAKING,
    size: Size = Size.LARGE,
    turnover: int | None,
    on: date,
    regime: Regime = Regime.AMENDED,
) -> Fine:
    """The highest fine for one infringement. `turnover`: total worldwide, of the preceding financial year, in euros; None: not known.

    `on` is the day for which it is asked. Raises FineError for a negative turnover and for a day on which the maximum does not apply yet.
    """
    if turnover is not None and turnover < 0:
        raise FineError(f"A turnover of {turnover} euros was given; zero or more is expected.")
    if tier is Tier.OTHER:
        return Fine(
            tier,
            None,
            ("99(1)",),
            ("The Act sets no maximum of its own for this: national law decides.",),
            "national authorities or courts",
        )
    if tier is Tier.BY_ARTICLE_99:
        return Fine(
            tier,
            None,
            ("80(4), (7)", "99"),
            (
                "Fines in accordance with Article 99: the maximum is that of the provision which was infringed.",
                "For the requirements and duties of a provider that is 99(4)(a): ask about Article 16.",
            ),
            _AUTHORITY,
        )
    maximum = _maximum(tier, regime)
    if on < maximum.applies_from:
        raise FineError(
            f"{maximum.basis} applies since {maximum.applies_from.isoformat()}; on {on.isoformat()} it did not."
        )
    if offender is Offender.UNION_BODY:
        if tier is Tier.GENERAL_PURPOSE_MODEL:
            raise FineError(
                "Article 101 fines providers of general-purpose AI models; for Union bodies ask about Article 100."
            )
        amount, basis = _UNION_BODIES.get(tier, _UNION_BODIES_OTHERWISE)
        return Fine(
            tier,
            amount,
            (basis,),
            (f"Union bodies: at most EUR {amount:,}.",),
            "the European Data Protection Supervisor",
        )
    fixed = f"Fixed amount: EUR {maximum.amount:,}."
    if offender is Offender.NO_UNDERTAKING:
        steps = (fixed, "Not an undertaking: the fixed amount counts.", *_only_once(tier))
        if tier in _BY_MEMBER_STATES:
            steps += (
                "Whether, and how far, public authorities and bodies are fined is for each Member State (99(8)).",
            )
        return Fine(tier, maximum.amount, (maximum.basis,), steps, maximum.by)
    counts = size is not Size.SMC or (regime is Regime.AMENDED and on >= _SMC_RULE)
    return _of_undertaking(maximum, size if counts else Size.LARGE, turnover, fixed)


def _of_undertaking(maximum: Maximum, size: Size, turnover: int | None, fixed: str) -> Fine:
    lower = size in maximum.lower_for
    basis = (maximum.basis, *(("99(6a)" if size is Size.SMC else "99(6)",) if lower else ()))
    rule = f"{'Lower' if lower else 'Higher'} of the two ({', '.join(basis)})."
    if turnover is None:
        # The fixed amount is then the ceiling of the one and the floor of the other.
        bound = "at most" if lower else "at least"
        steps = (
            fixed,
            f"{maximum.percent} % of a turnover that is not known.",
            rule,
            f"So the maximum is {bound} EUR {maximum.amount:,}.",
            *_only_once(maximum.tier),
        )
        return Fine(maximum.tier, None, basis, steps, maximum.by)
    share = turnover * maximum.percent // 100
    amount = min(maximum.amount, share) if lower else max(maximum.amount, share)
    return Fine(
        maximum.tier,
        amount,
        basis,
        (fixed, f"{maximum.percent} % of EUR {turnover:,}: EUR {share:,}.", rule, *_only_once(maximum.tier)),
        maximum.by,
    )


def _only_once(tier: Tier) -> tuple[str, ...]:
    """99(4) applies since 2 August 2025, most duties that it names do not yet."""
    return ("Only once the duty itself applies.",) if tier is Tier.OPERATOR_DUTY else ()


def periodic_penalty(daily: int) -> int:
    """The highest periodic penalty of the AI Office a day, in euros, for an average daily income or turnover (75c(5))."""
    if daily < 0:
        raise FineError(f"An average of {daily} euros a day was given; zero or more is expected.")
    return daily * PERIODIC_PERCENT // 100


def _maximum(tier: Tier, regime: Regime) -> Maximum:
    found = next(one for one in MAXIMA if one.tier is tier)
    if found.new and regime is Regime.ENACTED:
        raise FineError(f"{found.basis} came with Regulation (EU) 2026/1744; the text of 2024 has no such fine.")
    return found


def _under(provision: str, listed: tuple[str, ...]) -> bool:
    """Whether it is one of these, or lies within one; what names a part of a provision (`25(4) suppliers`) stands behind a space."""
    return any(provision == one or provision.startswith((f"{one}(", f"{one} ")) for one in listed)
