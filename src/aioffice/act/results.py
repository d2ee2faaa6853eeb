"""The result of a classification as data to keep: the answer and its duties, with the law and the rules they were made with.

A result holds all it takes to make it again. `read` takes one from a file and trusts nothing in it; `again` asks the rules of today the
same, and `differences` says in what two results differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from aioffice.act.answers_in_words import answer_data, since_data
from aioffice.act.classification import Answer, Law, ReadingError, classify
from aioffice.act.duties import DutyFound, duties, vocabulary
from aioffice.act.reasoning.evaluating import LEAVES
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.reasoning.facts import FactsError
from aioffice.act.reasoning.telling import data
from aioffice.act.text import LANGUAGES, text
from aioffice.act.versions import law_version, rules_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.act.reasoning.evaluating import Reason
    from aioffice.act.versions import Data

FORMAT = "aioffice-classification/1"
"""Says what the file is; a reader refuses what it does not know."""


class ResultError(ValueError):
    """What was given is no result of a classification; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a result answers: the facts given, the law, the day."""

    given: Mapping[str, object]
    law: Law
    on: date


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a later result differs: `what` is outcome, conclusion or duty; `before` or `now` is empty where it was not,
    or is no more."""

    what: str
    provision: str
    before: str
    now: str


def result(given: Mapping[str, object], on: date, law: Law | None = None) -> Data:
    """The whole result for these facts and that day. Raises FactsError for facts that cannot be used."""
    answer = classify(given, law, vocabulary())
    return result_of(answer, duties(given, law), on, given)


def result_of(answer: Answer, found: Iterable[DutyFound], on: date, given: Iterable[str]) -> Data:
    """The result of an answer and duties that are there already; `given` names the facts that somebody gave, the others follow."""
    named = set(given)
    return {
        "format": FORMAT,
        "law": law_version(answer.law.regime),
        "rules": rules_version(),
        **answer_data(answer, on),
        "given": [name for name in answer.facts if name in named],
        "duties": [_kept(one, on) for one in found if one.value is not False],
    }


def _kept(one: DutyFound, on: date) -> Data:
    """What binds with its reasons; of what may bind the facts that are missing alone, for their trees would be most of the file."""
    if one.value is None:
        return _words(one, on) | {"missing": list(_missing(one.reason))}
    return duty_data(one, on)


def duty_data(one: DutyFound, on: date) -> Data:
    """A duty as JSON would have it, with its words in every language and the whole tree of its reasons."""
    return _words(one, on) | {"reason": data(one.reason)}


def _words(one: DutyFound, on: date) -> Data:
    return {
        "provision": one.duty.provision,
        "bearer": one.duty.bearer.value,
        "binds": one.value,
        "what": {language: text(one.duty.key, language) for language in LANGUAGES},
        "shown_by": {language: text(one.duty.shown_by_key, language) for language in LANGUAGES},
        "in_application": one.application.on(on),
        "since": since_data(one.application),
    }


def _missing(reason: Reason) -> Iterator[str]:
    """The facts that are not known at the ends of a tree, in order, each once; what stands in it twice is looked at once."""
    seen: set[int] = set()
    named: set[str] = set()
    waiting = [reason]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        waiting.extend(reversed(one.because))
        if one.value is None and not one.because and isinstance(one.expression, LEAVES):
            name = one.expression.fact.name
            if name not in named:
                named.add(name)
                yield name


def read(content: object) -> Asked:
    """What a result answers, read from what a file holds. Raises ResultError."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ResultError(f"This is no result of a classification: a JSON object with the format {FORMAT} is expected.")
    try:
        day = date.fromisoformat(content["on"])
        law = Law(Regime(content["regime"]), content["readings"])
        named, facts = content["given"], content["facts"]
        given = {name: facts[name] for name in named}
        vocabulary().read(given)
    except KeyError as error:
        raise ResultError(f"The result lacks {error}.") from None
    except (FactsError, ReadingError) as error:
        raise ResultError(f"The rules of this version cannot answer what the result asks: {error}") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise ResultError(f"The result does not say what it answers: {error}") from None
    return Asked(given, law, day)


def again(content: object) -> Data:
    """What the rules of today say to what a result answers, on the same day. Raises ResultError."""
    asked = read(content)
    return result(asked.given, asked.on, asked.law)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    """In what a later result differs from an earlier one, the gravest first. ResultError for what is no result."""
    try:
        return tuple(_differences(before, now))
    except (KeyError, TypeError, AttributeError, IndexError):
        raise ResultError("One of the two is no whole result: it lacks conclusions or duties.") from None


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    if before["outcome"] != now["outcome"]:
        yield Difference("outcome", "", before["outcome"], now["outcome"])
    for what, member, name in (("conclusion", "holds", "outcome"), ("duty", "duties", "bearer")):
        old, new = _standing(before[member], name), _standing(now[member], name)
        for key in dict.fromkeys((*old, *new)):
            if old.get(key, "") != new.get(key, ""):
                yield Difference(what, key[0], old.get(key, ""), new.get(key, ""))


def _standing(items: Iterable[Mapping[str, Any]], name: str) -> dict[tuple[str, str], str]:
    """How each conclusion or duty stands: certain or open, and since when."""
    found = {}
    for one in items:
        days = " or ".join(f"{since['day'] or 'never'} ({since['basis']})" for since in one["since"])
        certain = "not excluded" if one.get("binds", True) is None else "holds"
        found[(one["provision"], one[name])] = f"{certain}, from {days}"
    return found
