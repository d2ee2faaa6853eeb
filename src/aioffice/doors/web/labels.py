"""Words for the codes of the register, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aioffice.act import annex_iii, annex_viii
from aioffice.act.lookup import UnknownCodeError
from aioffice.doors.web.templatetags._names import language_name, state_name
from aioffice.register.models import EU, FilingStatus
from aioffice.register.vocabulary import FilerCapacity, Ground, words

type Words = str | Promise

COLLECTIONS: dict[str, Words] = {
    EU: _("Registrations under Article 49"),
    "nl-algorithm-register": _("Dutch national algorithm register (voluntary)"),
}
NOT_A_REGISTRATION = _("Not a registration under Article 49")
REFERENCE = _("For reference, not a registration")

FILTERS: dict[str, Words] = {
    "section": _("Kind of registration"),
    "area": _("Area of Annex III"),
    "annex_iii_point": _("Use case of Annex III"),
    "member_state": _("Member State where available"),
    "seat": _("Seat of the filer"),
    "status": _("Status of the system"),
    "filing_status": _("Status of the filing"),
    "provider": _("Provider or deployer"),
    "language": _("Language of the text"),
}
REFERENCE_FILTERS: dict[str, Words] = {
    "status": _("Status in the source"),
    "filing_status": _("In the source"),
    "provider": _("Organisation"),
}
"""A reference collection has no more to filter by, and calls some of it otherwise."""

SECTIONS: dict[str, Words] = {
    "A": _("High-risk system"),
    "B": _("Held by its provider not to be high-risk (Article 6(3))"),
    "C": _("Use by a public body"),
}

_FILING: dict[str, Words] = {
    FilingStatus.CURRENT: _("Current"),
    FilingStatus.SUPERSEDED: _("Superseded by a later version"),
    FilingStatus.ENTERED_IN_ERROR: _("Entered in error"),
    FilingStatus.WITHDRAWN: _("Withdrawn from the source"),
}

_REFERENCE_STATUS: dict[str, Words] = {
    "in_gebruik": _("In use"),
    "ontwikkeling": _("In development"),
    "buiten_gebruik": _("No longer in use"),
}
_REFERENCE_ANSWERS: dict[str, Words] = {"Ja": _("Yes"), "Nee": _("No"), "Onbekend": _("Not known")}

REFERENCE_FIELDS: dict[str, Words] = {
    "title": _("Name"),
    "organisation": _("Organisation"),
    "purpose": _("Purpose"),
    "status": _("Status in the source"),
    "impact_assessment": _("Impact assessment made"),
    "legal_basis": _("Legal basis"),
    "last_changed": _("Last changed at the source"),
    "link": _("Record in the source"),
}

TEXTS: dict[str, Words] = {
    "information_and_logic": _("Information and logic"),
    "rights_assessment": _("Fundamental rights"),
    "data_protection_assessment": _("Data protection"),
    "legal_basis": _("Legal basis"),
}
"""Short names of the texts, other than the purpose, that a result may quote."""

PARTS: dict[str, Words] = {
    "name": _("Name"),
    "address": _("Address"),
    "contact": _("Contact details"),
    "kind": _("Type of certificate"),
    "number": _("Certificate number"),
    "expires": _("Expiry date"),
    "notified_body": _("Notified body"),
}
"""Parts of the fields that have several."""

ROUTING: dict[str, Words] = {
    "annex_iii_point": _("Use case of Annex III"),
    "area_of_use": _("Area of use"),
    "filer_capacity": _("Filed as"),
    "language": _("Language of the text"),
}


def collection(code: str) -> str:
    """The name of a collection."""
    return str(COLLECTIONS.get(code, code))


def section(code: str) -> str:
    """A section of Annex VIII: what kind of registration it holds."""
    if code not in SECTIONS:
        return code
    return gettext("%(kind)s (Section\N{NO-BREAK SPACE}%(section)s)") % {"kind": SECTIONS[code], "section": code}


def area(code: str) -> str:
    """An area of Annex III with its number."""
    try:
        found = annex_iii.area(code)
    except UnknownCodeError:
        return code
    return f"{found.number}. {words(found.key)}"


def point(code: str) -> str:
    """A use case of Annex III with its place."""
    try:
        return f"{code} {words(annex_iii.point(code).key)}"
    except UnknownCodeError:
        return code


def system_status(code: str) -> str:
    """The status of a system, in the words of Annex VIII; of a reference collection, in ours."""
    if code in _REFERENCE_STATUS:
        return str(_REFERENCE_STATUS[code])
    return _act("status", code)


def filing_status(code: str) -> str:
    """The status of a filing."""
    return str(_FILING.get(code, code))


def answer(text: str) -> str:
    """Yes, no or not known, as the Dutch register answers; any other answer as it is."""
    return str(_REFERENCE_ANSWERS.get(text, text))


def condition(code: str) -> str:
    """A condition of Article 6(3)."""
    return f"({code}) {_act('condition', code)}"


def area_of_use(code: str) -> str:
    """An area of use as Article 49(4) tells them apart."""
    return _act("area_of_use", code)


def filer_capacity(code: str) -> str:
    """In which capacity a filing was made."""
    return str(dict(FilerCapacity.choices).get(code, code))


def ground(code: str) -> str:
    """Why text is withheld."""
    return str(dict(Ground.choices).get(code, code))


def field(point_code: str, name: str) -> str:
    """The label of a field by its place in Annex VIII (`A.5`), or by its name where it has none."""
    section_code, _dot, number = point_code.partition(".")
    if number:
        return words(annex_viii.field(section_code, int(number)).key)
    return str(REFERENCE_FIELDS.get(name) or ROUTING.get(name) or PARTS.get(name) or name)


def _act(kind: str, code: str) -> str:
    try:
        return words(f"{kind}.{code}")
    except UnknownCodeError:
        return code


VALUES: dict[str, Callable[[str], str]] = {
    "collection": collection,
    "section": section,
    "area": area,
    "annex_iii_point": point,
    "member_state": state_name,
    "seat": state_name,
    "status": system_status,
    "filing_status": filing_status,
    "language": language_name,
}
"""Words for the values of a filter; providers are shown as they are."""


def value(name: str, code: str) -> str:
    """Words for one value of a filter."""
    return VALUES[name](code) if name in VALUES else code
