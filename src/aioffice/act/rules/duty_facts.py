"""What is asked for duties alone, beyond what classification asks."""

from __future__ import annotations

from aioffice.act.reasoning.facts import choice, yes_no
from aioffice.act.rules import annex_iii, article_02

class_of_body = choice(
    "class_of_body",
    "26(8); 27(1); 49(3)",
    "What kind of body uses the system?",
    {
        "public_authority": "A public authority, or an institution, body, office or agency of the Union",
        "acts_for_authority": "Somebody acting on behalf of one of these",
        "public_law": "Another body governed by public law",
        "public_services": "A private body that provides public services",
        "private": "Another private body",
    },
)
employer = yes_no("employer", "26(7)", "Do you use it at a workplace as the employer?", within=article_02.is_deployer)
controls_input = yes_no(
    "controls_input", "26(4)", "Do you control the data that go into it?", within=article_02.is_deployer
)
decides_on_people = yes_no(
    "decides_on_people",
    "26(11)",
    "Does it make, or help to make, decisions about natural persons?",
    within=article_02.is_deployer,
)
post_identification = yes_no(
    "post_identification",
    "26(10)",
    "Do you use it to identify people from recordings, not in real time?",
    within=annex_iii.remote_identification,
)
searches_for_suspect = yes_no(
    "searches_for_suspect",
    "26(10)",
    "Is that to search for somebody suspected or convicted of a crime, in an investigation?",
    within=post_identification,
)
only_first_identification = yes_no(
    "only_first_identification",
    "26(10)",
    "Is it only the first identification of a possible suspect, from objective and verifiable facts directly linked to the crime?",
    within=searches_for_suspect,
)
supplies_components = yes_no(
    "supplies_components",
    "25(4)",
    "Do others supply systems, models, tools or components that are built into your system?",
)
offers_it_openly = yes_no(
    "offers_it_openly",
    "25(4)",
    "Do you make what you supply accessible to the public under a free and open-source licence?",
    within=article_02.supplies_for_system,
)
supplies_gpai_model = yes_no(
    "supplies_gpai_model",
    "25(4)",
    "Is what you supply a general-purpose AI model?",
    within=article_02.supplies_for_system,
)
processes_special_data = yes_no(
    "processes_special_data", "4a", "Do you process special categories of personal data to find or correct bias?"
)
financial_institution = yes_no(
    "financial_institution",
    "17(4); 26(5)",
    "Are you a financial institution under the rules of Union law on financial services?",
)
