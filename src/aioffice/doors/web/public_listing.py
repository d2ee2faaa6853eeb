"""What the search page shows: results, filters with counts, and words about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from aioffice.doors.web import labels
from aioffice.doors.web.public_asking import Asked
from aioffice.doors.web.public_facts import entry_path, version_path
from aioffice.doors.web.public_places import as_filters
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._names import language_name, number, own_language_name, state_name
from aioffice.register import public_queries
from aioffice.register.public_queries import Facet, Hit, Results, Snippet
from aioffice.register.text import Mark
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
    | {
        "policier",
        "policiere",
        "frontiere",
        "frontieres",
        "asile",
        "repressif",
        "criminel",
        "politie",
        "grens",
        "asiel",
    }
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
        "as_filters": as_filters(asked),
        "filters_url": replace(asked, text="", cursor="").address(),
    }


def _worth(asked: Asked, facet: Facet) -> bool:
    return len(facet.options) > 1 or bool(asked.filters.values(facet.name))


def _reworded(asked: Asked, suggestion: str | None) -> str:
    return replace(asked, text=suggestion, cursor="").address() if suggestion else ""


def _now(asked: Asked) -> Asked:
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
        "labels": _labels(hit),
        "summary": summary(hit.snippets),
        "facts": _facts(hit, past=past),
    }


def _labels(hit: Hit) -> Sequence[dict[str, str]]:
    found: list[dict[str, str]] = []
    found.append({"text": str(labels.SECTIONS.get(hit.section, labels.REFERENCE)), "strength": "low"})
    if hit.filing_status != "current":
        found.append({"text": labels.filing_status(hit.filing_status), "strength": "high"})
    if hit.accuracy_questioned:
        found.append({"text": _("Accuracy questioned"), "strength": "high"})
    return found


def _facts(hit: Hit, *, past: bool) -> Sequence[tuple[str, str]]:
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
    if not hit.section:
        found.append((_("Unchanged since"), long_date(hit.valid_from)))
    elif past:
        found.append((_("True since"), long_date(hit.valid_from)))
    else:
        found.append((_("Registered"), long_date(hit.first_recorded_at)))
    return found


def marked(text: str, marks: Sequence[Mark]) -> SafeString:
    """A text, escaped, with `<mark>` around what was found."""
    pieces: list[tuple[SafeString]] = []
    at = 0
    for mark in marks:
        pieces.append((escape(text[at : mark.start]),))
        pieces.append((format_html("<mark>{}</mark>", text[mark.start : mark.end]),))
        at = mark.end
    pieces.append((escape(text[at:]),))
    return format_html_join("", "{}", pieces)


def summary(snippets: Sequence[Snippet]) -> SafeString:
    """The quoted pieces in a row, each named by its field where that is not the purpose, with … where text is left out."""
    pieces: list[tuple[SafeString]] = []
    field, cut = "", False
    for snippet in snippets:
        fragment = snippet.fragment
        if cut or fragment.cut_before:
            pieces.append((SafeString(" … " if pieces else "… "),))
        elif pieces:
            pieces.append((SafeString(" "),))
        if snippet.field != field and snippet.field in labels.TEXTS:
            name = format_html(
                '<span class="office-muted" lang="{}">{}</span> ',
                get_language(),
                _("%(label)s:") % {"label": labels.TEXTS[snippet.field]},
            )
            pieces.append((name,))
        pieces.append((marked(fragment.text, fragment.marks),))
        field, cut = snippet.field, fragment.cut_after
    if cut:
        pieces.append((SafeString(" …"),))
    return format_html_join("", "{}", pieces)


def facet(asked: Asked, counted: Facet, title: str) -> dict[str, Any]:
    """One filter as `components/facet.html` draws it."""
    everything = asked.all_of == counted.name
    ordered = sorted(counted.options, key=lambda each: (-each.count, labels.value(counted.name, each.value).casefold()))
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
        for index, each in enumerate(ordered)
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
