"""The compliance checker: what a system or model is under the Act and what its operator has to do, question by question or all at once.

Anyone may use it without signing in. What they answer is posted, computed with and forgotten; a link to share carries it behind the
`#`, which browsers never send.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aioffice.act.classification import Answer, classify
from aioffice.act.duties import DutyFound, duties, further_reasons, vocabulary
from aioffice.act.questioning import missing
from aioffice.act.reasoning.facts import Fact
from aioffice.act.results import result_of
from aioffice.doors.api.problems import Problem
from aioffice.doors.ledger import TEXT
from aioffice.doors.results import FILENAME, download, printed, signed_file
from aioffice.doors.web.public_check_answer import context, told_of
from aioffice.doors.web.public_checking_form import NOT_KNOWN, Answers, answers_of, facts_of, field, theme
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.days import office_day
from aioffice.kernel.results.signing import NoKey
from aioffice.register.starting import starts

PATH = "check/"

type View = Callable[[HttpRequest], HttpResponse]


def _kept_by_nobody(view: View) -> View:
    """No cache keeps what somebody answered, and the page is asked by GET or answered by POST."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return require_http_methods(["GET", "HEAD", "POST"])(wrapped)


@_kept_by_nobody
def check(request: HttpRequest) -> HttpResponse:
    """The next question, all questions, or the answer, as the button pressed asks for."""
    today = office_day(timezone.now())
    answers = answers_of(request.POST)
    wanted, _colon, name = request.POST.get("do", "").partition(":")
    current = request.POST.get("question", "")
    if wanted == "back":
        return _back(request, answers, current)
    if wanted == "next" and current in vocabulary() and current not in answers:
        answers[current] = NOT_KNOWN
    facts, errors = facts_of(answers)
    if wanted == "change" and name in vocabulary():
        return _ask(request, vocabulary()[name], answers, {})
    if errors and wanted != "all":
        return (
            _all(request, answers, errors)
            if wanted == "result"
            else _ask(request, vocabulary()[next(iter(errors))], answers, errors)
        )
    if wanted == "all":
        return _all(request, answers, errors)
    answer, found = classify(facts, known_as=vocabulary()), duties(facts)
    if wanted in ("json", "signed"):
        return _file(wanted, result_of(answer, found, today, facts))
    if wanted == "pdf":
        return _printed(request, _shown(answer, found, answers, today), result_of(answer, found, today, facts))
    unanswered = [fact for fact in missing(answer, further_reasons(found)) if fact.name not in answers]
    if wanted == "result" or not unanswered:
        shown = _shown(answer, found, answers, today) | _filings(facts)
        return _answer(request, shown, answers, unanswered=len(unanswered))
    return _ask(request, unanswered[0], answers, {}, left=len(unanswered))


def path() -> str:
    """The address of the checker in the language of the page."""
    return page_path(PATH)


def _back(request: HttpRequest, answers: Answers, current: str) -> HttpResponse:
    """The question before the current one, with the answer it was given; what was answered elsewhere stays."""
    given = [name for name in answers if name != current]
    if not given:
        return _ask(request, next(iter(vocabulary())), {}, {})
    last = given[-1]
    return _ask(request, vocabulary()[last], {name: answers[name] for name in given}, {})


def _ask(
    request: HttpRequest, fact: Fact, answers: Answers, errors: dict[str, str], *, left: int | None = None
) -> HttpResponse:
    kept = [(name, text) for name, text in answers.items() if name != fact.name]
    asked = field(fact, answers.get(fact.name, ""), errors.get(fact.name, ""))
    return render(
        request,
        "public/check.html",
        {
            "field": asked,
            "fields": [asked],
            "kept": kept,
            "started": bool(kept),
            "answered": len(kept),
            "left": left,
            "given": bool(answers),
        },
        status=422 if errors else 200,
    )


def _all(request: HttpRequest, answers: Answers, errors: dict[str, str]) -> HttpResponse:
    groups: dict[str, list[dict[str, Any]]] = {}
    for fact in vocabulary():
        shown = field(fact, answers.get(fact.name, ""), errors.get(fact.name, ""), gated=True)
        groups.setdefault(theme(fact), []).append(shown)
    sections = [
        {"id": f"part-{n}", "title": title, "fields": own} for n, (title, own) in enumerate(groups.items(), start=1)
    ]
    fields = [one for section in sections for one in section["fields"]]
    return render(
        request,
        "public/check_all.html",
        {"sections": sections, "fields": fields, "given": bool(answers)},
        status=422 if errors else 200,
    )


def _answer(request: HttpRequest, shown: dict[str, Any], answers: Answers, *, unanswered: int) -> HttpResponse:
    shown |= {"kept": list(answers.items()), "unanswered": unanswered, "given": True}
    return render(request, "public/check_answer.html", shown)


def _shown(answer: Answer, found: tuple[DutyFound, ...], answers: Answers, today: date) -> dict[str, Any]:
    language = get_language() or "en"
    return context(answer, found, today, language) | {"told": told_of(answers, language)}


def _filings(facts: dict[str, object]) -> dict[str, Any]:
    """The registrations that follow, and where one of them is started."""
    filings = [
        {"title": one.step.procedure.title, "basis": provision_words(one.provision), "certain": one.certain}
        for one in starts(facts).here
    ]
    return {"filings": filings, "filing_url": page_path("office/file/from-answer/")}


def _file(kind: str, content: dict[str, Any]) -> HttpResponse:
    """The result to take away, and keep."""
    if kind == "signed":
        try:
            return signed_file(content, timezone.now())
        except NoKey:
            message = _("This office cannot sign just now. Take the file without a signature.")
            return HttpResponse(message, status=503, content_type=TEXT)
    written = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return download(written, "application/json; charset=utf-8", f"{FILENAME}.json")


def _printed(request: HttpRequest, shown: dict[str, Any], content: dict[str, Any]) -> HttpResponse:
    """The answer to print and keep; 429 for whoever asks for very many."""
    try:
        return printed(request, shown, content, timezone.now())
    except Problem as problem:
        message = _("You asked for many files at once. Wait a minute, go back and try again.")
        return HttpResponse(message, status=429, content_type=TEXT, headers=problem.headers)
