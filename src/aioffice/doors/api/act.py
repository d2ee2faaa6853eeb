"""Every provision of the Act, and what rests on it. No token, no database."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from aioffice.act.lookup import UnknownCodeError
from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.applying import Applies, applies
from aioffice.act.provisions.identifiers import eli, official_text
from aioffice.act.provisions.nodes import Node
from aioffice.act.provisions.resting import deciding_facts
from aioffice.act.provisions.wording import line, words
from aioffice.act.reasoning.expressions import Regime
from aioffice.act.text import LANGUAGES
from aioffice.doors.api import schemas_act as schemas
from aioffice.doors.api.answers import LAW, page, tagged
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.problems import Problem
from aioffice.doors.provisions import resting_on
from aioffice.doors.searching_act import MOST_WORDS, search
from aioffice.kernel.settings import settings

router = Router(tags=["The Act"])


class ProvisionsAsked(Schema):
    """Which provisions."""

    q: str = Field(
        "",
        max_length=MOST_WORDS,
        description="Plain words in English or French, or a number such as 6(3); all provisions without it.",
        examples=["emotion"],
    )


@router.get(
    "/provisions",
    response=schemas.Provisions,
    operation_id="list_provisions",
    summary="Every Article, paragraph, point and annex of the Act: in a line of our own, since when, and what was changed",
    openapi_extra=describe(etag=True),
)
def list_provisions(request: HttpRequest, asked: Query[ProvisionsAsked]) -> HttpResponse:
    found = search(asked.q) if asked.q.strip() else tree.nodes()
    data, headers = page([_short(one) for one in found], None, request)
    return tagged(request, data, headers, cache=LAW)


@router.get(
    "/provisions/{provision}",
    response=schemas.ProvisionInFull,
    operation_id="read_provision",
    summary="One provision, with its parts and the rules, duties, limits, fields, fines and procedures that rest on it",
    openapi_extra=describe(404, etag=True),
)
def read_provision(request: HttpRequest, provision: str) -> HttpResponse:
    try:
        found = tree.node(provision)
    except UnknownCodeError as error:
        raise Problem("not-found", str(error)) from None
    resting = resting_on(found)
    data = _short(found) | {
        "official_text": {language: official_text(found, language) for language in LANGUAGES},
        "parts": [part.id for part in tree.children(found)],
        "rests_on_it": [
            {"sort": one.sort.value, "id": one.id, "basis": one.provision, "provisions": [n.id for n in one.nodes]}
            for one in resting
        ],
        "deciding_facts": [fact.name for fact in deciding_facts(resting)],
    }
    return tagged(request, data, cache=LAW)


def _short(of: Node) -> dict[str, Any]:
    return {
        "id": of.id,
        "number": of.number,
        "cited": {language: words(of, language) for language in LANGUAGES},
        "line": {language: line(of, language) for language in LANGUAGES},
        "parent": of.parent or None,
        "change": of.change.value,
        "changed_by": of.by,
        "applies": [_since(one) for one in applies(of)],
        "applied_as_enacted": [_since(one) for one in applies(of, Regime.ENACTED)],
        "eli": eli(of),
        "url": f"{settings().base_url}/api/v1/act/provisions/{of.id}",
    }


def _since(one: Applies) -> dict[str, str]:
    return {"day": one.day.isoformat(), "basis": one.basis, "route": one.route.value}
