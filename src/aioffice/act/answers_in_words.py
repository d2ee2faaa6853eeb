"""An answer in plain English lines, and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from aioffice.act.classification import Answer, Finding
from aioffice.act.clocks.wording import day_words
from aioffice.act.questioning import missing
from aioffice.act.reasoning.evaluating import LEAVES
from aioffice.act.reasoning.expressions import facts_in
from aioffice.act.reasoning.telling import Told, data, told
from aioffice.act.text import text
from aioffice.act.words_of_rules import cited, question, reason_words, value_words

if TYPE_CHECKING:
    from aioffice.act.reasoning.evaluating import Reason
    from aioffice.act.reasoning.timetable import Application


def said(answer: Answer, on: date, *, why: bool = False) -> Iterator[str]:
    """The answer in lines: the outcome, what holds and since when, what may hold, what to find out; with `why`, the reasons."""
    yield text(f"outcome.{answer.outcome}", "en")
    if answer.scope.value is not True and why:
        yield from (f"  {line}" for line in lines(answer.scope))
    if answer.scope.value is False:
        return
    for finding in answer.holding():
        yield f"  {finding.provision:<22} {finding.conclusion.rule.summary}. {since(finding.application, on, 'en')}"
        if why:
            yield from (f"      {line}" for line in lines(finding.reason))
    open_findings = answer.open()
    if open_findings:
        yield "Not excluded: " + ", ".join(finding.provision for finding in open_findings)
    wanted = missing(answer)
    if wanted:
        yield f"What is missing, the most decisive first ({len(wanted)} in all):"
        yield from (f"  {fact.name}: {fact.question}" for fact in wanted[:5])


def lines(reason: Reason) -> Iterator[str]:
    """The reasons, a line a node, two spaces a level: value first, then the words, and the name of a fact as a file writes it."""
    yield from _lines(told(reason), 0)


def _lines(tree: Sequence[Told], depth: int) -> Iterator[str]:
    for one in tree:
        asked = next(facts_in(one.reason.expression)).name if isinstance(one.reason.expression, LEAVES) else ""
        named = f" ({asked})" if asked else ""
        value = value_words(one.reason.value, "en")
        yield f"{'  ' * depth}{value:<9} {reason_words(one.reason.expression, 'en')}{named}"
        yield from _lines(one.inner, depth + 1)


def since(application: Application, on: date, language: str) -> str:
    """Since when something applies, seen from a day, as a sentence."""
    if not application.settled:
        facts = {fact.name: fact for reason in application.reasons for fact in reason.missing()}
        asked = "; ".join(question(fact, language) for fact in facts.values())
        if application.earliest is None:
            return text("since.depends", language).format(questions=asked)
        day = day_words(application.earliest, language)
        return text("since.earliest", language).format(day=day, questions=asked)
    (first, basis), *_ = application.days.items()
    provision = cited(basis, language)
    if first is None:
        return text("since.never", language).format(basis=provision)
    key = "since.applies" if first <= on else "since.will_apply"
    return text(key, language).format(day=day_words(first, language), basis=provision)


def since_data(application: Application) -> list[dict[str, str | None]]:
    """The days from which something may apply, as JSON would have them; one day where it is certain, null for not at all."""
    return [{"day": day.isoformat() if day else None, "basis": basis} for day, basis in application.days.items()]


def answer_data(answer: Answer, on: date) -> dict[str, object]:
    """The answer as JSON would have it, reasons included; days are ISO 8601."""
    return {
        "outcome": answer.outcome.value,
        "on": on.isoformat(),
        "regime": answer.law.regime.value,
        "readings": dict(answer.law.readings),
        "facts": {
            name: value.isoformat() if isinstance(value, date) else value for name, value in answer.facts.items()
        },
        "scope": data(answer.scope),
        "holds": [_finding(finding, on) for finding in answer.holding()],
        "not_excluded": [finding.provision for finding in answer.open()],
        "missing": [
            {"name": fact.name, "question": fact.question, "provision": fact.provision} for fact in missing(answer)
        ],
    }


def _finding(finding: Finding, on: date) -> dict[str, object]:
    return {
        "outcome": finding.conclusion.outcome.value,
        "provision": finding.provision,
        "summary": finding.conclusion.rule.summary,
        "in_application": finding.application.on(on),
        "since": since_data(finding.application),
        "reason": data(finding.reason),
    }
