"""Since when duties bind: Sections 1 to 3 of Chapter III by route, what is built on them (OQ1, OQ2), and the transition of Article 111."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aioffice.act.reasoning.expressions import Expression, Reading, all_of, any_of, before, holds
from aioffice.act.reasoning.timetable import Since, Timetable, timetable
from aioffice.act.rules import article_06
from aioffice.act.rules import article_113 as dates

_BY_THE_LETTER = "113, by the letter"
_FROM_APPLICATION = Reading("OQ1", "from_application")
_EXEMPT_FROM_APPLICATION = Reading("OQ2", "from_application")


@dataclass(frozen=True, slots=True)
class _Route:
    """When Sections 1 to 3 of Chapter III apply to one route, and before which day a system counts as earlier."""

    applies: date
    cut_off: date
    basis: str


def _chapter_iii(annex_iii_route: _Route, annex_i_route: _Route, *, for_authorities: bool = True) -> Timetable:
    """By route, with the transition of Article 111. A system on both routes is bound from the earlier day. The second sentence of 111(2)
    (`for_authorities`) names providers and deployers alone."""
    by_iii = article_06.high_risk_annex_iii
    earlier = any_of(
        all_of(by_iii, dates.high_risk_before(annex_iii_route.cut_off)),
        all_of(~by_iii, dates.high_risk_before(annex_i_route.cut_off)),
    )
    return timetable(
        dates.in_annex_x,
        Since(annex_iii_route.applies, annex_iii_route.basis, dates.changed & by_iii),
        Since(annex_i_route.applies, annex_i_route.basis, dates.changed),
        *_spared(earlier, for_authorities=for_authorities),
        Since(annex_iii_route.applies, annex_iii_route.basis, by_iii),
        Since(annex_i_route.applies, annex_i_route.basis),
    )


def _spared(earlier: Expression, *, for_authorities: bool = True) -> tuple[Since, ...]:
    """What 111(2) says of systems that were there before and have not changed."""
    if not for_authorities:
        return (Since(None, "111(2)", earlier),)
    return (
        Since(dates.PUBLIC_AUTHORITIES, "111(2)", earlier & holds(dates.for_public_authorities)),
        Since(None, "111(2)", earlier & ~holds(dates.for_public_authorities)),
    )


_AMENDED = (_Route(dates.ANNEX_III, dates.ANNEX_III, "113(c)(i)"), _Route(dates.ANNEX_I, dates.ANNEX_I, "113(c)(ii)"))
_ENACTED = (_Route(dates.GENERAL, dates.GENERAL, "113"), _Route(dates.ANNEX_I_ENACTED, dates.GENERAL, "113(c)"))

CHAPTER_III = _chapter_iii(*_AMENDED)
CHAPTER_III_ENACTED = _chapter_iii(*_ENACTED)
OF_THE_CHAIN = _chapter_iii(*_AMENDED, for_authorities=False)
OF_THE_CHAIN_ENACTED = _chapter_iii(*_ENACTED, for_authorities=False)
"""Of importers, distributors and representatives."""

BUILT_ON_CHAPTER_III = timetable(
    dates.in_annex_x,
    Since(dates.GENERAL, _BY_THE_LETTER, _FROM_APPLICATION & dates.changed),
    *_spared(_FROM_APPLICATION & dates.high_risk_before(dates.GENERAL)),
    Since(dates.GENERAL, _BY_THE_LETTER, _FROM_APPLICATION),
    *CHAPTER_III.entries[1:],
)
"""Duties outside Sections 1 to 3 that presuppose a high-risk system (OQ1): a reading moves the day of application, Article 111 stays."""
EXEMPT_REGISTRATION = timetable(
    dates.in_annex_x,
    Since(None, "6(4)", _EXEMPT_FROM_APPLICATION & before(dates.first_placed_on, dates.GENERAL)),
    Since(dates.GENERAL, _BY_THE_LETTER, _EXEMPT_FROM_APPLICATION),
    *dates.exempt.entries[1:],
)
TESTING = timetable(
    Since(dates.GENERAL, _BY_THE_LETTER, _FROM_APPLICATION),
    Since(dates.ANNEX_III, "113(c)(i)", article_06.high_risk_annex_iii),
    Since(dates.ANNEX_I, "113(c)(ii)"),
)
TESTING_ENACTED = timetable(Since(dates.GENERAL, "113"))
SINCE_2025 = timetable(Since(dates.CHAPTERS_I_AND_II, "113(a)"))
BIAS = timetable(Since(dates.AMENDMENT, "2026/1744, Article 4"))
