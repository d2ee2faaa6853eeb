"""Articles 2 and 3: to whom and to what the Act applies, and the roles it knows."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import all_of, any_of, holds, rule
from aioffice.act.reasoning.facts import yes_no

is_ai_system = yes_no(
    "is_ai_system",
    "3(1)",
    "Is it an AI system?",
    "A machine-based system that works with some autonomy and infers from its input how to produce predictions, content, recommendations "
    "or decisions. Software that only carries out rules written by people is none.",
)
is_gpai_model = yes_no(
    "is_gpai_model",
    "3(63)",
    "Do you ask about a general-purpose AI model?",
    "A model that can competently perform a wide range of distinct tasks and can be built into many systems.",
)

is_provider = yes_no(
    "is_provider",
    "3(3)",
    "Do you develop it, or have it developed, and place it on the market or put it into service under your own name or trademark?",
)
is_deployer = yes_no("is_deployer", "3(4)", "Do you use it under your own authority?")
is_importer = yes_no(
    "is_importer",
    "3(6)",
    "Are you in the Union and bring a system to its market that bears the name of somebody outside it?",
)
is_distributor = yes_no(
    "is_distributor", "3(7)", "Do you make it available on the Union market without being its provider or importer?"
)
is_authorised_representative = yes_no(
    "is_authorised_representative", "3(5)", "Do you hold a provider's written mandate to act for it in the Union?"
)
is_product_manufacturer = yes_no(
    "is_product_manufacturer",
    "2(1)(e)",
    "Do you make a product and bring it to the market, or put it into service, together with the system under your own name?",
)
supplies_for_system = yes_no(
    "supplies_for_system",
    "25(4)",
    "Do you supply a system, model, tool, service, component or process that somebody else builds into the system?",
)
established_in_union = yes_no("established_in_union", "2(1)", "Are you established or located in the Union?")
is_affected_person = yes_no(
    "is_affected_person",
    "2(1)(g)",
    "Are you in the Union, and does it affect you, although you neither supply nor use it?",
)
placed_on_union_market = yes_no(
    "placed_on_union_market",
    "2(1)(a)",
    "Is it, or will it be, placed on the market or put into service in the Union?",
    "Supplying it for the first time counts, paid or free; so does using it yourself for its purpose.",
)
output_used_in_union = yes_no("output_used_in_union", "2(1)(c)", "Is what it produces used in the Union?")

solely_military = yes_no(
    "solely_military",
    "2(3)",
    "Is it only for military, defence or national security purposes?",
    "Also where it is used for something else only now and then, answer no.",
)
third_country_cooperation = yes_no(
    "third_country_cooperation",
    "2(4)",
    "Are you an authority of a third country or an international organisation, and use it in law-enforcement or judicial cooperation "
    "with the Union or a Member State?",
)
cooperation_has_safeguards = yes_no(
    "cooperation_has_safeguards",
    "2(4)",
    "Does your country or organisation give adequate safeguards for people's fundamental rights and freedoms?",
    within=third_country_cooperation,
)
solely_scientific_research = yes_no(
    "solely_scientific_research",
    "2(6)",
    "Was it developed and put into service for scientific research and development alone?",
)
only_before_market = yes_no(
    "only_before_market",
    "2(8)",
    "Do you ask only about research, testing or development before it is placed on the market or put into service?",
)
tested_in_real_world = yes_no(
    "tested_in_real_world",
    "2(8)",
    "Is it tested in real-world conditions, outside a laboratory or simulation?",
    within=only_before_market,
)
personal_use = yes_no(
    "personal_use",
    "2(10)",
    "Are you a natural person who uses it for purely personal, non-professional purposes?",
    within=is_deployer,
)
open_source = yes_no("open_source", "2(12)", "Is the system released under a free and open-source licence?")

deployer = rule(
    "3(4); 2(10)",
    "It uses the system under its authority, and not just privately.",
    is_deployer,
    unless=personal_use,
)
an_operator_besides_deployer = any_of(
    is_provider, is_importer, is_distributor, is_authorised_representative, is_product_manufacturer
)

reached = rule(
    "2(1)",
    "The Act reaches whoever asks, for a system.",
    any_of(
        all_of(is_provider, placed_on_union_market),
        all_of(is_deployer, established_in_union),
        any_of(is_provider, is_deployer) & ~holds(established_in_union) & holds(output_used_in_union),
        is_importer,
        is_distributor,
        is_product_manufacturer,
        is_authorised_representative,
        is_affected_person,
        supplies_for_system,
    ),
)
"""25(4) binds suppliers whom 2(1) does not name: they are reached so that the answer tells them."""
reached_for_models = rule(
    "2(1) for models",
    "The Act reaches whoever asks, for a general-purpose AI model: points (b) to (e) speak of systems alone.",
    any_of(all_of(is_provider, placed_on_union_market), is_authorised_representative, is_affected_person),
)
military = rule("2(3)", "Military, defence and national security stay outside.", solely_military)
cooperation = rule(
    "2(4)",
    "Cooperation of third countries with safeguards stays outside.",
    all_of(third_country_cooperation, cooperation_has_safeguards),
)
research = rule("2(6)", "Scientific research alone stays outside.", solely_scientific_research)
before_market = rule(
    "2(8)",
    "Research, testing and development before the market stay outside, tests in real-world conditions do not.",
    only_before_market,
    unless=tested_in_real_world,
)
private_use = rule(
    "2(10)", "Private users have no duties as deployers.", personal_use, unless=an_operator_besides_deployer
)

excluded = any_of(military, cooperation, research, before_market, private_use)
"""Which systems stay outside whatever they do; 2(12) depends on what they do, and stands with the answers."""
excluded_models = any_of(research, before_market)
"""2(6) and 2(8) name models too; 2(3), 2(4) and 2(10) speak of systems alone."""
