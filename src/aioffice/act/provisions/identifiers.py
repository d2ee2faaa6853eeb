"""European Legislation Identifiers of provisions, and where the official text of each is found.

The identifier of the Act stands in its Formex file (`http://data.europa.eu/eli/reg/2024/1689/oj`). For a part of an act the
Publications Office puts the part before the last element: `art_6/oj` (EUR-Lex help, "ELI"), with `par_`, `pnt_`, `anx_` and `sct_` for
paragraphs, points, annexes and their sections; for the text on a day, the day stands in place of `oj`. What was inserted in 2026 is not
in the text of 2024, so its identifier names the day from which the Act has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioffice.act.provisions.nodes import SECTIONED, Change, Kind, is_paragraph, node
from aioffice.act.rules.article_113 import AMENDMENT

if TYPE_CHECKING:
    from aioffice.act.provisions.nodes import Node

ACT = "http://data.europa.eu/eli/reg/2024/1689"
_PAGES = "https://eur-lex.europa.eu/eli/reg/2024/1689"
_AS_PUBLISHED = "oj"
_LANGUAGES = {"en": "eng", "fr": "fra"}


def eli(of: Node) -> str:
    """The identifier of a provision: as published in 2024, or as inserted in 2026. Of a chapter, the Act's own."""
    return "/".join((ACT, *_steps(of), _version(of)))


def official_text(of: Node, language: str) -> str:
    """The address of the official text on EUR-Lex, as amended, at the Article or annex; what was deleted, as published in 2024.

    The part stands in the address, where its identifier is resolved, and after it as the name of the place on the page, where it is not.
    """
    top = node(of.top)
    version = _AS_PUBLISHED if of.change is Change.DELETED else AMENDMENT.isoformat()
    code = _LANGUAGES.get(language.partition("-")[0], "eng")
    steps = _steps(top)
    return "/".join((_PAGES, *steps, version, code)) + (f"#{steps[0]}" if steps else "")


def _version(of: Node) -> str:
    return AMENDMENT.isoformat() if of.change is Change.INSERTED else _AS_PUBLISHED


def _steps(of: Node) -> list[str]:
    match of.kind:
        case Kind.CHAPTER:
            return []
        case Kind.ANNEX:
            annex, *parts = of.path
            section = [f"sct_{parts.pop(0).upper()}"] if parts and annex in SECTIONED else []
            return [f"anx_{annex}", *section, *(f"pnt_{part}" for part in parts)]
        case Kind.ARTICLE:
            article, *rest = of.path
            paragraph = [f"par_{rest[0]}"] if rest and is_paragraph(of) else []
            return [f"art_{article}", *paragraph, *(f"pnt_{part}" for part in rest[len(paragraph) :])]
