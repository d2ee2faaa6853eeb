"""What a text of the Act is read into: lines in order, each at the provision it stands in; and what is wrong with a file that is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from aioffice.act.provisions.nodes import Node, children

MOST_LINES = 20_000
LONGEST_LINE = 20_000
"""Characters of a line."""


class TextError(ValueError):
    """A file that cannot be read as a text of the Act: which file, where in it, what is wrong, and what would be right."""

    def __init__(self, file: str, where: str, message: str) -> None:
        super().__init__(f"{file}: {where}: {message}" if where else f"{file}: {message}")
        self.file = file
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text: the provision it stands in, the label before it where it opens one, and its words."""

    node: Node
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class LawText:
    """A text of the Act. `day` is the day of its publication, or from which the consolidation holds."""

    language: str
    day: date
    form: str
    title: str
    lines: tuple[Line, ...]


def part_of(of: Node, label: str) -> Node:
    """The part of a provision that a label opens (`1.`, `(a)`, `3.1.`); the provision itself where the tree knows none."""
    written = re.sub(r"[().\s‘“]+$|^[(\s‘“]+", "", label).casefold()
    return next((one for one in children(of) if written in {one.path[-1], ".".join(one.path[1:])}), of)


def plain(words: str) -> str:
    """Words with single spaces, those that do not break among them."""
    return " ".join(words.split())
