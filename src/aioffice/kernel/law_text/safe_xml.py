"""XML from outside, read safely: no document type, so no entities and nothing fetched; bounded in depth and number of elements."""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from aioffice.kernel.law_text.lines import TextError

DEEPEST = 60
MOST_ELEMENTS = 200_000
LINE = "\N{NUMBER SIGN}line"
"""Attribute with the line of the file an element starts on; no element of a file can have one of that name."""


def parse(content: bytes, file: str) -> Element:
    """The root element. Raises TextError for what is not well-formed, has a document type, or is larger than any text of the Act."""
    parser = expat.ParserCreate()
    builder = TreeBuilder()
    depth = elements = 0

    def stop(message: str) -> NoReturn:
        raise TextError(file, f"line {parser.CurrentLineNumber}", message)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            stop(f"<{tag}> is one element too many: at most {MOST_ELEMENTS:,} of them, {DEEPEST} within each other.")
        builder.start(tag, attributes | {LINE: str(parser.CurrentLineNumber)})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def document_type(*_declared: object) -> None:
        stop(
            "a document type is declared; Formex files of the Official Journal have none, and entities are not expanded."
        )

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = document_type
    parser.EntityDeclHandler = document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise TextError(file, f"line {error.lineno}", f"this is no well-formed XML ({error}).") from None
    return builder.close()


def where(element: Element) -> str:
    """How an error names an element."""
    return f"line {element.get(LINE, '?')}, <{element.tag}>"
