"""Article 25: who becomes the provider of a high-risk system that somebody else made."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import all_of, any_of, holds, rule
from aioffice.act.reasoning.facts import yes_no
from aioffice.act.rules.article_02 import is_product_manufacturer, is_provider
from aioffice.act.rules.article_06 import high_risk, high_risk_section_a, part_for_safety

puts_own_name = yes_no(
    "puts_own_name",
    "25(1)(a)",
    "Do you put your name or trademark on a system that somebody else has already placed on the market?",
)
modifies_substantially = yes_no(
    "modifies_substantially",
    "25(1)(b); 3(23)",
    "Do you change a system of somebody else substantially, in a way that its first assessment did not foresee?",
)
changes_purpose = yes_no(
    "changes_purpose",
    "25(1)(c)",
    "Do you change the purpose of a system of somebody else, so that it becomes what you describe here?",
)
taken_over_by_another = yes_no(
    "taken_over_by_another",
    "25(2)",
    "Has somebody else put its name on your system, modified it substantially, or changed its purpose so that it became what you describe "
    "here?",
    "Answer for that very system, not for those that you go on supplying unchanged.",
    within=is_provider,
)
initial_provider_excluded_high_risk = yes_no(
    "initial_provider_excluded_high_risk",
    "25(2)",
    "Did you, as its first provider, clearly say that the system is not to be turned into a high-risk one?",
    within=taken_over_by_another,
)

becomes_provider = rule(
    "25(1)",
    "Whoever brands, substantially modifies or repurposes a high-risk system becomes its provider.",
    all_of(high_risk, any_of(puts_own_name, modifies_substantially, changes_purpose)),
)
manufacturer_is_provider = rule(
    "25(3)",
    "Who brings a product to the market with its safety component, under its own name, is the provider.",
    all_of(is_product_manufacturer, part_for_safety, high_risk_section_a),
)
provider = rule(
    "3(3); 25",
    "It has the duties of the provider.",
    any_of(
        holds(is_provider) & ~holds(taken_over_by_another),
        becomes_provider,
        manufacturer_is_provider,
    ),
)
first_provider = rule(
    "25(2)",
    "Somebody else has become the provider of the system; the first one is it no longer, and cooperates.",
    holds(taken_over_by_another) & ~holds(initial_provider_excluded_high_risk),
)
