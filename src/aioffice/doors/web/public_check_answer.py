"""What the answer of the compliance checker shows: the outcome, what holds and since when, duties on a timeline, reasons, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.act.classification import Answer, Finding, Outcome
from aioffice.act.clocks.wording import day_words
from aioffice.act.duties import DutyFound, vocabulary
from aioffice.act.questioning import what_if
from aioffice.act.reasoning.evaluating import Reason, Value
from aioffice.act.reasoning.expressions import Above, Before, Is, Not, OneOf, Reading, Rule
from aioffice.act.reasoning.timetable import Application
from aioffice.act.text import text
from aioffice.act.words_of_rules import cited, options, question, summary
from aioffice.doors.web.public_checking_form import as_text, in_words


def context(answer: Answer, found: tuple[DutyFound, ...], today: date, language: str) -> dict[str, Any]:
    """The context of the page of an answer."""
    binding = [one for one in found if one.value]
    return {
        "outcome": text(f"outcome.{answer.outcome}", language).rstrip("."),
        "on": day_words(today, language),
        "scope": _tree(answer.scope, language) if answer.scope.value is False else [],
        "findings": [_finding(one, today, language) for one in answer.holding()]
        if answer.scope.value is not False
        else [],
        "open": [_open(one, language) for one in answer.open()],
        "timeline": list(_timeline(binding, today, language)),
        "duties": len(binding),
        "undecided": [text(one.duty.key, language) for one in found if one.value is None],
        "changes": [
            {
                "question": question(one.fact, language),
                "said": in_words(one.fact, as_text(one.value)),
                "outcome": text(f"outcome.{one.outcome}", language),
            }
            for one in what_if(answer.facts, answer.law)
            if one.outcome is not Outcome.NEEDS_REVIEW
        ],
    }


def _finding(one: Finding, today: date, language: str) -> dict[str, Any]:
    return {
        "provision": cited(one.provision, language),
        "summary": summary(one.conclusion.rule, language),
        "since": since(one.application, today, language),
        "reasons": _tree(one.reason, language),
    }


def _open(one: Finding, language: str) -> dict[str, str]:
    return {"provision": cited(one.provision, language), "summary": summary(one.conclusion.rule, language)}


def since(application: Application, today: date, language: str) -> str:
    """Since when something applies, seen from today."""
    if not application.settled:
        wanted = dict.fromkeys(fact.name for reason in application.reasons for fact in reason.missing())
        asked = "; ".join(question(vocabulary()[name], language) for name in wanted)
        if application.earliest is None:
            return _("Whether it applies depends on: %(questions)s") % {"questions": asked}
        day = day_words(application.earliest, language)
        return _("Applies from %(day)s at the earliest; it depends on: %(questions)s") % {
            "day": day,
            "questions": asked,
        }
    ((day_, basis), *_rest) = application.days.items()
    if day_ is None:
        return _("Does not apply to what was there before (%(basis)s).") % {"basis": cited(basis, language)}
    said = {"day": day_words(day_, language), "basis": cited(basis, language)}
    if day_ <= today:
        return _("Applies since %(day)s (%(basis)s).") % said
    return _("Will apply from %(day)s (%(basis)s).") % said


def _timeline(binding: list[DutyFound], today: date, language: str) -> Iterator[dict[str, Any]]:
    """Duties by the day from which they bind, the earliest first; what does not bind or is not dated yet comes last."""
    last = (date.max, "")

    def when(one: DutyFound) -> tuple[date, str]:
        day = one.application.earliest
        return last if day is None else (day, "" if one.application.settled else "earliest")

    for (day, kind), group in groupby(sorted(binding, key=when), key=when):
        together = list(group)
        yield {
            "title": _title(day, kind, today, language),
            "running": day <= today and not kind,
            "count": ngettext("%(count)s duty", "%(count)s duties", len(together)) % {"count": len(together)},
            "duties": [
                {
                    "provision": cited(one.duty.provision, language),
                    "bearer": text(f"role.{one.duty.bearer}", language),
                    "what": text(one.duty.key, language),
                    "shown_by": text(one.duty.shown_by_key, language),
                    "reasons": _tree(one.reason, language),
                }
                for one in together
            ],
        }


def _title(day: date, kind: str, today: date, language: str) -> str:
    if day == date.max:
        return _("Not for what was there before, unless it changes")
    said = {"day": day_words(day, language)}
    if kind:
        return _("From %(day)s at the earliest") % said
    return _("Since %(day)s") % said if day <= today else _("From %(day)s") % said


def _tree(reason: Reason, language: str) -> list[dict[str, Any]]:
    """The reasons as a list in lists: a join shows as its parts."""
    inner = [one for part in reason.because for one in _tree(part, language)]
    said = _words(reason, language)
    if not said:
        return inner
    return [{"said": said, "value": _value(reason.value), "inner": inner}]


def _value(value: Value) -> str:
    return {True: _("Yes"), False: _("No"), None: _("Not known")}[value]


def _words(reason: Reason, language: str) -> str:
    match reason.expression:
        case Rule(provision, _summary):
            return f"{summary(reason.expression, language)} ({cited(provision, language)})"
        case Is(fact):
            return question(fact, language)
        case OneOf(fact, codes):
            named = [words for code, words in options(fact, language) if code in codes]
            return f"{question(fact, language)} {_one_of(named)}"
        case Above(fact, limit):
            return f"{question(fact, language)} " + _("More than %(limit)s") % {"limit": f"{limit:.3g}"}
        case Before(fact, day):
            return f"{question(fact, language)} " + _("Before %(day)s") % {"day": day_words(day, language)}
        case Reading(name, option):
            return _("Open question %(name)s, read as: %(option)s") % {"name": name, "option": option}
        case Not():
            return _("Unless:")
    return ""


def _one_of(named: list[str]) -> str:
    few = 3
    shown = ", ".join(named[:few])
    return _("One of: %(options)s") % {"options": shown if len(named) <= few else f"{shown} …"}
