"""Provisions as people read them, in the language of the page.

Declarations name them in short: `49(1), 71(2); Annex VIII, Section A, introductory words`. English reads that nearly as it is; other
languages cite otherwise ("article 49, paragraphe 1"), so each piece is a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from aioffice.doors.web.templatetags._act import piece
from aioffice.kernel.retention.declaring import SILENT

_ARTICLE = re.compile(r"(?P<article>\d+)(?:\((?P<number>\d+)\)(?:-\((?P<last>\d+)\))?(?:\((?P<letter>[a-z])\))?)?")
_POINT = re.compile(r"Annex VIII, Section (?P<section>[A-C]), point (?P<point>\d+)")
DEFINITIONS = "3"
"""Article 3 is not divided into paragraphs: its numbers are the definitions."""

NAMED = (
    gettext_noop("Annex III"),
    gettext_noop("Annex VIII, Section A, introductory words"),
    gettext_noop("Annex VIII, Section B, introductory words"),
    gettext_noop("Annex VIII, Section C, introductory words"),
    gettext_noop("Regulation (EU) 2018/1725, Article 19"),
    gettext_noop("Regulation (EU) 2018/1725, 4(1)(e)"),
    gettext_noop("Regulation (EU) 2018/1725, 4(2)"),
    gettext_noop("Regulation (EU) No 910/2014, 35(2)"),
    gettext_noop("compare 18(1), which binds the provider"),
)
"""Provisions that are translated as a whole."""

RANGES = {"3(3) to 3(8)": gettext_noop("Articles 3(3) to 3(8)"), "72 to 83": gettext_noop("Articles 72 to 83")}
"""Several provisions in a row, translated as a whole."""

HOUSE_RULES = (
    gettext_noop("a designation has ended"),
    gettext_noop("a held use is given up"),
    gettext_noop("filing entered in error (71(2), 71(3))"),
    gettext_noop("likewise in Section B"),
    gettext_noop("mark “accuracy questioned”"),
    gettext_noop("question to the filer of a registration"),
    gettext_noop("reference collection"),
    gettext_noop("who files is known"),
    gettext_noop("who files is known (49, 71(2)-(3))"),
)
"""The rules behind `house: …`, as procedures declare them."""


type Wrap = Callable[[str, str], str]
"""Makes of a piece of a citation, and what is said of it, what stands there."""


def provision_words(basis: str) -> str:
    """`49(1)` is an Article of the Act, `house: …` a rule of the Office where the Act has none; what is not known stays as it is."""
    return _in_words(basis, lambda _piece, said: said)


def provision_links(basis: str) -> SafeString:
    """The same words, each provision of the Act a link to its page."""
    return mark_safe(_in_words(basis, lambda written, said: conditional_escape(piece(written, said))))  # noqa: S308  # each piece is escaped


def _in_words(basis: str, wrap: Wrap) -> str:
    return pgettext("between provisions", "; ").join(_one(part, wrap) for part in basis.split("; "))


def _one(part: str, wrap: Wrap) -> str:
    head, colon, rule = part.partition(": ")
    if colon and head == "house":
        said = _("rule of this Office where the Act leaves it open: %(rule)s") % {"rule": _(rule)}
        return wrap(part, said)
    if part == SILENT:
        return _("the law is silent: as this Office has set it")
    if part[:1].isdigit():
        return _articles(part, wrap)
    if found := _POINT.fullmatch(part):
        return wrap(part, _("Annex VIII, Section %(section)s, point %(point)s") % found.groupdict())
    return wrap(part, _(part)) if part else ""


def _articles(part: str, wrap: Wrap) -> str:
    if part in RANGES:
        return wrap(part, _(RANGES[part]))
    if "," not in part:
        return wrap(part, _("Article %(list)s") % {"list": _article(part)})
    # Translators: one article of a list; a language that names each ("article 49, paragraphe 1") does so here.
    each = pgettext("in a list of articles", "%(article)s")
    listed = (wrap(one, each % {"article": _article(one)}) for one in part.split(", "))
    return _("Articles %(list)s") % {"list": pgettext("between articles", ", ").join(listed)}


def _article(text: str) -> str:
    found = _ARTICLE.fullmatch(text)
    if found is None or not found["number"]:
        return text
    parts = found.groupdict()
    if parts["last"]:
        return _("%(article)s(%(number)s)-(%(last)s)") % parts
    if parts["letter"]:
        return _("%(article)s(%(number)s)(%(letter)s)") % parts
    if parts["article"] == DEFINITIONS:
        return pgettext("a definition", "%(article)s(%(number)s)") % parts
    return _("%(article)s(%(number)s)") % parts
