"""What a system or model is under the Act and which duties follow, from facts in the body. No token, no database, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja import Router

from aioffice.act.classification import READINGS, Answer, Law, classify
from aioffice.act.duties import DutyFound, duties, vocabulary
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.reasoning.facts import Fact, FactKind, FactsError, check
from aioffice.act.results import duty_data, result_of
from aioffice.act.text import LANGUAGES
from aioffice.act.words_of_rules import help_of, options, question, unit
from aioffice.doors import results
from aioffice.doors.api import schemas_classification as schemas
from aioffice.doors.api.answers import LAW, MEDIA_TYPE, json_answer, page, tagged
from aioffice.doors.api.base import language_asked
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.problems import Problem
from aioffice.doors.api.reading import check_media_type, first_of, json_object
from aioffice.doors.web.public_check_answer import context, told_of
from aioffice.doors.web.public_checking_form import as_text
from aioffice.kernel.days import office_day
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.results import jws
from aioffice.kernel.results.signing import NoKey

router = Router(tags=["Classification"])
MEMBERS = ("facts", "on", "regime", "readings")
EXAMPLE = {
    "facts": {
        "is_ai_system": True,
        "is_gpai_model": False,
        "is_provider": True,
        "placed_on_union_market": True,
        "recruits": True,
        "profiles_people": True,
        "first_placed_on": "2028-03-01",
    },
    "on": "2027-12-02",
}


def _schema_of(fact: Fact) -> dict[str, Any]:
    kinds: dict[FactKind, dict[str, Any]] = {
        FactKind.YES_NO: {"type": ["boolean", "null"]},
        FactKind.CHOICE: {"enum": [*(code for code, _words in fact.options), None]},
        FactKind.NUMBER: {"type": ["integer", "string", "null"], "minimum": 0},
        FactKind.DATE: {"type": ["string", "null"], "format": "date"},
    }
    return {**kinds[fact.kind], "title": fact.name, "description": f"{fact.question} ({fact.provision})"}


FACTS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Facts",
    "description": "What is known of a system, a model and its operator. What is left out, or null, is not known.",
    "type": "object",
    "additionalProperties": False,
    "properties": {fact.name: _schema_of(fact) for fact in vocabulary()},
}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "required": ["facts"],
                "properties": {
                    "facts": {name: value for name, value in FACTS_SCHEMA.items() if name != "$schema"},
                    "on": {
                        "type": "string",
                        "format": "date",
                        "description": "The day asked about; without it: today.",
                    },
                    "regime": {"enum": [*Regime], "default": Regime.AMENDED.value},
                    "readings": {
                        "type": "object",
                        "additionalProperties": False,
                        "description": "How open questions of law are read.",
                        "properties": {
                            one.question: {"enum": [*one.options], "default": one.default, "description": one.issue}
                            for one in READINGS
                        },
                    },
                },
            },
            "examples": {"screener": {"summary": "A system that ranks applicants", "value": EXAMPLE}},
        }
    },
}
_OTHER_FORMS: dict[str, Any] = {
    jws.MEDIA_TYPE: {"schema": {"type": "string", "description": "The result, signed."}},
    results.PDF: {"schema": {"type": "string", "format": "binary", "description": "The answer to print and keep."}},
}


@router.get(
    "/classification/facts",
    response=schemas.Facts,
    operation_id="list_facts",
    summary="Everything that can be asked, in words",
    openapi_extra=describe(etag=True),
)
def list_facts(request: HttpRequest) -> HttpResponse:
    shown, headers = page([_fact(fact) for fact in vocabulary()], None, request)
    return tagged(request, shown, headers, cache=LAW)


@router.get(
    "/classification/facts/schema",
    operation_id="read_facts_schema",
    summary="The facts as a JSON Schema",
    openapi_extra=describe(etag=True),
)
def read_facts_schema(request: HttpRequest) -> HttpResponse:
    return tagged(request, FACTS_SCHEMA, cache=LAW)


@router.post(
    "/classification",
    response=schemas.Classification,
    operation_id="classify",
    summary="What a system or model is under the Act, and which duties follow",
    description="Computed from the facts sent, with reasons down to each; nothing of it is kept. As long as something graver is not "
    "excluded, the outcome is `needs_review`. With `Accept: application/jose` the result comes signed by the Office, as a JSON Web "
    "Signature (RFC 7515) that the keys at `/.well-known/jwks.json` check; with `Accept: application/pdf` as pages to print, in the "
    "language of `Accept-Language`, with the signed result attached. A PDF counts as ten requests.",
    openapi_extra=describe(413, 415, 422, body=_BODY, content=_OTHER_FORMS),
)
def classify_facts(request: HttpRequest) -> HttpResponse:
    check_media_type(request, "application/json")
    sent = json_object(request)
    if unknown := [name for name in sent if name not in MEMBERS]:
        raise Invalid(
            errors=[FieldError(f"/{name}", f"Known members: {', '.join(MEMBERS)}.", "unknown") for name in unknown]
        )
    on, law, given = _on(sent.get("on")), _law(sent), _facts(sent.get("facts"))
    try:
        answer = classify(given, law, vocabulary())
    except FactsError as error:
        raise Invalid(errors=[FieldError(f"/facts/{error.fact}", _sentence(error), "contradiction")]) from None
    found = duties(given, law)
    kept = result_of(answer, found, on, given)
    match request.get_preferred_type([MEDIA_TYPE, jws.MEDIA_TYPE, results.PDF]):
        case jws.MEDIA_TYPE:
            return _signed(kept)
        case results.PDF:
            return _printed(request, answer, found, on, kept)
        case _:
            whole = {"duties": [duty_data(one, on) for one in found if one.value is not False]}
            return json_answer(kept | whole, cache="no-store")


def _signed(content: dict[str, Any]) -> HttpResponse:
    try:
        return results.signed_file(content, timezone.now())
    except NoKey as error:
        raise Problem("cannot-sign", str(error), headers={"Retry-After": "600"}) from None


def _printed(
    request: HttpRequest, answer: Answer, found: tuple[DutyFound, ...], on: date, content: dict[str, Any]
) -> HttpResponse:
    language = language_asked(request)
    with translation.override(language):
        answers = {name: as_text(answer.facts[name]) for name in content["given"]}
        shown = context(answer, found, on, language) | {"told": told_of(answers, language)}
        response = results.printed(request, shown, content, timezone.now())
    response.headers["Content-Language"] = language
    return response


def _facts(sent: Any) -> dict[str, object]:
    if not isinstance(sent, dict):
        raise Invalid(
            errors=[FieldError("/facts", "An object is expected: a value for each fact that is known.", "object")]
        )
    if len(sent) > len(vocabulary()):
        message = f"{len(sent)} facts were sent; there are {len(vocabulary())}: GET /api/v1/classification/facts."
        raise Invalid(errors=[FieldError("/facts", message, "too-many")])
    facts: dict[str, object] = {}
    if errors := first_of(_read_into(facts, sent)):
        raise Invalid(errors=errors)
    return facts


def _read_into(facts: dict[str, object], sent: dict[str, Any]) -> Iterator[FieldError]:
    """Keep what fits; yield what does not."""
    for name, value in sent.items():
        try:
            fact = vocabulary()[name]
            if value is not None:
                facts[name] = check(fact, value)
        except FactsError as error:
            place = name.replace("~", "~0").replace("/", "~1")
            yield FieldError(f"/facts/{place}", _sentence(error), "fact")


def _on(sent: Any) -> date:
    if sent is None:
        return office_day(timezone.now())
    try:
        return date.fromisoformat(sent)
    except (TypeError, ValueError):
        raise Invalid(errors=[FieldError("/on", "A day is expected, written 2027-12-02.", "date")]) from None


def _law(sent: dict[str, Any]) -> Law:
    regime, readings = sent.get("regime", Regime.AMENDED), sent.get("readings", {})
    if not isinstance(regime, str) or regime not in set(Regime):
        raise Invalid(errors=[FieldError("/regime", f"One of {', '.join(Regime)} is expected.", "enum")])
    known = {one.question: one.options for one in READINGS}
    if not isinstance(readings, dict):
        raise Invalid(errors=[FieldError("/readings", f"An object is expected, with {', '.join(known)}.", "object")])
    possible = "; ".join(f"{one}: {' or '.join(options)}" for one, options in known.items())
    wrong = (
        FieldError(f"/readings/{name}", f"Possible: {possible}.", "enum")
        for name, option in readings.items()
        if option not in known.get(name, ())
    )
    if faults := first_of(wrong):
        raise Invalid(errors=faults)
    return Law(Regime(regime), dict(Law().readings) | readings)


def _sentence(error: FactsError) -> str:
    return error.message[:1].upper() + error.message[1:]


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "kind": fact.kind.value,
        "provision": fact.provision,
        "question": {language: question(fact, language) for language in LANGUAGES},
        "help": {language: help_of(fact, language) for language in LANGUAGES},
        "unit": {language: unit(fact, language) for language in LANGUAGES},
        "within": fact.within.name if fact.within else None,
        "options": [
            {"code": code, "title": {language: dict(options(fact, language))[code] for language in LANGUAGES}}
            for code, _words in fact.options
        ],
    }
