"""What pages on the Act say of any provision: since when it applies, and what was changed in 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aioffice.act.clocks.wording import day_words
from aioffice.act.provisions.applying import Applies, Route, applies
from aioffice.act.provisions.citations import cited
from aioffice.act.provisions.nodes import Change, changed_in_part
from aioffice.act.provisions.wording import words
from aioffice.act.reasoning.expressions import Regime

if TYPE_CHECKING:
    from datetime import date

    from aioffice.act.provisions.nodes import Node


def since_words(of: Node, regime: Regime, today: date, language: str) -> list[str]:
    """Since when it applies under that text, a line for each day; why not, where it does not."""
    found = applies(of, regime)
    if found:
        return [_since(one, today, language) for one in found]
    return [_("Deleted in 2026") if regime is Regime.AMENDED else _("Not in the text of 2024")]


def _since(one: Applies, today: date, language: str) -> str:
    said = {"day": day_words(one.day, language), "provision": words(cited(one.basis)[0], language)}
    if one.route is Route.ANNEX_III:
        return (
            _("Since %(day)s for uses of Annex III (%(provision)s)")
            if one.day <= today
            else _("From %(day)s for uses of Annex III (%(provision)s)")
        ) % said
    if one.route is Route.ANNEX_I:
        return (
            _("Since %(day)s for products of Annex I (%(provision)s)")
            if one.day <= today
            else _("From %(day)s for products of Annex I (%(provision)s)")
        ) % said
    return (_("Since %(day)s (%(provision)s)") if one.day <= today else _("From %(day)s (%(provision)s)")) % said


def change_words(of: Node) -> str:
    """What was done to it in 2026, in a word; empty where nothing was."""
    match of.change:
        case Change.INSERTED:
            return _("new in 2026")
        case Change.DELETED:
            return _("deleted in 2026")
        case Change.AMENDED:
            return _("amended in 2026")
    return _("amended in 2026") if changed_in_part(of) else ""


def change_source(of: Node) -> str:
    """The same in a sentence with its source."""
    source = {"point": of.by}
    match of.change:
        case Change.INSERTED:
            return _("Inserted by Regulation (EU) 2026/1744, Article %(point)s") % source
        case Change.DELETED:
            return _("Deleted by Regulation (EU) 2026/1744, Article %(point)s") % source
        case Change.AMENDED:
            return _("Amended by Regulation (EU) 2026/1744, Article %(point)s") % source
    return _("Parts of it were changed; they are marked below") if changed_in_part(of) else _("Not changed in 2026")
