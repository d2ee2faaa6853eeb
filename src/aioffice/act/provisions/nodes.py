"""The tree of provisions, as Regulation (EU) 2026/1744 left it; what it deleted stays as a node, marked so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from aioffice.act.lookup import csv_rows, find

if TYPE_CHECKING:
    from collections.abc import Iterator


class Change(StrEnum):
    """What the amendment of 2026 did to a provision."""

    NONE = ""
    AMENDED = "amended"
    """New wording, or a part added."""
    INSERTED = "inserted"
    DELETED = "deleted"


class Kind(StrEnum):
    """What a node is."""

    CHAPTER = "chapter"
    """A chapter, or a section of one: it holds Articles and says nothing itself."""
    ARTICLE = "article"
    """An Article, or a paragraph or point of one."""
    ANNEX = "annex"
    """An annex, or a section or point of one."""


SECTIONED = ("I", "VIII", "XI")
"""Annexes whose first division is called a section."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A provision; there is one object for each.

    `id` is stable and fit for addresses (`article-5-1-ba`, `annex-iii-4-a`); `number` is how people write it in short (`5(1)(ba)`,
    `Annex III 4(a)`). `parent` is the id of what it is part of, empty at the top. `change` and `by` say what was done to it in 2026 and
    by which point of Regulation (EU) 2026/1744, itself or as part of something inserted or deleted as a whole. The indents of
    Annex II bear no numbers; theirs are counted.
    """

    id: str
    parent: str
    number: str
    change: Change
    by: str

    @property
    def kind(self) -> Kind:
        """What it is."""
        return Kind(self.id.partition("-")[0])

    @property
    def path(self) -> tuple[str, ...]:
        """What leads to it from the top, itself last: `("5", "1", "ba")`, `("III", "4", "a")`."""
        first, *rest = self.id.split("-")[1:]
        if self.id.startswith("annex-xiv-ai"):
            rest = ["-".join(rest)]  # a code of Annex XIV, such as AIP 0102, is one part
        return (first if self.kind is Kind.ARTICLE else first.upper(), *rest)

    @property
    def top(self) -> str:
        """The id of the Article or annex that it is or belongs to; of a chapter, its own."""
        return self.id if self.kind is Kind.CHAPTER else "-".join(self.id.split("-")[:2])


def nodes() -> tuple[Node, ...]:
    """All of them, in the order of the Act; whatever is part of another comes after it."""
    return tuple(_by_id().values())


def node(id: str) -> Node:
    """The node with this id. Raises UnknownCodeError with the nearest right one."""
    return find("provision of the AI Act", id, _by_id())


def numbered(number: str) -> Node | None:
    """The node with this number (`5(1)(ba)`), or None."""
    return _by_number().get(number)


def children(of: Node) -> tuple[Node, ...]:
    """Its direct parts, in order."""
    return tuple(_by_id()[part] for part in _parts().get(of.id, ()))


def within(of: Node) -> Iterator[Node]:
    """Itself, then everything in it, in order."""
    yield of
    for child in children(of):
        yield from within(child)


def above(of: Node) -> Iterator[Node]:
    """Itself, then what it is part of, up to the chapter or annex."""
    yield of
    while of.parent:
        of = _by_id()[of.parent]
        yield of


def chapters() -> tuple[Node, ...]:
    """The thirteen chapters."""
    return tuple(one for one in nodes() if one.kind is Kind.CHAPTER and not one.parent)


def articles() -> tuple[Node, ...]:
    """The Articles, those inserted in 2026 among them."""
    return tuple(one for one in nodes() if one.kind is Kind.ARTICLE and one.id == one.top)


def annexes() -> tuple[Node, ...]:
    """The annexes."""
    return tuple(one for one in nodes() if one.kind is Kind.ANNEX and not one.parent)


def is_paragraph(of: Node) -> bool:
    """Whether what follows the Article in its path is a paragraph: letters are points, and so are the definitions of Article 3."""
    article, *rest = of.path
    return of.kind is Kind.ARTICLE and bool(rest) and article != "3" and rest[0][0].isdigit()


def changed_in_part(of: Node) -> bool:
    """Whether something in it was changed in 2026, though not all of it was inserted or deleted."""
    whole = {Change.INSERTED, Change.DELETED}
    return of.change not in whole and any(part.change is not Change.NONE for part in within(of))


@cache
def _by_id() -> dict[str, Node]:
    found: dict[str, Node] = {}
    for row in csv_rows("provisions.csv"):
        one = Node(row["id"], row["parent"], row["number"], Change(row["change"]), row["by"])
        outer = found.get(one.parent)
        if one.change is Change.NONE and outer is not None and outer.change in {Change.INSERTED, Change.DELETED}:
            one = Node(one.id, one.parent, one.number, outer.change, outer.by)
        found[one.id] = one
    return found


@cache
def _by_number() -> dict[str, Node]:
    return {one.number: one for one in nodes()}


@cache
def _parts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in nodes():
        found.setdefault(one.parent, []).append(one.id)
    return found
