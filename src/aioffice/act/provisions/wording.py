"""Provisions in words: how each is cited in a language, and one line that says in our own words what it is about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from aioffice.act.lookup import find, json_data
from aioffice.act.provisions.nodes import SECTIONED, Kind, is_paragraph
from aioffice.act.text import LANGUAGES, text

if TYPE_CHECKING:
    from aioffice.act.provisions.nodes import Node

_LATIN = {"a": "bis", "b": "ter", "c": "quater", "d": "quinquies", "e": "sexies"}


def line(of: Node, language: str) -> str:
    """What a provision is about, in one line of our own; empty where it has none of its own and what it is part of speaks for it."""
    base = _base(language)
    if (own := _lines(base).get(of.id)) is not None:
        return own
    return text(key, base) if (key := _label_of_field(of)) is not None else ""


def words(of: Node, language: str) -> str:
    """How a provision is cited: "Article 5(1)(ba)" and "Annex III, point 4(a)"; as French cites them in French."""
    base = _base(language)
    return _french(of) if base == "fr" else _english(of)


def short(of: Node, language: str) -> str:
    """The last part of a number, as it stands before a paragraph or point: "(ba)", "1a", "Section A"."""
    return words(of, language) if of.id == of.top or of.kind is Kind.CHAPTER else _label(of, _base(language))


def _label(of: Node, language: str) -> str:
    last = of.path[-1]
    if of.kind is Kind.ANNEX and len(of.path) == 2 and of.path[0] in SECTIONED:
        return f"{'section' if language == 'fr' else 'Section'} {last.upper()}"
    if of.kind is Kind.ANNEX and of.path[0] == "XIV":
        return last.upper().replace("-", " ")
    if of.kind is Kind.ANNEX and of.path[0] == "VII" and len(of.path) == 3:
        return ".".join(of.path[1:])
    if last.isdigit() or (is_paragraph(of) and len(of.path) == 2):
        return _numbered(last, language)
    return f"{_numbered(last, language)})" if language == "fr" else f"({last})"


def _numbered(part: str, language: str) -> str:
    """A number or letter; what was put in later has a letter more, in French a Latin numeral."""
    if language != "fr" or len(part) < 2 or part[-1] not in _LATIN:
        return part
    stem = part[:-1]
    inserted = stem.isdigit() or (len(stem) == 1 and stem.isalpha())
    return f"{stem} {_LATIN[part[-1]]}" if inserted else part


def _english(of: Node) -> str:
    match of.kind:
        case Kind.CHAPTER:
            return of.number.replace(" Section", ", Section")
        case Kind.ARTICLE:
            return f"Article {of.number}"
        case Kind.ANNEX:
            return _annex(of, "Annex", "en")


def _french(of: Node) -> str:
    match of.kind:
        case Kind.CHAPTER:
            return of.number.replace("Chapter", "chapitre").replace(" Section", ", section")
        case Kind.ARTICLE:
            article, *rest = (_numbered(part, "fr") for part in of.path)
            said = [f"article {article}"]
            if rest and is_paragraph(of):
                said.append(f"paragraphe {rest.pop(0)}")
            if rest:
                said.append("point " + " ".join(part if part[0].isdigit() else f"{part})" for part in rest))
            return ", ".join(said)
        case Kind.ANNEX:
            return _annex(of, "annexe", "fr")


def _annex(of: Node, annex: str, language: str) -> str:
    roman, *rest = of.path
    said = [f"{annex} {roman}"]
    if rest and roman in SECTIONED:
        said.append(f"{'section' if language == 'fr' else 'Section'} {rest.pop(0).upper()}")
    if rest and roman == "XIV":
        said.append(_label(of, language) if rest[0].startswith("ai") else f"point {rest[0]}")
    elif rest and roman == "II":
        said.append(f"{'tiret' if language == 'fr' else 'indent'} {rest[0]}")
    elif rest:
        numbers = [part for part in rest if part.isdigit()]
        letters = "".join(f" {part})" if language == "fr" else f"({part})" for part in rest if not part.isdigit())
        said.append(f"point {('.'.join(numbers) + letters).strip()}")
    return ", ".join(said)


def _label_of_field(of: Node) -> str | None:
    """The key of the label that a field of the EU database has on forms."""
    roman, *rest = of.path if of.kind is Kind.ANNEX else ("",)
    match roman, rest:
        case "VIII", [section]:
            return f"annex_viii.section.{section.upper()}"
        case "VIII", [section, point]:
            return f"annex_viii.{section.upper()}.{point}"
        case "IX", [point]:
            return f"annex_viii.IX.{point}"
    return None


def _base(language: str) -> str:
    return find(
        "language of act texts", language.replace("_", "-").partition("-")[0], {code: code for code in LANGUAGES}
    )


@cache
def _lines(language: str) -> dict[str, str]:
    return cast("dict[str, str]", json_data(f"provisions_{language}.json"))
