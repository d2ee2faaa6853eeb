"""Names of languages, States and numbers from CLDR, in the language of the page."""

from decimal import Decimal
from pathlib import PurePosixPath

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django.utils.translation import gettext

from aioffice.doors.web.templatetags._dates import babel_locale

# The institutions write EL for Greece where CLDR and ISO 3166 write GR.
_CLDR_TERRITORY = {"EL": "GR", "UK": "GB"}


def language_name(code: str) -> str:
    """The name of a language by its ISO 639-1 code: "French" on an English page; an unknown code as it came."""
    return _language_in(code, babel_locale())


def own_language_name(code: str) -> str:
    """The name of a language in that language: "français" for ``fr``; an unknown code as it came."""
    return _language_in(code, None)


def _language_in(code: str, reader: Locale | None) -> str:
    try:
        language = Locale.parse(str(code), sep="-")
    except (UnknownLocaleError, ValueError):
        return str(code)
    return language.get_display_name(reader or language) or str(code)


def state_name(code: str) -> str:
    """The name of a State by its two-letter code ("EL" and "GR" are both Greece); else the code as it came."""
    letters = str(code).upper()
    return str(babel_locale().territories.get(_CLDR_TERRITORY.get(letters, letters), code))


def labelled(label: object, value: object) -> str:
    """A label and what it says in one line of text, with the colon as the language of the page sets it."""
    return gettext("%(label)s: %(value)s") % {"label": label, "value": value}


def number(value: object) -> str:
    """A number with the digit groups of the language; text such as "more than 10,000" passes through."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return "" if value is None else str(value)
    return format_decimal(value, locale=babel_locale())


def file_size(value: int) -> str:
    """A number of bytes in kB, MB or GB, one decimal at most."""
    size = int(value)
    if size < 1000:
        return gettext("%(size)s bytes") % {"size": number(size)}
    if size < 1_000_000:
        return gettext("%(size)s kB") % {"size": number(round(size / 1000))}
    if size < 1_000_000_000:
        return gettext("%(size)s MB") % {"size": number(round(size / 1_000_000, 1))}
    return gettext("%(size)s GB") % {"size": number(round(size / 1_000_000_000, 1))}


def file_kind(name: str) -> str:
    """The ending of a file's name in capitals, as people call its kind: "PDF"."""
    return PurePosixPath(str(name)).suffix.removeprefix(".").upper()


def file_kinds(accept: str) -> str:
    """The value of an HTML attribute ``accept`` for people to read: ".pdf,.png" is "pdf, png"."""
    return ", ".join(part.strip().removeprefix(".") for part in accept.split(",") if part.strip().startswith("."))
