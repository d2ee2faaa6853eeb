"""Searching the public register: words in any language, filters, order, pages to the very end."""

# ruff: noqa: S608 - what is put into the SQL are constants of this package; every value is a parameter
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aioffice.register.models import EU
from aioffice.register.public_cursor import BadCursor, Cursor, read
from aioffice.register.public_filters import Filters, Source, conditions, source
from aioffice.register.public_site import rows
from aioffice.register.public_snippets import Snippet, snippets
from aioffice.register.public_words import languages_of, suggestion
from aioffice.register.text import Mark, Query, marks, parse_query, to_exact_tsquery_text, to_tsquery_text

SORTS = ("relevance", "newest", "changed", "name")
MAX_LIMIT = 100
COUNTED = 10_000
"""Up to this many results are counted exactly; above it, a total is a lower bound."""
RANKED = 2_000
"""How many of the results, the newest, are put in order of relevance; the rest follows newest first."""

_NUMBER = re.compile(r"\s*(EU-[ABC]-\d{4}-\d{6,}|[A-Z]{2}-AR-[A-Za-z0-9-]+)\s*", re.IGNORECASE)

_COLUMNS = (
    "e.number, e.collection, e.section, e.name, e.provider, e.seat, e.member_states, e.annex_iii_point, e.area, e.status, "
    "e.filing_status, e.language, e.accuracy_questioned, e.valid_from, e.recorded_at, e.first_recorded_at, e.n, e.body"
)
_SCORE = "(1000000 * (ts_rank(e.tsv, %(query)s::tsquery) + ts_rank(e.tsv, %(exact)s::tsquery)))::bigint"
"""Words as they were typed count twice: once by themselves and once among their kin, so that they come before these."""

