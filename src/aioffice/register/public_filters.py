"""By what the public register can be narrowed, and on which day it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aioffice.kernel.days import office_day
from aioffice.register.models import EU, FilingStatus

FACETS = (
    "section",
    "area",
    "annex_iii_point",
    "member_state",
    "seat",
    "status",
    "filing_status",
    "provider",
    "language",
)
"""Names of the filters that are also counted, in the order they are shown."""

COLUMNS = {name: name for name in FACETS} | {"member_state": "member_states"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is narrowed to. Values of one filter are alternatives; different filters hold together.

    `collection` is always one: registrations under Article 49 (`eu`) and reference collections never mix. Without
    `filing_status` only current filings are found: what was withdrawn or entered in error shows when it is asked for.
    `area` is the code of an area of Annex III (`employment`), `annex_iii_point` a point as written (`4(a)`), `seat` and
    `member_state` two-letter codes, `status` the status of the system, `provider` a name as published.
    """

    collection: str = EU
    section: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    annex_iii_point: tuple[str, ...] = ()
    member_state: tuple[str, ...] = ()
    seat: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    filing_status: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    language: tuple[str, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """The chosen values of one filter of `FACETS`."""
        chosen: tuple[str, ...] = getattr(self, name)
        return chosen

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the filters in force, besides the collection."""
        return tuple(name for name in FACETS if self.values(name))


@dataclass(frozen=True, slots=True)
class Source:
    """The rows a search reads, as `sql` for a `from` clause, and the parameters it needs."""

    sql: str
    parameters: dict[str, Any]


_AS_OF = """(
  select v.number, v.collection, v.section, v.name, v.provider, v.seat, v.member_states, v.annex_iii_point, v.area, v.status,
         case when v.filing_status = 'superseded' then 'current'
              when v.filing_status = 'entered_in_error' and v.in_error_since > %(known)s::timestamptz then 'current'
              else v.filing_status end as filing_status,
         v.language, false as accuracy_questioned, v.valid_from, v.recorded_at,
         (select f.recorded_at from published.version f where f.number = v.number order by f.n limit 1) as first_recorded_at,
         v.n, v.body, v.tsv
    from (select number, max(n) as n from published.version
           where collection = %(collection)s and valid_from <= %(on)s::date and recorded_at <= %(known)s::timestamptz
           group by number) latest
    join published.version v using (number, n))"""


def source(filters: Filters, on: date | None, known: datetime | None) -> Source:
    """The entries as they stand, or with `on` or `known` the version each had on that day, as known at that moment.

    A version that a later one has superseded was the current one then; so was, as known before the declaration, an entry that was
    declared an error. Without `on`, a `known` alone means its day in Brussels.
    """
    if on is None and known is None:
        return Source("published.entry", {"collection": filters.collection})
    day = on if on is not None else office_day(known) if known is not None else date.max
    # PostgreSQL's own "for ever" cannot come as a Python value; the end of the calendar does as well.
    moment = known.isoformat() if known is not None else "infinity"
    return Source(_AS_OF, {"collection": filters.collection, "on": day, "known": moment})


def conditions(filters: Filters, *, leaving_out: str = "") -> tuple[list[str], dict[str, Any]]:
    """The filters as conditions on `e`, and their parameters; `leaving_out` passes over one, to count its alternatives."""
    found = ["e.collection = %(collection)s"]
    parameters: dict[str, Any] = {}
    for name in FACETS:
        values = filters.values(name)
        if name == leaving_out:
            continue
        if name == "filing_status" and not values:
            values = (FilingStatus.CURRENT.value,)
        if values:
            operator = "&& %({0})s::text[]" if name == "member_state" else "= any(%({0})s::text[])"
            found.append(f"e.{COLUMNS[name]} " + operator.format(name))
            parameters[name] = list(values)
    return found, parameters
