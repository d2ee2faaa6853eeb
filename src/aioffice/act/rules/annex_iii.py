"""Annex III: the use cases that make a system high-risk, and what each point leaves out."""

from __future__ import annotations

from aioffice.act.reasoning.expressions import Expression, Reading, Rule, all_of, any_of, holds, rule
from aioffice.act.reasoning.facts import Fact, yes_no
from aioffice.act.rules.safety_components import safety_component

in_biometrics = yes_no(
    "in_biometrics",
    "Annex III 1",
    "Does it work with biometric data of people?",
    "Faces, voices, gait, keystrokes, heart rate and other physical, physiological or behavioural signs.",
)
in_critical_infrastructure = yes_no(
    "in_critical_infrastructure",
    "Annex III 2",
    "Is it used in running critical digital infrastructure, road traffic, or the supply of water, gas, heating or electricity?",
)
in_education = yes_no(
    "in_education",
    "Annex III 3",
    "Is it used in schools, universities or other institutions of education or vocational training, or for them?",
)
in_employment = yes_no(
    "in_employment",
    "Annex III 4",
    "Is it used in recruiting, managing workers, or access to self-employment?",
)
in_essential_services = yes_no(
    "in_essential_services",
    "Annex III 5",
    "Is it used in access to essential services and benefits: public assistance, credit, life or health insurance, emergencies?",
    "Healthcare is a public service, too; emergencies are calls, the dispatch of first responders, and triage in emergency care.",
)
in_law_enforcement = yes_no(
    "in_law_enforcement",
    "Annex III 6",
    "Is it used by or for law-enforcement authorities, or by Union bodies in support of them?",
)
in_migration = yes_no(
    "in_migration",
    "Annex III 7",
    "Is it used by or for public authorities or Union bodies in migration, asylum or border control?",
)
in_justice_democracy = yes_no(
    "in_justice_democracy",
    "Annex III 8",
    "Is it used in the administration of justice, in out-of-court dispute resolution, or to influence elections, referendums or voting?",
)

remote_identification = yes_no(
    "remote_biometric_identification",
    "Annex III 1(a)",
    "Does it identify people at a distance, without their active part, by comparing their biometric data with a database?",
    within=in_biometrics,
)
biometrics_for_protection_only = yes_no(
    "biometrics_for_protection_only",
    "Annex III 1",
    "Is it used solely for measures of cybersecurity and of the protection of personal data?",
    "Recital 54 takes such biometric systems out.",
    within=in_biometrics,
)
solely_verification = yes_no(
    "solely_verification",
    "Annex III 1(a)",
    "Is its only purpose to confirm that a person is who they claim to be?",
    within=in_biometrics,
)
biometric_categorisation = yes_no(
    "biometric_categorisation",
    "3(40)",
    "Does it put people into categories by their biometric data?",
    "Not where that only accompanies another commercial service and is needed for it for technical reasons.",
    within=in_biometrics,
)
categorises_sensitive_attributes = yes_no(
    "categorises_sensitive_attributes",
    "Annex III 1(b)",
    "Are the categories sensitive or protected attributes that it infers?",
    within=biometric_categorisation,
)
emotion_recognition = yes_no(
    "emotion_recognition",
    "3(39)",
    "Does it identify or infer people's emotions or intentions from their biometric data?",
    "From face, voice, posture, keystrokes or pulse. Pain and fatigue are no emotions, nor is it enough to see that somebody smiles.",
    within=in_biometrics,
)

cybersecurity_only = yes_no(
    "cybersecurity_only",
    "Annex III 2",
    "Is it used solely for cybersecurity?",
    "Recital 55 takes such components out. Protecting personal data, or against fraud, is something else.",
    within=in_critical_infrastructure,
)
safety_of_infrastructure = yes_no(
    "safety_of_infrastructure",
    "Annex III 2",
    "Is it a safety component there: does it directly protect the infrastructure, people or property?",
    within=in_critical_infrastructure,
)

