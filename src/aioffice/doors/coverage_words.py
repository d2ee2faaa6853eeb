"""The coverage of the Act in words, in the language in force: for the public page, and as docs/COVERAGE.md."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.act.provisions.addressees import Addressee
from aioffice.act.provisions.resting import Sort
from aioffice.act.provisions.wording import line, words
from aioffice.act.text import text
from aioffice.doors.coverage import COUNTED, Coverage, LimitRow, Row, limits, parts, totals, whole

MADE = "<!-- Made by `make docs` from rules, duties, time limits, fields and declared procedures. Do not edit. -->"
NOTHING = "–"


def coverage_words(of: Coverage) -> str:
    """How far a provision is covered."""
    return {
        Coverage.ENCODED: _("encoded"),
        Coverage.LIMITS: _("time limits alone"),
        Coverage.NOT_YET: _("not yet"),
    }[of]


def addressee_words(of: Addressee) -> str:
    """Whom an Article speaks to."""
    return {
        Addressee.OPERATORS: _("operators"),
        Addressee.NOTIFIED_BODIES: _("notified bodies"),
        Addressee.AUTHORITIES: _("authorities"),
        Addressee.MEMBER_STATES: _("Member States"),
        Addressee.UNION: _("the Commission, the AI Office and other bodies of the Union"),
        Addressee.PEOPLE: _("people and their associations"),
        Addressee.EVERYBODY: _("everybody"),
    }[of]


def headers() -> list[str]:
    """Of the tables by provision."""
    return [_("Provision"), _("What it is about"), _("Speaks to"), *(_sort(sort) for sort in COUNTED), _("Covered")]


def cells(row: Row, language: str) -> list[str]:
    """The words of a row, those of `headers`."""
    return [
        capfirst(words(row.node, language)),
        line(row.node, language),
        ", ".join(addressee_words(one) for one in row.to) or NOTHING,
        *(str(row.counts[sort] or NOTHING) for sort in COUNTED),
        coverage_words(row.coverage),
    ]


def few_headers() -> list[str]:
    """Of the table by provision where there is little room: what rests on a provision stands in one column."""
    first, about, to, *_counts, covered = headers()
    return [first, about, to, _("What rests on it"), covered]


def few_cells(row: Row, language: str) -> list[str]:
    """The words of a row, those of `few_headers`."""
    first, about, to, *_counts, covered = cells(row, language)
    rests = " · ".join(f"{_sort(sort)} {row.counts[sort]}" for sort in COUNTED if row.counts[sort])
    return [first, about, to, rests or NOTHING, covered]


def limit_headers() -> list[str]:
    """Of the table of time limits."""
    return [_("Time limit"), _("What"), _("Provision"), _("Started by a procedure")]


def limit_cells(row: LimitRow, language: str) -> list[str]:
    """The words of a row, those of `limit_headers`."""
    return [
        row.limit.id,
        capfirst(text(row.limit.action_key, language)),
        row.limit.basis,
        ", ".join(row.started_by) or _("not yet"),
    ]


def summary() -> list[str]:
    """The counts in sentences."""
    counts = totals()
    started = sum(1 for row in limits() if row.started_by)
    return [
        ngettext(
            "%(count)s Article or annex is encoded.",
            "%(count)s Articles and annexes are encoded.",
            counts[Coverage.ENCODED],
        )
        % {"count": counts[Coverage.ENCODED]},
        ngettext(
            "Of %(count)s more the time limits are computed, nothing else.",
            "Of %(count)s more the time limits are computed, nothing else.",
            counts[Coverage.LIMITS],
        )
        % {"count": counts[Coverage.LIMITS]},
        ngettext("%(count)s is not encoded yet.", "%(count)s are not encoded yet.", counts[Coverage.NOT_YET])
        % {"count": counts[Coverage.NOT_YET]},
        _("All %(all)s time limits are computed; %(started)s of them are started by a procedure of this Office.")
        % {"all": len(limits()), "started": started},
    ]


def missing(language: str) -> list[tuple[str, list[str]]]:
    """What is not encoded yet, by whom it speaks to: Articles on which nothing or a time limit alone rests."""
    found: list[tuple[str, list[str]]] = []
    for to in Addressee:
        said = [
            f"{capfirst(words(row.node, language))} ({coverage_words(row.coverage)})"
            for row in whole()
            if to in row.to and row.coverage is not Coverage.ENCODED
        ]
        if said:
            found.append((addressee_words(to), said))
    annexes = [
        capfirst(words(row.node, language)) for row in whole() if not row.to and row.coverage is not Coverage.ENCODED
    ]
    return [*found, (_("annexes"), annexes)] if annexes else found


def page() -> str:
    """docs/COVERAGE.md."""
    with translation.override("en"):
        parted = [
            MADE,
            "",
            "# What of the Act is covered",
            "",
            "Counted from the code: a rule or duty (`act/rules`), a time limit (`act/time_limits.py`), a field of the EU database",
            "(`act/annex_viii.py`), a day or fine that the rules take from it, or a step of a declared procedure. The same stands on",
            "the public page `/act/coverage/`. Of an Article or annex its parts count too, and the same thing once.",
            "",
            *(f"- {sentence}" for sentence in summary()),
            "",
            "“Encoded” does not mean complete: it says that something answers or acts by the provision. What is open in law stands in",
            "[DIVERGENCES](DIVERGENCES.md).",
            "",
            "## Not encoded yet",
            "",
            *(f"- {capfirst(who)}: {', '.join(what)}" for who, what in missing("en")),
            "",
            "## Articles and annexes",
            "",
            *_table(headers(), [cells(row, "en") for row in whole()]),
            "",
            "## Single provisions on which something rests",
            "",
            *_table(headers()[:1] + headers()[3:-1], [_short(row) for row in parts()]),
            "",
            "## Time limits",
            "",
            *_table(limit_headers(), [limit_cells(row, "en") for row in limits()]),
            "",
        ]
    return "\n".join(parted)


def _short(row: Row) -> list[str]:
    first, _line, _to, *counts, _covered = cells(row, "en")
    return [first, *counts]


def _sort(sort: Sort) -> str:
    return {
        Sort.RULE: _("Rules"),
        Sort.DATE: _("Days"),
        Sort.DUTY: _("Duties"),
        Sort.LIMIT: _("Time limits"),
        Sort.FIELD: _("Fields"),
        Sort.FINE: _("Fines"),
        Sort.PROCEDURE: _("Steps"),
    }[sort]


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(titles) + " |",
        "|" + "---|" * len(titles),
        *("| " + " | ".join(one.replace("|", "\\|") for one in row) + " |" for row in rows),
    ]
