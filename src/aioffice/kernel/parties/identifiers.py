"""Official identifiers of organisations: checked for form and check digit, brought into one way of writing.

An error says in plain words what is wrong and what would be right. Whether the identifier is the organisation's own is a question
for admission, not for arithmetic.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from stdnum import lei
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from aioffice.act.member_states import member_states
from aioffice.kernel.parties.vocabulary import IdentifierScheme

# The States whose business registers give EUIDs: the Union and the EEA. Greece writes EL in some registers and GR in others.
EUID_COUNTRIES = frozenset(state.code for state in member_states()) | {"EL", "IS", "LI", "NO"}
VAT_PREFIXES = frozenset(state.code for state in member_states()) - {"GR"} | {"EL"}
_EUID = re.compile(
    r"(?P<country>[A-Z]{2})(?P<register>[A-Z0-9]{1,20})\.(?P<number>[A-Z0-9][A-Z0-9 ./-]{0,40})(?P<check>_[0-9A-Z])?"
)


class IdentifierError(ValueError):
    """An identifier cannot be right; the message says what would be."""


def check_identifier(scheme: IdentifierScheme | str, value: str) -> str:
    """Return an identifier in its one way of writing; raise `IdentifierError`, for an unknown scheme too."""
    try:
        check = _CHECKS[IdentifierScheme(scheme)]
    except ValueError:
        known = ", ".join(IdentifierScheme.values)
        raise IdentifierError(
            _("This kind of identifier is not known. Use one of: %(known)s.") % {"known": known}
        ) from None
    return check(value.strip())


def check_lei(value: str) -> str:
    """Return a Legal Entity Identifier (ISO 17442): 20 letters and digits, the last two check digits."""
    compact = re.sub(r"[\s-]", "", value).upper()
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", compact):
        raise IdentifierError(
            _("An LEI has 20 letters and digits, for example 529900T8BM49AURSDO55; this one has %(n)s.")
            % {"n": len(compact)}
        )
    try:
        return str(lei.validate(compact))
    except ValidationError:
        raise IdentifierError(
            _("This LEI has a typing error: its check digits do not fit. Compare it with your LEI certificate.")
        ) from None


def check_vat(value: str) -> str:
    """Return a VAT identification number of a Member State, with its prefix (EL for Greece)."""
    compact = re.sub(r"[\s.\-]", "", value).upper()
    prefix = "EL" if compact.startswith("GR") else compact[:2]
    if prefix not in VAT_PREFIXES:
        raise IdentifierError(
            _("A VAT number starts with the two letters of its Member State (EL for Greece), for example SI50223054.")
        )
    try:
        return str(vat.validate(prefix + compact[2:]))
    except InvalidLength:
        message = _(
            "This VAT number has the wrong length for %(state)s. Copy it from an invoice, with its two letters."
        )
    except InvalidChecksum:
        message = _("This VAT number of %(state)s has a typing error: its check digit does not fit.")
    except (InvalidFormat, InvalidComponent, ValidationError):
        message = _(
            "A VAT number of %(state)s is not written like this. Copy it from an invoice, with its two letters."
        )
    raise IdentifierError(message % {"state": prefix})


def check_euid(value: str) -> str:
    """Return a European Unique Identifier (Implementing Regulation (EU) 2021/1042, Annex): country, register, dot, number in it.

    Only the form is checked; the registers themselves know the rest.
    """
    compact = re.sub(r"\s+", " ", value.strip()).upper()
    found = _EUID.fullmatch(compact)
    if found is None:
        raise IdentifierError(
            _(
                "An EUID is the country's two letters, the register's code, a dot and the number there, for example NLNHR.12345678."
            )
        )
    if found["country"] not in EUID_COUNTRIES:
        raise IdentifierError(
            _(
                "“%(code)s” is not the code of a State whose business register gives EUIDs. It starts, for example, with DE or FR."
            )
            % {"code": found["country"]}
        )
    return compact


_CHECKS = {IdentifierScheme.LEI: check_lei, IdentifierScheme.VAT: check_vat, IdentifierScheme.EUID: check_euid}
