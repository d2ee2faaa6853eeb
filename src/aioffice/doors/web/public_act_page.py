"""What the page of an Article or annex shows: facts on the whole, then each part with its line and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aioffice.act import words_of_rules
from aioffice.act.clocks.wording import day_words
from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.applying import applies
from aioffice.act.provisions.identifiers import eli, official_text
from aioffice.act.provisions.nodes import Node
from aioffice.act.provisions.resting import Item, Sort, deciding_facts, sets_fine
from aioffice.act.provisions.wording import line, words
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.text import text
from aioffice.doors.provisions import resting_on
from aioffice.doors.web.public_act_words import change_source, change_words, since_words
from aioffice.doors.web.public_time_limits import length_words, limit_path
from aioffice.doors.web.templatetags._act import duty_path, node_path, rule_path
from aioffice.doors.web.templatetags._names import labelled

if TYPE_CHECKING:
    from datetime import date

    from aioffice.doors.web.public_act_wording import Wording

MOST_SHOWN = 6
"""Things of one sort that stand open on the page; more are folded."""
DEEPEST_HEADING = 5


def context(top: Node, today: date, language: str, wording: Wording | None = None) -> dict[str, Any]:
    """The context of the page. `wording`: the operator's own text of the Act, where there is one."""
    said = wording.by_node() if wording is not None else {}
    blocks = [_block(one, today, language) | {"wording": said.get(one.id, [])} for one in tree.within(top)]
    parts = [block for block in blocks[1:] if block["line"] or block["rests"] or block["wording"]]
    shown = {block["id"] for block in parts}
    for block in parts:
        # A heading stands one below that of the nearest part shown; what is left out leaves no gap.
        outer = [one for one in [*tree.above(tree.node(block["id"]))][1:] if one.id in shown]
        block["heading"] = min(len(outer) + 2, DEEPEST_HEADING)
    beside = [one for one in tree.nodes() if one.id == one.top and one.kind is top.kind]
    at = beside.index(top)
    return {
        "node": top,
        "number": words(top, language),
        "line": line(top, language),
        "chapters": [_named(one, language) for one in reversed([*tree.above(top)][1:])],
        "facts": _facts(top, today, language),
        "whole": blocks[0],
        "parts": parts,
        "left_out": len(blocks) - 1 - len(parts),
        "wording": wording,
        "official": official_text(top, language),
        "previous": _named(beside[at - 1], language) if at else None,
        "next": _named(beside[at + 1], language) if at + 1 < len(beside) else None,
    }


def _facts(top: Node, today: date, language: str) -> list[dict[str, Any]]:
    return [
        {"label": _("It applies"), "texts": since_words(top, Regime.AMENDED, today, language)},
        {"label": _("By the text of 2024"), "texts": since_words(top, Regime.ENACTED, today, language)},
        {"label": _("Amendment of 2026"), "value": change_source(top)},
        {"label": _("Official text"), "value": _("Read it on EUR-Lex"), "url": official_text(top, language)},
        {"label": _("Identifier (ELI)"), "value": eli(top), "url": eli(top)},
    ]


def _named(of: Node, language: str) -> dict[str, str]:
    return {"said": labelled(capfirst(words(of, language)), line(of, language)), "url": node_path(of)}


def _block(of: Node, today: date, language: str) -> dict[str, Any]:
    resting = resting_on(of)
    depth = len([*tree.above(of)]) - len([*tree.above(tree.node(of.top))])
    own_days = applies(of) != applies(tree.node(of.top))
    return {
        "id": of.id,
        "depth": depth,
        "number": words(of, language),
        "line": line(of, language),
        "change": change_words(of),
        "since": since_words(of, Regime.AMENDED, today, language) if own_days else [],
        "rests": [*_sorts(of, resting, language)],
        "facts": [words_of_rules.question(fact, language) for fact in deciding_facts(resting)],
    }


def _sorts(of: Node, resting: Sequence[Item], language: str) -> Iterator[dict[str, Any]]:
    titles = {
        Sort.RULE: _("Rules"),
        Sort.DUTY: _("Duties"),
        Sort.LIMIT: _("Time limits"),
        Sort.FIELD: _("Fields of the EU database"),
        Sort.PROCEDURE: _("Steps of procedures of this Office"),
        Sort.FINE: _("Fines"),
        Sort.QUESTION: _("Open questions of law"),
        Sort.DATE: _("Days that the rules take from it"),
    }
    for sort, title in titles.items():
        found = [_shown(one, of, language) for one in resting if one.sort is sort]
        found = [*{one["said"]: one for one in found if one}.values()]
        if found:
            yield {"title": title, "items": found, "folded": len(found) > MOST_SHOWN}


def _shown(one: Item, of: Node, language: str) -> dict[str, str] | None:
    subject: Any = one.subject
    match one.sort:
        case Sort.RULE:
            return {"said": words_of_rules.summary(subject, language), "url": rule_path(one.id)}
        case Sort.DUTY:
            bearer = text(f"role.{subject.bearer}", language)
            return {"said": labelled(bearer, text(subject.key, language)), "url": duty_path(one.id)}
        case Sort.LIMIT:
            said = labelled(capfirst(text(subject.action_key, language)), length_words(subject, language))
            return {"said": said, "url": limit_path(subject)}
        case Sort.FIELD:
            field = one.nodes[0]
            return {"said": labelled(words(field, language), text(subject.key, language)), "url": node_path(field)}
        case Sort.PROCEDURE:
            return {"said": labelled(subject.procedure.title, subject.what.title), "url": ""}
        case Sort.FINE:
            if sets_fine(of):
                return None  # its own line says how high
            set_by = one.nodes[0]
            return {"said": f"{line(set_by, language)} ({words(set_by, language)})", "url": node_path(set_by)}
        case Sort.QUESTION:
            return {"said": words_of_rules.issue(subject, language), "url": ""}
        case Sort.DATE:
            return {"said": day_words(subject.day, language), "url": ""} if subject.day else None
    return None
