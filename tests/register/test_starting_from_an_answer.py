"""Which registration follows from an answer, and what of its form the facts settle: never more than they do."""

from __future__ import annotations

from typing import Any

import pytest

from aioffice.act.duties import vocabulary
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from aioffice.register.starting import Starts, starts

NO = {
    fact.name: False
    for fact in vocabulary()
    if fact.kind == "yes_no" and fact.within is None and not fact.name.startswith("class_")
}
PROVIDER: dict[str, Any] = NO | {
    "is_ai_system": True,
    "is_provider": True,
    "taken_over_by_another": False,
    "placed_on_union_market": True,
    "established_in_union": True,
    "product_law": "none",
    "first_placed_on": "2028-03-01",
}


def found(given: dict[str, Any]) -> Starts:
    return starts(PROVIDER | given)


def test_a_provider_of_a_use_of_annex_iii_registers_it_under_section_a() -> None:
    (one,) = found({"in_employment": True, "recruits": True, "profiles_people": True}).here
    assert (one.step, one.provision, one.certain) == (RegisterHighRisk.file, "49(1)", True)
    assert one.values == {"routing": {"annex_iii_point": "4(a)", "area_of_use": "other"}}


def test_a_system_that_is_exempt_is_registered_under_section_b_with_the_conditions_met() -> None:
    (one,) = found(
        {"in_employment": True, "recruits": True, "narrow_procedural_task": True, "preparatory_task": True}
    ).here
    assert (one.step, one.certain) == (RegisterExempt.file, True)
    assert one.values["conditions"] == ["a", "d"]
    assert one.values["routing"] == {"annex_iii_point": "4(a)", "area_of_use": "other"}


def test_a_public_deployer_registers_its_use_under_section_c() -> None:
    use = {"is_provider": False, "is_deployer": True, "in_employment": True, "recruits": True, "profiles_people": True}
    (one,) = found(use | {"class_of_body": "public_authority", "personal_use": False}).here
    assert (one.step, one.certain) == (RegisterUse.file, True)
    assert one.values == {"routing": {"area_of_use": "other"}}
    assert found(use | {"class_of_body": "private"}).here == ()


def test_critical_infrastructure_is_registered_with_the_member_state() -> None:
    answer = found(
        {
            "in_critical_infrastructure": True,
            "safety_of_infrastructure": True,
            "cybersecurity_only": False,
            "profiles_people": True,
        }
    )
    assert answer == Starts((), national=True)


def test_two_points_leave_the_choice_to_the_filer() -> None:
    (one,) = found({"in_employment": True, "recruits": True, "manages_workers": True, "profiles_people": True}).here
    assert one.points == ("4(a)", "4(b)")
    assert "annex_iii_point" not in one.values["routing"]


def test_the_area_of_use_is_filled_in_where_it_is_settled() -> None:
    police = {"in_law_enforcement": True, "assesses_offending_risk": True, "profiles_people": True}
    known = {name: value for name, value in police.items() if name in vocabulary()}
    areas = {
        one.values["routing"].get("area_of_use")
        for one in found(known | {"in_employment": True, "recruits": True}).here
    }
    assert areas == {"law_enforcement"}
    both = found(
        {
            "in_law_enforcement": True,
            "in_migration": True,
            "in_employment": True,
            "recruits": True,
            "profiles_people": True,
        }
    )
    assert all("area_of_use" not in one.values["routing"] for one in both.here)
    unknown = {name: value for name, value in PROVIDER.items() if name not in {"in_law_enforcement", "in_migration"}}
    open_ = starts(unknown | {"in_employment": True, "recruits": True, "profiles_people": True})
    assert all("area_of_use" not in one.values["routing"] for one in open_.here)


def test_what_is_not_settled_is_offered_only_where_the_use_is() -> None:
    assert starts({"is_ai_system": True}).here == ()
    little = starts({"is_ai_system": True, "is_provider": True, "recruits": True})
    assert {(one.provision, one.certain) for one in little.here} >= {("49(1)", False)}


@pytest.mark.parametrize("given", [{"solely_military": True}, {"is_ai_system": False}, {}])
def test_what_is_outside_or_in_no_list_is_not_registered(given: dict[str, Any]) -> None:
    assert found(given) == Starts((), national=False)
