"""Time limits and what they come to as plain data with words in every language: one form for the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aioffice.act.clocks.results import Deadline
from aioffice.act.clocks.steps import Step, Value
from aioffice.act.clocks.wording import moment_words, rule_words, step_words
from aioffice.act.places import place
from aioffice.act.text import LANGUAGES, text
from aioffice.act.time_limits import TimeLimit


def in_words(key: str) -> dict[str, str]:
    """The text of a key by language."""
    return {language: text(key, language) for language in LANGUAGES}


def limit_data(limit: TimeLimit) -> dict[str, Any]:
    """A time limit as it stands in the Act."""
    extension = limit.extension
    return {
        "id": limit.id,
        "theme": limit.theme,
        "theme_title": in_words(limit.theme_key),
        "nature": limit.nature.value,
        "nature_title": in_words(limit.nature.key),
        "trigger": in_words(limit.trigger_key),
        "actor": in_words(limit.actor_key),
        "addressee": in_words(limit.addressee_key) if limit.addressee_key else None,
        "action": in_words(limit.action_key),
        "legal_basis": limit.basis,
        "at_once": limit.at_once,
        "date": limit.date,
        "n": limit.n,
        "unit": limit.unit.value if limit.unit else None,
        "direction": limit.direction.value,
        "counting": limit.counting.value,
        "tacit_effect": limit.tacit_effect,
        "extension": extension and {"n": extension.n, "unit": extension.unit.value, "times": extension.times},
        "setting": limit.setting,
        "place": "" if limit.acts_at == "MS" else limit.acts_at,
    }


def deadline_data(found: Deadline) -> dict[str, Any]:
    """What a time limit comes to, with every step that led there."""
    return {
        "limit": found.limit.id,
        "legal_basis": found.limit.basis,
        "outcome": found.outcome.value,
        "outcome_text": in_words(found.outcome.key),
        "answer": answer_words(found),
        "event": found.event,
        "place": found.place,
        "zone": found.zone,
        "calendar": found.calendar,
        "nominal_end": found.nominal,
        "legal_end": found.legal,
        "due": found.due,
        "target": found.target,
        "binding": found.binding,
        "silence": found.silence,
        "steps": [_step(one, found) for one in found.steps],
        "alternatives": [deadline_data(one) for one in found.alternatives],
    }


def answer_words(found: Deadline) -> dict[str, str] | None:
    """ "Friday 12 March 2027, 24:00 Brussels" by language; None where there is no day."""
    if found.due is None:
        return None
    due = found.due.astimezone(ZoneInfo(found.zone))
    city = place(found.place).city
    return {language: moment_words(due, city, language, ends=True) for language in LANGUAGES}


def _step(step: Step, found: Deadline) -> dict[str, Any]:
    return {
        "code": step.code,
        "rule": step.rule,
        "rule_text": {language: rule_words(step.rule, language) for language in LANGUAGES},
        "text": {language: step_words(step, found, language) for language in LANGUAGES},
        "parameters": {name: _plain(value) for name, value in step.parameters.items()},
    }


def _plain(value: Value) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
