"""Article 50: what people must be told, by whom, and when not."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import all_of, any_of, holds, rule
from aioffice.act.reasoning.facts import yes_no
from aioffice.act.rules.annex_iii import biometric_categorisation, emotion_recognition, in_biometrics
from aioffice.act.rules.article_02 import deployer, is_provider

authorised_against_crime = yes_no(
    "authorised_against_crime",
    "50(1), (2) and (4)",
    "Does the law authorise it to detect, prevent, investigate or prosecute crimes?",
)
permitted_against_crime = yes_no(
    "permitted_against_crime",
    "50(3)",
    "Does the law permit it to detect, prevent or investigate crimes?",
    "To prosecute them is not enough here.",
    within=in_biometrics,
)
talks_with_people = yes_no("talks_with_people", "50(1)", "Is it meant to interact directly with people?")
obviously_ai = yes_no(
    "obviously_ai",
    "50(1)",
    "Is it obvious to a reasonably informed and attentive person that they deal with an AI system?",
    within=talks_with_people,
)
public_reports_crimes = yes_no(
    "public_reports_crimes",
    "50(1)",
    "Can the public use it to report a crime?",
    within=talks_with_people,
)
generates_content = yes_no("generates_content", "50(2)", "Does it generate or alter sound, images, video or text?")
only_assists_editing = yes_no(
    "only_assists_editing",
    "50(2)",
    "Does it only assist with standard editing, or leave the substance of what it is given as it was?",
    within=generates_content,
)
deep_fake = yes_no(
    "deep_fake",
    "50(4); 3(60)",
    "Is what it makes a deep fake: image, sound or video that resembles real people, places, things or events and seems authentic?",
    within=generates_content,
)
evidently_artistic = yes_no(
    "evidently_artistic",
    "50(4)",
    "Is it part of an evidently artistic, creative, satirical or fictional work?",
    within=deep_fake,
)
informs_public = yes_no(
    "informs_public",
    "50(4)",
    "Does it write text that is published to inform the public on matters of public interest?",
    within=generates_content,
)
under_editorial_responsibility = yes_no(
    "under_editorial_responsibility",
    "50(4)",
    "Does somebody review the text or control it as an editor, and hold editorial responsibility?",
    within=informs_public,
)

against_crime = holds(authorised_against_crime)

interaction = rule(
    "50(1) systems",
    "It interacts with people who may not notice that it is an AI system.",
    talks_with_people,
    unless=any_of(obviously_ai, against_crime & ~holds(public_reports_crimes)),
)
generation = rule(
    "50(2) systems",
    "It generates content that may be taken for genuine.",
    generates_content,
    unless=any_of(only_assists_editing, against_crime),
)
exposure = rule(
    "50(3) systems",
    "It recognises emotions or categorises people by their biometric data.",
    any_of(emotion_recognition, biometric_categorisation),
    unless=permitted_against_crime,
)
deep_fakes = rule("50(4) systems: deep fakes", "It makes deep fakes.", deep_fake, unless=against_crime)
texts = rule(
    "50(4) systems: texts",
    "It writes what informs the public, and nobody answers for it as an editor.",
    informs_public,
    unless=any_of(against_crime, under_editorial_responsibility),
)

points = (
    rule("50(1)", "People are told that they deal with an AI system", all_of(is_provider, interaction)),
    rule("50(2)", "What it generates is marked in a machine-readable way", all_of(is_provider, generation)),
    rule(
        "50(3)",
        "People exposed to emotion recognition or biometric categorisation are informed",
        all_of(deployer, exposure),
    ),
    rule("50(4) deep fakes", "Deep fakes are disclosed", all_of(deployer, deep_fakes)),
    rule("50(4) texts", "Texts that inform the public are disclosed", all_of(deployer, texts)),
)
"""The duties of transparency, in the order of the Article."""

falls_under = rule(
    "50",
    "It is a system for which Article 50 gives somebody a duty, whoever asks.",
    any_of(interaction, generation, exposure, deep_fakes, texts),
)
