"""What the search page shows: results, filters with counts, and words about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aioffice.doors.web import labels
from aioffice.doors.web.public_asking import Asked
from aioffice.doors.web.public_facts import entry_path, version_path
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._names import language_name, number, own_language_name, state_name
from aioffice.register import public_queries
from aioffice.register.public_queries import Facet, Hit, Results
from aioffice.register.text import Fragment, Mark
from aioffice.register.text.fold import words as words_of

SHOWN = 8
"""Values of a filter that are shown before “show all”."""
MOST = 1_000
SORTS: dict[str, labels.Words] = {
    "relevance": gettext_lazy("Relevance"),
    "newest": gettext_lazy("Newest first"),
    "changed": gettext_lazy("Last changed first"),
    "name": gettext_lazy("Name"),
}
_OPEN = frozenset({"area", "member_state", "status", "section", "provider"})
_SECURE_WORDS = frozenset(
    {"police", "policing", "enforcement", "border", "borders", "asylum", "migration", "immigration", "visa", "crime"}
    | {"policier", "policiere", "frontiere", "frontieres", "asile", "repressif", "criminel", "politie", "grens", "asiel"}
)
"""Words of people who look for what is in no public register: they are told so, whatever was found."""


def listing(asked: Asked, results: Results, today: date) -> dict[str, Any]:
    """The context of the search page."""
    facets = public_queries.facets(text=asked.text, filters=asked.filters, most=MOST, on=asked.on)
    names = labels.FILTERS if asked.is_eu else labels.REFERENCE_FILTERS
    shown = [facet(asked, each, str(names[each.name])) for each in facets if each.name in names and _worth(asked, each)]
    return {
        "asked": asked,
        "results": [item(hit, asked) for hit in results.hits],
        "found": results,
        "total": total_words(results, asked),
        "page_words": page_words(results),
        "facets": sorted(shown, key=lambda each: list(names).index(each["name"])),
        "active": chips(asked, names),
        "clear_url": asked.cleared().address(),
        "sorts": sorts(asked, results),
        "keep": [pair for pair in asked.pairs() if pair[0] != "q"],
        "keep_for_sort": [pair for pair in asked.pairs() if pair[0] != "sort"],
        "keep_for_day": [pair for pair in asked.pairs() if pair[0] != "on"],
        "next_url": asked.address(("cursor", results.next_cursor)) if results.next_cursor else "",
        "previous_url": asked.address(("cursor", results.previous_cursor)) if results.previous_cursor else "",
        "first_url": asked.address() if results.before else "",
        "suggestion": results.did_you_mean,
        "suggestion_url": _reworded(asked, results.did_you_mean),
        "collections": collections(asked),
        "now_url": _now(asked).address(),
        "today": today,
        "asks_secure": asks_secure(asked),
    }


def _worth(asked: Asked, facet: Facet) -> bool:
    return len(facet.options) > 1 or bool(asked.filters.values(facet.name))


def _reworded(asked: Asked, suggestion: str | None) -> str:
    from dataclasses import replace

    return replace(asked, text=suggestion, cursor="").address() if suggestion else ""


def _now(asked: Asked) -> Asked:
    from dataclasses import replace

    return replace(asked, on=None, cursor="")


def asks_secure(asked: Asked) -> bool:
    """Whether somebody looks for police, migration or border AI. It follows from the words asked alone, never from what there is."""
    typed = {word.folded for word in words_of(asked.text)}
    return bool(typed & _SECURE_WORDS) or bool(
        {"law_enforcement", "migration_asylum_border"} & set(asked.filters.area)
        or [point for point in asked.filters.annex_iii_point if point[:1] in ("6", "7")]
    )


def total_words(results: Results, asked: Asked) -> str:
    """How many were found, in words; above the bound that it is more."""
    if not results.total_exact:
        return _("More than %(count)s found") % {"count": number(results.total)}
    if asked.is_eu:
        words = ngettext("%(count)s registration", "%(count)s registrations", results.total)
    else:
        words = ngettext("%(count)s record", "%(count)s records", results.total)
    return words % {"count": number(results.total)}


def page_words(results: Results) -> str:
    """Which of the results this page shows."""
    if not results.hits:
        return ""
    first, last = results.before + 1, results.before + len(results.hits)
    total = (
        number(results.total) if results.total_exact else _("more than %(count)s") % {"count": number(results.total)}
    )
    return _("%(first)s to %(last)s of %(total)s") % {"first": number(first), "last": number(last), "total": total}


def item(hit: Hit, asked: Asked | None = None) -> dict[str, Any]:
    """One result as `components/result.html` draws it."""
    past = asked is not None and asked.on is not None
    return {
        "url": version_path(hit.number, hit.version) if past else entry_path(hit.number),
        "title": marked(hit.name, hit.name_marks),
        "lang": hit.language,
        "number": hit.number,
        "labels": list(_labels(hit)),
        "summary": mark_safe(" ".join(_piece(piece.fragment) for piece in hit.snippets)),  # noqa: S308 - escaped piece by piece
        "facts": list(_facts(hit)),
        "note": "" if hit.section else str(labels.NOT_A_REGISTRATION),
    }


def _labels(hit: Hit) -> Sequence[dict[str, str]]:
    found = []
    if hit.section:
        found.append({"text": str(labels.SECTIONS[hit.section]), "strength": "low"})
    if hit.filing_status != "current":
        found.append({"text": labels.filing_status(hit.filing_status), "strength": "high"})
    if hit.accuracy_questioned:
        found.append({"text": _("Accuracy questioned"), "strength": "high"})
    return found


def _facts(hit: Hit) -> Sequence[tuple[str, str]]:
    who = {"": _("Organisation"), "C": _("Deployer")}.get(hit.section, _("Provider"))
    found = [(who, hit.provider)]
    if hit.area:
        found.append((_("Area"), labels.area(hit.area)))
    if hit.status:
        found.append(
            (_("Status of the system") if hit.section else _("Status in the source"), labels.system_status(hit.status))
        )
    if hit.member_states:
        names = sorted(state_name(code) for code in hit.member_states)
        more = _(" and %(count)s more") % {"count": len(names) - 4} if len(names) > 5 else ""
        found.append((_("Available in"), ", ".join(names[:4] if more else names) + more))
    if hit.section:
        found.append((_("Text in"), language_name(hit.language)))
    found.append((_("True since"), long_date(hit.valid_from)))
    return found


def marked(text: str, marks: Sequence[Mark]) -> SafeString:
    """A text, escaped, with `<mark>` around what was found."""
    pieces: list[tuple[SafeString]] = []
    at = 0
    for mark in marks:
        pieces.append((escape(text[at : mark.start]),))
        pieces.append((mark_safe(f"<mark>{escape(text[mark.start : mark.end])}</mark>"),))  # noqa: S308 - escaped
        at = mark.end
    pieces.append((escape(text[at:]),))
    return format_html_join("", "{}", pieces)


def _piece(fragment: Fragment) -> str:
    before, after = "… " if fragment.cut_before else "", " …" if fragment.cut_after else ""
    return f"{before}{marked(fragment.text, fragment.marks)}{after}"


def facet(asked: Asked, counted: Facet, title: str) -> dict[str, Any]:
    """One filter as `components/facet.html` draws it."""
    everything = asked.all_of == counted.name
    options = [
        {
            "label": own_language_name(each.value)
            if counted.name == "language"
            else labels.value(counted.name, each.value),
            "count": each.count if counted.complete else _("over %(count)s") % {"count": number(each.count)},
            "url": (asked.without_value if each.chosen else asked.with_value)(counted.name, each.value).address(),
            "selected": each.chosen,
            "lang": each.value if counted.name == "language" else "",
        }
        for index, each in enumerate(counted.options)
        if everything or index < SHOWN or each.chosen
    ]
    return {
        "name": counted.name,
        "title": title,
        "options": options,
        "open": counted.name in _OPEN or bool(asked.filters.values(counted.name)) or everything,
        "more_url": asked.address(("all", counted.name)) if len(options) < len(counted.options) else "",
    }


def chips(asked: Asked, names: dict[str, labels.Words]) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it off."""
    found = [
        {
            "label": str(names.get(name, labels.FILTERS[name])),
            "value": labels.value(name, value),
            "url": asked.without_value(name, value).address(),
        }
        for name in asked.filters.chosen
        for value in asked.filters.values(name)
    ]
    if asked.on:
        found.append({"label": _("As on"), "value": long_date(asked.on), "url": _now(asked).address()})
    return found


def sorts(asked: Asked, results: Results) -> list[tuple[str, str, bool]]:
    """The orders one may choose: relevance only where there are words to be relevant to."""
    return [
        (name, str(words), name == results.sort) for name, words in SORTS.items() if name != "relevance" or asked.text
    ]


def collections(asked: Asked) -> list[dict[str, Any]]:
    """The collections one may search, registrations first; never more than one at a time."""
    held = public_queries.collections()
    return [
        {
            "code": code,
            "name": labels.collection(code),
            "count": count,
            "url": asked.in_collection(code).address(),
            "chosen": code == asked.filters.collection,
        }
        for code, count in sorted(held.items(), key=lambda each: each[0] != "eu")
    ]
