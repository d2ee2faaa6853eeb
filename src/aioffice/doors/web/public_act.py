"""Public pages on the Act: its contents with a search, each Article and annex with what rests on it, each rule and duty."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aioffice.act.lookup import UnknownCodeError
from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.nodes import Kind, Node
from aioffice.act.provisions.wording import line, words
from aioffice.doors.searching_act import MOST_WORDS, search
from aioffice.doors.web import public_act_page, public_act_rules
from aioffice.doors.web.public_act_wording import wording
from aioffice.doors.web.public_act_words import change_words
from aioffice.doors.web.public_caching import live
from aioffice.doors.web.templatetags._act import node_path
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.kernel.days import office_day


@live
def contents(request: HttpRequest) -> HttpResponse:
    """The Act by chapter, and its annexes; or the provisions that hold every word asked for."""
    asked = request.GET.get("q", "")[:MOST_WORDS].strip()
    language = get_language() or "en"
    found = search(asked) if asked else []
    context = {
        "asked": asked,
        "clear_url": page_path("act/"),
        "headers": [_("Provision"), _("What it is about")],
        "rows": [[{"text": words(one, language), "url": node_path(one)}, line(one, language)] for one in found],
        "total": ngettext("%(count)s provision", "%(count)s provisions", len(found)) % {"count": len(found)},
        "chapters": [] if asked else [_listed(one, language) for one in tree.chapters()],
        "annexes": [] if asked else [_listed(one, language) for one in tree.annexes()],
    }
    return render(request, "public/act.html", context)


@live
def one(request: HttpRequest, provision: str) -> HttpResponse:
    """An Article or annex, part by part: our line, since when it applies, what was changed, and what rests on it.

    Whoever names a part, a chapter or writes in capitals is led to the place.
    """
    try:
        found = tree.node(provision.lower())
    except UnknownCodeError:
        raise Http404 from None
    if found.kind is Kind.CHAPTER or provision != found.top:
        return HttpResponseRedirect(node_path(found))
    language = get_language() or "en"
    beside = wording(found.id, language, request.GET.get("text", ""))
    context = public_act_page.context(found, office_day(timezone.now()), language, beside)
    return render(request, "public/act_provision.html", context)


@live
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """A rule: when it holds, which facts decide it, and what it leads to."""
    found = public_act_rules.rule_named(name)
    if found is None:
        raise Http404
    return render(request, "public/act_rule.html", public_act_rules.rule_context(found, get_language() or "en"))


@live
def duty(request: HttpRequest, name: str) -> HttpResponse:
    """A duty: on whom, when and since when it binds, and what shows that it is done."""
    found = public_act_rules.duty_named(name)
    if found is None:
        raise Http404
    return render(request, "public/act_rule.html", public_act_rules.duty_context(found, get_language() or "en"))


def _listed(of: Node, language: str) -> dict[str, Any]:
    inner = () if of.kind is not Kind.CHAPTER else tree.children(of)
    return {
        "id": of.id,
        "number": words(of, language),
        "line": line(of, language),
        "url": node_path(of),
        "change": change_words(of),
        "articles": [_listed(one, language) for one in inner if one.kind is Kind.ARTICLE],
        "sections": [_listed(one, language) for one in inner if one.kind is Kind.CHAPTER],
    }
