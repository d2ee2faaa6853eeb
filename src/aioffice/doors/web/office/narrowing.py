"""Narrowing the list of cases: what the address asks for, the filters with their counts, and those in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aioffice.doors.web.office.frame import Visit
from aioffice.kernel.procedures.declaration import procedure, procedures
from aioffice.kernel.procedures.queries import CaseFilter, Standing, Whose, is_open, worked_by_people

type Key = tuple[str, str, bool]
"""Procedure, state, and whether the reader's organisation filed it."""


def wanted_of(visit: Visit) -> CaseFilter:
    """What the address asks for; a value that is none counts as not said."""
    given = visit.request.GET
    known = {kind.slug for kind in procedures()}
    slug = given.get("procedure", "")
    return CaseFilter(
        procedure=slug if slug in known else "",
        state=given.get("state", "").replace("\0", "")[:60],
        text=given.get("q", "").replace("\0", "")[:200],
        whose=_member(Whose, given.get("whose", "")),
        standing=_member(Standing, given.get("standing", "")),
    )


def _member[E: (Whose, Standing)](kind: type[E], text: str) -> E:
    return kind(text) if text in {item.value for item in kind} else kind("")


def parameters(wanted: CaseFilter) -> list[tuple[str, str]]:
    pairs = [
        ("q", wanted.text),
        ("whose", wanted.whose.value),
        ("standing", wanted.standing.value),
        ("procedure", wanted.procedure),
        ("state", wanted.state),
    ]
    return [(name, value) for name, value in pairs if value]


def query(wanted: CaseFilter, **more: str) -> str:
    pairs = [*parameters(wanted), *more.items()]
    return f"?{urlencode(pairs)}" if pairs else ""


def address(wanted: CaseFilter, **more: str) -> str:
    return reverse("office_cases") + query(wanted, **more)


def facets(wanted: CaseFilter, counts: Counter[Key]) -> list[dict[str, Any]]:
    """Filters with the number of cases that each choice would show beside the other choices made."""
    return [
        _facet(
            _("Whose"),
            wanted,
            counts,
            "whose",
            [(Whose.MINE, whose_words(Whose.MINE)), (Whose.CONCERNING, whose_words(Whose.CONCERNING))],
        ),
        _facet(
            _("Standing"),
            wanted,
            counts,
            "standing",
            [(Standing.OPEN, standing_words(Standing.OPEN)), (Standing.CLOSED, standing_words(Standing.CLOSED))],
        ),
        _facet(_("Kind"), wanted, counts, "procedure", _kinds(counts)),
        _facet(pgettext("of a case", "State"), wanted, counts, "state", _states(wanted, counts)),
    ]


def whose_words(whose: Whose) -> str:
    """A choice of whose cases, in words."""
    return {Whose.MINE: _("My organisation's"), Whose.CONCERNING: _("Of others, concerning us")}.get(whose, "")


def standing_words(standing: Standing) -> str:
    """A choice of standing, in words."""
    return {Standing.OPEN: _("Under way"), Standing.CLOSED: _("Finished")}.get(standing, "")


def _kinds(counts: Counter[Key]) -> list[tuple[str, Any]]:
    return [(kind.slug, _kind_words(kind.slug)) for kind in procedures() if any(key[0] == kind.slug for key in counts)]


def _kind_words(slug: str) -> str:
    """A procedure in a list of filters: sections of the register share a noun, so their title tells them apart."""
    kind = procedure(slug)
    same = [other for other in procedures() if str(other.noun) == str(kind.noun)]
    return str(kind.noun) if len(same) == 1 else str(kind.title)


def _states(wanted: CaseFilter, counts: Counter[Key]) -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for slug, state, _mine in counts:
        if (wanted.procedure and slug != wanted.procedure) or (
            not wanted.procedure and not worked_by_people(procedure(slug))
        ):
            continue
        declared = procedure(slug).states.get(state)
        found.setdefault(state, declared.title if declared else state)
    return sorted(found.items(), key=lambda pair: str(pair[1]))


def _facet(
    title: str, wanted: CaseFilter, counts: Counter[Key], name: str, options: Iterable[tuple[str, Any]]
) -> dict[str, Any]:
    chosen = str(getattr(wanted, name))
    return {
        "title": title,
        "options": [
            {
                "label": label,
                "count": _count(_with(wanted, name, value), counts),
                "selected": chosen == value,
                "url": address(_with(wanted, name, "" if chosen == value else value)),
            }
            for value, label in options
        ],
    }


def _with(wanted: CaseFilter, name: str, value: str) -> CaseFilter:
    kinds: dict[str, Callable[[str], Any]] = {"whose": Whose, "standing": Standing}
    changed = replace(wanted, **{name: kinds.get(name, str)(value)})
    # Another kind has other states: a state that the new one does not know would show an empty list.
    if name == "procedure" and value and wanted.state and wanted.state not in procedure(value).states:
        return replace(changed, state="")
    return changed


def _count(wanted: CaseFilter, counts: Counter[Key]) -> int:
    return sum(n for key, n in counts.items() if _fits(wanted, *key))


def _fits(wanted: CaseFilter, slug: str, state: str, mine: bool) -> bool:
    return (
        (slug == wanted.procedure if wanted.procedure else worked_by_people(procedure(slug)))
        and (not wanted.state or state == wanted.state)
        and (wanted.whose is Whose.ALL or mine == (wanted.whose is Whose.MINE))
        and (wanted.standing is Standing.ALL or is_open(slug, state) == (wanted.standing is Standing.OPEN))
    )


def active(wanted: CaseFilter) -> Iterator[dict[str, str]]:
    """The filters in force, each with the address without it."""
    if wanted.text:
        yield {"label": _("Text"), "value": wanted.text, "url": address(replace(wanted, text=""))}
    if wanted.whose is not Whose.ALL:
        yield {
            "label": _("Whose"),
            "value": whose_words(wanted.whose),
            "url": address(replace(wanted, whose=Whose.ALL)),
        }
    if wanted.standing is not Standing.ALL:
        yield {
            "label": _("Standing"),
            "value": standing_words(wanted.standing),
            "url": address(replace(wanted, standing=Standing.ALL)),
        }
    if wanted.procedure:
        yield {
            "label": _("Kind"),
            "value": _kind_words(wanted.procedure),
            "url": address(_with(wanted, "procedure", "")),
        }
    if wanted.state:
        yield {
            "label": pgettext("of a case", "State"),
            "value": _state_words(wanted),
            "url": address(replace(wanted, state="")),
        }


def _state_words(wanted: CaseFilter) -> str:
    kinds = [procedure(wanted.procedure)] if wanted.procedure else procedures()
    return next((str(kind.states[wanted.state].title) for kind in kinds if wanted.state in kind.states), wanted.state)
