"""The Act in Formex 4, the XML of the Official Journal: the file of the Act, and one for each annex."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from aioffice.act.provisions.nodes import Node, children, numbered
from aioffice.kernel.law_text.lines import LawText, Line, TextError, part_of, plain
from aioffice.kernel.law_text.safe_xml import parse, where

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

YEAR, NUMBER = "2024", "1689"
_BLOCKS = frozenset({"ALINEA", "P", "LIST", "ITEM", "NP", "PARAG", "GR.SEQ", "QUOT.S", "TXT", "NO.P", "NO.PARAG"})
_LEFT_OUT = frozenset({"NOTE"})
_NAMES = re.compile(r"(?:Article|Artikel|Articolo|Artículo|Artigo)?\D*(\d+[a-z]?)")


def read(files: Mapping[str, bytes]) -> LawText:
    """The text of a set of files, by name. Raises TextError naming file, element, and what would be right."""
    roots = {name: parse(content, name) for name, content in sorted(files.items())}
    acts = {name: root for name, root in roots.items() if root.tag == "ACT"}
    annexes = {name: root for name, root in roots.items() if root.tag == "ANNEX"}
    if len(acts) != 1:
        found = ", ".join(f"{name} (<{root.tag}>)" for name, root in roots.items()) or "none"
        raise TextError("Formex", "", f"exactly one file with <ACT> at its root is expected; found: {found}.")
    ((name, act),) = acts.items()
    _check_number(name, act)
    lines = [*_articles(name, act)]
    for annex_name, root in annexes.items():
        _check_number(annex_name, root)
        lines += _annex(annex_name, root)
    return LawText(_language(name, act), _day(name, act, roots.values()), "formex", _title(act), tuple(lines))


def _check_number(name: str, root: Element) -> None:
    number = root.find("BIB.INSTANCE/NO.DOC")
    found = [plain(number.findtext(tag) or "") for tag in ("YEAR", "NO.CURRENT")] if number is not None else []
    if found != [YEAR, NUMBER]:
        at = where(number if number is not None else root)
        raise TextError(
            name, at, f"this is {'/'.join(found) or 'no numbered act'}; <NO.DOC> of {YEAR}/{NUMBER} is expected."
        )


def _language(name: str, act: Element) -> str:
    code = plain(act.findtext("BIB.INSTANCE/LG.DOC") or "").casefold()
    if not re.fullmatch(r"[a-z]{2}", code):
        raise TextError(name, "<LG.DOC>", f"{code!r} is no language; two letters such as EN are expected.")
    return code


def _day(name: str, act: Element, roots: Iterable[Element]) -> date:
    """The day of publication where the file of the document is there, else the day of the act."""
    published = next((root.find("PUBLICATION.REF/DATE") for root in roots if root.tag == "DOC"), None)
    found = published if published is not None else act.find("BIB.INSTANCE/DATE")
    written = found.get("ISO", "") if found is not None else ""
    try:
        return date.fromisoformat(written)
    except ValueError:
        at = where(found) if found is not None else "<BIB.INSTANCE>"
        raise TextError(name, at, f'{written!r} is no day; <DATE ISO="20240712"> is expected.') from None


def _title(act: Element) -> str:
    return plain(" ".join(_words(part) for part in act.findall("TITLE/TI/P")[:1])) or f"Regulation (EU) {YEAR}/{NUMBER}"


def _articles(name: str, act: Element) -> Iterator[Line]:
    terms = act.find("ENACTING.TERMS")
    articles = [] if terms is None else [*_in_divisions(terms)]
    if not articles:
        raise TextError(name, where(act), "no <ARTICLE> in <ENACTING.TERMS>: the text of the Act is expected.")
    for article in articles:
        heading = article.find("TI.ART")
        written = plain(_words(heading)) if heading is not None else ""
        number = _NAMES.search(written)
        node = numbered(number[1]) if number else None
        if node is None:
            raise TextError(
                name, where(article), f"<TI.ART> says {written!r}; a number of an Article of the Act is expected."
            )
        title = article.find("STI.ART")
        yield Line(node, written, plain(_words(title)) if title is not None else "")
        for part in article:
            if part.tag not in {"TI.ART", "STI.ART"}:
                yield from _walk(part, node)


def _in_divisions(of: Element) -> Iterator[Element]:
    for part in of:
        if part.tag == "ARTICLE":
            yield part
        elif part.tag == "DIVISION":
            yield from _in_divisions(part)


def _annex(name: str, root: Element) -> Iterator[Line]:
    headings = [plain(_words(part)) for part in root.findall("TITLE/TI/P") + root.findall("TITLE/STI/P")]
    written = headings[0] if headings else ""
    roman = re.search(r"\b([IVX]+)\b", written)
    node = numbered(f"Annex {roman[1]}") if roman else None
    contents = root.find("CONTENTS")
    if node is None or contents is None:
        raise TextError(
            name, where(root), f"<TITLE> says {written!r}; an annex of the Act with <CONTENTS> is expected."
        )
    yield Line(node, roman[1] if roman else "", " ".join(headings[1:]))
    yield from _within(contents, node)


def _within(of: Element, node: Node) -> Iterator[Line]:
    for part in of:
        yield from _walk(part, node)


def _walk(of: Element, node: Node) -> Iterator[Line]:
    """The lines of an element that stands in a provision."""
    match of.tag:
        case "PARAG" | "NP":
            yield from _numbered_part(of, node)
        case "GR.SEQ":
            yield from _section(of, node)
        case "LIST" if of.get("TYPE") == "DASH":
            parts = children(node)
            for at, entry in enumerate(of):
                yield from _mixed(entry, parts[at] if node.id == "annex-ii" and at < len(parts) else node, "–")
        case _:
            yield from _mixed(of, node)


def _numbered_part(of: Element, node: Node) -> Iterator[Line]:
    label = next((part for part in of if part.tag in {"NO.PARAG", "NO.P"}), None)
    written = plain(_words(label)) if label is not None else ""
    inner = part_of(node, written)
    for part in of:
        if part is label:
            continue
        lines = [*_walk(part, inner)]
        if lines and written:
            lines[0] = Line(lines[0].node, written, lines[0].words)
            written = ""
        yield from lines


def _section(of: Element, node: Node) -> Iterator[Line]:
    title = of.find("TITLE")
    said = plain(" ".join(_words(part) for part in title)) if title is not None else ""
    number = re.match(r"Section (\w+)|(\d+)\.", said)
    inner = part_of(node, (number[1] or number[2])) if number else node
    yield Line(inner, "", said)
    for part in of:
        if part is not title:
            yield from _walk(part, inner)


def _mixed(of: Element, node: Node, label: str = "") -> Iterator[Line]:
    """Text, and what stands as a block in the midst of it, in order."""
    said = of.text or ""
    for part in of:
        if part.tag in _BLOCKS:
            if plain(said):
                yield Line(node, label, plain(said))
                label = ""
            lines = [*_walk(part, node)]
            if lines and label:
                lines[0] = Line(lines[0].node, label, lines[0].words)
                label = ""
            yield from lines
            said = part.tail or ""
        else:
            said += _inline(part) + (part.tail or "")
    if plain(said):
        yield Line(node, label, plain(said))


def _words(of: Element) -> str:
    """All words of an element, without footnotes."""
    return (of.text or "") + "".join(_inline(part) + (part.tail or "") for part in of)


def _inline(of: Element) -> str:
    if of.tag in _LEFT_OUT:
        return ""
    if of.tag in {"QUOT.START", "QUOT.END"}:
        code = of.get("CODE", "")
        return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else "'"
    raised = "^" if of.tag == "HT" and of.get("TYPE") == "SUP" else ""
    between = " " if of.tag in _BLOCKS else ""
    return raised + between + _words(of) + between