admits_students = yes_no(
    "admits_students",
    "Annex III 3(a)",
    "Does it determine access, admission or assignment of people to schools or training?",
    within=in_education,
)
evaluates_learning = yes_no(
    "evaluates_learning",
    "Annex III 3(b)",
    "Does it evaluate what people have learned, also in order to steer their learning?",
    within=in_education,
)
assesses_education_level = yes_no(
    "assesses_education_level",
    "Annex III 3(c)",
    "Does it assess which level of education somebody will get or be able to reach?",
    within=in_education,
)
proctors_tests = yes_no(
    "proctors_tests",
    "Annex III 3(d)",
    "Does it monitor or detect forbidden behaviour of students during tests?",
    within=in_education,
)

recruits = yes_no(
    "recruits",
    "Annex III 4(a)",
    "Does it recruit or select people: target job advertisements, analyse or filter applications, evaluate candidates?",
    within=in_employment,
)
manages_workers = yes_no(
    "manages_workers",
    "Annex III 4(b)",
    "Does it decide on terms, promotion or termination of work, allocate tasks by behaviour or personal traits, or monitor and evaluate "
    "workers' performance and behaviour?",
    within=in_employment,
)

decides_public_benefits = yes_no(
    "decides_public_benefits",
    "Annex III 5(a)",
    "Do public authorities, or somebody on their behalf, use it to evaluate who is eligible for essential benefits and "
    "services, healthcare included, or to grant, reduce, revoke or reclaim them?",
    within=in_essential_services,
)
scores_credit = yes_no(
    "scores_credit",
    "Annex III 5(b)",
    "Does it evaluate people's creditworthiness or establish their credit score?",
    within=in_essential_services,
)
detects_financial_fraud = yes_no(
    "detects_financial_fraud",
    "Annex III 5(b)",
    "Is it used to detect financial fraud?",
    "Answer yes only where that is what the evaluation of people is for.",
    within=in_essential_services,
)
prudential_only = yes_no(
    "prudential_only",
    "Annex III 5(b)",
    "Does Union law provide for it, and does it only serve prudential purposes: working out the capital that a bank or insurer must hold?",
    "Recital 58 takes that out where Union law provides for such systems, but not what also plays a part in decisions about the people "
    "concerned.",
    within=in_essential_services,
)
prices_insurance = yes_no(
    "prices_insurance",
    "Annex III 5(c)",
    "Does it assess the risk of people or set their price in life or health insurance?",
    within=in_essential_services,
)
handles_emergencies = yes_no(
    "handles_emergencies",
    "Annex III 5(d)",
    "Does it evaluate emergency calls, dispatch or rank first responders, or triage patients in emergency care?",
    within=in_essential_services,
)

assesses_victim_risk = yes_no(
    "assesses_victim_risk",
    "Annex III 6(a)",
    "Does it assess the risk that somebody becomes the victim of a crime?",
    within=in_law_enforcement,
)
polygraph_in_law_enforcement = yes_no(
    "polygraph_in_law_enforcement",
    "Annex III 6(b)",
    "Is it used there as a polygraph or a similar tool?",
    within=in_law_enforcement,
)
evaluates_evidence = yes_no(
    "evaluates_evidence",
    "Annex III 6(c)",
    "Does it evaluate the reliability of evidence in investigating or prosecuting crimes?",
    within=in_law_enforcement,
)
assesses_offending = yes_no(
    "assesses_offending",
    "Annex III 6(d)",
    "Does it assess the risk that somebody offends or re-offends, not solely by profiling, or people's personality or past criminal "
    "behaviour?",
    within=in_law_enforcement,
)
profiles_in_investigations = yes_no(
    "profiles_in_investigations",
    "Annex III 6(e)",
    "Does it profile people in detecting, investigating or prosecuting crimes?",
    within=in_law_enforcement,
)

polygraph_in_migration = yes_no(
    "polygraph_in_migration",
    "Annex III 7(a)",
    "Is it used there as a polygraph or a similar tool?",
    within=in_migration,
)
assesses_entry_risk = yes_no(
    "assesses_entry_risk",
    "Annex III 7(b)",
    "Does it assess a risk (security, irregular migration, health) posed by somebody who wants to enter, or has entered, a Member State?",
    within=in_migration,
)
examines_applications = yes_no(
    "examines_applications",
    "Annex III 7(c)",
    "Does it help to examine applications for asylum, visas or residence permits, or complaints about them?",
    within=in_migration,
)
identifies_at_border = yes_no(
    "identifies_at_border",
    "Annex III 7(d)",
    "Does it detect, recognise or identify people?",
    within=in_migration,
)
solely_travel_documents = yes_no(
    "solely_travel_documents",
    "Annex III 7(d)",
    "Does it do no more than verify travel documents?",
    within=in_migration,
)

