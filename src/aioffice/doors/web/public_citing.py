"""How to cite an entry: in words, and as BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from aioffice.doors.web.templatetags._dates import BRUSSELS, long_date
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.kernel.settings import settings


@dataclass(frozen=True, slots=True)
class Citation:
    """An entry's version as others refer to it. The address leads to that very version for good."""

    author: str
    title: str
    number: str
    version: int
    recorded: date
    address: str
    register: str

    @property
    def text(self) -> str:
        """The citation in a sentence."""
        words = _(
            "%(author)s, “%(title)s”, %(register)s, entry %(number)s, version %(version)s of %(date)s, %(address)s"
        )
        return words % {
            "author": self.author,
            "title": self.title,
            "register": self.register,
            "number": self.number,
            "version": self.version,
            "date": long_date(self.recorded),
            "address": self.address,
        }

    @property
    def bibtex(self) -> str:
        """The same as a BibTeX record."""
        fields = {
            "author": "{" + _tex(self.author) + "}",
            "title": "{" + _tex(self.title) + "}",
            "howpublished": _tex(self.register),
            "number": _tex(self.number),
            "note": _tex(f"{self.number}, version {self.version}"),
            "year": str(self.recorded.year),
            "month": f"{self.recorded:%m}",
            "day": f"{self.recorded:%d}",
            "url": self.address,
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.number}-v{self.version},\n{lines}\n}}\n"


def citation(*, author: str, title: str, number: str, version: int, recorded_at: datetime, register: str) -> Citation:
    """Make the citation of one version of an entry."""
    address = absolute(page_path(f"register/{number}/versions/{version}/"))
    return Citation(author, title, number, version, recorded_at.astimezone(BRUSSELS).date(), address, register)


def absolute(path: str) -> str:
    """The full address of a path of this office."""
    return settings().base_url + path


_SIGNS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "{}#$%&_"
}


def _tex(text: str) -> str:
    return re.sub(r"[\\~^{}#$%&_]", lambda sign: _SIGNS[sign[0]], " ".join(text.split()))
