"""Which duties follow, on whom and since when; the mistakes that other tools make on them are held here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aioffice.act.classification import Law
from aioffice.act.duties import duties, vocabulary
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.reasoning.facts import FactKind
from aioffice.act.rules.duties import DUTIES, Bearer
from aioffice.act.text import text

if TYPE_CHECKING:
    from aioffice.act.duties import DutyFound

NOTHING_ELSE = {fact.name: False for fact in vocabulary() if fact.kind is FactKind.YES_NO} | {
    "product_law": "none",
    "class_of_body": "private",
    "training_compute": 0,
    "first_placed_on": "2029-01-01",
}
PROVIDER = {"is_ai_system": True, "is_provider": True, "placed_on_union_market": True, "established_in_union": True}
DEPLOYER = {"is_ai_system": True, "is_deployer": True, "established_in_union": True}
RECRUITS = {"in_employment": True, "recruits": True}
SCORES_CREDIT = {"in_essential_services": True, "scores_credit": True}
INFRASTRUCTURE = {"in_critical_infrastructure": True, "safety_of_infrastructure": True}
LIFT = {"product_law": "A4", "is_safety_component": True, "third_party_assessment": True}
CAR = LIFT | {"product_law": "B18"}


def binding(*known: dict[str, object], law: Law | None = None) -> dict[str, DutyFound]:
    facts: dict[str, object] = {}
    for part in (NOTHING_ELSE, *known):
        facts |= part
    found = duties(facts, law)
    assert all(one.value is not None for one in found), "everything is known here"
    return {one.duty.provision: one for one in found if one.value}


def days(found: dict[str, DutyFound], *provisions: str) -> set[date | None]:
    assert all(found[one].application.settled for one in provisions)
    return {found[one].application.earliest for one in provisions}


def test_a_provider_of_a_recruiting_system() -> None:
    found = binding(PROVIDER, RECRUITS)
    expected = "4 9 10 11 12 13 14 15 16(b) 16(l) 17 18 19 20 21 43 47 48 49(1) 72 73"
    assert list(found) == expected.split()
    assert days(found, "9", "21", "49(1)", "73") == {date(2027, 12, 2)}
    assert days(found, "4") == {date(2025, 2, 2)}


def test_the_text_of_2024_bound_it_from_august_2026() -> None:
    found = binding(PROVIDER, RECRUITS, law=Law(Regime.ENACTED))
    assert days(found, "9", "49(1)", "73") == {date(2026, 8, 2)}


def test_by_the_letter_registration_and_reports_bind_before_the_requirements() -> None:
    found = binding(PROVIDER, RECRUITS, law=Law(readings=dict(Law().readings) | {"OQ1": "from_application"}))
    assert days(found, "43", "47", "48", "49(1)", "72", "73") == {date(2026, 8, 2)}
    assert days(found, "9", "17", "20") == {date(2027, 12, 2)}


LETTER = Law(readings={"OQ1": "from_application", "OQ2": "from_application"})


def test_by_the_letter_too_article_111_spares_what_was_there_before() -> None:
    before, after = {"first_placed_on": "2026-08-01"}, {"first_placed_on": "2026-08-02"}
    state, changed = {"for_public_authorities": True}, {"significantly_changed": True}
    annex_x = {"annex_x_component": True}
    for known, day in [
        ([before], None),
        ([after], date(2026, 8, 2)),
        ([before, state], date(2030, 8, 2)),
        ([before, changed], date(2026, 8, 2)),
        ([before, {"modifies_substantially": True}], date(2026, 8, 2)),
        ([after, annex_x], date(2030, 12, 31)),
    ]:
        assert days(binding(PROVIDER, RECRUITS, *known, law=LETTER), "49(1)", "73") == {day}, known
    exempt = RECRUITS | {"preparatory_task": True}
    for known, day in [([before], None), ([after], date(2026, 8, 2)), ([after, annex_x], date(2030, 12, 31))]:
        assert days(binding(PROVIDER, exempt, *known, law=LETTER), "6(4)", "49(2)") == {day}, known


@pytest.mark.parametrize(
    ("role", "duty"), [("is_importer", "23"), ("is_distributor", "24"), ("is_authorised_representative", "22(3)")]
)
def test_systems_for_authorities_bind_providers_and_deployers_by_2030_and_nobody_else(role: str, duty: str) -> None:
    earlier = {"first_placed_on": "2027-01-01", "for_public_authorities": True}
    chain = {"is_ai_system": True, role: True}
    assert days(binding(chain, RECRUITS, earlier), duty) == {None}
    assert days(binding(chain, RECRUITS, earlier, {"significantly_changed": True}), duty) == {date(2027, 12, 2)}
    assert days(binding(chain, RECRUITS), duty) == {date(2027, 12, 2)}
    assert days(binding(DEPLOYER, RECRUITS, earlier), "26(1)") == {date(2030, 8, 2)}


def test_a_product_of_section_a_is_bound_later_and_not_registered() -> None:
    found = binding(PROVIDER, LIFT)
    assert days(found, "9", "43", "72") == {date(2028, 8, 2)}
    assert not {"49(1)", "49(2)", "49(5)"} & set(found), "Article 49 registers systems of Annex III alone"


def test_a_product_of_section_b_has_none_of_chapter_iii() -> None:
    bias = {"processes_special_data": True, "talks_with_people": True}
    assert binding(PROVIDER, CAR, bias) == {}, "2(2) leaves 6(1), 60a and 102 to 112"
    assert binding(DEPLOYER, CAR, bias) == {}
    assert "5" in binding(PROVIDER, CAR, {"scrapes_faces": True})
    letter = Law(readings={"2(2)": "only_what_it_lists"})
    assert binding(PROVIDER, CAR, {"scrapes_faces": True}, law=letter) == {}


MODEL = {"is_gpai_model": True, "is_provider": True, "placed_on_union_market": True}


@pytest.mark.parametrize("outside", [{"solely_military": True}, CAR])
def test_a_model_brings_no_system_in_that_the_act_leaves_alone(outside: dict[str, object]) -> None:
    found = binding(MODEL, PROVIDER, outside, {"processes_special_data": True})
    assert set(found) == {"4a", "53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)", "53(3)"}
    assert "5" not in binding(MODEL, PROVIDER, {"solely_military": True, "scrapes_faces": True})


def test_literacy_is_asked_of_the_provider_of_a_system() -> None:
    assert "4" not in binding(MODEL, {"is_deployer": True})


def test_who_uses_its_own_system_privately_has_a_providers_duties_and_no_deployers() -> None:
    own = PROVIDER | {"is_deployer": True, "personal_use": True}
    use = {"generates_content": True, "deep_fake": True, "class_of_body": "public_law", "decides_on_people": True}
    found = binding(own, RECRUITS, use)
    assert {"4", "9", "50(2)"} <= set(found)
    assert not {one for one, duty in found.items() if duty.duty.bearer is Bearer.DEPLOYER}
    assert "5" not in binding(own, {"depicts_intimacy": True, "uses_it_for_intimacy": True})


def test_a_product_that_is_also_listed_is_bound_from_the_earlier_day() -> None:
    assert days(binding(PROVIDER, LIFT, RECRUITS), "9", "49(1)") == {date(2027, 12, 2)}


def test_critical_infrastructure_is_registered_nationally_and_without_impact_assessment() -> None:
    assert "49(5)" in binding(PROVIDER, INFRASTRUCTURE)
    assert "49(1)" not in binding(PROVIDER, INFRASTRUCTURE)
    of_the_state = binding(DEPLOYER, INFRASTRUCTURE, {"class_of_body": "public_authority", "decides_on_people": True})
    assert not {"26(8)", "27", "49(3)", "86"} & set(of_the_state)


@pytest.mark.parametrize(
    ("use", "body", "assessed"),
    [
        (RECRUITS, "private", False),
        (RECRUITS, "public_services", True),
        (RECRUITS, "public_law", True),
        (RECRUITS, "public_authority", True),
        (RECRUITS, "acts_for_authority", True),
        (SCORES_CREDIT, "private", True),
        ({"in_essential_services": True, "prices_insurance": True}, "private", True),
        (LIFT, "public_authority", False),
        ({}, "public_authority", False),
    ],
)
def test_who_assesses_the_impact_on_fundamental_rights(use: dict[str, object], body: str, assessed: bool) -> None:
    assert ("27" in binding(DEPLOYER, use, {"class_of_body": body})) is assessed


@pytest.mark.parametrize(
    ("body", "registers", "checks"),
    [
        ("public_authority", True, True),
        ("acts_for_authority", True, False),  # 49(3) names whoever acts on behalf of an authority, 26(8) does not
        ("public_law", False, False),
        ("private", False, False),
    ],
)
def test_which_deployers_register(body: str, registers: bool, checks: bool) -> None:
    found = binding(DEPLOYER, RECRUITS, {"class_of_body": body})
    assert ("49(3)" in found) is registers
    assert ("26(8)" in found) is checks


def test_exempt_systems_are_documented_and_registered_and_no_more() -> None:
    found = binding(PROVIDER, RECRUITS, {"preparatory_task": True})
    assert set(found) == {"4", "6(4)", "49(2)"}
    early = binding(
        PROVIDER,
        RECRUITS,
        {"preparatory_task": True},
        law=Law(readings=dict(Law().readings) | {"OQ2": "from_application"}),
    )
    assert days(early, "6(4)", "49(2)") == {date(2026, 8, 2)}


def test_exempt_systems_of_critical_infrastructure_are_registered_as_49_2_is_read() -> None:
    exempt = INFRASTRUCTURE | {"preparatory_task": True}
    assert set(binding(PROVIDER, exempt)) == {"4", "6(4)", "49(5) exempt"}
    assert set(binding(PROVIDER, exempt, law=Law(readings={"49(2)": "by_the_letter"}))) == {"4", "6(4)", "49(2)"}
    assert set(binding(PROVIDER, exempt, RECRUITS)) == {"4", "6(4)", "49(2)"}, "listed under another point too"


def test_profiling_bars_the_exemption() -> None:
    found = binding(PROVIDER, RECRUITS, {"preparatory_task": True, "profiles_people": True})
    assert "9" in found
    assert "49(2)" not in found


def test_duties_of_providers_are_not_booked_on_deployers() -> None:
    found = binding(DEPLOYER, {"talks_with_people": True, "generates_content": True})
    assert set(found) == {"4"}
    assert {"50(1)", "50(2)"} <= set(binding(PROVIDER, {"talks_with_people": True, "generates_content": True}))


def test_models_are_not_registered_in_the_database() -> None:
    model = MODEL
    found = binding(model, {"established_in_union": False})
    assert set(found) == {"53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)", "53(3)", "54"}
    assert set(binding(model, {"open_weights": True})) == {"53(1)(c)", "53(1)(d)", "53(3)"}
    systemic = binding(model, {"open_weights": True, "training_compute": 2 * 10**25, "established_in_union": True})
    assert {"52(1)", "53(1)(a)", "55(1)(a)", "55(1)(d)"} <= set(systemic)
    assert "54" not in systemic


@pytest.mark.parametrize("how", ["puts_own_name", "modifies_substantially", "changes_purpose"])
def test_who_takes_a_system_over_becomes_its_provider(how: str) -> None:
    found = binding(DEPLOYER, RECRUITS, {how: True})
    assert {"9", "17", "43", "49(1)"} <= set(found)
    assert "25(2)" not in found, "that binds the first provider alone"


def test_the_first_provider_then_cooperates_and_is_provider_no_longer() -> None:
    taken_over = {"taken_over_by_another": True}
    assert set(binding(PROVIDER, RECRUITS, taken_over)) == {"4", "25(2)"}
    excluded = binding(PROVIDER, RECRUITS, taken_over, {"initial_provider_excluded_high_risk": True})
    assert set(excluded) == {"4"}, "a new purpose that it excluded is not its own, and 25(2) does not apply"
    again = binding(PROVIDER, RECRUITS, {"modifies_substantially": True})
    assert "9" in again, "who changes a system of somebody else is its provider"
    assert "25(2)" not in again


@pytest.mark.parametrize(
    ("part", "provides"),
    [
        ({"is_safety_component": True}, True),
        ({"failure_endangers": True}, True),  # 3(14), second alternative; 6(1b)
        ({"failure_endangers": True, "only_comfort_functions": True}, True),
        ({"is_the_product": True}, False),  # 25(3) is about components
    ],
)
def test_the_maker_of_a_product_is_provider_of_its_safety_component(part: dict[str, object], provides: bool) -> None:
    maker = {"is_ai_system": True, "is_product_manufacturer": True, "established_in_union": True}
    product = {"product_law": "A4", "third_party_assessment": True}
    assert ("17" in binding(maker, product, part)) is provides


@pytest.mark.parametrize(
    ("known", "notified"),
    [
        ({"training_compute": 10**25 + 1}, True),
        ({"high_impact_capabilities": True}, True),  # 51(1)(a) by other means than the presumption
        ({"training_compute": 10**25 + 1, "presumption_rebutted": True}, True),  # 52(2): argued with the notification
        ({"training_compute": 10**25}, False),
        ({"designated": True}, False),  # 51(1)(b): the Commission's own decision
    ],
)
def test_the_commission_is_notified_of_high_impact_capabilities(known: dict[str, object], notified: bool) -> None:
    assert ("52(1)" in binding(MODEL, known)) is notified


@pytest.mark.parametrize("role", ["is_affected_person", "is_authorised_representative"])
def test_duties_of_a_models_provider_bind_nobody_else(role: str) -> None:
    model = {"is_gpai_model": True, "placed_on_union_market": True, "training_compute": 2 * 10**25, role: True}
    assert not {one for one in binding(model) if one.startswith(("52(1)", "53(1)", "55"))}


POLICE = DEPLOYER | {"in_law_enforcement": True, "class_of_body": "public_authority"}
IDENTIFIES = {"in_biometrics": True, "remote_biometric_identification": True}


@pytest.mark.parametrize(
    ("use", "authorised"),
    [
        ({"searches_for_suspect": True}, True),
        ({"searches_for_suspect": True, "only_first_identification": True}, False),  # 26(10), first subparagraph
        ({}, False),
    ],
)
def test_identification_from_recordings_is_documented_always_and_authorised_in_a_search(
    use: dict[str, object], authorised: bool
) -> None:
    found = binding(POLICE, IDENTIFIES, {"post_identification": True}, use)
    assert "26(10) use" in found, "documentation, reports and no untargeted use bind whatever the purpose"
    assert ("26(10) authorisation" in found) is authorised
    assert not [one for one in binding(POLICE, IDENTIFIES) if one.startswith("26(10)")]


@pytest.mark.parametrize("lawful", [True, False])
def test_each_use_in_real_time_is_assessed_registered_authorised_and_notified(lawful: bool) -> None:
    in_real_time = {"in_real_time_in_public": True}
    kept = {"strictly_necessary_search": lawful, "authorised_under_national_law": lawful}
    found = binding(POLICE, IDENTIFIES, in_real_time, kept)
    assert days(found, "5(2) to (4)") == {date(2025, 2, 2)}
    assert ("5" in found) is not lawful
    assert "5(2) to (4)" not in binding(DEPLOYER, IDENTIFIES, in_real_time), "a shop is no law enforcement"
    assert "5(2) to (4)" not in binding(PROVIDER, IDENTIFIES, in_real_time, {"in_law_enforcement": True})


def test_the_representative_of_a_models_provider_has_duties_unless_the_licence_spares_them() -> None:
    represents = MODEL | {"is_provider": False, "is_authorised_representative": True}
    assert set(binding(represents)) == {"54(3) to (5)"}
    assert binding(represents, {"open_weights": True}) == {}, "54(6)"
    assert "54(3) to (5)" in binding(represents, {"open_weights": True, "designated": True})


@pytest.mark.parametrize(
    ("supplies", "agrees"),
    [
        ({}, True),
        ({"offers_it_openly": True}, False),  # 25(4): tools under a free and open-source licence
        ({"offers_it_openly": True, "supplies_gpai_model": True}, True),  # other than general-purpose models
        ({"supplies_gpai_model": True}, True),
    ],
)
def test_suppliers_of_a_high_risk_system_agree_in_writing(supplies: dict[str, object], agrees: bool) -> None:
    supplier = {"is_ai_system": True, "supplies_for_system": True, "established_in_union": True}
    assert set(binding(supplier, RECRUITS, supplies)) == ({"25(4) suppliers"} if agrees else set())
    assert binding(supplier, {"talks_with_people": True}) == {}, "25(4) is about high-risk systems"


TESTING = {"only_before_market": True, "tested_in_real_world": True}
OF_TESTS = {"60(4)", "60(5)", "60(7)", "60(8)", "61"}


def test_a_test_in_real_world_conditions_has_its_own_duties_and_is_no_placing_on_the_market() -> None:
    found = binding(PROVIDER, RECRUITS, TESTING)
    assert set(found) >= OF_TESTS
    assert days(found, *OF_TESTS) == {date(2027, 12, 2)}
    assert not {"43", "47", "48", "49(1)", "72"} & set(found), "3(57)"
    assert not {"49(5)"} & set(binding(PROVIDER, INFRASTRUCTURE, TESTING))
    assert not {"6(4)", "49(2)"} & set(binding(PROVIDER, RECRUITS, TESTING, {"preparatory_task": True}))
    assert not OF_TESTS & set(binding(PROVIDER, RECRUITS))
    assert days(binding(PROVIDER, RECRUITS, TESTING, law=LETTER), *OF_TESTS) == {date(2026, 8, 2)}


def test_products_of_section_a_are_tested_since_the_amendment_those_of_section_b_not_by_article_60() -> None:
    assert days(binding(PROVIDER, LIFT, TESTING), *OF_TESTS) == {date(2028, 8, 2)}
    assert not OF_TESTS & set(binding(PROVIDER, LIFT, TESTING, law=Law(Regime.ENACTED)))
    assert days(binding(PROVIDER, RECRUITS, TESTING, law=Law(Regime.ENACTED)), *OF_TESTS) == {date(2026, 8, 2)}
    assert not OF_TESTS & set(binding(PROVIDER, CAR, TESTING))


def test_the_police_inform_people_by_their_own_directive() -> None:
    decides = {"decides_on_people": True}
    assert "26(11)" in binding(DEPLOYER, RECRUITS, decides)
    police = binding(POLICE, {"evaluates_evidence": True}, decides)
    assert "26(11) police" in police
    assert "26(11)" not in police


def test_ireland_and_denmark_are_not_bound_by_what_the_protocols_leave_out() -> None:
    use = {"in_real_time_in_public": True, "post_identification": True, "searches_for_suspect": True}
    found = binding(POLICE, IDENTIFIES, use, {"used_by_ireland_or_denmark": True})
    assert not {one for one in found if one.startswith(("5", "26(10)"))}
    assert {"26(1)", "27", "49(3)"} <= set(found)


def test_systems_that_were_there_before_are_bound_when_they_change_or_serve_the_state() -> None:
    before = {"first_placed_on": "2027-01-01"}
    assert days(binding(PROVIDER, RECRUITS, before), "9") == {None}
    assert days(binding(PROVIDER, RECRUITS, before, {"significantly_changed": True}), "9") == {date(2027, 12, 2)}
    assert days(binding(PROVIDER, RECRUITS, before, {"for_public_authorities": True}), "9") == {date(2030, 8, 2)}
    assert days(binding(PROVIDER, RECRUITS, before, {"annex_x_component": True}), "9") == {date(2030, 12, 31)}
    # What a new purpose made high-risk was no high-risk system before (25(1)(c), 111(2)); what was modified has changed (recital 177).
    assert days(binding(DEPLOYER, RECRUITS, before, {"changes_purpose": True}), "9") == {date(2027, 12, 2)}
    assert days(binding(DEPLOYER, RECRUITS, before, {"modifies_substantially": True}), "9") == {date(2027, 12, 2)}


def test_marking_of_what_was_there_before_august_2026_has_until_december() -> None:
    makes = {"generates_content": True}
    assert days(binding(PROVIDER, makes, {"first_placed_on": "2026-08-01"}), "50(2)") == {date(2026, 12, 2)}
    assert days(binding(PROVIDER, makes, {"first_placed_on": "2026-08-02"}), "50(2)") == {date(2026, 8, 2)}


def test_nobody_outside_the_act_has_a_duty() -> None:
    assert binding(PROVIDER, RECRUITS, {"solely_military": True}) == {}
    assert binding(DEPLOYER, RECRUITS, {"personal_use": True}) == {}


def test_what_is_not_known_is_never_no_duty() -> None:
    found = duties({"is_ai_system": True})
    assert {one.value for one in found if one.duty.bearer is not Bearer.MODEL_PROVIDER} == {None}


def test_every_duty_has_its_words_and_no_two_are_the_same() -> None:
    assert len({duty.provision for duty in DUTIES}) == len(DUTIES)
    for duty in DUTIES:
        assert text(duty.key, "en").endswith(".")
        assert text(duty.shown_by_key, "en")
        assert text(f"role.{duty.bearer}", "en")
