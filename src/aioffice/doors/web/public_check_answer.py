"""What the answer of the compliance checker shows: the outcome, what holds and since when, duties on a timeline, reasons, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.act.answers_in_words import since
from aioffice.act.classification import Answer, Finding, Outcome
from aioffice.act.clocks.wording import day_words
from aioffice.act.duties import DutyFound, vocabulary
from aioffice.act.questioning import what_if
from aioffice.act.reasoning.evaluating import Reason
from aioffice.act.reasoning.telling import Told, told
from aioffice.act.text import text
from aioffice.act.words_of_rules import cited, question, reason_words, summary, value_words
from aioffice.doors.web.public_checking_form import as_text, in_words
from aioffice.doors.web.templatetags._act import linked


def told_of(answers: Mapping[str, str], language: str) -> list[dict[str, str]]:
    """What was answered, in words; `answers` are texts as a form sends them, by name of fact."""
    facts = {name: vocabulary()[name] for name in answers}
    return [
        {"name": name, "question": question(facts[name], language), "said": in_words(facts[name], text)}
        for name, text in answers.items()
    ]


def context(answer: Answer, found: tuple[DutyFound, ...], today: date, language: str) -> dict[str, Any]:
    """The context of the page of an answer."""
    binding = [one for one in found if one.value]
    return {
        "outcome": text(f"outcome.{answer.outcome}", language).rstrip("."),
        "on": day_words(today, language),
        "scope": _reasons(answer.scope, language) if answer.scope.value is False else [],
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
        "provision": linked(one.provision, cited(one.provision, language)),
        "summary": summary(one.conclusion.rule, language),
        "since": since(one.application, today, language),
        "reasons": _reasons(one.reason, language),
    }


def _open(one: Finding, language: str) -> dict[str, str]:
    return {
        "provision": linked(one.provision, cited(one.provision, language)),
        "summary": summary(one.conclusion.rule, language),
    }


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
                    "provision": linked(one.duty.provision, cited(one.duty.provision, language)),
                    "bearer": text(f"role.{one.duty.bearer}", language),
                    "what": text(one.duty.key, language),
                    "shown_by": text(one.duty.shown_by_key, language),
                    "reasons": _reasons(one.reason, language),
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


def _reasons(reason: Reason, language: str) -> list[dict[str, Any]]:
    return _shown(told(reason), language)


def _shown(tree: Sequence[Told], language: str) -> list[dict[str, Any]]:
    return [
        {
            "said": reason_words(one.reason.expression, language),
            "value": value_words(one.reason.value, language),
            "inner": _shown(one.inner, language),
        }
        for one in tree
    ]
