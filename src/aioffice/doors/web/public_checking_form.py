"""The answers of the compliance checker as a form carries them: raw texts by name of fact, in the order in which they were given.

They travel with each page that asks and are computed with, nothing more: no session, no cookie, no row, no log keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.act.duties import vocabulary
from aioffice.act.reasoning.facts import ContradictionError, Fact, FactKind, FactsError, FactValue, check
from aioffice.act.words_of_rules import help_of, options, question, unit

NOT_KNOWN = "unknown"
"""What an answer says that its giver does not know: it is not asked again."""

type Answers = dict[str, str]


def answers_of(sent: QueryDict) -> Answers:
    """The answers that a form sent, empty ones left out; names that are no fact's are passed over, the form's own are among them."""
    return {
        name: text.strip()
        for name, text in sent.items()
        if isinstance(text, str) and name in vocabulary() and text.strip()
    }


def facts_of(answers: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """What is known, and what is wrong by name of fact."""
    facts: dict[str, object] = {}
    errors: dict[str, str] = {}
    for name, text in answers.items():
        if text == NOT_KNOWN:
            continue
        try:
            facts[name] = _read(vocabulary()[name], text)
        except FactsError:
            errors[name] = _expected(vocabulary()[name])
    try:
        vocabulary().read(facts)
    except ContradictionError as error:
        fact = vocabulary()[error.fact]
        assert fact.within is not None, "only what lies within something can contradict it"
        outer = question(fact.within, get_language() or "en")
        errors[error.fact] = _("This cannot be yes while you answer no to: %(question)s") % {"question": outer}
    return facts, errors


def field(fact: Fact, value: str, error: str = "", *, gated: bool = False) -> dict[str, Any]:
    """The fact as a field of a form; `gated`: shown only where what it lies within is answered with yes."""
    language = get_language() or "en"
    widgets = {FactKind.YES_NO: "tristate", FactKind.CHOICE: "radios", FactKind.NUMBER: "text", FactKind.DATE: "date"}
    choices = [(code, words, code == value) for code, words in options(fact, language)]
    if fact.kind is FactKind.CHOICE:
        choices.append((NOT_KNOWN, _("Not known"), value == NOT_KNOWN))
    helped = " ".join(part for part in (help_of(fact, language), _in_units(fact, language)) if part)
    return {
        "name": fact.name,
        "label": question(fact, language),
        "help": helped,
        "provision": fact.provision,
        "widget": widgets[fact.kind],
        "value": "" if value == NOT_KNOWN and fact.kind in {FactKind.NUMBER, FactKind.DATE} else value,
        "choices": choices if fact.kind is FactKind.CHOICE else None,
        "required": True,
        "error": error,
        "relevant_when": [(fact.within.name, ["yes"])] if gated and fact.within is not None else (),
    }


def theme(fact: Fact) -> str:
    """Under which heading a question stands where all of them are asked."""
    provision = fact.provision
    themes = (
        ("Annex III", _("What it is used for (Annex III)")),
        ("5(", _("Prohibited practices (Article 5)")),
        ("50", _("Interaction and content (Article 50)")),
        ("51", _("General-purpose models (Articles 51 to 53)")),
        ("52", _("General-purpose models (Articles 51 to 53)")),
        ("53", _("General-purpose models (Articles 51 to 53)")),
        ("Annex I", _("Products and safety (Article 6(1), Annex I)")),
        ("3(14)", _("Products and safety (Article 6(1), Annex I)")),
        ("6(1", _("Products and safety (Article 6(1), Annex I)")),
        ("6(3)", _("The part it has in decisions (Article 6(3))")),
        ("3(39)", _("What it is used for (Annex III)")),
        ("3(40)", _("What it is used for (Annex III)")),
        ("111", _("When it came to the market (Article 111)")),
        ("2(", _("What it is, and who you are (Articles 2 and 3)")),
        ("3(", _("What it is, and who you are (Articles 2 and 3)")),
    )
    return next((title for start, title in themes if provision.startswith(start)), _("How it is made and used"))


def in_words(fact: Fact, text: str) -> str:
    """An answer as a page tells it again."""
    language = get_language() or "en"
    if text == NOT_KNOWN:
        return _("Not known")
    if fact.kind is FactKind.YES_NO:
        return _("Yes") if text == "yes" else _("No")
    if fact.kind is FactKind.CHOICE:
        return dict(options(fact, language)).get(text, text)
    return f"{text} {unit(fact, language)}".strip()


def as_text(value: object) -> str:
    """A value of a fact as a form would send it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _read(fact: Fact, text: str) -> FactValue:
    if fact.kind is FactKind.YES_NO:
        return check(fact, {"yes": True, "no": False}.get(text, text))
    return check(fact, text)


def _expected(fact: Fact) -> str:
    match fact.kind:
        case FactKind.YES_NO | FactKind.CHOICE:
            return _("Choose one of the answers.")
        case FactKind.NUMBER:
            return _("Write a number, zero or more, such as 1e25.")
        case FactKind.DATE:
            return _("Write a day, such as 2027-12-02.")


def _in_units(fact: Fact, language: str) -> str:
    return _("In %(unit)s.") % {"unit": unit(fact, language)} if fact.kind is FactKind.NUMBER else ""
