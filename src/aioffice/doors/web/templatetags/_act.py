"""Links from citations to the pages of the Act, in the language of the page: the one place that makes them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, pgettext

from aioffice.act.provisions.citations import cited, is_cited
from aioffice.act.provisions.wording import words
from aioffice.doors.web.templatetags._paths import page_path

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from aioffice.act.provisions.nodes import Node


def node_path(of: Node) -> str:
    """The address of a provision: the page of its Article or annex, and its place there. Of a chapter, its place in the contents."""
    if of.top == of.id and not of.id.startswith("chapter-"):
        return page_path(f"act/{of.id}/")
    page = "act/" if of.id.startswith("chapter-") else f"act/{of.top}/"
    return page_path(f"{page}#{of.id}")


def rule_path(name: str) -> str:
    """The address of a rule, by its name."""
    return page_path(f"act/rules/{slug(name)}/")


def duty_path(provision: str) -> str:
    """The address of a duty, by its provision."""
    return page_path(f"act/duties/{slug(provision)}/")


@cache
def slug(name: str) -> str:
    """A name of a rule or duty as it stands in an address: `50(4) deep fakes` is `50-4-deep-fakes`."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def linked(basis: str, said: str) -> SafeString | str:
    """What is said of a basis, as a link to its provision; where it names several, each by itself, linked. Other acts stay words."""
    if not is_cited(basis):
        return said
    found = cited(basis)
    if len(found) == 1:
        return _link(found[0], said)
    language = get_language() or "en"
    between = pgettext("between provisions", "; ")
    return format_html_join(between, "{}", ((_link(one, words(one, language)),) for one in found))


def piece(written: str, said: str) -> SafeString | str:
    """One piece of a citation as a link, if it leads to one provision alone."""
    found = cited(written) if is_cited(written) else ()
    return _link(found[0], said) if len(found) == 1 else said


def _link(of: Node, said: str) -> SafeString:
    return format_html('<a class="ecl-link" href="{}">{}</a>', node_path(of), said)
