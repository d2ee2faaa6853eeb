"""A search of the public register as its address says it, and the addresses of searches near it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from aioffice.doors.web import labels
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.register.public_queries import FACETS, SORTS, Filters

MOST_VALUES = 50
"""Values of one filter that an address may name; more are no search by people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks of the register. `on_text` is the day as it was typed, `on_error` what is wrong with it."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: str = ""
    cursor: str = ""
    on: date | None = None
    on_text: str = ""
    on_error: str = ""
    all_of: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """The search as name and value pairs, always in the same order; the place in the list is left out."""
        found = [("q", self.text), ("collection", "" if self.is_eu else self.filters.collection)]
        found += [(name, value) for name in FACETS for value in self.filters.values(name)]
        found += [("sort", self.sort), ("on", self.on.isoformat() if self.on else "")]
        return [(name, value) for name, value in found if value]

    @property
    def is_eu(self) -> bool:
        """Whether registrations under Article 49 are searched, not a reference collection."""
        return self.filters.collection == Filters().collection

    def address(self, *more: tuple[str, str]) -> str:
        """The address of this search."""
        query = urlencode([*self.pairs(), *more])
        return page_path("register/") + (f"?{query}" if query else "")

    def with_value(self, name: str, value: str) -> Asked:
        """This search with one more value of a filter."""
        return self._with(name, (*self.filters.values(name), value))

    def without_value(self, name: str, value: str) -> Asked:
        """This search with one value of a filter taken off."""
        return self._with(name, tuple(each for each in self.filters.values(name) if each != value))

    def _with(self, name: str, values: tuple[str, ...]) -> Asked:
        return replace(self, filters=replace(self.filters, **{name: values}), cursor="", all_of="")  # type: ignore[arg-type]

    def cleared(self) -> Asked:
        """The same words in the same collection, without any filter."""
        return replace(self, filters=Filters(collection=self.filters.collection), cursor="", on=None, all_of="")

    def in_collection(self, collection: str) -> Asked:
        """The same words in another collection: filters of one mean nothing in the other."""
        return Asked(text=self.text, filters=Filters(collection=collection), on=self.on)


def read(query: QueryDict, today: date) -> Asked:
    """Read a search from an address. What makes no sense is passed over, but for a day, whose fault is told."""
    on_text = query.get("on", "").strip()
    on, error = _day(on_text, today) if on_text else (None, "")
    sort = query.get("sort", "")
    collection = query.get("collection", "")
    chosen = {name: _values(query, name) for name in FACETS}
    known = {"collection": collection} if collection in labels.COLLECTIONS else {}
    return Asked(
        text=query.get("q", "").replace("\0", "").strip(),
        filters=Filters(**known, **chosen),  # type: ignore[arg-type]
        sort=sort if sort in SORTS else "",
        cursor=query.get("cursor", ""),
        on=on,
        on_text=on_text,
        on_error=error,
        all_of=query.get("all", ""),
    )


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in query.getlist(name) if value and "\0" not in value))[:MOST_VALUES]


def _day(text: str, today: date) -> tuple[date | None, str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, _("Write the day as year-month-day, for example %(example)s.") % {"example": today.isoformat()}
    if day > today:
        return None, _("This day has not come yet. Choose today or an earlier day.")
    return day, ""
