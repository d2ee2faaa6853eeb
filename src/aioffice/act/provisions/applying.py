"""Since when each provision applies, under either text (Article 113; for what was inserted in 2026, not before 27 July 2026).

Days by Article 113 alone: what Article 111 spares systems and models that were there before is said by the rules. Article 113 names no
annex; an annex is taken to apply with the provision that refers to it (docs/DIVERGENCES.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from aioffice.act.provisions.nodes import Change, Kind, above, children, node
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.rules import article_113 as dates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.act.provisions.nodes import Node


class Route(StrEnum):
    """For which high-risk systems a day counts, where not for all."""

    ALL = ""
    ANNEX_III = "annex_iii"
    ANNEX_I = "annex_i"


@dataclass(frozen=True, slots=True)
class Applies:
    """From `day` on, by `basis`, for the systems of `route`."""

    day: date
    basis: str
    route: Route = Route.ALL


_CHAPTER_III = (
    Applies(dates.ANNEX_III, "113(c)(i)", Route.ANNEX_III),
    Applies(dates.ANNEX_I, "113(c)(ii)", Route.ANNEX_I),
)
_CHAPTER_III_ENACTED = (
    Applies(dates.GENERAL, "113", Route.ANNEX_III),
    Applies(dates.ANNEX_I_ENACTED, "113(c)", Route.ANNEX_I),
)
_FIRST = (Applies(dates.CHAPTERS_I_AND_II, "113(a)"),)
_SECOND = (Applies(dates.GPAI, "113(b)"),)
_GENERAL = (Applies(dates.GENERAL, "113"),)
_BY_PRODUCT = ("article-6-1", "article-6-1a", "article-6-1b", "article-6-1c", "annex-i")
_BY_USE = ("article-6-2", "article-6-3", "article-6-4", "article-7", "annex-iii")

_BOTH: Mapping[str, tuple[Applies, ...]] = {
    "chapter-i": _FIRST,
    "chapter-ii": _FIRST,
    "chapter-iii-section-4": _SECOND,
    "chapter-v": _SECOND,
    "chapter-vii": _SECOND,
    "chapter-xii": _SECOND,
    "article-78": _SECOND,
    "article-101": _GENERAL,
}

_TABLES: Mapping[Regime, Mapping[str, tuple[Applies, ...]]] = MappingProxyType(
    {
        Regime.AMENDED: {
            **_BOTH,
            **{f"chapter-iii-section-{n}": _CHAPTER_III for n in (1, 2, 3)},
            **dict.fromkeys(_BY_PRODUCT, (_CHAPTER_III[1],)),
            **dict.fromkeys(_BY_USE, (_CHAPTER_III[0],)),
            **{
                f"article-5-{part}": (Applies(dates.NEW_PROHIBITIONS, "113(a)"),)
                for part in ("1-ba", "1-bb", "1a", "1b")
            },
            "article-6-5": _GENERAL,
            **{f"article-{n}": (Applies(dates.AMENDMENT, "113(d)"),) for n in range(102, 111)},
        },
        Regime.ENACTED: {
            **_BOTH,
            **{f"chapter-iii-section-{n}": _CHAPTER_III_ENACTED for n in (1, 2, 3)},
            **dict.fromkeys(_BY_PRODUCT, (_CHAPTER_III_ENACTED[1],)),
            **dict.fromkeys(_BY_USE, (_CHAPTER_III_ENACTED[0],)),
            "article-6-5": _GENERAL,
        },
    }
)
"""Days by the node for which they hold, and all in it unless something nearer says otherwise; everything else since 2 August 2026."""

ANNEXES: Mapping[str, str] = MappingProxyType(
    {
        "annex-ii": "article-5-1-h",
        "annex-iv": "article-11",
        "annex-v": "article-47",
        "annex-vi": "article-43",
        "annex-vii": "article-43",
        "annex-viii": "article-49",
        "annex-ix": "article-60-4-c",
        "annex-x": "article-111-1",
        "annex-xi": "article-53-1-a",
        "annex-xii": "article-53-1-b",
        "annex-xiii": "article-51",
        "annex-xiv": "article-30",
    }
)
"""The provision by which an annex is used; Annexes I and III stand in the tables themselves, each with its route."""


def applies(of: Node, regime: Regime = Regime.AMENDED) -> tuple[Applies, ...]:
    """Since when a provision applies under that text; nothing where that text does not have it.

    Two days where the two ways of being high-risk differ. Of a chapter whose parts differ, the days of the parts.
    """
    table = _TABLES[regime]
    if regime is Regime.AMENDED and of.change is Change.DELETED:
        return ()
    if regime is Regime.ENACTED and of.change is Change.INSERTED:
        return ()
    found = _nearest(of, table)
    if of.kind is Kind.CHAPTER and found is None and any(part.kind is Kind.CHAPTER for part in children(of)):
        parts = [one for part in children(of) for one in applies(part, regime)]
        return tuple(dict.fromkeys(parts))
    days = found or _GENERAL
    if of.change is Change.INSERTED:
        days = tuple(Applies(max(one.day, dates.AMENDMENT), one.basis, one.route) for one in days)
    return days


def _nearest(of: Node, table: Mapping[str, tuple[Applies, ...]]) -> tuple[Applies, ...] | None:
    for one in above(of):
        if one.id in table:
            return table[one.id]
        if one.id in ANNEXES:
            return _nearest(node(ANNEXES[one.id]), table)
    return None
