"""Articles 51 to 54: general-purpose AI models, systemic risk, and what an open licence spares."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import above, all_of, any_of, holds, rule
from aioffice.act.reasoning.facts import number, yes_no
from aioffice.act.rules.article_02 import is_gpai_model, placed_on_union_market

SYSTEMIC_RISK_FLOP = 10**25
"""Above so much cumulative training compute a model is presumed to have high-impact capabilities (51(2)), in operations."""

training_compute = number(
    "training_compute",
    "51(2)",
    "How much computation went into training the model, all in all?",
    "floating-point operations",
)
high_impact_capabilities = yes_no(
    "high_impact_capabilities",
    "51(1)(a)",
    "Do evaluations, indicators or benchmarks show that it has high-impact capabilities?",
)
presumption_rebutted = yes_no(
    "presumption_rebutted",
    "52(2) and (3)",
    "Has the Commission accepted arguments that the model brings no systemic risk, although it has high-impact capabilities or is "
    "presumed to?",
)
designated = yes_no(
    "designated", "51(1)(b)", "Has the Commission designated the model as one with systemic risk (Annex XIII)?"
)
open_weights = yes_no(
    "open_weights",
    "53(2)",
    "Is the model under a free and open-source licence, with weights, architecture and information on its use public?",
)

gpai = rule("53", "A general-purpose AI model on the Union market", all_of(is_gpai_model, placed_on_union_market))
presumed = rule(
    "51(2)",
    "Its training compute lets high-impact capabilities be presumed.",
    above(training_compute, SYSTEMIC_RISK_FLOP),
)
meets_51_1_a = rule(
    "51(1)(a)",
    "It has high-impact capabilities, shown or presumed.",
    any_of(presumed, high_impact_capabilities),
)
systemic = rule(
    "51",
    "A general-purpose AI model with systemic risk",
    holds(gpai) & any_of(meets_51_1_a & ~holds(presumption_rebutted), designated),
)
open_source_relief = rule(
    "53(2)",
    "An open licence spares documentation and the representative.",
    all_of(gpai, open_weights),
    unless=systemic,
)
