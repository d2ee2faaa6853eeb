"""Articles 3(14), 6(1a) and 6(1b): what counts as a safety component, of a product (Annex I) as of infrastructure (Annex III, point 2)."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import Rule, any_of, holds, rule
from aioffice.act.reasoning.facts import Fact, yes_no

only_comfort_functions = yes_no(
    "only_comfort_functions",
    "6(1a)",
    "Is it only for help to the user, performance, efficiency, automation, convenience or quality control, apart from safety?",
)
failure_endangers = yes_no(
    "failure_endangers", "3(14); 6(1b)", "Would its failure or malfunction endanger people's health and safety?"
)
failure_endangers_property = yes_no(
    "failure_endangers_property", "3(14)", "Would its failure or malfunction endanger property?"
)


def safety_component(made_for_safety: Fact) -> Rule:
    """What is made for safety counts, or endangers property when it fails, comfort alone does not (6(1a)); what endangers people when it
    fails counts in any case (6(1b))."""
    return rule(
        f"3(14): {made_for_safety.name}",
        "The system counts as a safety component.",
        any_of(any_of(made_for_safety, failure_endangers_property) & ~holds(only_comfort_functions), failure_endangers),
        enacted=any_of(made_for_safety, failure_endangers_property, failure_endangers),
    )