_ORDERS = {
    "newest": ("e.first_recorded_at", "timestamptz", "desc"),
    "rest": ("e.first_recorded_at", "timestamptz", "desc"),
    "changed": ("e.recorded_at", "timestamptz", "desc"),
    "name": ("lower(e.name)", "text", "asc"),
}
_FIRST_SEEN = "(select f.valid_from from published.version f where f.number = e.number order by f.n limit 1)"
_REFERENCE_ORDERS = {
    "newest": (_FIRST_SEEN, "date", "desc"),
    "rest": ("e.first_recorded_at", "timestamptz", "desc"),
    "changed": ("e.valid_from", "date", "desc"),
    "name": ("lower(e.name)", "text", "asc"),
}
"""A reference collection is recorded all at once: what is new or changed in it follows from when the source was seen so."""
_AS_TEXT = {
    "timestamptz": "to_char({} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    "date": "({})::text",
    "text": "({})::text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result: what a list shows of an entry or, in a search as of a day, of the version it had then.

    `status` is that of the system, `filing_status` that of the filing. `name_marks` and `snippets` show where the words were
    found. `accuracy_questioned` is known of the present alone.
    """

    number: str
    collection: str
    section: str
    name: str
    name_marks: tuple[Mark, ...]
    provider: str
    seat: str
    member_states: tuple[str, ...]
    annex_iii_point: str
    area: str
    status: str
    filing_status: str
    language: str
    accuracy_questioned: bool
    valid_from: date
    recorded_at: datetime
    first_recorded_at: datetime
    version: int
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of results.

    `total` is exact when `total_exact`; else there are more than that. `before` counts the results on earlier pages.
    `did_you_mean` is a likelier search text, `ignored` what of the text was not searched. `sort` is the order in force.
    """

    hits: tuple[Hit, ...]
    total: int
    total_exact: bool
    before: int
    next_cursor: str | None
    previous_cursor: str | None
    did_you_mean: str | None
    ignored: tuple[str, ...]
    sort: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as the database understands it: the rows it reads, its conditions and their parameters."""

    source: Source
    where: str
    parameters: dict[str, Any]
    query: Query
    by_number: bool


def search(
    *,
    text: str = "",
    filters: Filters | None = None,
    sort: str = "",
    cursor: str = "",
    limit: int = 20,
    on: date | None = None,
    known: datetime | None = None,
) -> Results:
    """Search one collection of the public register.

    `sort` is one of `SORTS`; without one, relevance for words and newest first without. Newest and last changed go by the moment of
    recording; in a reference collection, which is recorded all at once, by the day on which the source was first seen so.
    `on` asks what the register said of that day, `known` what it had recorded by that moment. A number of an entry finds that
    entry, whatever its filing status.
    Raises BadCursor for a cursor of another list, ValueError for a sort or limit out of range.
    """
    wanted = filters or Filters()
    if sort and sort not in SORTS:
        raise ValueError(f"sort must be one of {', '.join(SORTS)}")
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit must lie between 1 and {MAX_LIMIT}")
    asked = ask(text=text, filters=wanted, on=on, known=known)
    ranked = asked.query.wanted and not asked.by_number
    order = sort if sort and (sort != "relevance" or ranked) else "relevance" if ranked else "newest"
    place = read(cursor) if cursor else None
    if place is not None and place.order != order and (place.order, order) != ("rest", "relevance"):
        raise BadCursor(_("The cursor belongs to another order of this list. Begin again without it."))
    total = min(_count(asked), COUNTED + 1)
    found, following, previous = _page(asked, order, place, limit)
    return Results(
        hits=tuple(_hit(row, asked.query) for row in found),
        total=min(total, COUNTED),
        total_exact=total <= COUNTED,
        before=_before(place, len(found)),
        next_cursor=following,
        previous_cursor=previous,
        did_you_mean=None if cursor or asked.by_number else suggestion(asked.query, wanted.collection),
        ignored=asked.query.ignored,
        sort=order,
    )


def ask(*, text: str, filters: Filters, on: date | None, known: datetime | None, leaving_out: str = "") -> Asked:
    """Read a search into what the database is asked; `leaving_out` passes over one filter."""
    read_from = source(filters, on, known)
    found, parameters = conditions(filters, leaving_out=leaving_out)
    parameters |= read_from.parameters
    query = parse_query(text.replace("\0", " "), languages_of(filters.collection) if text.strip() else ())
    number = _NUMBER.fullmatch(text)
    if number and _exists(number[1].upper(), filters.collection):
        parameters = read_from.parameters | {"number": number[1].upper()}
        where = "e.collection = %(collection)s and e.number = %(number)s"
        return Asked(read_from, where, parameters, parse_query("", ()), by_number=True)
    if not query.empty:
        found.append("e.tsv @@ %(query)s::tsquery")
        parameters["query"] = to_tsquery_text(query)
    return Asked(read_from, " and ".join(found), parameters, query, by_number=False)


def _exists(number: str, collection: str) -> bool:
    sql = "select 1 from published.entry where number = %(number)s and collection = %(collection)s"
    return bool(rows(sql, {"number": number, "collection": collection}))


def _count(asked: Asked) -> int:
    sql = f"select count(*) from (select 1 from {asked.source.sql} e where {asked.where} limit {COUNTED + 1}) counted"
    return int(rows(sql, asked.parameters)[0][0])


def _before(place: Cursor | None, found: int) -> int:
    if place is None:
        return 0
    return max(0, place.before - found) if place.back else place.before


def _page(
    asked: Asked, order: str, place: Cursor | None, limit: int
) -> tuple[list[tuple[Any, ...]], str | None, str | None]:
    """The rows of a page, each with its two sorting values in front, and the cursors of its neighbours."""
    if order == "relevance" and (place is None or place.order == "relevance"):
        found = _ranked(asked, place, limit)
    else:
        found = _ordered(asked, place.order if place else order, place, limit)
        order = place.order if place else order
    back = place is not None and place.back
    more = len(found) > limit
    found = found[:limit]
    if back:
        found.reverse()
    before = _before(place, len(found))
    following = previous = None
    if found and (more or back):
        following = Cursor(order, found[-1][:2], before + len(found)).write()
    elif order == "relevance":
        following = _rest(asked, before + len(found))
    if found and order != "rest" and (place is not None and (more or not back)):
        previous = Cursor(order, found[0][:2], before, back=True).write()
    return [row[2:] for row in found], following, previous


def _ordered(asked: Asked, order: str, place: Cursor | None, limit: int) -> list[tuple[Any, ...]]:
    expression, kind, way = (_ORDERS if asked.parameters["collection"] == EU else _REFERENCE_ORDERS)[order]
    back = place is not None and place.back
    where, parameters = asked.where, dict(asked.parameters)
    if place is not None:
        sign = "<" if (way == "desc") is not back else ">"
        where += f" and ({expression}, e.number) {sign} (%(key)s::{kind}, %(key_number)s::text)"
        parameters |= {"key": place.key[0], "key_number": place.key[1]}
    turned = {"asc": "desc", "desc": "asc"}[way] if back else way
    key = _AS_TEXT[kind].format(expression)
    sql = (
        f"select {key}, e.number, {_COLUMNS} from {asked.source.sql} e where {where} "
        f"order by {expression} {turned}, e.number {turned} limit {limit + 1}"
    )
    return rows(sql, parameters)


def _newest(asked: Asked) -> str:
    """The results that are ranked. Their score is worked out above the limit, so that no other row is looked at for it."""
    return (
        f"select e.*, {_SCORE} as score from (select e.* from {asked.source.sql} e where {asked.where} "
        f"order by e.first_recorded_at desc, e.number desc limit {RANKED}) e"
    )


def _ranked(asked: Asked, place: Cursor | None, limit: int) -> list[tuple[Any, ...]]:
    parameters = asked.parameters | {"exact": to_exact_tsquery_text(asked.query)}
    back = place is not None and place.back
    where = "true"
    if place is not None:
        where = f"(e.score, e.number) {'>' if back else '<'} (%(score)s::bigint, %(key_number)s::text)"
        parameters |= {"score": place.key[0], "key_number": place.key[1]}
    way = "asc" if back else "desc"
    sql = (
        f"select e.score, e.number, {_COLUMNS} from ({_newest(asked)}) e where {where} "
        f"order by e.score {way}, e.number {way} limit {limit + 1}"
    )
    return rows(sql, parameters)


def _rest(asked: Asked, before: int) -> str | None:
    """Where what was found but not ranked begins; None when everything was ranked."""
    sql = (
        f"select {_AS_TEXT['timestamptz'].format('e.first_recorded_at')}, e.number "
        f"from {asked.source.sql} e where {asked.where} order by e.first_recorded_at desc, e.number desc "
        f"offset {RANKED - 1} limit 2"
    )
    found = rows(sql, asked.parameters)
    return Cursor("rest", found[0], before).write() if len(found) == 2 else None


def _hit(row: tuple[Any, ...], query: Query) -> Hit:
    *columns, body = row
    (number, collection, section, name, provider, seat, states, point, area, status, filing, language, questioned) = (
        columns[:13]
    )
    valid_from, recorded_at, first_recorded_at, n = columns[13:]
    return Hit(
        number=number,
        collection=collection,
        section=section,
        name=name,
        name_marks=marks(name, query, language),
        provider=provider,
        seat=seat,
        member_states=tuple(states),
        annex_iii_point=point,
        area=area,
        status=status,
        filing_status=filing,
        language=language,
        accuracy_questioned=questioned,
        valid_from=valid_from,
        recorded_at=recorded_at,
        first_recorded_at=first_recorded_at,
        version=n,
        snippets=snippets(bytes(body), query, language),
    )
