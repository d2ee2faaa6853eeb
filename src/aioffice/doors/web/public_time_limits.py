"""Public pages on time limits: the list, searched by plain words, and each one worked out for an event at a place."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from aioffice.act.clocks.wording import period_words, provision_words
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.text import LANGUAGES, text
from aioffice.act.time_limits import Nature, TimeLimit, time_limits
from aioffice.act.time_limits import time_limit as limit_of
from aioffice.doors.web.public_caching import live
from aioffice.doors.web.public_deadline import context
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.kernel.days import office_day
from aioffice.register.text.fold import words as words_of

MOST_WORDS = 200
"""Characters of a search."""


@live
def listing(request: HttpRequest) -> HttpResponse:
    """All time limits by theme, or those that hold every word asked for."""
    asked = request.GET.get("q", "")[:MOST_WORDS].strip()
    wanted = [word.folded for word in words_of(asked)]
    found = [one for one in time_limits() if _holds(one, wanted)]
    total = ngettext("%(count)s time limit", "%(count)s time limits", len(found)) % {"count": len(found)}
    return render(
        request,
        "public/time_limits.html",
        {"asked": asked, "total": total, "themes": _themes(found), "headers": _headers(), "clear_url": list_path()},
    )


@live
def one(request: HttpRequest, limit: str) -> HttpResponse:
    """A time limit: the answer first, then the question, the steps, and what the Act says."""
    try:
        found = limit_of(limit.upper())
    except UnknownCodeError:
        raise Http404 from None
    if found.id != limit:
        return HttpResponseRedirect(limit_path(found))
    return render(request, "public/time_limit.html", context(found, request.GET, office_day(timezone.now())))


def list_path() -> str:
    """The address of the list in the language of the page."""
    return page_path("time-limits/")


def limit_path(limit: TimeLimit) -> str:
    """The address of a time limit in the language of the page."""
    return page_path(f"time-limits/{limit.id}/")


def _holds(limit: TimeLimit, wanted: list[str]) -> bool:
    """Whether every word begins a word of the limit, in any language of the texts."""
    return all(any(word.startswith(asked) for word in _held(limit.id)) for asked in wanted)


@cache
def _held(id: str) -> frozenset[str]:
    limit = limit_of(id)
    keys = (
        limit.action_key,
        limit.actor_key,
        limit.trigger_key,
        limit.theme_key,
        limit.nature.key,
        limit.addressee_key,
    )
    said = [text(key, language) for key in keys if key for language in LANGUAGES]
    return frozenset(word.folded for words in (*said, limit.id, limit.basis) for word in words_of(words))


def _themes(found: list[TimeLimit]) -> list[dict[str, Any]]:
    language = get_language() or "en"
    order = list(dict.fromkeys(one.theme for one in time_limits()))
    ordered = sorted(found, key=lambda one: order.index(one.theme))
    return [
        {"code": theme, "title": text(f"theme.{theme}", language), "rows": [_row(one, language) for one in rows]}
        for theme, rows in groupby(ordered, key=lambda one: one.theme)
    ]


def _headers() -> list[str]:
    return [
        _("What"),
        _("Who"),
        pgettext("of a time limit", "How long, or until when"),
        _("Provision"),
        pgettext("of a time limit", "Code"),
    ]


def _row(limit: TimeLimit, language: str) -> list[Any]:
    return [
        {"text": capfirst(text(limit.action_key, language)), "url": limit_path(limit)},
        capfirst(text(limit.actor_key, language)),
        capfirst(length_words(limit, language)),
        provision_words(limit.basis, language),
        limit.id,
    ]


def length_words(limit: TimeLimit, language: str) -> str:
    """How long a limit is, in a few words."""
    if limit.nature is Nature.IMMEDIATE:
        return _("at once")
    if limit.date is not None:
        return long_date(limit.date)
    if limit.n == 0:
        return _("the event itself")
    if limit.n is None or limit.unit is None:
        return _("the case decides") if limit.setting == "article_73_case" else _("the authority sets it")
    length = period_words(limit.n, limit.unit.value, language)
    return _("at once, at most %(length)s") % {"length": length} if limit.at_once else length
