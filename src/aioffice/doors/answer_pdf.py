"""An answer of the compliance checker as a PDF: what its page shows, on paper, with the result that programs read attached."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.doors.typesetting import typeset

type Part = dict[str, Any]


def answer_pdf(shown: Mapping[str, Any], content: Mapping[str, Any], *, at: datetime, signed: str = "") -> bytes:
    """The answer as a PDF in the language of the page.

    `shown` is the context of the page of an answer (`public_check_answer.context`), `content` the result; it is attached, as it is or
    `signed`. Texts enter as data, never as markup.
    """
    attached = signed or json.dumps(content, ensure_ascii=False, indent=1)
    return typeset("answer.typ", _data(shown, content, signed=bool(signed)), at=at, result=attached)


def _data(shown: Mapping[str, Any], content: Mapping[str, Any], *, signed: bool) -> dict[str, Any]:
    kind = ("classification.jws", "application/jose") if signed else ("classification.json", "application/json")
    return {
        "language": get_language() or "en",
        "office": _("AI Office"),
        "footer": _("Reference implementation, not a service of the European Commission"),
        "page": _("Page"),
        "title": shown["outcome"],
        "lead": _("What this system or model is under the AI Act, worked out from the answers at the end. This is no legal advice."),
        "columns": [_("What"), _("Value")],
        "facts": list(_made_with(shown, content, signed=signed)),
        "parts": list(_parts(shown)),
        "attached": {"name": kind[0], "type": kind[1], "words": _("The result that programs read")},
    }  # fmt: skip


def _made_with(
    shown: Mapping[str, Any], content: Mapping[str, Any], *, signed: bool
) -> Iterator[tuple[str, str, bool]]:
    law, rules = content["law"], content["rules"]
    text = _title(law["act"])
    if law["amended_by"]:
        amending = ", ".join(_title(one) for one in law["amended_by"])
        text = _("%(act)s as amended by %(others)s") % {"act": text, "others": amending}
    yield _("Seen on"), shown["on"], False
    yield _("Text"), text, False
    yield _("Software"), f"{rules['software']} {rules['version']}", False
    yield _("Rules"), rules["digest"], True
    if signed:
        yield _("Attached"), _("classification.jws, signed: aioffice classify --verify checks it"), False
    else:
        yield _("Attached"), _("classification.json: aioffice classify --verify checks it"), False


def _title(act: str) -> str:
    return act.replace("Regulation (EU)", _("Regulation (EU)"))


def _parts(shown: Mapping[str, Any]) -> Iterator[Part]:
    """The sections of the page in their order. A section that the page gets is one line here, of one of these kinds."""
    kinds = (
        ("reasons", _("Why?"), "", list(shown["scope"])),
        ("findings", _("What it is"), "", list(_findings(shown["findings"]))),
        ("timeline", _("What has to be done"), "", list(_timeline(shown["timeline"]))),
        (
            "lines",
            _("What is not excluded yet"),
            _("What you answered leaves these open. Until they are excluded, none of them can be ruled out."),
            [_line(one["summary"], one["provision"]) for one in shown["open"]],
        ),
        (
            "lines",
            _("What would change it"),
            "",
            [_line(f"{one['question']} {one['said']}: {one['outcome']}") for one in shown["changes"]],
        ),
        ("pairs", _("What you answered"), "", [(one["question"], one["said"]) for one in shown["told"]]),
        ("findings", _("Why these duties bind"), "", list(_reasons(shown["timeline"]))),
    )
    for kind, title, lead, items in kinds:
        if items:
            yield {
                "kind": kind,
                "title": title,
                "lead": lead,
                "items": items,
                "columns": [_("Question"), _("Answer")],
            }


def _findings(found: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    for one in found:
        yield {
            "title": one["summary"],
            "provision": one["provision"],
            "text": one["since"],
            "reasons": one["reasons"],
        }


def _timeline(groups: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    for group in groups:
        items = [
            {
                "who": duty["bearer"],
                "text": duty["what"],
                "provision": duty["provision"],
                "shown_by": f"{_('Shown by:')} {duty['shown_by']}",
            }
            for duty in group["duties"]
        ]
        yield {"title": group["title"], "count": group["count"], "running": group["running"], "items": items}


def _reasons(groups: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    """Why duties bind, those with the same reasons together. What was told of one is named at the others, not told again."""
    together: dict[str, list[Mapping[str, Any]]] = {}
    for group in groups:
        for duty in group["duties"]:
            together.setdefault(str(duty["reasons"]), []).append(duty)
    told: set[str] = set()
    for duties in together.values():
        title = ", ".join(dict.fromkeys(duty["provision"] for duty in duties))
        text = duties[0]["what"] if len(duties) == 1 else ""
        yield {"title": title, "provision": "", "text": text, "reasons": _once(duties[0]["reasons"], told)}


def _once(reasons: Sequence[Mapping[str, Any]], told: set[str]) -> list[Part]:
    shown = []
    for one in reasons:
        known = bool(one["inner"]) and str(one) in told
        told.add(str(one))
        shown.append(
            {
                "said": one["said"],
                "value": one["value"],
                "inner": [] if known else _once(one["inner"], told),
                "again": _("as above") if known else "",
            }
        )
    return shown


def _line(text: str, provision: str = "") -> dict[str, str]:
    return {"text": text, "provision": provision}
