"""A question as people put it, in texts (a limit, when it happened, where, which settings of law), answered by `act.clocks`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aioffice.act.clocks import law
from aioffice.act.clocks.deadlines import deadline
from aioffice.act.clocks.results import Deadline, QuestionError
from aioffice.act.places import place
from aioffice.act.time_limits import TimeLimit, time_limit
from aioffice.kernel.clocks.calendars import calendar

EARLIEST, LATEST = 1990, 2100
"""Years in which an event may lie."""
MOST_ENDS = 100
"""The furthest end of a limit that repeats one may ask for."""
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `event` is a day or a moment, as ISO 8601 writes them; `k` counts the ends of a limit that repeats.

    A moment without an offset is read on the clock of the place: of an hour that the clock shows twice, the first is meant.
    """

    limit: str
    place: str
    event: str = ""
    k: str = ""
    law: Mapping[str, str] = field(default_factory=dict)


def answer(asked: Question) -> Deadline:
    """The deadline asked for.

    Raises UnknownCodeError (limit, place, setting of law), QuestionError (event, k), SettingError, CalendarNotPublishedError.
    """
    limit, where = time_limit(asked.limit), place(asked.place)
    zone = ZoneInfo(where.zone)
    return deadline(
        limit,
        calendar=calendar(where.code),
        zone=zone,
        event=event_of(asked.event, zone),
        law=law.read(asked.law),
        k=_k(asked.k),
    )


def usual_place(limit: TimeLimit) -> str:
    """Where the action has to be taken as far as the limit alone tells; empty where the case has to say which Member State.

    What depends on no event is answered with the clock of the institutions.
    """
    if limit.acts_at != "MS":
        return limit.acts_at
    return "" if limit.needs_event else "EU"


def event_of(written: str, zone: ZoneInfo) -> date | datetime | None:
    """The day or moment that a text writes; None for an empty one. Raises QuestionError."""
    text = written.strip()
    if not text:
        return None
    try:
        found = _read(text)
    except ValueError:
        raise QuestionError(
            "event",
            "event_unreadable",
            f"{written[:40]!r} is not a day or a moment: write 2027-03-05 or 2027-03-05T10:20.",
        ) from None
    if not EARLIEST <= found.year <= LATEST:
        raise QuestionError("event", "event_far_away", f"{written[:40]!r} lies outside {EARLIEST} to {LATEST}.")
    if not isinstance(found, datetime) or found.tzinfo is not None:
        return found
    there = found.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != found:
        raise QuestionError("event", "no_such_hour", f"The clocks in {zone.key} skipped {found:%Y-%m-%d %H:%M}.")
    return there


def _read(text: str) -> date | datetime:
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text) if len(text) == len("2027-03-05") else datetime.fromisoformat(text)


def _k(written: str) -> int | None:
    text = written.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST_ENDS):
        raise QuestionError("k", "k_unreadable", f"{written[:40]!r} is not a whole number from 1 to {MOST_ENDS}.")
    return int(text)
