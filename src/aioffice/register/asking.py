"""Which fields of Annex VIII a page asks after the routing facts, and why (AI Act, Article 49(4))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aioffice.act import annex_iii, annex_viii
from aioffice.act.lookup import UnknownCodeError
from aioffice.kernel.procedures.ask import Asking
from aioffice.register.vocabulary import words

POINT, AREA = "routing.annex_iii_point", "routing.area_of_use"


def of_provider(section: str, places: Mapping[str, int], answers: Mapping[str, Any], on: date) -> Asking:
    """What Sections A and B ask: the route follows from use case and area of use."""
    route = _route(answers, on)
    if route is None:
        return Asking(
            needed=_needed(section, places, secure=False, on=on),
            depends_on=(POINT, AREA),
            title=_("First choose the use case and the area of use"),
            explanation=_("They decide which fields are asked. Systems in the secure section are asked fewer."),
        )
    if route.problem_key:
        return Asking(
            needed=_needed(section, places, secure=False, on=on),
            depends_on=(POINT, AREA),
            title=_("This does not fit yet"),
            explanation=words(route.problem_key),
        )
    if not route.secure:
        return Asking(
            needed=_needed(section, places, secure=False, on=on),
            depends_on=(POINT, AREA),
            title=_("Public section: all fields of Section %(section)s are asked") % {"section": section},
            explanation=words(route.reason_key),
        )
    asked = annex_viii.asked_fields(section, secure=True, on=on)
    points = ", ".join(str(field.number) for field in asked)
    return Asking(
        left_out=_left_out(section, places, on),
        needed=_needed(section, places, secure=True, on=on),
        depends_on=(POINT, AREA),
        title=_("Secure section: fewer fields are asked, and the public sees none of them"),
        explanation=_("%(reason)s Asked are points %(points)s of Section %(section)s alone.")
        % {"reason": words(route.reason_key), "points": points, "section": section},
    )


def of_deployer(places: Mapping[str, int], answers: Mapping[str, Any], on: date) -> Asking:
    """What Section C asks. In a restricted area the provider's entry decides too, so nothing is left out before it is known."""
    area = _routing(answers).get("area_of_use")
    if area == annex_iii.AreaOfUse.OTHER:
        return Asking(
            needed=_needed("C", places, secure=False, on=on),
            depends_on=(AREA,),
            title=_("Public section: all fields of Section C are asked"),
        )
    always = frozenset(places) & _needed("C", places, secure=True, on=on)
    if area in {known.value for known in annex_iii.AreaOfUse}:
        return Asking(
            needed=always,
            depends_on=(AREA,),
            title=_("Secure section, if the provider's entry stands there"),
            explanation=_("Then points 1, 2 and 3 alone are asked: leave points 4 and 5 empty (Article 49(4)(c))."),
        )
    return Asking(
        needed=always,
        depends_on=(AREA,),
        title=_("First choose the area of use"),
        explanation=_("It decides which fields are asked. Uses in the secure section are asked fewer."),
    )


def _routing(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    routing = answers.get("routing")
    return routing if isinstance(routing, Mapping) else {}


def _route(answers: Mapping[str, Any], on: date) -> annex_iii.Route | None:
    routing = _routing(answers)
    point, area = routing.get("annex_iii_point"), routing.get("area_of_use")
    if not isinstance(point, str) or not isinstance(area, str):
        return None
    try:
        return annex_iii.registration_route(point, area, on)
    except UnknownCodeError:
        return None


def _needed(section: str, places: Mapping[str, int], *, secure: bool, on: date) -> frozenset[str]:
    required = {field.number for field in annex_viii.required_fields(section, secure=secure, on=on)}
    return frozenset(name for name, number in places.items() if number in required)


def _left_out(section: str, places: Mapping[str, int], on: date) -> frozenset[str]:
    asked = {field.number for field in annex_viii.asked_fields(section, secure=True, on=on)}
    return frozenset(name for name, number in places.items() if number not in asked)
