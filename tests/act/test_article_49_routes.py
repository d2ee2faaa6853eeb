"""Where a system is registered: public section, secure section, or not in the EU database (Article 49(1) to (5))."""

from __future__ import annotations

from datetime import date

import pytest

from aioffice.act import annex_iii
from aioffice.act.annex_iii import AreaOfUse, RouteKind, registration_route
from aioffice.act.lookup import UnknownCodeError

TODAY = date(2026, 11, 23)
LAW, BORDER, OTHER = AreaOfUse.LAW_ENFORCEMENT, AreaOfUse.MIGRATION_ASYLUM_BORDER, AreaOfUse.OTHER

LABELS = {
    1: ["1(a)", "1(b)", "1(c)"],
    2: ["2"],
    3: ["3(a)", "3(b)", "3(c)", "3(d)"],
    4: ["4(a)", "4(b)"],
    5: ["5(a)", "5(b)", "5(c)", "5(d)"],
    6: ["6(a)", "6(b)", "6(c)", "6(d)", "6(e)"],
    7: ["7(a)", "7(b)", "7(c)", "7(d)"],
    8: ["8(a)", "8(b)"],
}
"""The use cases of Annex III."""


@pytest.mark.parametrize("label", LABELS[1])
def test_biometrics_are_secure_in_the_areas_of_49_4_and_public_elsewhere(label: str) -> None:
    assert registration_route(label, OTHER, TODAY).kind is RouteKind.PUBLIC
    for area in (LAW, BORDER):
        route = registration_route(label, area, TODAY)
        assert (route.kind, route.basis, route.problem) == (RouteKind.SECURE, "49(4)", "")


@pytest.mark.parametrize("area", AreaOfUse)
def test_critical_infrastructure_is_refused_and_sent_to_the_national_register(area: AreaOfUse) -> None:
    route = registration_route("2", area, TODAY)
    assert (route.kind, route.basis, route.secure) == (RouteKind.NATIONAL, "49(5)", False)
    assert route.fact_at_fault == "annex_iii_point"
    assert "registered at national level" in route.problem
    assert "49(5)" in route.reason


@pytest.mark.parametrize(
    ("labels", "own_area", "right"),
    [(LABELS[6], LAW, "choose law enforcement"), (LABELS[7], BORDER, "choose that area of use")],
)
def test_points_6_and_7_are_secure_and_an_area_that_contradicts_them_is_a_problem(
    labels: list[str], own_area: AreaOfUse, right: str
) -> None:
    for label in labels:
        assert registration_route(label, own_area, TODAY).problem == ""
        for area in set(AreaOfUse) - {own_area}:
            route = registration_route(label, area, TODAY)
            assert route.secure, "nothing may show while the facts contradict each other"
            assert route.fact_at_fault == "area_of_use"
            assert right in route.problem


@pytest.mark.parametrize("area", AreaOfUse)
@pytest.mark.parametrize("label", LABELS[3] + LABELS[4] + LABELS[5] + LABELS[8])
def test_all_other_points_are_public_in_whatever_area(label: str, area: AreaOfUse) -> None:
    route = registration_route(label, area, TODAY)
    assert (route.kind, route.secure, route.problem) == (RouteKind.PUBLIC, False, "")
    assert ("only points 1, 6 and 7" in route.reason) is (area is not OTHER)


def test_the_route_agrees_with_the_table_on_every_point() -> None:
    in_words = {
        RouteKind.PUBLIC: "public",
        RouteKind.SECURE: "secure non-public",
        RouteKind.NATIONAL: "national level only",
    }
    for point in annex_iii.points():
        own_area = {6: LAW, 7: BORDER}.get(point.point, OTHER)
        assert point.registration.startswith(in_words[registration_route(point, own_area, TODAY).kind]), point.label


def test_facts_may_come_as_codes() -> None:
    by_code = registration_route("1(a)", "law_enforcement", TODAY)
    assert by_code == registration_route(annex_iii.point("1(a)"), LAW, TODAY)


def test_before_the_act_there_is_no_route() -> None:
    with pytest.raises(annex_iii.NoRegistrationYetError, match="2024-08-01 or later"):
        registration_route("4(a)", OTHER, date(2024, 7, 31))
    assert registration_route("4(a)", OTHER, date(2024, 8, 1)).kind is RouteKind.PUBLIC


def test_the_use_cases_of_annex_iii() -> None:
    assert [point.label for point in annex_iii.points()] == [label for labels in LABELS.values() for label in labels]
    assert [area.number for area in annex_iii.areas()] == list(range(1, 9))
    assert len({area.code for area in annex_iii.areas()}) == 8
    for area in annex_iii.areas():
        assert annex_iii.area(area.code) is area
        assert [point.label for point in annex_iii.points() if point.area is area] == LABELS[area.number]


def test_every_use_case_says_how_it_is_assessed_and_who_watches_it() -> None:
    for point in annex_iii.points():
        assert point.own_words
        assert point.authority
        assert point.conformity_basis == ("43(1)" if point.point == 1 else "43(2)")
        assert ("internal control only" in point.conformity_route) is (point.point != 1)


@pytest.mark.parametrize(("written", "meant"), [("4a", "4(a)"), ("4 (a)", "4(a)"), ("6(f)", "6")])
def test_an_unknown_point_names_the_nearest(written: str, meant: str) -> None:
    with pytest.raises(UnknownCodeError) as refusal:
        annex_iii.point(written)
    assert refusal.value.nearest.startswith(meant)
    assert refusal.value.nearest in str(refusal.value)


def test_an_unknown_area_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean 'law_enforcement'"):
        registration_route("1(a)", "law-enforcement", TODAY)
    with pytest.raises(UnknownCodeError, match="'7' is not a known area of Annex III"):
        annex_iii.area("7")


@pytest.mark.parametrize("area", AreaOfUse)
def test_by_the_letter_of_49_2_exempt_systems_of_point_2_are_public(area: AreaOfUse) -> None:
    route = registration_route("2", area, TODAY, exempt_by_the_letter=True)
    assert (route.kind, route.problem_key) == (RouteKind.PUBLIC, "")
    assert registration_route("6(a)", LAW, TODAY, exempt_by_the_letter=True).secure
