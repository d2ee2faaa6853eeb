"""Article 5: what is prohibited, and the exceptions of each point."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import Reading, Rule, all_of, any_of, holds, rule
from aioffice.act.reasoning.facts import Fact, yes_no
from aioffice.act.rules.annex_iii import (
    biometric_categorisation,
    emotion_recognition,
    in_law_enforcement,
    remote_identification,
)
from aioffice.act.rules.article_02 import an_operator_besides_deployer, deployer, is_deployer

manipulates = yes_no(
    "manipulates",
    "5(1)(a)",
    "Does it use techniques below people's awareness, or purposely manipulative or deceptive ones?",
)
exploits_vulnerability = yes_no(
    "exploits_vulnerability",
    "5(1)(b)",
    "Does it exploit a vulnerability of people that comes from their age, a disability, or their social or economic situation?",
)
distorts_behaviour = yes_no(
    "distorts_behaviour",
    "5(1)(a) and (b)",
    "Is it its aim or its effect to distort people's behaviour materially?",
    "For techniques as above: so that they can no longer decide in an informed way and decide as they would not have otherwise.",
)
causes_significant_harm = yes_no(
    "causes_significant_harm",
    "5(1)(a) and (b)",
    "Does that cause significant harm to somebody, or is it reasonably likely to?",
    within=distorts_behaviour,
)

depicts_intimacy = yes_no(
    "depicts_intimacy",
    "5(1)(ba)",
    "Can it generate or alter realistic images, video, sound or similar material of an identifiable person's intimate parts or sexual "
    "activity?",
)
with_explicit_consent = yes_no(
    "with_explicit_consent",
    "5(1)(ba)",
    "Does it do so only with that person's free, specific, informed, unambiguous and explicit consent to that very depiction?",
    within=depicts_intimacy,
)
intimacy_is_purpose = yes_no(
    "intimacy_is_purpose",
    "5(1a)(a)(i)",
    "Is making such intimate depictions what the system is intended for?",
    within=depicts_intimacy,
)
intimacy_is_foreseeable = yes_no(
    "intimacy_is_foreseeable",
    "5(1a)(a)(ii)",
    "Is it foreseeable that the system makes such intimate depictions, again and again and without significant technical changes?",
    within=depicts_intimacy,
)
intimacy_is_safeguarded = yes_no(
    "intimacy_is_safeguarded",
    "5(1a)(a)(ii)",
    "Does it have reasonable and adequate safeguards that reliably prevent intimate depictions, and correct misuse that is observed or "
    "reported?",
    "Safeguards against child sexual abuse material alone do not count here.",
    within=depicts_intimacy,
)
uses_it_for_intimacy = yes_no(
    "uses_it_for_intimacy", "5(1a)(b)", "Do you use it in order to make such intimate depictions?", within=is_deployer
)
adds_no_exposure = yes_no(
    "adds_no_exposure",
    "5(1b)",
    "Does it only alter material so that no more of the body shows and the sexual nature stays as it was?",
    within=depicts_intimacy,
)
depicts_child_abuse = yes_no(
    "depicts_child_abuse",
    "5(1)(bb)",
    "Can it generate or alter child sexual abuse material?",
    "As Directive 2011/93/EU defines it in Article 2, points (c) and (e).",
)
not_without_right = yes_no(
    "not_without_right",
    "5(1)(bb)",
    "Does a defence apply under national law because it is not done 'without right'?",
    within=depicts_child_abuse,
)
child_abuse_is_purpose = yes_no(
    "child_abuse_is_purpose",
    "5(1a)(a)(i)",
    "Is making child sexual abuse material what the system is intended for?",
    within=depicts_child_abuse,
)
child_abuse_is_foreseeable = yes_no(
    "child_abuse_is_foreseeable",
    "5(1a)(a)(ii)",
    "Is it foreseeable that the system makes child sexual abuse material, again and again and without significant technical changes?",
    within=depicts_child_abuse,
)
child_abuse_is_safeguarded = yes_no(
    "child_abuse_is_safeguarded",
    "5(1a)(a)(ii)",
    "Does it have reasonable and adequate safeguards that reliably prevent child sexual abuse material, and correct misuse that is "
    "observed or reported?",
    within=depicts_child_abuse,
)
uses_it_for_child_abuse = yes_no(
    "uses_it_for_child_abuse",
    "5(1a)(b)",
    "Do you use it in order to make child sexual abuse material?",
    within=is_deployer,
)

scores_socially = yes_no(
    "scores_socially",
    "5(1)(c)",
    "Does it evaluate or classify people over time by their social behaviour or by personal traits, known or predicted?",
)
treated_badly_elsewhere = yes_no(
    "treated_badly_elsewhere",
    "5(1)(c)(i)",
    "Does that lead to worse treatment in a context unrelated to the one the data come from?",
    within=scores_socially,
)
treated_disproportionately = yes_no(
    "treated_disproportionately",
    "5(1)(c)(ii)",
    "Does that lead to worse treatment that is unjustified or out of proportion to the behaviour?",
    within=scores_socially,
)

predicts_crime = yes_no(
    "predicts_crime", "5(1)(d)", "Does it assess or predict the risk that a natural person commits a crime?"
)
solely_by_profiling = yes_no(
    "solely_by_profiling",
    "5(1)(d)",
    "Does it do so solely from profiling or from personality traits and characteristics?",
    within=predicts_crime,
)
supports_assessment_of_facts = yes_no(
    "supports_assessment_of_facts",
    "5(1)(d)",
    "Does it only support people who assess somebody's part in a crime from objective, verifiable facts linked to it?",
    within=predicts_crime,
)

scrapes_faces = yes_no(
    "scrapes_faces",
    "5(1)(e)",
    "Does it make or grow a face-recognition database by untargeted scraping of the internet or of CCTV?",
)

infers_emotions = yes_no(
    "infers_emotions",
    "5(1)(f)",
    "Does it infer emotions of people at work or in an institution of education?",
    "Also of those who apply there. Pain and fatigue are no emotions, nor is it enough to see that somebody smiles.",
)
for_medical_or_safety = yes_no(
    "for_medical_or_safety",
    "5(1)(f)",
    "Is that for medical or safety reasons?",
    "Well-being, stress or motivation at work in general is no medical reason.",
    within=infers_emotions,
)

infers_protected_traits = yes_no(
    "infers_protected_traits",
    "5(1)(g)",
    "Does it sort individual people so as to infer race, political opinion, union membership, religion or belief, sex life or sexual "
    "orientation?",
    within=biometric_categorisation,
)
labels_lawful_datasets = yes_no(
    "labels_lawful_datasets",
    "5(1)(g)",
    "Does it do no more than label or filter lawfully acquired biometric datasets, or categorise biometric data in law enforcement?",
    within=biometric_categorisation,
)

in_real_time_in_public = yes_no(
    "in_real_time_in_public",
    "5(1)(h)",
    "Does it identify people in real time in publicly accessible spaces?",
    within=remote_identification,
)
strictly_necessary_search = yes_no(
    "strictly_necessary_search",
    "5(1)(h)(i)-(iii)",
    "Is each use strictly necessary for one of these three, and then only to confirm the identity of the person searched for: to find "
    "specific victims of abduction, trafficking or sexual exploitation, or missing persons; to prevent a specific, substantial and "
    "imminent threat to people's life or physical safety, or a genuine and present or foreseeable threat of a terrorist attack; to find "
    "somebody suspected of an offence of Annex II?",
    "The offence must be punishable in that Member State by a maximum of at least four years.",
    within=in_real_time_in_public,
)
authorised_under_national_law = yes_no(
    "authorised_under_national_law",
    "5(2) to (5)",
    "Does national law allow it, and is each use authorised by a court or an independent authority, after an impact assessment and "
    "registration?",
    "In urgent cases a use may begin before it is authorised; that is then asked for within 24 hours. The registration, too, may then "
    "follow without undue delay; the impact assessment may not.",
    within=in_real_time_in_public,
)


used_by_ireland_or_denmark = yes_no(
    "used_by_ireland_or_denmark",
    "5(1)(d), (g), (h); 26(10)",
    "Do you use it for authorities of Ireland or Denmark, in police or judicial cooperation in criminal matters by whose rules that State "
    "is not bound?",
    "Protocols 21 and 22 to the Treaties (recitals 40 and 41). In all other cases, answer no.",
    within=in_law_enforcement,
)
opted_out = rule(
    "5(1) Protocols 21 and 22",
    "Ireland and Denmark are not bound where they use it in such cooperation.",
    all_of(deployer, used_by_ireland_or_denmark),
    unless=an_operator_besides_deployer,
)


def _brings_it_about(point: str, purpose: Fact, foreseeable: Fact, safeguarded: Fact, use: Fact) -> Rule:
    """5(1a), asked of "that generation or manipulation", the one of each point: safeguards against one do not excuse the other."""
    return rule(
        f"5(1a) with 5(1){point}",
        "It may not be placed on the market or put into service; or, for who merely uses it, not be used so.",
        any_of(
            any_of(an_operator_besides_deployer, ~holds(is_deployer))
            & any_of(purpose, holds(foreseeable) & ~holds(safeguarded)),
            all_of(deployer, use),
        ),
    )


points = (
    rule(
        "5(1)(a)",
        "Manipulation that causes significant harm",
        all_of(manipulates, distorts_behaviour, causes_significant_harm),
    ),
    rule(
        "5(1)(b)",
        "Exploitation of vulnerabilities that causes significant harm",
        all_of(exploits_vulnerability, distorts_behaviour, causes_significant_harm),
    ),
    rule(
        "5(1)(ba)",
        "Intimate depictions without consent",
        all_of(
            depicts_intimacy,
            _brings_it_about(
                "(ba)", intimacy_is_purpose, intimacy_is_foreseeable, intimacy_is_safeguarded, uses_it_for_intimacy
            ),
        ),
        unless=any_of(with_explicit_consent, adds_no_exposure),
        new=True,
    ),
    rule(
        "5(1)(bb)",
        "Child sexual abuse material",
        all_of(
            depicts_child_abuse,
            _brings_it_about(
                "(bb)",
                child_abuse_is_purpose,
                child_abuse_is_foreseeable,
                child_abuse_is_safeguarded,
                uses_it_for_child_abuse,
            ),
        ),
        unless=not_without_right,
        new=True,
    ),
    rule(
        "5(1)(c)",
        "Social scoring",
        holds(scores_socially) & any_of(treated_badly_elsewhere, treated_disproportionately),
    ),
    rule(
        "5(1)(d)",
        "Prediction of crime from profiling alone",
        all_of(predicts_crime, solely_by_profiling),
        unless=any_of(supports_assessment_of_facts, opted_out),
    ),
    rule("5(1)(e)", "Face databases from untargeted scraping", scrapes_faces),
    rule(
        "5(1)(f)",
        "Inferring emotions at work or in education",
        holds(infers_emotions) & any_of(emotion_recognition, Reading("5(1)(f)", "any_inference")),
        unless=for_medical_or_safety,
    ),
    rule(
        "5(1)(g)",
        "Biometric categorisation by protected traits",
        infers_protected_traits,
        unless=any_of(labels_lawful_datasets, opted_out),
    ),
    rule(
        "5(1)(h)",
        "Real-time remote biometric identification in public for law enforcement",
        all_of(deployer, in_law_enforcement, in_real_time_in_public),
        unless=any_of(all_of(strictly_necessary_search, authorised_under_national_law), opted_out),
    ),
)
"""The ten points, in the order of the Article."""

prohibited = rule("5(1)", "The practice is prohibited.", any_of(*points))
