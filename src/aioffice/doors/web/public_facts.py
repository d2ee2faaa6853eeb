"""What an entry says, as lists of facts: the fields of Annex VIII in their order, what is withheld, what was asked beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from aioffice.doors.web import labels
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._names import file_kind, file_size, labelled, language_name, state_name
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.register.forms import PLACES
from aioffice.register.vocabulary import Ground

type Fact = dict[str, Any]

_OWN_WORDS = frozenset(
    {"trade_name", "intended_purpose", "information_and_logic", "rights_assessment", "data_protection_assessment"}
)
"""Fields written by the filer in the language of the filing."""


def facts(document: Mapping[str, Any]) -> list[Fact]:
    """The facts of a public document: of Annex VIII, or the eight fields of a record of a reference collection."""
    if document["section"]:
        return list(_annex_viii(document))
    return list(_reference(document))


def _annex_viii(document: Mapping[str, Any]) -> Iterator[Fact]:
    section, fields = document["section"], document["fields"]
    marks = {name: tombstone(why) for name, why in document["withheld"].items()}
    marks |= {name: erased(why) for name, why in document.get("erased", {}).items()}
    for name, number in PLACES[section].items():
        place = _("point %(number)s") % {"number": number}
        label = labels.field(f"{section}.{number}", name)
        if name in marks:
            yield {"label": label, "provision": place, "withheld": marks[name]}
        elif fields.get(name) not in (None, {}):
            yield {"label": label, "provision": place, **shown(name, fields[name], document["language"])}
        for part in (each for each in marks if each.startswith(f"{name}.")):
            inner = labels.PARTS.get(part.partition(".")[2], part)
            yield {"label": labelled(label, inner), "provision": place, "withheld": marks[part]}


def tombstone(why: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the place of withheld text."""
    return {
        "reason": labels.ground(why.get("ground", "")),
        # 71(5) keeps personal data to what is necessary; 78 protects secrets and security.
        "provision": _("Article 71(5)") if why.get("ground") == Ground.PERSONAL_DATA else _("Article 78"),
        "by": _("the AI Office"),
        "on": why.get("since"),
    }


def erased(why: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the place of a value that was erased."""
    return {"erased": True, "on": why["since"], "provision": provision_words(why["basis"])}


def shown(name: str, value: Any, language: str) -> Fact:
    """A value of a field as a fact shows it."""
    lang = {"lang": language} if name in _OWN_WORDS else {}
    if isinstance(value, dict) and "sha256" in value:
        return {
            "value": f"{value['filename']} ({file_kind(value['filename'])}, {file_size(value['size'])})",
            "url": document_path(value["sha256"], value["filename"]),
        }
    if name == "provider_entry":
        return {"value": str(value), "url": entry_path(str(value))}
    if name in ("more_information", "link"):
        return {"value": str(value), "url": str(value)}
    if isinstance(value, list) or (isinstance(value, dict) and "kind" in value):
        return {"texts": text(name, value).split("\n")}
    return {"value": text(name, value), **lang}


def text(name: str, value: Any) -> str:
    """A value of a field in words, one part a line."""
    if value is None:
        return ""
    if isinstance(value, list):
        words = {"member_states": state_name, "conditions": labels.condition}.get(name, str)
        return "\n".join(sorted(words(each) for each in value))
    if isinstance(value, dict):
        if "sha256" in value:
            return f"{value['filename']} ({file_size(value['size'])}, SHA-256 {value['sha256'][:12]}…)"
        if "kind" in value:
            return "\n".join(
                labelled(labels.PARTS[part], _part(part, value[part])) for part in _CERTIFICATE if value.get(part)
            )
        return "\n".join(str(value[part]) for part in ("name", "address", "contact") if value.get(part))
    return _WORDS[name](str(value)) if name in _WORDS else str(value)


_CERTIFICATE = ("kind", "number", "expires", "notified_body")
"""The particulars of a certificate in the order of Annex VIII, Section A, point 8."""


def _part(name: str, value: Any) -> str:
    return long_date(value) if name == "expires" else str(value)


_WORDS = {
    "status": labels.system_status,
    "area_of_use": labels.area_of_use,
    "filer_capacity": labels.filer_capacity,
    "annex_iii_point": labels.point,
    "language": language_name,
    "impact_assessment": labels.answer,
    "last_changed": long_date,
    "expires": long_date,
}


def _reference(document: Mapping[str, Any]) -> Iterator[Fact]:
    fields, language = document["fields"], document["language"]
    for name, label in labels.REFERENCE_FIELDS.items():
        value = fields.get(name, "")
        if name in ("status", "impact_assessment") and value:
            said = _("in the source: “%(words)s”") % {"words": str(value).replace("_", " ")}
            yield {"label": label, "value": text(name, value), "help": said}
        elif name == "link":
            yield {"label": label, "value": value, "url": value}
        elif name == "last_changed":
            yield {"label": label, "value": text(name, value)}
        else:
            yield {"label": label, "value": value, "lang": language}


def routing(document: Mapping[str, Any]) -> list[Fact]:
    """What was asked beside the fields of Annex VIII to know where the registration belongs."""
    found: list[Fact] = [
        {"label": labels.ROUTING[name], "value": text(name, value)}
        for name, value in document["routing"].items()
        if name in labels.ROUTING and value
    ]
    if found:
        found.append({"label": labels.ROUTING["language"], "value": language_name(document["language"])})
    return found


def entry_path(number: str) -> str:
    """The address of an entry in the language of the page."""
    return page_path(f"register/{number}/")


def version_path(number: str, n: int) -> str:
    """The address of a version of an entry."""
    return page_path(f"register/{number}/versions/{n}/")


def document_path(digest: str, filename: str) -> str:
    """The address of a file that an entry shows."""
    from urllib.parse import quote

    return page_path(f"documents/{digest}/{quote(filename)}")
