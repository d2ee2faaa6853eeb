"""Live counts beside the filters of the public register, each as if its own filter were not set."""

# ruff: noqa: S608 - what is put into the SQL are constants of this package; every value is a parameter
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from aioffice.register.public_filters import COLUMNS, FACETS, Filters
from aioffice.register.public_search import ask
from aioffice.register.public_site import rows

COUNTED = 100_000
"""Up to this many entries are counted; facets over more say that they are not complete."""


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a filter, how many entries it would show, and whether it is chosen now."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one filter, the most frequent first; chosen ones are always among them.

    `values` counts how many different ones there are, `complete` tells whether every entry found was counted.
    """

    name: str
    options: tuple[Count, ...]
    values: int
    complete: bool


def facets(
    *,
    text: str = "",
    filters: Filters | None = None,
    names: tuple[str, ...] = FACETS,
    most: int = 30,
    on: date | None = None,
    known: datetime | None = None,
) -> tuple[Facet, ...]:
    """Count the values of the named filters under the same search; give up to `most` of each."""
    wanted = filters or Filters()
    counts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    complete: dict[str, bool] = {}
    for leaving_out, together in _groups(wanted, names).items():
        asked = ask(text=text, filters=wanted, on=on, known=known, leaving_out=leaving_out)
        parts = [
            "select '', '', count(*) from found",
            *(f"select '{name}', value, count(*) from {_values(name)} group by value" for name in together),
        ]
        columns = ", ".join(f"e.{COLUMNS[name]}" for name in together)
        sql = (
            f"with found as materialized (select {columns} from {asked.source.sql} e where {asked.where} limit {COUNTED + 1}) "
            + " union all ".join(parts)
        )
        for name, value, count in rows(sql, asked.parameters):
            if name:
                counts[name].append((value, count))
            else:
                complete |= dict.fromkeys(together, count <= COUNTED)
    return tuple(_facet(name, counts[name], wanted.values(name), complete[name], most) for name in names)


def _groups(filters: Filters, names: tuple[str, ...]) -> dict[str, list[str]]:
    """Filters that can be counted over the same entries: those not set together, each other by itself."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        # Filing status is always narrowed, to current filings where nothing is chosen.
        groups[name if filters.values(name) or name == "filing_status" else ""].append(name)
    return groups


def _values(name: str) -> str:
    if name == "member_state":
        return "(select unnest(member_states) as value from found) f"
    return f"(select {COLUMNS[name]} as value from found) f where value <> ''"


def _facet(name: str, counts: list[tuple[str, int]], chosen: tuple[str, ...], complete: bool, most: int) -> Facet:
    known = dict(counts) | {value: 0 for value in chosen if value not in dict(counts)}
    ordered = sorted(known.items(), key=lambda each: (-each[1], each[0]))
    shown = [*ordered[:most], *(each for each in ordered[most:] if each[0] in chosen)]
    options = tuple(Count(value, count, value in chosen) for value, count in shown)
    return Facet(name, options, len(ordered), complete)
