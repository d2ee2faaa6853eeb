"""Article 6 with Annex I: what is high-risk, by which route, and what the derogation of paragraph 3 takes out."""

from __future__ import annotations

from aioffice.act.lookup import csv_rows
from aioffice.act.reasoning.expressions import Reading, all_of, any_of, holds, one_of, rule
from aioffice.act.reasoning.facts import choice, yes_no
from aioffice.act.rules import annex_iii
from aioffice.act.rules.safety_components import safety_component

_NO_ACT = "none"
_MACHINERY = "B21"


def _acts() -> dict[str, str]:
    """The acts of Annex I by section and point, as they stand since 27 July 2026; machinery was point A1 before."""
    acts = {
        row["section"] + row["point"]: row["act_own_words"]
        for row in csv_rows("annex_i.csv")
        if not row["status"].startswith("deleted")
    }
    return acts | {_NO_ACT: "None of these"}


product_law = choice(
    "product_law",
    "Annex I",
    "Does one of these acts cover the product that the system is, or is part of?",
    _acts(),
    "The first that fits. Where several do, the one that asks for a conformity assessment by a third party.",
)
is_the_product = yes_no("is_the_product", "6(1)(a)", "Is the system itself the product under that act?")
is_safety_component = yes_no(
    "is_safety_component",
    "3(14)",
    "Is the system a safety component of the product?",
    "A part that is there to prevent or reduce risks to the safety of people or property, or whose failure endangers them.",
)
third_party_assessment = yes_no(
    "third_party_assessment",
    "6(1)(b)",
    "Must a third party assess the product's conformity before it may be placed on the market?",
)
assessed_for_other_risks = yes_no(
    "assessed_for_other_risks",
    "6(1c)",
    "Is that only because of risks that have nothing to do with health and safety, such as the use of the radio spectrum?",
    within=third_party_assessment,
)

narrow_procedural_task = yes_no(
    "narrow_procedural_task", "6(3)(a)", "Is it meant for a narrow procedural task, and nothing more?"
)
improves_finished_work = yes_no(
    "improves_finished_work",
    "6(3)(b)",
    "Is it meant to improve the result of something that people have already completed, and nothing more?",
)
detects_deviations = yes_no(
    "detects_deviations",
    "6(3)(c)",
    "Is it meant to find patterns in decisions, or deviations from them, without replacing or influencing what people decided before, "
    "unless somebody reviews it properly?",
)
preparatory_task = yes_no(
    "preparatory_task", "6(3)(d)", "Is it meant only to prepare an assessment that people then make?"
)
profiles_people = yes_no(
    "profiles_people",
    "6(3)",
    "Does it profile natural persons?",
    "Automated processing of personal data to evaluate aspects of a person, such as work, health, behaviour, reliability or whereabouts.",
)

in_section_a = one_of(product_law, *(code for code in _acts() if code.startswith("A")))
in_section_b = one_of(product_law, *(code for code in _acts() if code.startswith("B")))
machinery = one_of(product_law, _MACHINERY)

section_a = rule(
    "Annex I A",
    "The product falls under Section A of Annex I.",
    in_section_a,
    enacted=in_section_a | machinery,
)
section_b = rule(
    "Annex I B",
    "The product falls under Section B of Annex I.",
    in_section_b,
    enacted=in_section_b & ~machinery,
)
assessed_by_third_party = rule(
    "6(1)(b)",
    "A third party assesses the product, for health and safety.",
    third_party_assessment,
    unless=assessed_for_other_risks,
    enacted=holds(third_party_assessment),
)
part_for_safety = safety_component(is_safety_component)
"""A safety component of the product, made for safety or dangerous when it fails (3(14), 6(1b))."""
_part_or_product = any_of(is_the_product, part_for_safety)

high_risk_section_a = rule(
    "6(1) with Annex I A",
    "High-risk: a product, or a safety component of one, under Section A of Annex I",
    all_of(section_a, _part_or_product, assessed_by_third_party),
)
high_risk_section_b = rule(
    "6(1) with Annex I B",
    "High-risk: a product, or a safety component of one, under Section B of Annex I",
    all_of(section_b, _part_or_product, assessed_by_third_party),
)

profiling_bar = rule(
    "6(3) profiling",
    "Who profiles people cannot be exempt.",
    any_of(profiles_people, annex_iii.profiles_in_investigations),
)
derogation = rule(
    "6(3)",
    "The use is listed, but does not influence decisions about people materially.",
    any_of(narrow_procedural_task, improves_finished_work, detects_deviations, preparatory_task),
    unless=profiling_bar,
)
exempt = rule(
    "6(3) with Annex III",
    "Not high-risk by derogation: document the assessment and register",
    all_of(annex_iii.listed, derogation),
    unless=any_of(high_risk_section_a, high_risk_section_b),
)
"""The derogation is one from paragraph 2: what is high-risk as a product stays so."""
high_risk_annex_iii = rule(
    "6(2)",
    "High-risk: a use case of Annex III",
    annex_iii.listed,
    unless=derogation,
)
only_sector_law = rule(
    "2(2)",
    "Little of the Act applies to it but 6(1): the requirements come with the law of the sector.",
    high_risk_section_b,
)
without_article_5 = all_of(only_sector_law, Reading("2(2)", "only_what_it_lists"))
high_risk = rule("6", "The system is high-risk.", any_of(high_risk_section_a, high_risk_section_b, high_risk_annex_iii))
