"""The Act as JSON: Articles with paragraphs, subparagraphs and points, annexes with sections and points."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from aioffice.act.provisions.nodes import Node, children, numbered
from aioffice.kernel.law_text.lines import LawText, Line, TextError, part_of, plain

_DAYS = (re.compile(r"-(\d{4})(\d{2})(\d{2})\b"), re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b"))


def read(content: bytes, file: str) -> LawText:
    """The text of a file. Raises TextError naming the place by JSON pointer, and what would be right."""
    try:
        act = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TextError(file, "", f"this is no JSON ({error}).") from None
    reading = _Reading(file)
    celex = reading.text(act, "celex", "")
    if "2024R1689" not in celex:
        raise TextError(
            file,
            "/celex",
            f"{celex!r} was found; the CELEX number of the Act, 32024R1689 or 02024R1689-..., is expected.",
        )
    language = reading.text(act, "language", "")
    if not re.fullmatch(r"[a-z]{2}", language):
        raise TextError(file, "/language", f"{language!r} is no language; two letters such as en are expected.")
    lines = [*reading.articles(act), *reading.annexes(act)]
    title = plain(reading.text(act, "title", ""))
    return LawText(language, _day(file, celex, reading.text(act, "version", "")), "json", title, tuple(lines))


def _day(file: str, celex: str, version: str) -> date:
    if found := _DAYS[0].search(celex):
        written = tuple(int(part) for part in found.groups())
    elif found := _DAYS[1].search(version):
        day, month, year = (int(part) for part in found.groups())
        written = (year, month, day)
    else:
        raise TextError(
            file, "/version", "no day was found; 02024R1689-20260727 in /celex or 12.7.2024 in /version is expected."
        )
    try:
        return date(*written)
    except ValueError:
        raise TextError(file, "/celex", f"{celex!r} names no day of the calendar.") from None


class _Reading:
    """One file being read; errors name the place in it."""

    def __init__(self, file: str) -> None:
        self.file = file

    def articles(self, act: Any) -> Iterator[Line]:
        for at, article in enumerate(self.list(act, "articles", "")):
            place = f"/articles/{at}"
            number = self.text(article, "number", place)
            node = numbered(number)
            if node is None or not node.id.startswith("article-"):
                raise TextError(
                    self.file, f"{place}/number", f"{number!r} is no Article of the Act; 1 to 113 or 4a are expected."
                )
            yield Line(node, f"Article {number}", plain(self.text(article, "title", place)))
            for n, paragraph in enumerate(self.list(article, "paragraphs", place)):
                yield from self._paragraph(paragraph, node, f"{place}/paragraphs/{n}")

    def _paragraph(self, paragraph: Any, article: Node, place: str) -> Iterator[Line]:
        number = self.optional(paragraph, "number", place)
        node = part_of(article, number) if number else article
        label = f"{number}." if number else ""
        for n, part in enumerate(self.list(paragraph, "subparagraphs", place)):
            for one in self._point(part, node, f"{place}/subparagraphs/{n}"):
                yield Line(one.node, label or one.label, one.words)
                label = ""

    def annexes(self, act: Any) -> Iterator[Line]:
        for at, annex in enumerate(self.list(act, "annexes", "")):
            place = f"/annexes/{at}"
            number = self.text(annex, "number", place)
            node = numbered(f"Annex {number}")
            if node is None:
                raise TextError(
                    self.file, f"{place}/number", f"{number!r} is no annex of the Act; I to XIV are expected."
                )
            yield Line(node, number, plain(self.text(annex, "title", place)))
            yield from self._section(annex, node, place)

    def _section(self, section: Any, node: Node, place: str) -> Iterator[Line]:
        for n, intro in enumerate(self.list(section, "intro", place, missing=True)):
            yield Line(node, "", plain(self.string(intro, f"{place}/intro/{n}")))
        parts = children(node)
        for n, point in enumerate(self.list(section, "points", place, missing=True)):
            label = self.text(point, "label", f"{place}/points/{n}")
            own = parts[n] if node.id == "annex-ii" and n < len(parts) else self._part(node, label)
            first = True
            for one in self._point(point, own, f"{place}/points/{n}"):
                yield Line(one.node, _label(label) if first else one.label, one.words)
                first = False
        for n, inner in enumerate(self.list(section, "sections", place, missing=True)):
            within = f"{place}/sections/{n}"
            heading = plain(self.text(inner, "heading", within))
            number = re.match(r"Section (\w+)|(\d+)\.", heading)
            own = part_of(node, number[1] or number[2]) if number else node
            yield Line(own, "", heading)
            yield from self._section(inner, own, within)

    def _part(self, node: Node, label: str) -> Node:
        """The part a label opens; the codes of Annex XIV look like `AIP 0102`."""
        return part_of(node, label.replace(" ", "-"))

    def _point(self, point: Any, node: Node, place: str) -> Iterator[Line]:
        said = plain(self.optional(point, "text", place))
        if said:
            yield Line(node, "", said)
        for n, inner in enumerate(self.list(point, "points", place, missing=True)):
            label = self.text(inner, "label", f"{place}/points/{n}")
            first = True
            for one in self._point(inner, part_of(node, label), f"{place}/points/{n}"):
                yield Line(one.node, _label(label) if first else one.label, one.words)
                first = False
        for n, tail in enumerate(self.list(point, "tail", place, missing=True)):
            yield Line(node, "", plain(self.string(tail, f"{place}/tail/{n}")))

    def list(self, of: Any, name: str, place: str, *, missing: bool = False) -> list[Any]:
        found = self._get(of, name, place)
        if found is None and missing:
            return []
        if not isinstance(found, list):
            raise TextError(self.file, f"{place}/{name}", "a list is expected.")
        return found

    def text(self, of: Any, name: str, place: str) -> str:
        return self.string(self._get(of, name, place), f"{place}/{name}")

    def optional(self, of: Any, name: str, place: str) -> str:
        found = self._get(of, name, place)
        return "" if found is None else self.string(found, f"{place}/{name}")

    def string(self, found: Any, place: str) -> str:
        if not isinstance(found, str):
            raise TextError(self.file, place, "text is expected.")
        return found

    def _get(self, of: Any, name: str, place: str) -> Any:
        if not isinstance(of, dict):
            raise TextError(self.file, place or "/", "an object is expected.")
        return of.get(name)


def _label(label: str) -> str:
    """As it stands in the text: `(a)`, `1.`; codes and dashes as they are."""
    if label.isdigit() or re.fullmatch(r"\d+\.\d+", label):
        return f"{label}."
    return f"({label})" if re.fullmatch(r"[a-z]{1,4}", label) else label
