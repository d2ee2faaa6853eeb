"""Annex III: the high-risk use cases, and in which register a system under each of them is registered (Article 49)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from aioffice.act import ENTRY_INTO_FORCE
from aioffice.act.lookup import csv_rows, find
from aioffice.act.text import text

if TYPE_CHECKING:
    from datetime import date


class AreaOfUse(StrEnum):
    """Where a system is used, as far as Article 49(4) tells areas apart.

    Asked beside the fields of Annex VIII; not one of them.
    """

    LAW_ENFORCEMENT = "law_enforcement"
    MIGRATION_ASYLUM_BORDER = "migration_asylum_border"
    OTHER = "other"

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"area_of_use.{self.value}"


class RouteKind(StrEnum):
    """Where a registration goes."""

    PUBLIC = "public"
    """The public part of the EU database (71(4))."""
    SECURE = "secure"
    """The secure non-public section of the EU database (49(4))."""
    NATIONAL = "national"
    """Not the EU database at all: the Member State's own register (49(5))."""

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"route.kind.{self.value}"


class NoRegistrationYetError(LookupError):
    """The day asked about lies before the Act entered into force."""


@dataclass(frozen=True, slots=True)
class Area:
    """One of the eight areas of Annex III: its number and a stable code."""

    number: int
    code: str

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"annex_iii.area.{self.number}"

    @property
    def title(self) -> str:
        """Its English name."""
        return text(self.key, "en")


@dataclass(frozen=True, slots=True)
class Point:
    """A use case of Annex III.

    `label` is written `4(a)`, or `2` where the point has no letters. `registration`, `registration_basis`,
    `conformity_route`, `conformity_basis`, `impact_assessment` (Article 27), `authority` (Article 74), `ai_office`
    (Article 75(1)), `carve_out` and `notes` are words for people; programs decide by `registration_route`.
    """

    point: int
    sub_point: str
    area: Area
    own_words: str
    registration: str
    registration_basis: str
    conformity_route: str
    conformity_basis: str
    impact_assessment: str
    authority: str
    ai_office: str
    carve_out: str
    notes: str

    @property
    def label(self) -> str:
        """The point as people write it, for example `4(a)`."""
        return f"{self.point}({self.sub_point})" if self.sub_point else str(self.point)

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"annex_iii.point.{self.label}"

    @property
    def title(self) -> str:
        """Its short English title."""
        return text(self.key, "en")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a system is registered, by which provision, and why.

    `problem_key` is empty unless the registration cannot be made with these facts; then `fact_at_fault` names the one
    to mend (`annex_iii_point` or `area_of_use`) and `problem` says what would be right.
    """

    kind: RouteKind
    basis: str
    reason_key: str
    problem_key: str = ""
    fact_at_fault: str = ""

    @property
    def secure(self) -> bool:
        """Whether the registration belongs to the secure non-public section."""
        return self.kind is RouteKind.SECURE

    @property
    def reason(self) -> str:
        """Why, in plain English."""
        return text(self.reason_key, "en")

    @property
    def problem(self) -> str:
        """What is wrong with the facts and what would be right, in plain English; empty if nothing is."""
        return text(self.problem_key, "en") if self.problem_key else ""


_AREAS = {
    number: Area(number, code)
    for number, code in enumerate(
        (
            "biometrics",
            "critical_infrastructure",
            "education",
            "employment",
            "essential_services",
            "law_enforcement",
            "migration_asylum_border",
            "justice_democracy",
        ),
        start=1,
    )
}

_AREA_OF_POINT = {6: AreaOfUse.LAW_ENFORCEMENT, 7: AreaOfUse.MIGRATION_ASYLUM_BORDER}
"""Points whose own words already place them in an area of Article 49(4)."""


def areas() -> tuple[Area, ...]:
    """The eight areas, in the order of the Annex."""
    return tuple(_AREAS.values())


def area(code: str) -> Area:
    """The area with this code. Raises UnknownCodeError."""
    return find("area of Annex III", code, {known.code: known for known in areas()})


def points() -> tuple[Point, ...]:
    """All use cases, in the order of the Annex."""
    return tuple(_by_label().values())


def point(label: str) -> Point:
    """The use case with this label, for example `4(a)` or `2`. Raises UnknownCodeError with the nearest right label."""
    return find("point of Annex III", label, _by_label(), also={f"{p.point}{p.sub_point}": p.label for p in points()})


def registration_route(
    case: Point | str, area_of_use: AreaOfUse | str, on: date, *, exempt_by_the_letter: bool = False
) -> Route:
    """Where a system under this point is registered on that day (49(1) to (5)).

    Points 6 and 7 are secure by their own words, whatever area is given: an area that contradicts the point is a
    problem, and until it is mended nothing of the system may show. Point 2 is refused in all sections. For systems
    exempted by 6(3) that is a reading, not the letter: 49(2), unlike 49(1) and (3), does not except point 2, and 49(5)
    and recital 131 speak of high-risk systems; but so does 49(4), which takes in registrations under 49(2). With
    `exempt_by_the_letter` an exempt system is asked about, and 49(2) is read by its letter (reading `49(2)` of
    `act.classification`): then it is public.

    Raises UnknownCodeError for an unknown point or area, NoRegistrationYetError before the Act entered into force.
    """
    use = find("area of use", str(area_of_use), {known.value: known for known in AreaOfUse})
    case = case if isinstance(case, Point) else point(case)
    if on < ENTRY_INTO_FORCE:
        raise NoRegistrationYetError(f"On {on} the AI Act was not in force: ask about {ENTRY_INTO_FORCE} or later.")
    if case.point == 2 and not exempt_by_the_letter:
        reason = "route.reason.national"
        return Route(RouteKind.NATIONAL, "49(5)", reason, problem_key=reason, fact_at_fault="annex_iii_point")
    if own := _AREA_OF_POINT.get(case.point):
        contradicts = use is not own
        return Route(
            RouteKind.SECURE,
            "49(4)",
            f"route.reason.secure.{own.value}",
            problem_key=f"route.problem.{own.value}" if contradicts else "",
            fact_at_fault="area_of_use" if contradicts else "",
        )
    if case.point == 1:
        if use is AreaOfUse.OTHER:
            return Route(RouteKind.PUBLIC, "71(4)", "route.reason.public.biometrics")
        return Route(RouteKind.SECURE, "49(4)", "route.reason.secure.biometrics")
    reason = "route.reason.public" if use is AreaOfUse.OTHER else "route.reason.public.area"
    return Route(RouteKind.PUBLIC, "71(4)", reason)


@cache
def _by_label() -> dict[str, Point]:
    loaded = [
        Point(
            point=int(row["point"]),
            sub_point=row["sub_point"],
            area=_AREAS[int(row["point"])],
            own_words=row["title_own_words"],
            registration=row["registration_section"],
            registration_basis=row["registration_basis"],
            conformity_route=row["conformity_route"],
            conformity_basis=row["conformity_basis"],
            impact_assessment=row["fria_art27"],
            authority=row["market_surveillance_authority"],
            ai_office=row["ai_office_75_1_a"],
            carve_out=row["carve_out"],
            notes=row["notes"],
        )
        for row in csv_rows("annex_iii.csv")
    ]
    return {point.label: point for point in loaded}
