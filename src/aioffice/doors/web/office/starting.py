"""Start a filing from an answer of the compliance checker: the file is brought along, or pasted; what it says fills the form.

Answers are never kept here. The page carries them from one button to the next, and only what they fill in goes into the draft.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aioffice.act.classification import Law
from aioffice.act.duties import vocabulary
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.reasoning.facts import FactsError
from aioffice.act.results import FORMAT, Asked, ResultError, read
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import field
from aioffice.doors.web.office.titles import form_url, title_of
from aioffice.doors.web.public_checking_form import answers_of, facts_of
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.days import office_day
from aioffice.kernel.procedures.drafts import save_draft
from aioffice.kernel.procedures.queries import may_prepare
from aioffice.kernel.procedures.spec import schema_hash, spec_of
from aioffice.kernel.results import jws, signing
from aioffice.register.starting import Start, Starts, filled, starts

LARGEST = 8_000_000
"""Bytes of a file that is read; the largest result has about a tenth."""


class NoAnswer(ValueError):
    """What was brought is no answer of the checker; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Brought:
    """An answer that was brought along: what it was asked, and what its signature says."""

    asked: Asked
    signature: str


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def start(visit: Visit) -> HttpResponseBase:
    """Ask for the answer, show which filing follows from it, or start the one that was chosen."""
    if visit.actor.organisation is None:
        return HttpResponseRedirect(reverse("office_today"))
    if visit.request.method != "POST":
        return _ask(visit)
    try:
        brought = _brought(visit)
        found = starts(brought.asked.given, Law(Regime.AMENDED, brought.asked.law.readings))
    except (NoAnswer, FactsError) as error:
        return _ask(visit, error=str(error))
    chosen = next((one for one in found.here if one.provision == visit.request.POST.get("file")), None)
    if chosen is not None and may_prepare(visit.actor, chosen.step, None):
        return HttpResponseRedirect(_begun(visit, chosen))
    return visit.render(
        "office/from_answer_found.html",
        signature=brought.signature,
        carried=_carried(brought.asked),
        offers=[_offer(visit, one) for one in found.here],
        national=found.national,
        nothing=_nothing(found),
    )


def _ask(visit: Visit, error: str = "") -> HttpResponseBase:
    fields = [
        field(
            "result",
            _("The file that you saved from the answer"),
            widget="file",
            required=False,
            help=_("classification.json or classification.jws, as the checker, the API or the command line give it"),
            error=error,
        ),
        field("pasted", _("Or what stands in it"), widget="longtext", required=False),
    ]
    where = page_path("check/")
    return visit.render("office/from_answer.html", status=422 if error else 200, form_fields=fields, check_url=where)


def _nothing(found: Starts) -> bool:
    return not found.here and not found.national


def _offer(visit: Visit, one: Start) -> dict[str, Any]:
    assert one.step.asks is not None, "every registration has a form"
    asked = spec_of(one.step.asks).fields
    labels = {each.key: str(each.label) for each in (*asked, *(child for each in asked for child in each.children))}
    names = [*one.values["routing"], *(name for name in one.values if name != "routing")]
    return {
        "provision": one.provision,
        "basis": provision_words(one.provision),
        "title": title_of(one.step) if one.provision != "49(3)" else one.step.procedure.title,
        "help": one.step.help,
        "certain": one.certain,
        "points": one.points,
        "fields": [labels[name] for name in names],
        "open": may_prepare(visit.actor, one.step, None),
        "who": "; ".join(dict.fromkeys(str(kind.title) for kind in one.step.by)),
    }


def _begun(visit: Visit, chosen: Start) -> str:
    """Save a draft with what the answer fills in; return where its form is."""
    assert chosen.step.asks is not None, "every registration has a form"
    saved = save_draft(
        {name: [str(value) for value in values] for name, values in filled(chosen, visit.actor).items()},
        actor=visit.actor,
        at=visit.at,
        step=chosen.step.key,
        schema_hash=schema_hash(chosen.step.asks),
    )
    return f"{form_url(chosen.step, None)}?draft={saved.draft.pk}"


def _brought(visit: Visit) -> Brought:
    """The answer that came as a file, as pasted text, or as the answers themselves. Raises NoAnswer and FactsError."""
    request = visit.request
    if given := request.POST.get("answers", ""):
        return Brought(_from_answers(given, office_day(visit.at)), "")
    text = _text(request.FILES.get("result")) or request.POST.get("pasted", "").strip()
    if not text:
        raise NoAnswer(_("Choose the file that you saved from the answer, or paste what stands in it."))
    signature = ""
    if jws.is_signed(text):
        try:
            said = jws.unchecked(text)
            signature = _signature(text, said)
        except jws.NotSigned as error:
            raise NoAnswer(_("The signature of this file does not hold, or it is no signed result.")) from error
        content = said.content
    else:
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise NoAnswer(_not_a_result()) from None
    try:
        return Brought(read(content), signature)
    except ResultError as error:
        raise NoAnswer(f"{_not_a_result()} ({error})") from None


def _not_a_result() -> str:
    return _("This is no answer of the compliance checker: classification.json or classification.jws is expected.")


def _text(file: Any) -> str:
    if not isinstance(file, UploadedFile):
        return ""
    if (file.size or 0) > LARGEST:
        raise NoAnswer(_not_a_result())
    try:
        content: bytes = file.read()
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise NoAnswer(_not_a_result()) from None


def _from_answers(text: str, today: date) -> Asked:
    """Answers as the address of the checker carries them behind its `#`."""
    facts, errors = facts_of(answers_of(QueryDict(text)))
    if errors:
        raise NoAnswer(next(iter(errors.values())))
    return Asked(facts, Law(), today)


def _signature(text: str, said: jws.Signed) -> str:
    """What the signature is worth, in words. Raises NotSigned where it does not hold."""
    try:
        jws.verify(text, signing.checking_keys())
    except (jws.KeyNotKnown, signing.NoKey):
        who = said.issuer or _("somebody else")
        return _("Signed by %(who)s. This office cannot check that; it works the answer out anew.") % {"who": who}
    return _("Signed by this office.")


def _carried(asked: Asked) -> str:
    """What the next button needs: the facts given, as small a result as can be read again."""
    facts = vocabulary().read(asked.given)
    return json.dumps(
        {
            "format": FORMAT,
            "on": asked.on.isoformat(),
            "regime": asked.law.regime.value,
            "readings": dict(asked.law.readings),
            "given": list(asked.given),
            "facts": {
                name: value.isoformat() if isinstance(value := facts[name], date) else value for name in asked.given
            },
        }
    )
