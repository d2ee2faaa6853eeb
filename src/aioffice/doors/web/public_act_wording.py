"""The operator's own text of the Act beside our lines: which one is shown, and from which file and day it is."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.db import Error
from django.utils.translation import gettext as _

from aioffice.act.clocks.wording import day_words
from aioffice.doors.web.templatetags._names import language_name
from aioffice.kernel.law_text.store import Held, HeldLine, chosen, held, key, lines

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Wording:
    """The lines of one Article or annex in one text, and the texts that may be shown in its place."""

    text: Held
    lines: list[HeldLine]
    others: list[Held]
    language: str

    def by_node(self) -> dict[str, list[HeldLine]]:
        """The lines by the id of their provision."""
        found: dict[str, list[HeldLine]] = {}
        for one in self.lines:
            found.setdefault(one.node, []).append(one)
        return found

    @property
    def source(self) -> str:
        """From where the wording is, in a sentence."""
        said = {
            "title": self.text.title,
            "day": day_words(self.text.day, self.language),
            "file": self.text.file,
            "imported": day_words(self.text.imported_at.date(), self.language),
            "digest": self.text.sha256[:16],
        }
        return (
            _(
                "Wording: %(title)s, text of %(day)s, from the file %(file)s (SHA-256 %(digest)s…), imported on %(imported)s. "
                "Only the Official Journal is authentic."
            )
            % said
        )

    @property
    def links(self) -> list[dict[str, str]]:
        """The other texts, each with what leads to it."""
        return [
            {"said": f"{day_words(one.day, self.language)} ({language_name(one.language)})", "url": f"?text={key(one)}"}
            for one in self.others
        ]


def wording(top: str, language: str, asked: str) -> Wording | None:
    """The wording of an Article or annex; None where no text is held, or the database does not answer: the page does without."""
    try:
        texts = held()
        shown = chosen(texts, language, asked)
        if shown is None:
            return None
        return Wording(shown, lines(shown, top), [one for one in texts if one is not shown], language)
    except Error:
        log.warning("law_text_not_read")
        return None
