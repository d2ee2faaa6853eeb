"""The settings of law: what national law, an open question, an authority or the case decides where the Act alone does not.

The defaults are cautious: they show the earlier day, or none, and never take silence for a yes. `docs/DIVERGENCES.md` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from aioffice.act.lookup import find
from aioffice.act.member_states import member_state
from aioffice.act.periods import Period, Unit, period
from aioffice.act.registration import OQ2

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


SIX_MONTHS = Period(6, Unit.MONTH)


class PostRemoteStart(StrEnum):
    """From when the 48 hours of Article 26(10) run, which it does not say."""

    START_OF_USE = "start_of_use"
    END_OF_USE = "end_of_use"


class CertificateCap(StrEnum):
    """What the twelve months of Article 36(9) cap."""

    WHOLE = "whole"
    """The whole validity since the withdrawal."""
    ADDED = "added"
    """The added periods alone."""


class ForumExtension(StrEnum):
    """How long a member of the advisory forum may stay (Article 67(4))."""

    FOUR_IN_ALL = "four_in_all"
    FOUR_MORE = "four_more"


class SettingError(ValueError):
    """A value that a setting of law cannot have. `name` says which setting; the message says what would be right."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


@dataclass(frozen=True, slots=True)
class LawSettings:
    """Every setting of law, each with the value it has until somebody decides.

    `tacit_approval_by_state` says by Member State whether its law knows tacit approval; `period_set_by_authority` is the length or the
    day that an authority has set; `limitation_rules` are the days on which a limitation period began anew; `review_cycle_112` is in
    years, None for an evaluation that takes place once.
    """

    article_58_act_applies: bool = False
    tacit_approval_by_state: Mapping[str, bool] = field(default_factory=dict, hash=False)
    conservative_incident_dates: bool = True
    article_73_case: str = ""
    period_set_by_authority: Period | date | None = None
    sectoral_corrective_period: Period | date | None = None
    log_retention: Period = SIX_MONTHS
    prbi_clock_start: PostRemoteStart = PostRemoteStart.START_OF_USE
    certificate_extension_cap: CertificateCap = CertificateCap.WHOLE
    forum_term_extension: ForumExtension = ForumExtension.FOUR_IN_ALL
    forum_meetings_per_year: int = 2
    reporting_cycle_start: date | None = None
    penalty_rules_date: date = date(2025, 8, 2)
    delegation_start: date | None = None
    limitation_rules: tuple[date, ...] = ()
    review_cycle_112: int | None = 4


ELSEWHERE = frozenset({OQ2})
"""Settings that rows name and that are open questions of `registration`: they decide whether a duty is due, not how it is counted."""
INCIDENT_LIMITS = ("INC-2", "INC-10", "INC-15")
"""The limits of Article 73 that an incident in a test may fall under, the shortest first."""


def names() -> tuple[str, ...]:
    """The names of all settings."""
    return tuple(one.name for one in fields(LawSettings))


def read(written: Mapping[str, str], law: LawSettings | None = None) -> LawSettings:
    """The settings with these values, written as people write them: `yes`, `2027-03-05`, `12 months`, `DE:yes,FR:no`.

    Raises UnknownCodeError for a name that is none, SettingError for a value.
    """
    found: dict[str, Any] = {}
    for name, value in written.items():
        reader = find("setting of law", name, _READERS)
        try:
            found[name] = reader(value.strip())
        except (ValueError, LookupError) as error:
            raise SettingError(name, str(error)) from None
    return replace(law or LawSettings(), **found)


def _yes(text: str) -> bool:
    if text.casefold() not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither `yes` nor `no`.")
    return text.casefold() == "yes"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day: write it as 2027-03-05.") from None


def _states(text: str) -> dict[str, bool]:
    pairs = [part.partition(":") for part in text.split(",") if part.strip()]
    return {member_state(code.strip()).code: _yes(answer.strip()) for code, _colon, answer in pairs}


def _period_or_day(text: str) -> Period | date:
    return _day(text) if text[:4].isdigit() and "-" in text else period(text)


def _one_of(codes: tuple[str, ...]) -> Callable[[str], str]:
    return lambda text: find("value", text, {code: code for code in codes})


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= 1000):
        raise ValueError(f"{text!r} is not a whole number from 1 to 1000.")
    return int(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "article_58_act_applies": _yes,
    "tacit_approval_by_state": _states,
    "conservative_incident_dates": _yes,
    "article_73_case": _one_of(INCIDENT_LIMITS),
    "period_set_by_authority": _period_or_day,
    "sectoral_corrective_period": _period_or_day,
    "log_retention": period,
    "prbi_clock_start": lambda text: PostRemoteStart(_one_of(tuple(PostRemoteStart))(text)),
    "certificate_extension_cap": lambda text: CertificateCap(_one_of(tuple(CertificateCap))(text)),
    "forum_term_extension": lambda text: ForumExtension(_one_of(tuple(ForumExtension))(text)),
    "forum_meetings_per_year": _whole,
    "reporting_cycle_start": _day,
    "penalty_rules_date": _day,
    "delegation_start": _day,
    "limitation_rules": lambda text: tuple(_day(part.strip()) for part in text.split(",") if part.strip()),
    "review_cycle_112": lambda text: None if text == "once" else _whole(text),
}
