"""After use case and area of use, a page asks what the law asks of that system, and says why (Article 49(4))."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from aioffice.act import annex_iii, annex_viii
from aioffice.act.annex_iii import AreaOfUse
from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.parsing import parse
from aioffice.register.forms import PLACES, HeldSectionC, SectionA, SectionB, SectionC
from tests.support.filings import section_a, section_b, section_c, secure_a

DAY = date(2026, 11, 23)


def routed(point: str, area: str) -> dict[str, Any]:
    """The first answers of a filing."""
    return {"routing": {"annex_iii_point": point, "area_of_use": area}}


@pytest.mark.parametrize("point", [point.label for point in annex_iii.points()])
@pytest.mark.parametrize("area", list(AreaOfUse))
@pytest.mark.parametrize(("form", "section"), [(SectionA, "A"), (SectionB, "B")])
def test_a_page_leaves_out_exactly_what_the_route_does_not_ask(
    form: type[SectionA | SectionB], section: str, point: str, area: AreaOfUse
) -> None:
    route = annex_iii.registration_route(point, area, DAY)
    asking = form.asking(routed(point, area), DAY)
    asked = {
        field.number
        for field in annex_viii.asked_fields(section, secure=route.secure and not route.problem_key, on=DAY)
    }
    assert asking.left_out == {name for name, number in PLACES[section].items() if number not in asked}
    assert not asking.left_out & asking.needed
    assert asking.title


FILE = "0193a000-0000-7000-8000-000000000011"
FILES = {"declaration_of_conformity": FILE, "instructions_for_use": FILE}


@pytest.mark.parametrize(
    ("form", "section", "filing"),
    [
        (SectionA, "A", section_a(**FILES)),
        (SectionA, "A", secure_a()),
        (SectionB, "B", section_b()),
        (SectionC, "C", section_c("EU-A-2026-000001")),
    ],
)
def test_what_a_page_marks_as_needed_is_what_filing_insists_on(
    form: type[Form], section: str, filing: dict[str, Any]
) -> None:
    needed = form.asking(filing, DAY).needed
    assert not list(parse(form, filing, on=DAY).faults(DAY)), "the filing is complete"
    for name in PLACES[section]:
        without = {key: value for key, value in filing.items() if key != name}
        assert refused_at(form, without) == ({f"/{name}"} if name in needed else set()), name


def refused_at(form: type[Form], data: dict[str, Any]) -> set[str]:
    """The fields at which a filing is refused."""
    try:
        parse(form, data, on=DAY)
    except Invalid as error:
        return {fault.pointer for fault in error.errors}
    return set()


@pytest.mark.parametrize(
    "answers", [{}, {"routing": None}, {"routing": {"annex_iii_point": "99"}}, routed("4(a)", "nonsense")]
)
def test_incomplete_or_wrong_answers_leave_nothing_out(answers: dict[str, Any]) -> None:
    for form in (SectionA, SectionB, SectionC, HeldSectionC):
        asking = form.asking(answers, DAY)
        assert asking.left_out == frozenset()
        assert "choose" in str(asking.title).lower()


def test_a_contradiction_is_said_at_once() -> None:
    asking = SectionA.asking(routed("6(e)", "other"), DAY)
    assert "Point 6 of Annex III is law enforcement" in str(asking.explanation)


def test_section_c_leaves_nothing_out_before_the_entry_is_known() -> None:
    for form in (SectionC, HeldSectionC):
        asking = form.asking({"routing": {"area_of_use": "law_enforcement"}}, DAY)
        assert asking.left_out == frozenset()
        assert "provider's entry" in str(asking.title)
        assert {"deployer", "submitter"} <= asking.needed
