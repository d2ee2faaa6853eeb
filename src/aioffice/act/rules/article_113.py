"""Articles 111 and 113: since when each part applies, and what holds for systems and models that were there before."""

from __future__ import annotations

from datetime import date

from aioffice.act.reasoning.expressions import Expression, all_of, any_of, before, holds
from aioffice.act.reasoning.facts import day, yes_no
from aioffice.act.reasoning.timetable import Since, Timetable, timetable
from aioffice.act.rules.article_25 import changes_purpose, modifies_substantially

CHAPTERS_I_AND_II = date(2025, 2, 2)
GPAI = date(2025, 8, 2)
AMENDMENT = date(2026, 7, 27)
GENERAL = date(2026, 8, 2)
NEW_PROHIBITIONS = date(2026, 12, 2)
MARKING_OF_EARLIER_SYSTEMS = date(2026, 12, 2)
EARLIER_GPAI = date(2027, 8, 2)
ANNEX_III = date(2027, 12, 2)
ANNEX_I = date(2028, 8, 2)
ANNEX_I_ENACTED = date(2027, 8, 2)
PUBLIC_AUTHORITIES = date(2030, 8, 2)
ANNEX_X_CUT_OFF = date(2027, 8, 2)
ANNEX_X = date(2030, 12, 31)

first_placed_on = day(
    "first_placed_on",
    "111",
    "When was it first placed on the market or put into service?",
    "For a system: its type and model.",
)
significantly_changed = yes_no(
    "significantly_changed",
    "111(2)",
    "Has its design changed significantly since the rules for high-risk systems apply to it, or will it?",
)
for_public_authorities = yes_no("for_public_authorities", "111(2)", "Is it meant to be used by public authorities?")
annex_x_component = yes_no(
    "annex_x_component",
    "111(1)",
    "Is it a component of a large-scale IT system of the Union (Annex X), such as SIS, VIS, Eurodac or EES?",
)


changed = any_of(significantly_changed, modifies_substantially)
"""A substantial modification by whoever becomes the provider so is a significant change (recital 177)."""


def high_risk_before(cut_off: date) -> Expression:
    """Whether it was there, as a high-risk system, before that day: what became one by a new purpose (25(1)(c)) was not, whenever the
    old system was first placed."""
    return before(first_placed_on, cut_off) & ~holds(changes_purpose)


in_annex_x = Since(ANNEX_X, "111(1)", all_of(annex_x_component, before(first_placed_on, ANNEX_X_CUT_OFF)))
"""For whatever the Act asks of such a component, apart from Article 5."""


def _high_risk(applies: date, basis: str, *, cut_off: date) -> Timetable:
    earlier = high_risk_before(cut_off)
    return timetable(
        in_annex_x,
        Since(applies, basis, changed),
        Since(PUBLIC_AUTHORITIES, "111(2)", earlier & holds(for_public_authorities)),
        Since(None, "111(2)", earlier & ~holds(for_public_authorities)),
        Since(applies, basis),
    )


def _exempt(applies: date, basis: str) -> Timetable:
    """6(4) asks for an assessment before the system is placed on the market: of systems placed before it applies, nothing. 111(2) is
    about high-risk systems alone."""
    return timetable(in_annex_x, Since(None, "6(4)", before(first_placed_on, applies)), Since(applies, basis))


prohibitions = timetable(Since(CHAPTERS_I_AND_II, "113(a)"))
new_prohibitions = timetable(Since(NEW_PROHIBITIONS, "113(a)"))
high_risk_annex_iii = _high_risk(ANNEX_III, "113(c)(i)", cut_off=ANNEX_III)
high_risk_annex_i = _high_risk(ANNEX_I, "113(c)(ii)", cut_off=ANNEX_I)
high_risk_annex_iii_enacted = _high_risk(GENERAL, "113", cut_off=GENERAL)
high_risk_annex_i_enacted = _high_risk(ANNEX_I_ENACTED, "113(c)", cut_off=GENERAL)
exempt = _exempt(ANNEX_III, "113(c)(i)")
exempt_enacted = _exempt(GENERAL, "113")
transparency = timetable(in_annex_x, Since(GENERAL, "113"))
marking = timetable(
    in_annex_x,
    Since(MARKING_OF_EARLIER_SYSTEMS, "111(4)", before(first_placed_on, GENERAL)),
    Since(GENERAL, "113"),
)
models = timetable(Since(EARLIER_GPAI, "111(3)", before(first_placed_on, GPAI)), Since(GPAI, "113(b)"))