assists_judges = yes_no(
    "assists_judges",
    "Annex III 8(a)",
    "Does it help a judicial authority to research and interpret facts and law or to apply the law, or the like in out-of-court "
    "dispute resolution?",
    within=in_justice_democracy,
)
influences_votes = yes_no(
    "influences_votes",
    "Annex III 8(b)",
    "Is it meant to influence the outcome of an election or referendum, or how people vote?",
    within=in_justice_democracy,
)
voters_not_exposed = yes_no(
    "voters_not_exposed",
    "Annex III 8(b)",
    "Do people never meet its output directly, as with tools that organise a campaign?",
    within=in_justice_democracy,
)


prudential = rule(
    "Annex III 5",
    "What serves prudential purposes alone, as Union law provides, is not meant (recital 58).",
    holds(prudential_only) & Reading("Annex III 5(b) and (c)", "prudential_use_is_out"),
)


_PROTECTION_IS_OUT = Reading("Annex III 1 and 2", "cybersecurity_is_out")
protection = rule(
    "Annex III 1",
    "Biometrics for cybersecurity and the protection of personal data alone are not meant (recital 54).",
    holds(biometrics_for_protection_only) & _PROTECTION_IS_OUT,
)
cybersecurity = rule(
    "Annex III 2 cybersecurity",
    "What serves cybersecurity alone is not meant (recital 55).",
    holds(cybersecurity_only) & _PROTECTION_IS_OUT,
)


def _point(label: str, summary: str, when: Fact | Expression, unless: Fact | Expression | None = None) -> Rule:
    return rule(f"Annex III {label}", summary, when, unless=unless)


points = (
    _point("1(a)", "Remote biometric identification", remote_identification, any_of(solely_verification, protection)),
    _point(
        "1(b)",
        "Biometric categorisation by sensitive or protected attributes",
        all_of(biometric_categorisation, categorises_sensitive_attributes),
        protection,
    ),
    _point("1(c)", "Emotion recognition", emotion_recognition, protection),
    _point(
        "2",
        "Safety component of critical infrastructure",
        all_of(in_critical_infrastructure, safety_component(safety_of_infrastructure)),
        cybersecurity,
    ),
    _point("3(a)", "Access and admission to education", admits_students),
    _point("3(b)", "Evaluation of learning outcomes", evaluates_learning),
    _point("3(c)", "Assessment of the level of education", assesses_education_level),
    _point("3(d)", "Monitoring of students during tests", proctors_tests),
    _point("4(a)", "Recruitment and selection", recruits),
    _point("4(b)", "Decisions on and monitoring of workers", manages_workers),
    _point("5(a)", "Eligibility for public assistance and services", decides_public_benefits),
    _point("5(b)", "Creditworthiness and credit scores", scores_credit, any_of(detects_financial_fraud, prudential)),
    _point("5(c)", "Risk and pricing in life and health insurance", prices_insurance, prudential),
    _point("5(d)", "Emergency calls, dispatch and triage", handles_emergencies),
    _point("6(a)", "Risk of becoming a victim of crime", assesses_victim_risk),
    _point("6(b)", "Polygraphs in law enforcement", polygraph_in_law_enforcement),
    _point("6(c)", "Reliability of evidence", evaluates_evidence),
    _point("6(d)", "Risk of offending or re-offending", assesses_offending),
    _point("6(e)", "Profiling in criminal investigations", profiles_in_investigations),
    _point("7(a)", "Polygraphs in migration, asylum and border control", polygraph_in_migration),
    _point("7(b)", "Risk of people entering a Member State", assesses_entry_risk),
    _point("7(c)", "Examination of asylum, visa and permit applications", examines_applications),
    _point("7(d)", "Identification of people in border control", identifies_at_border, solely_travel_documents),
    _point("8(a)", "Help for judicial authorities", assists_judges),
    _point("8(b)", "Influence on elections and voting", influences_votes, voters_not_exposed),
)
"""The 25 use cases, in the order of the Annex."""

listed = rule("Annex III", "The use is listed in Annex III.", any_of(*points))
